// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Preimages that do not fit into a step's proof (docs/spec/machine.md, call 0x410).
interface IPublishedPreimages {
    /// Up to `most` bytes from `offset` on of the preimage of that kind (a4) and key, and the length of the whole. Reverts if it was not
    /// published. What it returns never changes.
    function read(uint256 kind, bytes32 key, uint256 offset, uint256 most) external view returns (uint256 total, bytes memory part);
}
