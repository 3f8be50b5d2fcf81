// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

// 5,000 transfers of OpenZeppelin's ERC-20 in a call. Storage is given: the runner writes the caller's balance.
contract TokenTransfers is ERC20("Bench", "BCH") {
    function run() external returns (uint256) {
        for (uint256 i = 1; i <= 5_000; ++i) transfer(address(uint160(0x1000 + (i % 100))), i);
        return balanceOf(msg.sender);
    }
}

interface IToken {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function approve(address spender, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
}

// The same token called from outside: approve, transferFrom, balanceOf.
contract TokenCalls {
    function run(IToken token) external returns (uint256) {
        for (uint256 i = 1; i <= 1_000; ++i) {
            token.approve(address(this), i);
            token.transferFrom(address(this), address(uint160(0x1000 + (i % 50))), i);
        }
        return token.balanceOf(address(this));
    }
}

interface IPair {
    function getReserves() external view returns (uint112, uint112, uint32);
    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external;
}

// Swaps to and fro through a pair of Uniswap V2 between two tokens.
contract Swaps {
    function run(IPair pair, IToken token0, IToken token1) external returns (uint256) {
        for (uint256 i = 0; i < 250; ++i) {
            uint256 amount = 1e15 + i * 1e12;
            (uint256 r0, uint256 r1,) = pair.getReserves();
            token0.transfer(address(pair), amount);
            pair.swap(0, output(amount, r0, r1), address(this), "");
            (r0, r1,) = pair.getReserves();
            token1.transfer(address(pair), amount);
            pair.swap(output(amount, r1, r0), 0, address(this), "");
        }
        return token0.balanceOf(address(this));
    }

    function output(uint256 amount, uint256 reserve_in, uint256 reserve_out) private pure returns (uint256) {
        uint256 with_fee = amount * 997;
        return (with_fee * reserve_out) / (reserve_in * 1000 + with_fee);
    }
}

// Many storage slots, each read and written: an order book's list.
contract Storage {
    mapping(uint256 => uint256) private next;

    function run() external returns (uint256 at) {
        for (uint256 i = 0; i < 600; ++i) next[i] = i + 1;
        for (uint256 round = 0; round < 20; ++round) {
            for (uint256 i = 0; i < 600; ++i) at = next[at % 600] + next[i];
            next[round] = at % 600;
        }
    }
}
