// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// A linear congruence over all 256 bits.
contract Multiply {
    function run() external pure returns (uint256 x) {
        unchecked {
            x = 0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251f86c6a11d0c18e95;
            for (uint256 i = 0; i < 200_000; ++i) x = x * 0xc0ffee1234567890f1e2d3c4b5a69788fedcba98765432100123456789abcdef + 0x1d;
        }
    }
}

// x^(p-2) mod p by squaring, p = 2^255 - 19: what a signature check in a contract does.
contract MulMod {
    uint256 private constant P = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed;

    function run() external pure returns (uint256 x) {
        x = 3;
        for (uint256 i = 0; i < 60; ++i) x = inverse(x + i);
    }

    function inverse(uint256 x) private pure returns (uint256 r) {
        r = 1;
        for (uint256 e = P - 2; e != 0; e >>= 1) {
            if (e & 1 == 1) r = mulmod(r, x, P);
            x = mulmod(x, x, P);
        }
    }
}

// Fibonacci numbers modulo a prime, and an operand that needs reduction.
contract AddMod {
    function run() external pure returns (uint256 a) {
        unchecked {
            uint256 p = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;
            uint256 b = 1;
            for (uint256 i = 0; i < 100_000; ++i) (a, b) = (b, addmod(a, b, p));
            for (uint256 i = 0; i < 50_000; ++i) a = addmod(~a, ~i, p);
        }
    }
}

// Quotients of every shape: divisors of one to four limbs.
contract Divide {
    function run() external pure returns (uint256 sum) {
        unchecked {
            uint256 x = 0xf1e2d3c4b5a69788fedcba98765432100123456789abcdef9e3779b97f4a7c15;
            for (uint256 i = 1; i <= 60_000; ++i) {
                uint256 d = (x >> ((i & 3) * 64)) | 1;
                sum += x / d + x % (d >> 5 | 1);
                x = x * 0x5851f42d4c957f2d14057b7ef767814f + i;
            }
        }
    }
}

// Signed small numbers, as price and fee code has them.
contract SignedDivide {
    function run() external pure returns (int256 sum) {
        unchecked {
            for (int256 i = 1; i <= 60_000; ++i) {
                sum += (1e18 * (i - 30_000)) / (i + 7);
                sum -= (-sum % (i * 1_000_003)) / 3;
            }
        }
    }
}

// EXP with exponents of 8 to 256 bits, and powers of ten.
contract Exponentiate {
    function run() external pure returns (uint256 x) {
        unchecked {
            x = 3;
            for (uint256 i = 0; i < 4_000; ++i) {
                x = (x | 1) ** (i & 255) + 10 ** (i % 78);
                if (i & 31 == 0) x = (x | 3) ** (x | 1);
            }
        }
    }
}

// Square roots by Newton and logarithms by halving, in WAD, as a market's curve needs them.
contract FixedPoint {
    function run() external pure returns (uint256 sum) {
        for (uint256 i = 1; i <= 2_500; ++i) sum += root(i * 1e36) + log2(i * 1e18);
    }

    function root(uint256 x) private pure returns (uint256 y) {
        y = x;
        uint256 z = x / 2 + 1;
        for (uint256 i = 0; z < y && i < 255; ++i) (y, z) = (z, (x / z + z) / 2);
    }

    function log2(uint256 x) private pure returns (uint256 result) {
        while (x >= 2e18) {
            x /= 2;
            result += 1e18;
        }
        for (uint256 bit = 5e17; bit > 1e12; bit /= 2) {
            x = (x * x) / 1e18;
            if (x >= 2e18) {
                x /= 2;
                result += bit;
            }
        }
    }
}

// base^exponent mod modulus on numbers of 512 bits, schoolbook, limbs of 128 bits in memory: the work of a big-integer library.
contract BigModExp {
    uint256 private constant LIMBS = 4;
    uint256 private constant MASK = type(uint128).max;

    function run() external pure returns (uint256 digest) {
        uint256[] memory base = new uint256[](LIMBS);
        uint256[] memory modulus = new uint256[](LIMBS);
        unchecked {
            for (uint256 i = 0; i < LIMBS; ++i) {
                base[i] = uint256(keccak256(abi.encode("base", i))) & MASK;
                modulus[i] = uint256(keccak256(abi.encode("modulus", i))) & MASK;
            }
            modulus[0] |= 1;
            uint256 inverse = 1; // of the lowest limb, by Newton
            for (uint256 i = 0; i < 7; ++i) inverse *= 2 - modulus[0] * inverse;
            inverse = (0 - inverse) & MASK;
            uint256[] memory power = base;
            for (uint256 i = 0; i < 160; ++i) {
                power = montgomery(power, power, modulus, inverse);
                if (i % 3 == 0) power = montgomery(power, base, modulus, inverse);
            }
            for (uint256 i = 0; i < LIMBS; ++i) digest = (digest << 64) ^ power[i];
        }
    }

    function montgomery(uint256[] memory a, uint256[] memory b, uint256[] memory m, uint256 inverse) private pure returns (uint256[] memory t) {
        unchecked {
            t = new uint256[](LIMBS + 2);
            for (uint256 i = 0; i < LIMBS; ++i) {
                uint256 carry;
                for (uint256 j = 0; j < LIMBS; ++j) {
                    (t[j], carry) = step(t[j], a[j], b[i], carry);
                }
                uint256 top = t[LIMBS] + carry;
                t[LIMBS] = top & MASK;
                t[LIMBS + 1] = top >> 128;
                uint256 q = (t[0] * inverse) & MASK;
                (, carry) = step(t[0], q, m[0], 0);
                for (uint256 j = 1; j < LIMBS; ++j) (t[j - 1], carry) = step(t[j], q, m[j], carry);
                top = t[LIMBS] + carry;
                t[LIMBS - 1] = top & MASK;
                t[LIMBS] = t[LIMBS + 1] + (top >> 128);
            }
        }
    }

    // t + a·b + carry fits 256 bits.
    function step(uint256 t, uint256 a, uint256 b, uint256 carry) private pure returns (uint256, uint256) {
        unchecked {
            uint256 sum = t + a * b + carry;
            return (sum & MASK, sum >> 128);
        }
    }
}
