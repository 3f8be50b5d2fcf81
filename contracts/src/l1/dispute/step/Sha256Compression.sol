// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// SHA-256's compression (FIPS 180-4, 6.2.2) of a block of 64 bytes into 32 bytes of memory: eight little-endian words of 32 bits.
library Sha256Compression {
    function compress(uint256 state, uint256 block_) internal pure {
        assembly ("memory-safe") {
            function reverse(v) -> r {
                r := or(and(shr(8, v), 0x00ff00ff), shl(8, and(v, 0x00ff00ff)))
                r := or(shr(16, r), shl(16, and(r, 0xffff)))
            }
            // Twice the word, so that a shift is a rotation in its lower half.
            function twice(v) -> r {
                r := or(v, shl(32, v))
            }

            let w := mload(0x40) // 64 words of the schedule, then the eight working variables h … a, which walk upwards
            let k := add(w, 6144) // after both: 64 constants of 4 bytes
            mstore(k, 0x428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5)
            mstore(add(k, 32), 0xd807aa9812835b01243185be550c7dc372be5d7480deb1fe9bdc06a7c19bf174)
            mstore(add(k, 64), 0xe49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da)
            mstore(add(k, 96), 0x983e5152a831c66db00327c8bf597fc7c6e00bf3d5a7914706ca635114292967)
            mstore(add(k, 128), 0x27b70a852e1b21384d2c6dfc53380d13650a7354766a0abb81c2c92e92722c85)
            mstore(add(k, 160), 0xa2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa070)
            mstore(add(k, 192), 0x19a4c1161e376c082748774c34b0bcb5391c0cb34ed8aa4a5b9cca4f682e6ff3)
            mstore(add(k, 224), 0x748f82ee78a5636f84c878148cc7020890befffaa4506cebbef9a3f7c67178f2)

            for { let i := 0 } lt(i, 16) { i := add(i, 1) } {
                mstore(add(w, shl(5, i)), shr(224, mload(add(block_, shl(2, i)))))
            }
            for { let place := add(w, 512) } lt(place, add(w, 2048)) { place := add(place, 32) } {
                let x := mload(sub(place, 480))
                let xx := twice(x)
                let sum := xor(xor(shr(7, xx), shr(18, xx)), shr(3, x))
                sum := and(sum, 0xffffffff)
                x := mload(sub(place, 64))
                xx := twice(x)
                sum := add(sum, and(xor(xor(shr(17, xx), shr(19, xx)), shr(10, x)), 0xffffffff))
                sum := add(sum, add(mload(sub(place, 512)), mload(sub(place, 224))))
                mstore(place, and(sum, 0xffffffff))
            }
            // Each round the eight variables move by one name: instead, they stay and the place moves. v holds h, g, f, e, d, c, b, a.
            let v := add(w, 2048)
            for { let i := 0 } lt(i, 8) { i := add(i, 1) } {
                mstore(add(v, shl(5, i)), reverse(shr(224, mload(add(state, shl(2, sub(7, i)))))))
            }
            for { let i := 0 } lt(i, 64) { i := add(i, 1) } {
                let e := mload(add(v, 96))
                let xx := twice(e)
                let t := and(xor(xor(shr(6, xx), shr(11, xx)), shr(25, xx)), 0xffffffff)
                t := add(t, xor(and(e, mload(add(v, 64))), and(not(e), mload(add(v, 32)))))
                t := add(t, add(mload(v), add(shr(224, mload(add(k, shl(2, i)))), mload(add(w, shl(5, i))))))
                let a := mload(add(v, 224))
                let b := mload(add(v, 192))
                let c := mload(add(v, 160))
                xx := twice(a)
                let s := and(xor(xor(shr(2, xx), shr(13, xx)), shr(22, xx)), 0xffffffff)
                s := add(s, xor(xor(and(a, b), and(a, c)), and(b, c)))
                // d becomes e, and h's place will be past: the new a goes above.
                mstore(add(v, 128), and(add(mload(add(v, 128)), t), 0xffffffff))
                mstore(add(v, 256), and(add(t, s), 0xffffffff))
                v := add(v, 32)
            }
            let out := 0
            for { let i := 0 } lt(i, 8) { i := add(i, 1) } {
                let sum := add(reverse(shr(224, mload(add(state, shl(2, i))))), mload(add(v, shl(5, sub(7, i)))))
                out := or(shl(32, out), reverse(and(sum, 0xffffffff)))
            }
            mstore(state, out)
        }
    }
}
