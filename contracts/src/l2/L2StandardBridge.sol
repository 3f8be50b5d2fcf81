// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILegacyMintableERC20} from "../shared/IOptimismMintableERC20.sol";
import {StandardBridge} from "../shared/StandardBridge.sol";

/// @title L2StandardBridge
/// @notice The bridge on L2 (0x42…10), with the functions and events from before Bedrock that tools still use.
/// @dev `messenger` and `otherBridge` are written by the genesis.
contract L2StandardBridge is StandardBridge {
    event WithdrawalInitiated(
        address indexed l1Token,
        address indexed l2Token,
        address indexed from,
        address to,
        uint256 amount,
        bytes extraData
    );
    event DepositFinalized(
        address indexed l1Token,
        address indexed l2Token,
        address indexed from,
        address to,
        uint256 amount,
        bytes extraData
    );

    /// @notice Semantic version of the ABI.
    string public constant version = "1.13.0";

    /// @dev How the older functions and events name ether on L2.
    address private constant LEGACY_ETH = 0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000;

    /// @notice Withdraws ether to the sender's address on L1.
    receive() external payable onlyEOA {
        _initiateETH(msg.sender, msg.value, RECEIVE_GAS_LIMIT, "");
    }

    /// @notice Withdraws to the sender's address on L1; the token 0xDead…0000 means ether.
    function withdraw(address _l2Token, uint256 _amount, uint32 _minGasLimit, bytes calldata _extraData)
        external
        payable
        onlyEOA
    {
        _withdraw(_l2Token, msg.sender, _amount, _minGasLimit, _extraData);
    }

    /// @notice Withdraws to `_to` on L1; the token 0xDead…0000 means ether.
    function withdrawTo(address _l2Token, address _to, uint256 _amount, uint32 _minGasLimit, bytes calldata _extraData)
        external
        payable
    {
        _withdraw(_l2Token, _to, _amount, _minGasLimit, _extraData);
    }

    /// @notice Same as `otherBridge`, under its older name.
    function l1TokenBridge() external view returns (address) {
        return address(otherBridge);
    }

    function _withdraw(address _l2Token, address _to, uint256 _amount, uint32 _minGasLimit, bytes memory _extraData)
        private
    {
        if (_l2Token == LEGACY_ETH) {
            if (msg.value != _amount) revert ValueMismatch();
            _initiateETH(_to, _amount, _minGasLimit, _extraData);
        } else {
            if (msg.value != 0) revert ValueMismatch();
            _initiateERC20(_l2Token, ILegacyMintableERC20(_l2Token).l1Token(), _to, _amount, _minGasLimit, _extraData);
        }
    }

    function _emitETHInitiated(address _from, address _to, uint256 _amount, bytes memory _extraData)
        internal
        override
    {
        emit WithdrawalInitiated(address(0), LEGACY_ETH, _from, _to, _amount, _extraData);
        super._emitETHInitiated(_from, _to, _amount, _extraData);
    }

    function _emitETHFinalized(address _from, address _to, uint256 _amount, bytes memory _extraData)
        internal
        override
    {
        emit DepositFinalized(address(0), LEGACY_ETH, _from, _to, _amount, _extraData);
        super._emitETHFinalized(_from, _to, _amount, _extraData);
    }

    function _emitERC20Initiated(
        address _localToken,
        address _remoteToken,
        address _from,
        address _to,
        uint256 _amount,
        bytes memory _extraData
    ) internal override {
        emit WithdrawalInitiated(_remoteToken, _localToken, _from, _to, _amount, _extraData);
        super._emitERC20Initiated(_localToken, _remoteToken, _from, _to, _amount, _extraData);
    }

    function _emitERC20Finalized(
        address _localToken,
        address _remoteToken,
        address _from,
        address _to,
        uint256 _amount,
        bytes memory _extraData
    ) internal override {
        emit DepositFinalized(_remoteToken, _localToken, _from, _to, _amount, _extraData);
        super._emitERC20Finalized(_localToken, _remoteToken, _from, _to, _amount, _extraData);
    }
}
