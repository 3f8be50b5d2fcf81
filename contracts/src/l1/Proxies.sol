// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// Brings OpenZeppelin's proxy into the build under its own name; L1 contracts stand behind it.
import {TransparentUpgradeableProxy} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
