// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// What script and test use of forge's cheat codes and of Uniswap V2.
interface Vm {
    function startBroadcast() external;
    function stopBroadcast() external;
    function envBytes(string calldata name) external view returns (bytes memory);
    function envAddress(string calldata name) external view returns (address);
    function prank(address sender) external;
    function deal(address who, uint256 balance) external;
}

interface IFactory {
    function getPair(address, address) external view returns (address);
}

interface IPair {
    function token0() external view returns (address);
    function getReserves() external view returns (uint112, uint112, uint32);
    function totalSupply() external view returns (uint256);
}

interface IRouter {
    function addLiquidity(address, address, uint256, uint256, uint256, uint256, address, uint256)
        external
        returns (uint256, uint256, uint256);
    function swapExactTokensForTokens(uint256, uint256, address[] calldata, address, uint256)
        external
        returns (uint256[] memory);
    function getAmountsOut(uint256, address[] calldata) external view returns (uint256[] memory);
}
