// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title ProxiedOwnable
/// @notice OpenZeppelin's Ownable for a contract behind a proxy: the implementation is owned by nobody, the proxy by whom its initializer names.
abstract contract ProxiedOwnable is Ownable {
    /// @dev An address without a key; Ownable refuses the zero address.
    constructor() Ownable(address(0xdead)) {}
}
