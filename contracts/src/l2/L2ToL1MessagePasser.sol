// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashing} from "../shared/Hashing.sol";
import {Types} from "../shared/Types.sol";

/// @title L2ToL1MessagePasser
/// @notice Records withdrawals (0x42…16). Its storage root is part of every output root, so `sentMessages` must stay the first variable.
contract L2ToL1MessagePasser {
    event MessagePassed(
        uint256 indexed nonce,
        address indexed sender,
        address indexed target,
        uint256 value,
        uint256 gasLimit,
        bytes data,
        bytes32 withdrawalHash
    );
    event WithdrawerBalanceBurnt(uint256 indexed amount);

    /// @notice Semantic version of the ABI.
    string public constant version = "1.1.2";
    uint16 public constant MESSAGE_VERSION = 1;
    uint256 private constant RECEIVE_GAS_LIMIT = 100_000;

    /// @notice Hashes of withdrawals that have been sent.
    mapping(bytes32 => bool) public sentMessages;
    uint240 private nonce_;

    /// @notice Withdraws ether to the sender's address on L1.
    receive() external payable {
        initiateWithdrawal(msg.sender, RECEIVE_GAS_LIMIT, "");
    }

    /// @notice Removes the ether that withdrawals left here from L2's supply. Anyone may call.
    function burn() external {
        uint256 amount = address(this).balance;
        new Burner{value: amount}();
        emit WithdrawerBalanceBurnt(amount);
    }

    /// @notice Sends a message with the call's ether to L1.
    function initiateWithdrawal(address _target, uint256 _gasLimit, bytes memory _data) public payable {
        uint256 nonce = messageNonce();
        bytes32 withdrawalHash = Hashing.hashWithdrawal(
            Types.WithdrawalTransaction(nonce, msg.sender, _target, msg.value, _gasLimit, _data)
        );
        sentMessages[withdrawalHash] = true;
        unchecked {
            ++nonce_; // 2^240 messages are out of reach
        }
        emit MessagePassed(nonce, msg.sender, _target, msg.value, _gasLimit, _data, withdrawalHash);
    }

    /// @notice Nonce of the next message.
    function messageNonce() public view returns (uint256) {
        return Hashing.encodeVersionedNonce(nonce_, MESSAGE_VERSION);
    }
}

/// @title Burner
/// @notice Destroys the ether it is created with: a contract that selfdestructs to itself in its creation is deleted with its balance (EIP-6780).
contract Burner {
    constructor() payable {
        selfdestruct(payable(address(this)));
    }
}
