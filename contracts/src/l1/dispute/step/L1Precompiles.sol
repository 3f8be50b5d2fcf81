// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Calls of L1's precompiles whose outcome does not depend on the gas given: either the precompile's own, or a revert.
library L1Precompiles {
    error NotEnoughGas();
    error NoSuchPrecompile();

    uint256 internal constant ECRECOVER = 0x01;
    uint256 internal constant POINT_EVALUATION = 0x0a;
    uint256 internal constant P256 = 0x100;

    /// Its output in memory; nothing if it fails or returns nothing. Precondition: the input has a length that the precompile takes, and no
    /// content that ecrecover, hashes, modexp, blake2f and P-256 refuse, which therefore cannot fail. `size` is what an output has.
    function run(uint256 precompile, uint256 input, uint256 length, uint256 size)
        internal
        view
        returns (uint256 output, uint256 written)
    {
        bool mayFail = precompile >= 0x06 && precompile <= 0x11 && precompile != 0x09;
        uint256 share = gasleft();
        // So that as much is left after a failure.
        if (mayFail) share = (share * 15) / 32;
        bool done = call(share, precompile, input, length);
        if (!done) {
            require(mayFail, NotEnoughGas());
            // The gas depends on the length alone. With no more of it a valid input must get its answer.
            require(call(share, precompile, validInput(precompile, length), length), NotEnoughGas());
            return (0, 0);
        }
        assembly ("memory-safe") {
            written := returndatasize()
            output := mload(0x40)
            mstore(0x40, add(output, and(add(size, 31), not(31))))
            if eq(written, size) { returndatacopy(output, 0, size) }
        }
        if (written == size) return (output, written);
        // These two answer a wrong signature with nothing; where there is no precompile, everything is answered with nothing.
        require(written == 0 && (precompile == ECRECOVER || (precompile == P256 && hasP256())), NoSuchPrecompile());
    }

    function call(uint256 share, uint256 precompile, uint256 input, uint256 length) private view returns (bool done) {
        assembly ("memory-safe") {
            done := staticcall(share, precompile, input, length, 0, 0)
        }
    }

    /// Points at infinity and zeros, which all but one take.
    function validInput(uint256 precompile, uint256 length) private view returns (uint256 input) {
        assembly ("memory-safe") {
            input := mload(0x40)
            calldatacopy(input, calldatasize(), length) // zeros
        }
        if (precompile != POINT_EVALUATION) return input;
        assembly ("memory-safe") {
            // The zero polynomial: commitment and proof are the point at infinity, point and value are zero. The versioned hash is
            // 0x01 and the last 31 bytes of sha256(commitment) (EIP-4844).
            mstore8(add(input, 96), 0xc0)
            mstore8(add(input, 144), 0xc0)
            if iszero(staticcall(gas(), 0x02, add(input, 96), 48, 0x00, 32)) { revert(0, 0) }
            mstore(input, or(shl(248, 1), shr(8, shl(8, mload(0x00)))))
        }
    }

    /// A valid signature of EIP-7951's test vectors gets its answer.
    function hasP256() private view returns (bool) {
        (bool done, bytes memory answer) = address(uint160(P256)).staticcall(
            hex"bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
            hex"2ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18"
            hex"4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd76"
            hex"2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
            hex"c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"
        );
        return done && answer.length == 32;
    }
}
