// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {InvalidMerkleProof, RlpReader} from "./RlpReader.sol";

/// @title MerkleTrie
/// @notice Verifies inclusion proofs of Ethereum's Merkle Patricia trie (yellow paper, appendix D), as eth_getProof gives them.
/// @dev Nodes shorter than 32 bytes lie inside their parent. A proof may list such a node again as an element of its own (OP's
///      convention, which viem follows) or leave it out (geth's convention); both are accepted and mean the same.
library MerkleTrie {
    using RlpReader for RlpReader.Item;

    /// @dev Items of a branch node: sixteen children and a value.
    uint256 private constant BRANCH = 17;
    /// @dev Items of a leaf or extension: path and content.
    uint256 private constant SHORT = 2;
    /// @dev A path has at most 64 nibbles here and each node takes at least one, so no honest proof has more elements.
    uint256 private constant MAX_PROOF_NODES = 65;

    /// @notice The value that the trie with `_root` holds under the 32-byte path `_path`; reverts with InvalidMerkleProof unless proven.
    function get(bytes32 _root, bytes32 _path, bytes[] memory _proof) internal pure returns (bytes memory value_) {
        if (_proof.length == 0 || _proof.length > MAX_PROOF_NODES) revert InvalidMerkleProof();
        if (keccak256(_proof[0]) != _root) revert InvalidMerkleProof();

        RlpReader.Item memory node = RlpReader.toItem(_proof[0]);
        uint256 used = 1; // elements of the proof already consumed
        uint256 depth; // nibbles of the path already consumed
        while (true) {
            RlpReader.Item[] memory parts = node.readList(BRANCH);
            RlpReader.Item memory next;
            if (parts.length == BRANCH) {
                // All keys have 64 nibbles, so no value ends in a branch.
                if (depth == 64) revert InvalidMerkleProof();
                next = parts[_nibble(_path, depth)];
                ++depth;
            } else if (parts.length == SHORT) {
                (bool leaf, uint256 advanced) = _follow(parts[0].readBytes(), _path, depth);
                depth = advanced;
                if (leaf) {
                    if (depth != 64 || used != _proof.length) revert InvalidMerkleProof();
                    return parts[1].readBytes();
                }
                next = parts[1];
            } else {
                revert InvalidMerkleProof();
            }
            (node, used) = _descend(next, _proof, used);
        }
    }

    /// @dev The node that `_reference` points at: by hash the next element of the proof, or the node itself.
    function _descend(RlpReader.Item memory _reference, bytes[] memory _proof, uint256 _used)
        private
        pure
        returns (RlpReader.Item memory node_, uint256 used_)
    {
        if (_reference.isList()) {
            if (_reference.length >= 32) revert InvalidMerkleProof();
            bool repeated = _used < _proof.length && keccak256(_proof[_used]) == keccak256(_reference.readRaw());
            return (_reference, repeated ? _used + 1 : _used);
        }
        bytes memory hash = _reference.readBytes();
        if (hash.length != 32 || _used == _proof.length) revert InvalidMerkleProof();
        if (keccak256(_proof[_used]) != bytes32(hash)) revert InvalidMerkleProof();
        return (RlpReader.toItem(_proof[_used]), _used + 1);
    }

    /// @dev Matches a hex-prefix encoded path (yellow paper, appendix C) against the key from `_depth` on.
    function _follow(bytes memory _encoded, bytes32 _path, uint256 _depth)
        private
        pure
        returns (bool leaf_, uint256 depth_)
    {
        if (_encoded.length == 0) revert InvalidMerkleProof();
        uint8 flag = uint8(_encoded[0]) >> 4;
        if (flag > 3) revert InvalidMerkleProof();
        leaf_ = flag & 2 != 0;
        uint256 from = flag & 1 != 0 ? 1 : 2; // index of the first nibble of the path
        if (from == 2 && uint8(_encoded[0]) & 0x0f != 0) revert InvalidMerkleProof();
        uint256 count = _encoded.length * 2 - from;
        if (_depth + count > 64 || (!leaf_ && count == 0)) revert InvalidMerkleProof();
        for (uint256 i; i < count; ++i) {
            uint256 position = from + i;
            uint8 packed = uint8(_encoded[position / 2]);
            uint8 nibble = position % 2 == 0 ? packed >> 4 : packed & 0x0f;
            if (nibble != _nibble(_path, _depth + i)) revert InvalidMerkleProof();
        }
        depth_ = _depth + count;
    }

    function _nibble(bytes32 _path, uint256 _index) private pure returns (uint8) {
        return uint8(uint256(_path) >> (252 - 4 * _index)) & 0x0f;
    }
}
