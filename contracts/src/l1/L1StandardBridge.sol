// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {CrossDomainMessenger} from "../shared/CrossDomainMessenger.sol";
import {Predeploys} from "../shared/Predeploys.sol";
import {StandardBridge} from "../shared/StandardBridge.sol";
import {SystemConfig} from "./SystemConfig.sol";

/// @title L1StandardBridge
/// @notice The bridge on L1, with the functions and events from before Bedrock that tools still use.
contract L1StandardBridge is StandardBridge, Initializable {
    event ETHDepositInitiated(address indexed from, address indexed to, uint256 amount, bytes extraData);
    event ETHWithdrawalFinalized(address indexed from, address indexed to, uint256 amount, bytes extraData);
    event ERC20DepositInitiated(
        address indexed l1Token,
        address indexed l2Token,
        address indexed from,
        address to,
        uint256 amount,
        bytes extraData
    );
    event ERC20WithdrawalFinalized(
        address indexed l1Token,
        address indexed l2Token,
        address indexed from,
        address to,
        uint256 amount,
        bytes extraData
    );

    /// @notice Semantic version of the ABI.
    string public constant version = "2.8.0";

    SystemConfig public systemConfig;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets the neighbours.
    function initialize(CrossDomainMessenger _messenger, SystemConfig _systemConfig) external initializer {
        messenger = _messenger;
        otherBridge = StandardBridge(payable(Predeploys.L2_STANDARD_BRIDGE));
        systemConfig = _systemConfig;
    }

    /// @notice Deposits ether to the sender's address on L2.
    receive() external payable onlyEOA {
        _initiateETH(msg.sender, msg.value, RECEIVE_GAS_LIMIT, "");
    }

    /// @notice Older name of `bridgeETH`.
    function depositETH(uint32 _minGasLimit, bytes calldata _extraData) external payable onlyEOA {
        _initiateETH(msg.sender, msg.value, _minGasLimit, _extraData);
    }

    /// @notice Older name of `bridgeETHTo`.
    function depositETHTo(address _to, uint32 _minGasLimit, bytes calldata _extraData) external payable {
        _initiateETH(_to, msg.value, _minGasLimit, _extraData);
    }

    /// @notice Older name of `bridgeERC20`.
    function depositERC20(
        address _l1Token,
        address _l2Token,
        uint256 _amount,
        uint32 _minGasLimit,
        bytes calldata _extraData
    ) external onlyEOA {
        _initiateERC20(_l1Token, _l2Token, msg.sender, _amount, _minGasLimit, _extraData);
    }

    /// @notice Older name of `bridgeERC20To`.
    function depositERC20To(
        address _l1Token,
        address _l2Token,
        address _to,
        uint256 _amount,
        uint32 _minGasLimit,
        bytes calldata _extraData
    ) external {
        _initiateERC20(_l1Token, _l2Token, _to, _amount, _minGasLimit, _extraData);
    }

    /// @notice Same as `otherBridge`, under its older name.
    function l2TokenBridge() external view returns (address) {
        return address(otherBridge);
    }

    /// @inheritdoc StandardBridge
    function paused() public view override returns (bool) {
        return systemConfig.paused();
    }

    function _emitETHInitiated(address _from, address _to, uint256 _amount, bytes memory _extraData)
        internal
        override
    {
        emit ETHDepositInitiated(_from, _to, _amount, _extraData);
        super._emitETHInitiated(_from, _to, _amount, _extraData);
    }

    function _emitETHFinalized(address _from, address _to, uint256 _amount, bytes memory _extraData)
        internal
        override
    {
        emit ETHWithdrawalFinalized(_from, _to, _amount, _extraData);
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
        emit ERC20DepositInitiated(_localToken, _remoteToken, _from, _to, _amount, _extraData);
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
        emit ERC20WithdrawalFinalized(_localToken, _remoteToken, _from, _to, _amount, _extraData);
        super._emitERC20Finalized(_localToken, _remoteToken, _from, _to, _amount, _extraData);
    }
}
