// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {InvalidMerkleProof} from "./RlpReader.sol";
import {MerkleTrie} from "./MerkleTrie.sol";

/// @title SecureMerkleTrie
/// @notice A trie whose paths are hashes of the keys: Ethereum's state and storage tries.
library SecureMerkleTrie {
    /// @notice Reverts with InvalidMerkleProof unless the storage trie holds exactly the RLP bytes `_value` under `_slot`.
    function requireInclusion(bytes32 _root, bytes32 _slot, bytes memory _value, bytes[] memory _proof) internal pure {
        bytes memory found = MerkleTrie.get(_root, keccak256(abi.encode(_slot)), _proof);
        if (keccak256(found) != keccak256(_value)) revert InvalidMerkleProof();
    }
}
