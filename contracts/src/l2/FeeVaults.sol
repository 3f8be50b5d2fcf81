// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FeeVault} from "./FeeVault.sol";

/// @title SequencerFeeVault
/// @notice Priority fees (0x42…11), the coinbase of every L2 block.
contract SequencerFeeVault is FeeVault {
    /// @notice Same as `recipient`, under its older name.
    function l1FeeWallet() external view returns (address) {
        return recipient;
    }
}

/// @title BaseFeeVault
/// @notice Base fees (0x42…19).
contract BaseFeeVault is FeeVault {}

/// @title L1FeeVault
/// @notice L1 data fees (0x42…1A).
contract L1FeeVault is FeeVault {}

/// @title OperatorFeeVault
/// @notice Operator fees (0x42…1B).
contract OperatorFeeVault is FeeVault {}
