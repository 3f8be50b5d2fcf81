// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title SafeCall
/// @notice Calls whose return data is never copied, so that a callee cannot make the caller pay for it, and which promise the callee its gas.
library SafeCall {
    /// @notice Reverts when the callee cannot be given the gas its message asks for.
    error NotEnoughGasForCall();

    /// @dev Gas kept for the work around a CALL with value to a new account; the specification of the messengers names 40,000.
    uint256 private constant CALL_OVERHEAD = 40_000;

    /// @notice Calls with at most `_gas`; the outcome is returned, never raised.
    function call(address _target, uint256 _gas, uint256 _value, bytes memory _data) internal returns (bool success_) {
        assembly ("memory-safe") {
            success_ := call(_gas, _target, _value, add(_data, 0x20), mload(_data), 0, 0)
        }
    }

    /// @notice Sends ether with all remaining gas, no data, and ignores what comes back.
    function send(address _target, uint256 _value) internal returns (bool) {
        return call(_target, gasleft(), _value, "");
    }

    /// @notice True if, after EIP-150 keeps one 64th, a CALL made now gives its callee at least `_minGas` and leaves `_reserved` here.
    /// @dev 63/64 of what remains must cover the call's own cost and `_minGas`; `_reserved` stays on top.
    function hasMinGas(uint256 _minGas, uint256 _reserved) internal view returns (bool) {
        // A gas limit above 2^64 can never be met; refusing it here keeps the products below from overflowing.
        if (_minGas > type(uint64).max || _reserved > type(uint64).max) return false;
        return gasleft() * 63 >= _minGas * 64 + (CALL_OVERHEAD + _reserved) * 63;
    }

    /// @notice Calls with all gas after checking that at least `_minGas` arrives.
    function callWithMinGas(address _target, uint256 _minGas, uint256 _value, bytes memory _data)
        internal
        returns (bool)
    {
        if (!hasMinGas(_minGas, 0)) revert NotEnoughGasForCall();
        return call(_target, gasleft(), _value, _data);
    }
}
