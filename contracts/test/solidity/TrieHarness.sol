// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SecureMerkleTrie} from "../../src/trie/SecureMerkleTrie.sol";
import {MerkleTrie} from "../../src/trie/MerkleTrie.sol";
import {RlpReader} from "../../src/trie/RlpReader.sol";

/// @notice Opens the proof libraries to tests, and mutates proofs where a call for each mutation would take too long.
contract TrieHarness {
    using RlpReader for RlpReader.Item;

    function requireInclusion(bytes32 _root, bytes32 _slot, bytes memory _value, bytes[] memory _proof) external pure {
        SecureMerkleTrie.requireInclusion(_root, _slot, _value, _proof);
    }

    function get(bytes32 _root, bytes32 _path, bytes[] memory _proof) external pure returns (bytes memory) {
        return MerkleTrie.get(_root, _path, _proof);
    }

    /// @notice The strings of a flat list.
    function readStrings(bytes memory _rlp) external pure returns (bytes[] memory strings_) {
        RlpReader.Item[] memory items = RlpReader.toItem(_rlp).readList(17);
        strings_ = new bytes[](items.length);
        for (uint256 i; i < items.length; ++i) {
            strings_[i] = items[i].readBytes();
        }
    }

    /// @notice How many of the proofs made by changing each byte of `_proof[_node]` from `_from` to `_to` by `_flip` are accepted.
    function countAcceptedMutations(
        bytes32 _root,
        bytes32 _slot,
        bytes memory _value,
        bytes[] memory _proof,
        uint256 _node,
        uint256 _from,
        uint256 _to,
        uint8 _flip
    ) external view returns (uint256 accepted_) {
        for (uint256 i = _from; i < _to; ++i) {
            _proof[_node][i] ^= bytes1(_flip);
            try this.requireInclusion(_root, _slot, _value, _proof) {
                ++accepted_;
            } catch {}
            _proof[_node][i] ^= bytes1(_flip);
        }
    }
}
