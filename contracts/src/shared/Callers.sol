// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Callers
/// @notice Who is calling, and which L2 address an L1 caller speaks for.
library Callers {
    /// @dev Offset between an L1 contract and its L2 alias (OP Stack: address aliasing).
    uint160 private constant ALIAS_OFFSET = uint160(0x1111000000000000000000000000000000001111);

    /// @notice True if the caller is an account with a key: the transaction's origin, or an account with EIP-7702 code.
    /// @dev A contract under construction has no code but is never `tx.origin`, so it does not pass.
    function isSenderEOA() internal view returns (bool) {
        if (msg.sender == tx.origin) return true;
        // EIP-7702: the code of a delegated account is 0xef0100 and 20 bytes of address; EIP-3541 keeps contracts from starting with 0xef.
        if (msg.sender.code.length != 23) return false;
        bytes memory code = msg.sender.code;
        return code[0] == 0xef && code[1] == 0x01 && code[2] == 0x00;
    }

    /// @notice The L2 address that a deposit of the L1 contract `_l1` comes from.
    function toL2Alias(address _l1) internal pure returns (address) {
        unchecked {
            // Wraps modulo 2^160 by definition of the alias.
            return address(uint160(_l1) + ALIAS_OFFSET);
        }
    }

    /// @notice Inverse of `toL2Alias`.
    function undoL2Alias(address _l2) internal pure returns (address) {
        unchecked {
            // Wraps modulo 2^160 by definition of the alias.
            return address(uint160(_l2) - ALIAS_OFFSET);
        }
    }
}
