// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Constants} from "./Constants.sol";
import {Hashing} from "./Hashing.sol";
import {SafeCall} from "./SafeCall.sol";

/// @title CrossDomainMessenger
/// @notice Messages between contracts on the two layers. A message that fails is kept and anyone can run it again, with more gas.
abstract contract CrossDomainMessenger {
    event SentMessage(address indexed target, address sender, bytes message, uint256 messageNonce, uint256 gasLimit);
    event SentMessageExtension1(address indexed sender, uint256 value);
    event RelayedMessage(bytes32 indexed msgHash);
    event FailedRelayedMessage(bytes32 indexed msgHash);

    error MessengerPaused();
    /// @notice Only messages of version 1 exist on this chain.
    error UnsupportedMessageVersion(uint16 version);
    /// @notice The ether that came along is not what the message says.
    error ValueMismatch();
    /// @notice The message has not failed before, so only the other messenger can bring it.
    error MessageCannotBeReplayed();
    error MessageAlreadyRelayed();
    /// @notice The target is part of the bridge's own machinery.
    error BlockedTarget(address target);
    error NoMessageInExecution();
    error FailedToRelay();

    uint16 public constant MESSAGE_VERSION = 1;
    /// @notice Gas for relayMessage's fixed work.
    uint64 public constant RELAY_CONSTANT_OVERHEAD = 200_000;
    /// @notice 64/63 undoes EIP-150's rule.
    uint64 public constant MIN_GAS_DYNAMIC_OVERHEAD_NUMERATOR = 64;
    uint64 public constant MIN_GAS_DYNAMIC_OVERHEAD_DENOMINATOR = 63;
    uint64 public constant MIN_GAS_CALLDATA_OVERHEAD = 16;
    /// @notice EIP-7623's floor price of a byte.
    uint64 public constant FLOOR_CALLDATA_OVERHEAD = 40;
    uint64 public constant RELAY_CALL_OVERHEAD = 40_000;
    /// @notice Gas for the work after the target's call.
    uint64 public constant RELAY_RESERVED_GAS = 40_000;
    /// @notice Gas for the work between the gas check and the target's call.
    uint64 public constant RELAY_GAS_CHECK_BUFFER = 5_000;
    uint64 public constant TX_BASE_GAS = 21_000;
    /// @notice Bytes that `relayMessage`'s encoding adds to a message, rounded up.
    uint64 public constant ENCODING_OVERHEAD = 260;

    /// @notice Messages that have been executed with success; they never run again.
    mapping(bytes32 => bool) public successfulMessages;
    /// @notice Messages that have failed at least once.
    mapping(bytes32 => bool) public failedMessages;
    /// @notice The messenger on the other layer.
    CrossDomainMessenger public otherMessenger;
    uint240 private nonce_;

    /// @dev Sender of the message in execution, zero outside.
    address private transient sender_;

    /// @notice Sends a message, and the ether of this call with it.
    function sendMessage(address _target, bytes calldata _message, uint32 _minGasLimit) external payable {
        uint256 nonce = messageNonce();
        unchecked {
            ++nonce_; // 2^240 messages are out of reach
        }
        _sendMessage(
            address(otherMessenger),
            baseGas(_message, _minGasLimit),
            msg.value,
            abi.encodeCall(this.relayMessage, (nonce, msg.sender, _target, msg.value, _minGasLimit, _message))
        );
        emit SentMessage(_target, msg.sender, _message, nonce, _minGasLimit);
        emit SentMessageExtension1(msg.sender, msg.value);
    }

    /// @notice Runs a message: the first time brought by the other messenger, afterwards, if it failed, by anyone.
    function relayMessage(
        uint256 _nonce,
        address _sender,
        address _target,
        uint256 _value,
        uint256 _minGasLimit,
        bytes calldata _message
    ) external payable {
        if (paused()) revert MessengerPaused();
        uint16 messageVersion = Hashing.versionOf(_nonce);
        if (messageVersion != MESSAGE_VERSION) revert UnsupportedMessageVersion(messageVersion);
        bytes32 hash = Hashing.hashCrossDomainMessageV1(_nonce, _sender, _target, _value, _minGasLimit, _message);
        _requireMayRelay(hash, _target, _value);

        // Too little gas, or a message within a message: keep it for later. The portal's and the deposit's gas limits make the first
        // impossible for the first run unless the sender of the outer transaction withholds gas, and then nothing is lost.
        if (!SafeCall.hasMinGas(_minGasLimit, RELAY_RESERVED_GAS + RELAY_GAS_CHECK_BUFFER) || sender_ != address(0)) {
            return _fail(hash);
        }
        sender_ = _sender;
        bool success = SafeCall.call(_target, gasleft() - RELAY_RESERVED_GAS, _value, _message);
        sender_ = address(0);
        if (!success) return _fail(hash);
        successfulMessages[hash] = true;
        emit RelayedMessage(hash);
    }

    /// @notice Sender, on the other layer, of the message in execution.
    function xDomainMessageSender() external view returns (address) {
        if (sender_ == address(0)) revert NoMessageInExecution();
        return sender_;
    }

    /// @notice Same as `otherMessenger`, under its older name.
    function OTHER_MESSENGER() external view returns (CrossDomainMessenger) {
        return otherMessenger;
    }

    /// @notice Nonce of the next message.
    function messageNonce() public view returns (uint256) {
        return Hashing.encodeVersionedNonce(nonce_, MESSAGE_VERSION);
    }

    /// @notice Gas limit on the other layer with which the target certainly gets `_minGasLimit` and the result is recorded.
    function baseGas(bytes calldata _message, uint32 _minGasLimit) public pure returns (uint64) {
        uint64 execution = RELAY_CONSTANT_OVERHEAD + RELAY_CALL_OVERHEAD + RELAY_RESERVED_GAS + RELAY_GAS_CHECK_BUFFER
            + (uint64(_minGasLimit) * MIN_GAS_DYNAMIC_OVERHEAD_NUMERATOR) / MIN_GAS_DYNAMIC_OVERHEAD_DENOMINATOR;
        uint64 size = uint64(_message.length) + ENCODING_OVERHEAD;
        return TX_BASE_GAS
            + uint64(Math.max(execution + size * MIN_GAS_CALLDATA_OVERHEAD, size * FLOOR_CALLDATA_OVERHEAD));
    }

    /// @notice Whether relaying is stopped.
    function paused() public view virtual returns (bool);

    /// @dev Brings `_data` to `_to` on the other layer.
    function _sendMessage(address _to, uint64 _gasLimit, uint256 _value, bytes memory _data) internal virtual;

    /// @dev Whether the present call comes from the other messenger.
    function _isOtherMessenger() internal view virtual returns (bool);

    /// @dev Whether a message must not call `_target`, because it would speak with the authority of the messenger or of its carrier.
    function _isBlockedTarget(address _target) internal view virtual returns (bool);

    function _requireMayRelay(bytes32 _hash, address _target, uint256 _value) private view {
        if (_isOtherMessenger()) {
            if (msg.value != _value) revert ValueMismatch();
            // The carriers deliver once; a failed message can only be run again by the other branch.
            assert(!failedMessages[_hash]);
        } else {
            // The ether of a failed message is here already.
            if (msg.value != 0) revert ValueMismatch();
            if (!failedMessages[_hash]) revert MessageCannotBeReplayed();
        }
        if (_isBlockedTarget(_target)) revert BlockedTarget(_target);
        if (successfulMessages[_hash]) revert MessageAlreadyRelayed();
    }

    function _fail(bytes32 _hash) private {
        failedMessages[_hash] = true;
        emit FailedRelayedMessage(_hash);
        // Estimations must find the gas with which the message succeeds.
        if (tx.origin == Constants.ESTIMATION_ADDRESS) revert FailedToRelay();
    }
}
