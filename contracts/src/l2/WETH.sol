// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {SafeCall} from "../shared/SafeCall.sol";

/// @title WETH
/// @notice Ether as an ERC-20 token (0x42…06). Name and symbol are code, because a predeploy has no constructor.
contract WETH is ERC20 {
    event Deposit(address indexed dst, uint256 wad);
    event Withdrawal(address indexed src, uint256 wad);

    error EtherTransferFailed();

    constructor() ERC20("", "") {}

    receive() external payable {
        deposit();
    }

    /// @notice Turns the call's ether into tokens of the caller.
    function deposit() public payable {
        _mint(msg.sender, msg.value);
        emit Deposit(msg.sender, msg.value);
    }

    /// @notice Turns tokens of the caller into ether.
    function withdraw(uint256 _amount) external {
        _burn(msg.sender, _amount);
        emit Withdrawal(msg.sender, _amount);
        if (!SafeCall.send(msg.sender, _amount)) revert EtherTransferFailed();
    }

    /// @inheritdoc ERC20
    function name() public pure override returns (string memory) {
        return "Wrapped Ether";
    }

    /// @inheritdoc ERC20
    function symbol() public pure override returns (string memory) {
        return "WETH";
    }
}
