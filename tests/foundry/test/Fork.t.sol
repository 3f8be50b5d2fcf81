// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Coin} from "../src/Coin.sol";
import {IPair, IRouter, Vm} from "../script/Uniswap.sol";

/// Runs in forge's own EVM on state that it fetches from the devnet.
contract ForkTest {
    bool public constant IS_TEST = true;
    Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    Coin private gold = Coin(vm.envAddress("GOLD"));
    Coin private silver = Coin(vm.envAddress("SILVER"));
    IRouter private router = IRouter(vm.envAddress("ROUTER"));
    IPair private pair = IPair(vm.envAddress("PAIR"));

    function test_the_chain_is_the_devnet() external view {
        require(block.chainid == 31337 && block.number > 0, "chain");
        require(keccak256(bytes(gold.name())) == keccak256("Gold"), "name");
    }

    function test_reserves_are_what_the_script_left() external view {
        (uint256 first, uint256 second,) = pair.getReserves();
        (uint256 g, uint256 s) = pair.token0() == address(gold) ? (first, second) : (second, first);
        require(g == 1010 ether && s == gold_bought(), "reserves");
        require(s == silver.balanceOf(address(pair)), "balance");
    }

    function test_a_swap_on_the_fork() external {
        address trader = address(0xabcd);
        address whale = vm.envAddress("OWNER");
        vm.prank(whale);
        gold.transfer(trader, 5 ether);
        vm.prank(trader);
        gold.approve(address(router), 5 ether);
        address[] memory path = new address[](2);
        (path[0], path[1]) = (address(gold), address(silver));
        uint256 expected = router.getAmountsOut(5 ether, path)[1];
        vm.prank(trader);
        router.swapExactTokensForTokens(5 ether, expected, path, trader, block.timestamp);
        require(silver.balanceOf(trader) == expected && expected > 0, "swap");
    }

    /// What 10 gold for silver left: 4000 − 4000·9.97 / (1000 + 9.97), by the pair's own rounding.
    function gold_bought() private pure returns (uint256) {
        uint256 paid = 10 ether * 997;
        return 4000 ether - (paid * 4000 ether) / (1000 ether * 1000 + paid);
    }
}
