// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OptimismPortal} from "../../src/l1/OptimismPortal.sol";
import {CrossDomainMessenger} from "../../src/shared/CrossDomainMessenger.sol";
import {Types} from "../../src/shared/Types.sol";

/// @notice Target of a withdrawal that calls the portal with prepared data and keeps what came back.
contract Reenterer {
    address public portal;
    bytes public attack;
    bool public succeeded;
    bytes public returned;
    address public seenL2Sender;

    function prepare(address _portal, bytes calldata _attack) external {
        portal = _portal;
        attack = _attack;
    }

    receive() external payable {
        run();
    }

    function run() public payable {
        seenL2Sender = OptimismPortal(payable(portal)).l2Sender();
        (succeeded, returned) = portal.call(attack);
    }
}

/// @notice Targets that do what targets should not.
contract Misbehaving {
    error Refused();

    bool public forgiving;
    address public sender;
    uint256 public received;

    function forgive() external {
        forgiving = true;
    }

    function refuse() external payable {
        if (!forgiving) revert Refused();
        received += msg.value;
    }

    function burnAllGas() external payable {
        while (!forgiving) {}
        received += msg.value;
    }

    function returnBomb() external payable {
        assembly {
            revert(0, 1000000)
        }
    }

    /// @notice Records on whose behalf the messenger speaks.
    function recordSender(CrossDomainMessenger _messenger) external payable {
        sender = _messenger.xDomainMessageSender();
        received += msg.value;
    }
}

/// @notice Target of a message that has the messenger run a second, failed message inside the first.
contract MessageNester {
    CrossDomainMessenger public messenger;
    bytes public inner;
    bool public innerCallSucceeded;

    function prepare(CrossDomainMessenger _messenger, bytes calldata _inner) external {
        messenger = _messenger;
        inner = _inner;
    }

    function run() external payable {
        (innerCallSucceeded,) = address(messenger).call(inner);
    }
}

/// @notice A contract that deposits, in its constructor if so told.
contract Depositor {
    constructor(OptimismPortal _portal) payable {
        if (address(_portal) != address(0)) _portal.depositTransaction{value: msg.value}(address(this), msg.value, 100_000, false, "");
    }

    function deposit(OptimismPortal _portal) external payable {
        _portal.depositTransaction{value: msg.value}(address(this), msg.value, 100_000, false, "");
    }

    /// @notice Several deposits in one transaction.
    function depositMany(OptimismPortal _portal, uint64 _gas, uint256 _count) external {
        for (uint256 i; i < _count; ++i) {
            _portal.depositTransaction(address(this), 0, _gas, false, "");
        }
    }
}

/// @notice Relays a message with a chosen amount of gas, as a hostile relayer would.
contract StingyRelayer {
    function finalize(OptimismPortal _portal, Types.WithdrawalTransaction calldata _tx, address _submitter, uint256 _gas)
        external
        returns (bool success_)
    {
        (success_,) = address(_portal).call{gas: _gas}(
            abi.encodeCall(OptimismPortal.finalizeWithdrawalTransactionExternalProof, (_tx, _submitter))
        );
    }
}
