// BLAKE2b's compression function F (RFC 7693) in byte code, with words of 64 bits in memory: v at 0x000, m at 0x200, 400 rounds in all.
object "Blake2b" {
    code { datacopy(0, dataoffset("runtime"), datasize("runtime")) return(0, datasize("runtime")) }
    object "runtime" {
        code {
            function rotate(x, n) -> r {
                r := and(or(shr(n, x), shl(sub(64, n), x)), 0xffffffffffffffff)
            }
            function mix(a, b, c, d, x, y) {
                let va := mload(a)
                let vb := mload(b)
                let vc := mload(c)
                let vd := mload(d)
                va := and(add(add(va, vb), x), 0xffffffffffffffff)
                vd := rotate(xor(vd, va), 32)
                vc := and(add(vc, vd), 0xffffffffffffffff)
                vb := rotate(xor(vb, vc), 24)
                va := and(add(add(va, vb), y), 0xffffffffffffffff)
                vd := rotate(xor(vd, va), 16)
                vc := and(add(vc, vd), 0xffffffffffffffff)
                vb := rotate(xor(vb, vc), 63)
                mstore(a, va)
                mstore(b, vb)
                mstore(c, vc)
                mstore(d, vd)
            }
            function word(sigma, i) -> m { m := mload(add(0x200, shl(5, and(shr(shl(2, i), sigma), 15)))) }
            function round(sigma) {
                mix(0x000, 0x080, 0x100, 0x180, word(sigma, 0), word(sigma, 1))
                mix(0x020, 0x0a0, 0x120, 0x1a0, word(sigma, 2), word(sigma, 3))
                mix(0x040, 0x0c0, 0x140, 0x1c0, word(sigma, 4), word(sigma, 5))
                mix(0x060, 0x0e0, 0x160, 0x1e0, word(sigma, 6), word(sigma, 7))
                mix(0x000, 0x0a0, 0x140, 0x1e0, word(sigma, 8), word(sigma, 9))
                mix(0x020, 0x0c0, 0x160, 0x180, word(sigma, 10), word(sigma, 11))
                mix(0x040, 0x0e0, 0x100, 0x1a0, word(sigma, 12), word(sigma, 13))
                mix(0x060, 0x080, 0x120, 0x1c0, word(sigma, 14), word(sigma, 15))
            }
            for { let i := 0 } lt(i, 32) { i := add(i, 1) } { mstore(shl(5, i), and(mul(0x9e3779b97f4a7c15, add(i, 1)), 0xffffffffffffffff)) }
            for { let i := 0 } lt(i, 80) { i := add(i, 1) } {
                round(0xfedcba9876543210)
                round(0x357b20c16df984ae)
                round(0x491763eadf250c8b)
                round(0x8f04a562ebcd1397)
                round(0xd386cb1efa427509)
            }
            return(0, 0x200)
        }
    }
}
