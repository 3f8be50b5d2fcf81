// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// keccak256 of words, as mappings need it: one permutation a hash.
contract KeccakSmall {
    function run() external pure returns (bytes32 digest) {
        unchecked {
            for (uint256 i = 0; i < 30_000; ++i) {
                assembly ("memory-safe") {
                    mstore(0, digest)
                    mstore(32, i)
                    digest := keccak256(0, 64)
                }
            }
        }
    }
}

// keccak256 of 16 KiB at a time.
contract KeccakLarge {
    function run() external pure returns (bytes32 digest) {
        bytes memory data = new bytes(16_384);
        for (uint256 i = 0; i < 300; ++i) {
            assembly { mstore(add(data, 32), digest) }
            digest = keccak256(data);
        }
    }
}

// A Merkle proof of 20 nodes, checked as OpenZeppelin's library does it: sorted pairs in scratch space.
contract MerkleProof {
    function run() external pure returns (bytes32 root) {
        bytes32[] memory proof = new bytes32[](20);
        for (uint256 i = 0; i < proof.length; ++i) proof[i] = keccak256(abi.encode(i));
        for (uint256 leaf = 0; leaf < 1_500; ++leaf) {
            bytes32 node = bytes32(leaf) ^ root;
            for (uint256 i = 0; i < proof.length; ++i) node = pair(node, proof[i]);
            root = node;
        }
    }

    function pair(bytes32 a, bytes32 b) private pure returns (bytes32 digest) {
        if (a > b) (a, b) = (b, a);
        assembly ("memory-safe") {
            mstore(0, a)
            mstore(32, b)
            digest := keccak256(0, 64)
        }
    }
}

// The compression function of SHA-256 (FIPS 180-4), of 64-byte messages in byte code. Its constants come from a sequence, not from the standard's table, which
// costs the machine the same: rotations and sums of 32-bit words in memory.
contract Sha256 {
    function run() external pure returns (bytes32 digest) {
        for (uint256 i = 0; i < 60; ++i) digest = hash(digest, bytes32(i));
    }

    function rotate(uint256 x, uint256 n) private pure returns (uint256) {
        unchecked {
            return ((x >> n) | (x << (32 - n))) & 0xffffffff;
        }
    }

    function hash(bytes32 a, bytes32 b) private pure returns (bytes32) {
        uint256[8] memory state = [uint256(0x6a09e667), 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
        compress(state, uint256(a), uint256(b));
        compress(state, 1 << 255, 512);
        uint256 result;
        for (uint256 i = 0; i < 8; ++i) result = (result << 32) | state[i];
        return bytes32(result);
    }

    function compress(uint256[8] memory state, uint256 first, uint256 second) private pure {
        unchecked {
            uint256[64] memory w;
            for (uint256 i = 0; i < 8; ++i) {
                w[i] = (first >> (224 - 32 * i)) & 0xffffffff;
                w[8 + i] = (second >> (224 - 32 * i)) & 0xffffffff;
            }
            for (uint256 i = 16; i < 64; ++i) {
                uint256 s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
                uint256 s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
                w[i] = (w[i - 16] + s0 + w[i - 7] + s1) & 0xffffffff;
            }
            uint256[8] memory v;
            for (uint256 i = 0; i < 8; ++i) v[i] = state[i];
            for (uint256 i = 0; i < 64; ++i) {
                uint256 s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
                uint256 t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + w[i] + i * 0x9e3779b9;
                uint256 s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
                uint256 t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
                for (uint256 j = 7; j > 0; --j) v[j] = v[j - 1];
                v[4] = (v[4] + t1) & 0xffffffff;
                v[0] = (t1 + t2) & 0xffffffff;
            }
            for (uint256 i = 0; i < 8; ++i) state[i] = (state[i] + v[i]) & 0xffffffff;
        }
    }
}
