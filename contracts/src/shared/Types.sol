// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Types
/// @notice The structs of the withdrawal protocol; field order is part of the ABI and of the hashes.
library Types {
    /// @notice A message that L2ToL1MessagePasser recorded and the portal executes.
    struct WithdrawalTransaction {
        uint256 nonce;
        address sender;
        address target;
        uint256 value;
        uint256 gasLimit;
        bytes data;
    }

    /// @notice Preimage of an output root of version 0.
    struct OutputRootProof {
        bytes32 version;
        bytes32 stateRoot;
        bytes32 messagePasserStorageRoot;
        bytes32 latestBlockhash;
    }

    /// @notice Limits of the deposit gas market; see ResourceMetering.
    struct ResourceConfig {
        uint32 maxResourceLimit;
        uint8 elasticityMultiplier;
        uint8 baseFeeMaxChangeDenominator;
        uint32 minimumBaseFee;
        uint32 systemTxMaxGas;
        uint128 maximumBaseFee;
    }
}
