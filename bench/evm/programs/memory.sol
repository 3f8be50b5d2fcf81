// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// Quicksort of 3,000 numbers in memory, bounds checked.
contract Sort {
    function run() external pure returns (uint256) {
        uint256[] memory a = new uint256[](3_000);
        uint256 seed = 1;
        for (uint256 i = 0; i < a.length; ++i) {
            seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
            a[i] = seed;
        }
        sort(a, 0, int256(a.length) - 1);
        for (uint256 i = 1; i < a.length; ++i) require(a[i - 1] <= a[i]);
        return a[1_500];
    }

    function sort(uint256[] memory a, int256 left, int256 right) private pure {
        int256 i = left;
        int256 j = right;
        if (i >= j) return;
        uint256 pivot = a[uint256(left + (right - left) / 2)];
        while (i <= j) {
            while (a[uint256(i)] < pivot) ++i;
            while (pivot < a[uint256(j)]) --j;
            if (i <= j) {
                (a[uint256(i)], a[uint256(j)]) = (a[uint256(j)], a[uint256(i)]);
                ++i;
                --j;
            }
        }
        if (left < j) sort(a, left, j);
        if (i < right) sort(a, i, right);
    }
}

// Product of matrices of 36 × 36.
contract Matrix {
    uint256 private constant N = 36;

    function run() external pure returns (uint256 trace) {
        uint256[N][N] memory a;
        uint256[N][N] memory b;
        uint256[N][N] memory c;
        for (uint256 i = 0; i < N; ++i) {
            for (uint256 j = 0; j < N; ++j) {
                a[i][j] = i * j + 1;
                b[i][j] = i + 3 * j;
            }
        }
        for (uint256 i = 0; i < N; ++i) {
            for (uint256 j = 0; j < N; ++j) {
                uint256 sum;
                for (uint256 k = 0; k < N; ++k) sum += a[i][k] * b[k][j];
                c[i][j] = sum;
            }
            trace += c[i][i];
        }
    }
}

// The sieve of Eratosthenes, one byte a number.
contract Sieve {
    function run() external pure returns (uint256 count) {
        unchecked {
            uint256 n = 20_000;
            bytes memory composite = new bytes(n + 1);
            for (uint256 i = 2; i <= n; ++i) {
                if (composite[i] != 0) continue;
                ++count;
                for (uint256 j = i * i; j <= n; j += i) composite[j] = 0x01;
            }
        }
    }
}

// Strings that grow: copies, padding, new memory at each step.
contract Strings {
    bytes private constant DIGITS = "0123456789abcdef";

    function run() external pure returns (bytes32) {
        bytes memory all;
        for (uint256 i = 0; i < 150; ++i) all = abi.encodePacked(all, '{"id":', text(i * i), "},");
        return keccak256(all);
    }

    function text(uint256 value) private pure returns (bytes memory out) {
        out = new bytes(16);
        for (uint256 i = 16; i > 0; --i) {
            out[i - 1] = DIGITS[value & 15];
            value >>= 4;
        }
    }
}
