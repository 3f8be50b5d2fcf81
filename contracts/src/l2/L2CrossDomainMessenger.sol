// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Callers} from "../shared/Callers.sol";
import {CrossDomainMessenger} from "../shared/CrossDomainMessenger.sol";
import {Predeploys} from "../shared/Predeploys.sol";
import {L2ToL1MessagePasser} from "./L2ToL1MessagePasser.sol";

/// @title L2CrossDomainMessenger
/// @notice The messenger on L2 (0x42…07). Deposits bring its messages, L2ToL1MessagePasser takes them.
/// @dev `otherMessenger` is written by the genesis.
contract L2CrossDomainMessenger is CrossDomainMessenger {
    /// @notice Semantic version of the ABI.
    string public constant version = "2.2.0";

    /// @notice Same as `otherMessenger`, under its older name.
    function l1CrossDomainMessenger() external view returns (CrossDomainMessenger) {
        return otherMessenger;
    }

    /// @inheritdoc CrossDomainMessenger
    function paused() public pure override returns (bool) {
        return false;
    }

    function _sendMessage(address _to, uint64 _gasLimit, uint256 _value, bytes memory _data) internal override {
        L2ToL1MessagePasser(payable(Predeploys.L2_TO_L1_MESSAGE_PASSER)).initiateWithdrawal{value: _value}(
            _to, _gasLimit, _data
        );
    }

    function _isOtherMessenger() internal view override returns (bool) {
        return Callers.undoL2Alias(msg.sender) == address(otherMessenger);
    }

    function _isBlockedTarget(address _target) internal view override returns (bool) {
        return _target == address(this) || _target == Predeploys.L2_TO_L1_MESSAGE_PASSER;
    }
}
