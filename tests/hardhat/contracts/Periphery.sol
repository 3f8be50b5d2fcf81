// SPDX-License-Identifier: Apache-2.0
pragma solidity =0.6.6;

// Uniswap V2's router as npm has it; importing it is what makes Hardhat compile it.
import "@uniswap/v2-periphery/contracts/UniswapV2Router02.sol";
import "@uniswap/v2-periphery/contracts/test/WETH9.sol";
