// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// The 3n + 1 sequence: branches that nobody predicts.
contract Collatz {
    function run() external pure returns (uint256 longest) {
        unchecked {
            for (uint256 n = 1; n < 1_500; ++n) {
                uint256 steps;
                for (uint256 x = n; x != 1; ++steps) x = x & 1 == 0 ? x >> 1 : 3 * x + 1;
                if (steps > longest) longest = steps;
            }
        }
    }
}

// Recursion by internal calls.
contract Fibonacci {
    function run() external pure returns (uint256) {
        return fibonacci(22);
    }

    function fibonacci(uint256 n) private pure returns (uint256) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }
}

// Queens on a board of 8 × 8, by bits.
contract Queens {
    function run() external pure returns (uint256) {
        return place(0, 0, 0);
    }

    function place(uint256 columns, uint256 left, uint256 right) private pure returns (uint256 count) {
        if (columns == 255) return 1;
        uint256 free = ~(columns | left | right) & 255;
        while (free != 0) {
            uint256 bit = free & (~free + 1);
            free ^= bit;
            count += place(columns | bit, (left | bit) << 1, (right | bit) >> 1);
        }
    }
}

// A byte-code machine in a contract: dispatch on small numbers.
contract Machine {
    function run() external pure returns (uint256) {
        bytes memory program = hex"00010203040501020304050102030401020304050307";
        uint256 a = 1;
        uint256 b = 2;
        uint256 counter = 1_500;
        uint256 at;
        while (true) {
            uint8 op = uint8(program[at++]);
            if (op == 0) a = 1;
            else if (op == 1) a += b;
            else if (op == 2) b ^= a;
            else if (op == 3) (a, b) = (b, a);
            else if (op == 4) a = (a << 1) & type(uint128).max;
            else if (op == 5) b = (b >> 1) & type(uint64).max;
            else if (--counter != 0) at = 1;
            else return a;
        }
        return 0;
    }
}

// A picture of 48 × 36 points of the Mandelbrot set, in signed fixed point.
contract Mandelbrot {
    function run() external pure returns (uint256 inside) {
        unchecked {
            for (int256 y = 0; y < 36; ++y) {
                for (int256 x = 0; x < 48; ++x) {
                    int256 cr = (x - 32) << 59;
                    int256 ci = (y - 18) << 59;
                    int256 zr;
                    int256 zi;
                    uint256 n;
                    for (; n < 40 && zr * zr + zi * zi < 1 << 130; ++n) (zr, zi) = (((zr * zr - zi * zi) >> 64) + cr, ((zr * zi) >> 63) + ci);
                    if (n == 40) ++inside;
                }
            }
        }
    }
}
