// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Predeploys} from "../shared/Predeploys.sol";
import {SafeCall} from "../shared/SafeCall.sol";
import {L2ToL1MessagePasser} from "./L2ToL1MessagePasser.sol";

/// @title FeeVault
/// @notice Collects one kind of fee and hands it on, to an account on either layer. Anyone may trigger it.
/// @dev The configuration is written by the genesis.
abstract contract FeeVault {
    /// @notice Which layer the fees go to.
    enum WithdrawalNetwork {
        L1,
        L2
    }

    event Withdrawal(uint256 value, address to, address from);
    event Withdrawal(uint256 value, address to, address from, WithdrawalNetwork withdrawalNetwork);

    error BelowMinimum();
    error NoRecipient();
    error TransferFailed();

    /// @notice Semantic version of the ABI.
    string public constant version = "1.6.0";

    uint256 private constant WITHDRAWAL_GAS_LIMIT = 400_000;

    /// @notice Wei handed on so far.
    uint256 public totalProcessed; // slot 0
    address public recipient; // slot 1
    uint256 public minWithdrawalAmount; // slot 2
    WithdrawalNetwork public withdrawalNetwork; // slot 3

    receive() external payable {}

    /// @notice Hands on the whole balance.
    function withdraw() external returns (uint256 value_) {
        value_ = address(this).balance;
        if (value_ < minWithdrawalAmount) revert BelowMinimum();
        if (recipient == address(0)) revert NoRecipient();
        totalProcessed += value_;
        emit Withdrawal(value_, recipient, msg.sender);
        emit Withdrawal(value_, recipient, msg.sender, withdrawalNetwork);
        if (withdrawalNetwork == WithdrawalNetwork.L2) {
            if (!SafeCall.send(recipient, value_)) revert TransferFailed();
        } else {
            L2ToL1MessagePasser(payable(Predeploys.L2_TO_L1_MESSAGE_PASSER)).initiateWithdrawal{value: value_}(
                recipient, WITHDRAWAL_GAS_LIMIT, ""
            );
        }
    }

    /// @notice Same as `recipient`, under its older name.
    function RECIPIENT() external view returns (address) {
        return recipient;
    }

    /// @notice Same as `minWithdrawalAmount`, under its older name.
    function MIN_WITHDRAWAL_AMOUNT() external view returns (uint256) {
        return minWithdrawalAmount;
    }

    /// @notice Same as `withdrawalNetwork`, under its older name.
    function WITHDRAWAL_NETWORK() external view returns (WithdrawalNetwork) {
        return withdrawalNetwork;
    }
}
