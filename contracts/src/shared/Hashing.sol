// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Types} from "./Types.sol";

/// @title Hashing
/// @notice Hashes and nonces that both layers and every client must compute alike (OP Stack: withdrawals, messengers).
library Hashing {
    /// @notice Key of a withdrawal in L2ToL1MessagePasser.sentMessages and in the portal.
    function hashWithdrawal(Types.WithdrawalTransaction memory _tx) internal pure returns (bytes32) {
        return keccak256(abi.encode(_tx.nonce, _tx.sender, _tx.target, _tx.value, _tx.gasLimit, _tx.data));
    }

    /// @notice Output root of version 0.
    function hashOutputRootProof(Types.OutputRootProof memory _proof) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(_proof.version, _proof.stateRoot, _proof.messagePasserStorageRoot, _proof.latestBlockhash)
        );
    }

    /// @notice Identity of a message between messengers, version 1: the hash of its `relayMessage` call.
    function hashCrossDomainMessageV1(
        uint256 _nonce,
        address _sender,
        address _target,
        uint256 _value,
        uint256 _minGasLimit,
        bytes memory _message
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encodeWithSignature(
                "relayMessage(uint256,address,address,uint256,uint256,bytes)",
                _nonce,
                _sender,
                _target,
                _value,
                _minGasLimit,
                _message
            )
        );
    }

    /// @notice Two bytes of version above 240 bits of counter.
    function encodeVersionedNonce(uint240 _nonce, uint16 _version) internal pure returns (uint256) {
        return (uint256(_version) << 240) | _nonce;
    }

    /// @notice Version in the upper two bytes of a message nonce.
    function versionOf(uint256 _nonce) internal pure returns (uint16) {
        return uint16(_nonce >> 240);
    }
}
