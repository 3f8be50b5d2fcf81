// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// The permutation Keccak-f[1600] (FIPS 202, 3.3) of 200 bytes in memory: lane (x, y) is the little-endian word 8 · (x + 5y).
library KeccakF {
    function permute(uint256 bytes_) internal pure {
        assembly ("memory-safe") {
            function reverse(v) -> r {
                r := or(and(shr(8, v), 0x00ff00ff00ff00ff), shl(8, and(v, 0x00ff00ff00ff00ff)))
                r := or(and(shr(16, r), 0x0000ffff0000ffff), shl(16, and(r, 0x0000ffff0000ffff)))
                r := or(shr(32, r), shl(32, and(r, 0xffffffff)))
            }
            function rol(v, n) -> r {
                r := and(or(shl(n, v), shr(sub(64, n), v)), 0xffffffffffffffff)
            }
            // The parity of a column of five lanes, one word each.
            function column(a) -> c {
                c := xor(xor(xor(mload(a), mload(add(a, 160))), xor(mload(add(a, 320)), mload(add(a, 480)))), mload(add(a, 640)))
            }

            let a := mload(0x40) // 25 lanes
            let b := add(a, 800) // 25 lanes
            let d := add(b, 800) // 5 lanes
            let constants := add(d, 160) // 24 words of 8 bytes
            mstore(constants, 0x00000000000000010000000000008082800000000000808a8000000080008000)
            mstore(add(constants, 32), 0x000000000000808b000000008000000180000000800080818000000000008009)
            mstore(add(constants, 64), 0x000000000000008a00000000000000880000000080008009000000008000000a)
            mstore(add(constants, 96), 0x000000008000808b800000000000008b80000000000080898000000000008003)
            mstore(add(constants, 128), 0x80000000000080028000000000000080000000000000800a800000008000000a)
            mstore(add(constants, 160), 0x8000000080008081800000000000808000000000800000018000000080008008)

            for { let i := 0 } lt(i, 25) { i := add(i, 1) } {
                mstore(add(a, shl(5, i)), reverse(shr(192, mload(add(bytes_, shl(3, i))))))
            }
            for { let round := 0 } lt(round, 24) { round := add(round, 1) } {
                // theta
                {
                    let c0 := column(a)
                    let c1 := column(add(a, 32))
                    let c2 := column(add(a, 64))
                    let c3 := column(add(a, 96))
                    let c4 := column(add(a, 128))
                    mstore(d, xor(c4, rol(c1, 1)))
                    mstore(add(d, 32), xor(c0, rol(c2, 1)))
                    mstore(add(d, 64), xor(c1, rol(c3, 1)))
                    mstore(add(d, 96), xor(c2, rol(c4, 1)))
                    mstore(add(d, 128), xor(c3, rol(c0, 1)))
                }
                // rho and pi: byte i is lane i's rotation and its new place
                for { let i := 0 } lt(i, 25) { i := add(i, 1) } {
                    let lane := xor(mload(add(a, shl(5, i))), mload(add(d, shl(5, mod(i, 5)))))
                    mstore(
                        add(b, shl(5, byte(i, 0x000a14050f10010b15060711020c16170812030d0e1809130400000000000000))),
                        rol(lane, byte(i, 0x00013e1c1b242c063714030a2b1927292d0f150812023d380e00000000000000))
                    )
                }
                // chi: byte i is the next lane of i's row, and the one after it
                for { let i := 0 } lt(i, 25) { i := add(i, 1) } {
                    mstore(
                        add(a, shl(5, i)),
                        xor(
                            mload(add(b, shl(5, i))),
                            and(
                                not(mload(add(b, shl(5, byte(i, 0x010203040006070809050b0c0d0e0a101112130f151617181400000000000000))))),
                                mload(add(b, shl(5, byte(i, 0x020304000107080905060c0d0e0a0b1112130f10161718141500000000000000))))
                            )
                        )
                    )
                }
                // iota
                mstore(a, xor(mload(a), shr(192, mload(add(constants, shl(3, round))))))
            }
            for { let i := 0 } lt(i, 25) { i := add(i, 1) } {
                let place := add(bytes_, shl(3, i))
                mstore(place, or(shl(192, reverse(mload(add(a, shl(5, i))))), shr(64, shl(64, mload(place)))))
            }
        }
    }
}
