// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import "hardhat/console.sol";

/// Ways to fail and things that depend on time, for the matchers and the network helpers.
contract Lock {
    error TooEarly(uint256 now_, uint256 unlockTime);
    error NotOwner();

    event Withdrawal(address indexed by, uint256 amount, uint256 when);

    uint256 public immutable unlockTime;
    address payable public immutable owner;
    uint256 public stored;

    constructor(uint256 unlockTime_) payable {
        require(block.timestamp < unlockTime_, "Unlock time should be in the future");
        unlockTime = unlockTime_;
        owner = payable(msg.sender);
    }

    function withdraw() external {
        console.log("withdrawing at %s of %s", block.timestamp, unlockTime);
        if (block.timestamp < unlockTime) revert TooEarly(block.timestamp, unlockTime);
        if (msg.sender != owner) revert NotOwner();
        uint256 amount = address(this).balance;
        emit Withdrawal(msg.sender, amount, block.timestamp);
        owner.transfer(amount);
    }

    function set(uint256 value) external {
        stored = value;
    }

    function divide(uint256 by) external view returns (uint256) {
        return stored / by;
    }

    function check(bool what) external pure {
        assert(what);
    }

    function refuse() external pure {
        require(false);
    }
}
