// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FastLz} from "../../src/l2/FastLz.sol";

/// @notice Opens FastLz to tests.
contract FastLzHarness {
    function compressedSize(bytes memory _data) external pure returns (uint256) {
        return FastLz.compressedSize(_data);
    }
}
