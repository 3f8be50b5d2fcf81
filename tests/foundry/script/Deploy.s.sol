// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Coin} from "../src/Coin.sol";
import {IFactory, IRouter, Vm} from "./Uniswap.sol";

/// Deploys two tokens and Uniswap V2 (creation codes from the environment: other compilers made them), gives liquidity and swaps.
contract Deploy {
    bool public constant IS_SCRIPT = true;
    Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    function run() external returns (Coin gold, Coin silver, address factory, address weth, IRouter router, address pair) {
        bytes memory factoryCode = vm.envBytes("FACTORY_CODE");
        bytes memory wethCode = vm.envBytes("WETH_CODE");
        bytes memory routerCode = vm.envBytes("ROUTER_CODE");
        vm.startBroadcast();
        gold = new Coin("Gold", "GLD", 1_000_000 ether);
        silver = new Coin("Silver", "SLV", 1_000_000 ether);
        factory = create(abi.encodePacked(factoryCode, abi.encode(msg.sender)));
        weth = create(wethCode);
        router = IRouter(create(abi.encodePacked(routerCode, abi.encode(factory, weth))));
        gold.approve(address(router), type(uint256).max);
        silver.approve(address(router), type(uint256).max);
        router.addLiquidity(
            address(gold), address(silver), 1000 ether, 4000 ether, 0, 0, msg.sender, block.timestamp + 1 days
        );
        address[] memory path = new address[](2);
        (path[0], path[1]) = (address(gold), address(silver));
        router.swapExactTokensForTokens(10 ether, 1, path, msg.sender, block.timestamp + 1 days);
        vm.stopBroadcast();
        pair = IFactory(factory).getPair(address(gold), address(silver));
    }

    function create(bytes memory code) private returns (address made) {
        assembly {
            made := create(0, add(code, 0x20), mload(code))
        }
        require(made != address(0), "creation failed");
    }
}
