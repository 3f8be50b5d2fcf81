// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {Callers} from "./Callers.sol";
import {CrossDomainMessenger} from "./CrossDomainMessenger.sol";
import {ILegacyMintableERC20, IOptimismMintableERC20} from "./IOptimismMintableERC20.sol";
import {SafeCall} from "./SafeCall.sol";

/// @title StandardBridge
/// @notice Ether and ERC-20 tokens across the layers. A token that its bridge mints is burned on leaving and minted on arriving; any other
///         is held here while its counterpart is abroad. Tokens that take a fee on transfer or rebase lose value here: they are not supported.
abstract contract StandardBridge {
    using SafeERC20 for IERC20;

    event ETHBridgeInitiated(address indexed from, address indexed to, uint256 amount, bytes extraData);
    event ETHBridgeFinalized(address indexed from, address indexed to, uint256 amount, bytes extraData);
    event ERC20BridgeInitiated(
        address indexed localToken,
        address indexed remoteToken,
        address indexed from,
        address to,
        uint256 amount,
        bytes extraData
    );
    event ERC20BridgeFinalized(
        address indexed localToken,
        address indexed remoteToken,
        address indexed from,
        address to,
        uint256 amount,
        bytes extraData
    );

    /// @notice The function is for accounts with a key; contracts name the recipient with the variants that end in `To`.
    error OnlyEOA();
    error OnlyOtherBridge();
    error BridgePaused();
    error BadTarget();
    error ValueMismatch();
    error EtherTransferFailed();
    /// @notice The mintable token does not stand for the token named on the other side.
    error WrongRemoteToken();

    /// @dev L2 gas that a plain `receive` asks for.
    uint32 internal constant RECEIVE_GAS_LIMIT = 200_000;

    /// @notice Tokens held here, by local and remote token.
    mapping(address => mapping(address => uint256)) public deposits;
    CrossDomainMessenger public messenger;
    StandardBridge public otherBridge;

    modifier onlyEOA() {
        if (!Callers.isSenderEOA()) revert OnlyEOA();
        _;
    }

    modifier onlyOtherBridge() {
        if (msg.sender != address(messenger) || messenger.xDomainMessageSender() != address(otherBridge)) {
            revert OnlyOtherBridge();
        }
        _;
    }

    /// @notice Same as `messenger`, under its older name.
    function MESSENGER() external view returns (CrossDomainMessenger) {
        return messenger;
    }

    /// @notice Same as `otherBridge`, under its older name.
    function OTHER_BRIDGE() external view returns (StandardBridge) {
        return otherBridge;
    }

    /// @notice Sends the call's ether to the caller's address on the other layer.
    function bridgeETH(uint32 _minGasLimit, bytes calldata _extraData) external payable onlyEOA {
        _initiateETH(msg.sender, msg.value, _minGasLimit, _extraData);
    }

    /// @notice Sends the call's ether to `_to` on the other layer.
    function bridgeETHTo(address _to, uint32 _minGasLimit, bytes calldata _extraData) external payable {
        _initiateETH(_to, msg.value, _minGasLimit, _extraData);
    }

    /// @notice Sends tokens to the caller's address on the other layer.
    function bridgeERC20(
        address _localToken,
        address _remoteToken,
        uint256 _amount,
        uint32 _minGasLimit,
        bytes calldata _extraData
    ) external onlyEOA {
        _initiateERC20(_localToken, _remoteToken, msg.sender, _amount, _minGasLimit, _extraData);
    }

    /// @notice Sends tokens to `_to` on the other layer.
    function bridgeERC20To(
        address _localToken,
        address _remoteToken,
        address _to,
        uint256 _amount,
        uint32 _minGasLimit,
        bytes calldata _extraData
    ) external {
        _initiateERC20(_localToken, _remoteToken, _to, _amount, _minGasLimit, _extraData);
    }

    /// @notice Pays out ether that was sent on the other layer.
    function finalizeBridgeETH(address _from, address _to, uint256 _amount, bytes calldata _extraData)
        external
        payable
        onlyOtherBridge
    {
        if (paused()) revert BridgePaused();
        if (msg.value != _amount) revert ValueMismatch();
        if (_to == address(this) || _to == address(messenger)) revert BadTarget();
        _emitETHFinalized(_from, _to, _amount, _extraData);
        if (!SafeCall.send(_to, _amount)) revert EtherTransferFailed();
    }

    /// @notice Pays out tokens that were sent on the other layer.
    function finalizeBridgeERC20(
        address _localToken,
        address _remoteToken,
        address _from,
        address _to,
        uint256 _amount,
        bytes calldata _extraData
    ) external onlyOtherBridge {
        if (paused()) revert BridgePaused();
        if (_isMintable(_localToken)) {
            if (!_standsFor(_localToken, _remoteToken)) revert WrongRemoteToken();
            IOptimismMintableERC20(_localToken).mint(_to, _amount);
        } else {
            deposits[_localToken][_remoteToken] -= _amount;
            IERC20(_localToken).safeTransfer(_to, _amount);
        }
        _emitERC20Finalized(_localToken, _remoteToken, _from, _to, _amount, _extraData);
    }

    /// @notice Whether paying out is stopped.
    function paused() public view virtual returns (bool) {
        return false;
    }

    function _initiateETH(address _to, uint256 _amount, uint32 _minGasLimit, bytes memory _extraData) internal {
        _emitETHInitiated(msg.sender, _to, _amount, _extraData);
        messenger.sendMessage{value: _amount}(
            address(otherBridge),
            abi.encodeCall(this.finalizeBridgeETH, (msg.sender, _to, _amount, _extraData)),
            _minGasLimit
        );
    }

    function _initiateERC20(
        address _localToken,
        address _remoteToken,
        address _to,
        uint256 _amount,
        uint32 _minGasLimit,
        bytes memory _extraData
    ) internal {
        if (_isMintable(_localToken)) {
            if (!_standsFor(_localToken, _remoteToken)) revert WrongRemoteToken();
            IOptimismMintableERC20(_localToken).burn(msg.sender, _amount);
        } else {
            // Booked before the transfer, so that a token which calls back finds the books in order.
            deposits[_localToken][_remoteToken] += _amount;
            IERC20(_localToken).safeTransferFrom(msg.sender, address(this), _amount);
        }
        _emitERC20Initiated(_localToken, _remoteToken, msg.sender, _to, _amount, _extraData);
        messenger.sendMessage(
            address(otherBridge),
            abi.encodeCall(
                this.finalizeBridgeERC20, (_remoteToken, _localToken, msg.sender, _to, _amount, _extraData)
            ),
            _minGasLimit
        );
    }

    function _emitETHInitiated(address _from, address _to, uint256 _amount, bytes memory _extraData) internal virtual {
        emit ETHBridgeInitiated(_from, _to, _amount, _extraData);
    }

    function _emitETHFinalized(address _from, address _to, uint256 _amount, bytes memory _extraData) internal virtual {
        emit ETHBridgeFinalized(_from, _to, _amount, _extraData);
    }

    function _emitERC20Initiated(
        address _localToken,
        address _remoteToken,
        address _from,
        address _to,
        uint256 _amount,
        bytes memory _extraData
    ) internal virtual {
        emit ERC20BridgeInitiated(_localToken, _remoteToken, _from, _to, _amount, _extraData);
    }

    function _emitERC20Finalized(
        address _localToken,
        address _remoteToken,
        address _from,
        address _to,
        uint256 _amount,
        bytes memory _extraData
    ) internal virtual {
        emit ERC20BridgeFinalized(_localToken, _remoteToken, _from, _to, _amount, _extraData);
    }

    function _isMintable(address _token) private view returns (bool) {
        return ERC165Checker.supportsInterface(_token, type(ILegacyMintableERC20).interfaceId)
            || ERC165Checker.supportsInterface(_token, type(IOptimismMintableERC20).interfaceId);
    }

    function _standsFor(address _mintable, address _remoteToken) private view returns (bool) {
        if (ERC165Checker.supportsInterface(_mintable, type(ILegacyMintableERC20).interfaceId)) {
            return ILegacyMintableERC20(_mintable).l1Token() == _remoteToken;
        }
        return IOptimismMintableERC20(_mintable).remoteToken() == _remoteToken;
    }
}
