// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPublishedPreimages} from "./IPublishedPreimages.sol";
import {KeccakF} from "./KeccakF.sol";
import {L1Precompiles} from "./L1Precompiles.sol";
import {MachineReplay, Replay} from "./MachineReplay.sol";
import {Sha256Compression} from "./Sha256Compression.sol";

/// The machine's calls (docs/spec/machine.md, "Calls").
library MachineCalls {
    using MachineReplay for Replay;

    error UnknownPreimage();

    uint256 private constant ENVIRONMENT_CALL = 11;
    uint256 private constant MAX_BYTES = 65536;
    uint256 private constant MAX_PART = 4096;
    uint256 private constant BLOB_BYTES = 131072;
    uint256 private constant BLS_MODULUS = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;
    uint256 private constant ROOT_OF_UNITY = 0x564c0a11a0f704f4fc3e8acfe0f8245f0ad1347b378fbf96e206da11a5d36306;

    /// Is a7 the number of a call?
    function isCall(uint256 number) internal pure returns (bool) {
        if (number < 0x200) return number > 0x100 && number <= 0x10a;
        (uint256 unit,,,) = shape(number);
        return unit != 0 || number == 0x205 || number == 0x209 || number == 0x401 || number == 0x402 || number == 0x410;
    }

    /// Makes the call of that number. `published` has preimages that do not fit into a proof.
    function make(Replay memory r, uint256 number, IPublishedPreimages published) internal view {
        bool legal;
        if (number < 0x200) legal = arithmetic(r, number - 0x100);
        else if (number == 0x205) legal = modexp(r);
        else if (number == 0x209) legal = blake2f(r);
        else if (number == 0x401) legal = permute(r);
        else if (number == 0x402) legal = compress(r);
        else if (number == 0x410) legal = preimage(r, published);
        else legal = shaped(r, number);
        if (!legal) r.trap(ENVIRONMENT_CALL, number);
    }

    /// Of calls with a2 bytes at a1: the length is a multiple of unit, from least to most units. unit 0: no such call.
    function shape(uint256 number) private pure returns (uint256 unit, uint256 least, uint256 most, uint256 output) {
        if (number == 0x400 || number == 0x202 || number == 0x203) return (1, 0, MAX_BYTES, 32);
        if (number == 0x201) return (128, 1, 1, 32);
        if (number == 0x206) return (128, 1, 1, 64);
        if (number == 0x207) return (96, 1, 1, 64);
        if (number == 0x208) return (192, 0, 128, 32);
        if (number == 0x20a) return (192, 1, 1, 64);
        if (number == 0x20b) return (256, 1, 1, 128);
        if (number == 0x20c) return (160, 1, 400, 128);
        if (number == 0x20d) return (512, 1, 1, 256);
        if (number == 0x20e) return (288, 1, 200, 256);
        if (number == 0x20f) return (384, 1, 128, 32);
        if (number == 0x210) return (64, 1, 1, 128);
        if (number == 0x211) return (128, 1, 1, 256);
        if (number == 0x300) return (160, 1, 1, 32);
    }

    /// Does a range end at or before 2^64?
    function fits(uint256 place, uint256 length) private pure returns (bool) {
        return length == 0 || place + length <= 1 << 64;
    }

    /// Step 4 and 5 of a call.
    function finish(Replay memory r, uint256 from, uint256 length) private pure returns (bool) {
        r.write(r.word(10), from, length);
        r.setWord(10, length);
        r.goOn();
        return true;
    }

    /// An input range in memory of `room` more bytes before and after it.
    function readBetween(Replay memory r, uint256 place, uint256 length, uint256 before, uint256 behind)
        private
        pure
        returns (uint256 buffer)
    {
        uint256 from = length == 0 ? 0 : r.read(place, length);
        assembly ("memory-safe") {
            buffer := mload(0x40)
            mstore(0x40, and(add(add(buffer, add(add(before, length), behind)), 63), not(31)))
            mcopy(add(buffer, before), from, length)
        }
    }

    // Arithmetic

    function isAligned(uint256 a, uint256 b, uint256 c) private pure returns (bool) {
        return (a | b | c) & 7 == 0;
    }

    /// A word of 32 bytes with its bytes in reverse.
    function reverse(uint256 v) private pure returns (uint256) {
        unchecked {
            uint256 mask = 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
            v = ((v >> 8) & mask) | ((v & mask) << 8);
            mask = 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
            v = ((v >> 16) & mask) | ((v & mask) << 16);
            mask = 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
            v = ((v >> 32) & mask) | ((v & mask) << 32);
            mask = 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
            v = ((v >> 64) & mask) | ((v & mask) << 64);
            return (v >> 128) | (v << 128);
        }
    }

    function readWord(Replay memory r, uint256 place) private pure returns (uint256 value) {
        uint256 from = r.read(place, 32);
        assembly ("memory-safe") {
            value := mload(from)
        }
        value = reverse(value);
    }

    function arithmetic(Replay memory r, uint256 opcode) private pure returns (bool) {
        (uint256 out, uint256 atA, uint256 atB, uint256 atC) = (r.word(10), r.word(11), r.word(12), r.word(13));
        bool three = opcode == 8 || opcode == 9;
        if (!three) atC = 0;
        if (!isAligned(out, atA, atB) || !isAligned(atC, 0, 0)) return false;
        if (!fits(out, 32) || !fits(atA, 32) || !fits(atB, 32) || !fits(atC, 32)) return false;
        uint256 a = readWord(r, atA);
        uint256 b = readWord(r, atB);
        uint256 c = three ? readWord(r, atC) : 0;
        uint256 result = reverse(compute(opcode, a, b, c));
        uint256 from;
        assembly ("memory-safe") {
            from := mload(0x40)
            mstore(0x40, add(from, 32))
            mstore(from, result)
        }
        return finish(r, from, 32);
    }

    /// The EVM's own opcodes.
    function compute(uint256 opcode, uint256 a, uint256 b, uint256 c) private pure returns (uint256 result) {
        assembly ("memory-safe") {
            switch opcode
            case 1 { result := add(a, b) }
            case 2 { result := mul(a, b) }
            case 3 { result := sub(a, b) }
            case 4 { result := div(a, b) }
            case 5 { result := sdiv(a, b) }
            case 6 { result := mod(a, b) }
            case 7 { result := smod(a, b) }
            case 8 { result := addmod(a, b, c) }
            case 9 { result := mulmod(a, b, c) }
            default { result := exp(a, b) }
        }
    }

    // Precompiles and hashes

    function shaped(Replay memory r, uint256 number) private view returns (bool) {
        (uint256 unit, uint256 least, uint256 most, uint256 output) = shape(number);
        uint256 place = r.word(11);
        uint256 length = r.word(12);
        if (length % unit != 0 || length / unit < least || length / unit > most) return false;
        if (!fits(place, length) || !fits(r.word(10), output)) return false;
        uint256 input = readBetween(r, place, length, 0, 0);
        if (number == 0x400) {
            assembly ("memory-safe") {
                mstore(input, keccak256(input, length))
            }
            return finish(r, input, 32);
        }
        return finishPrecompile(r, number - 0x200, input, length, output);
    }

    function finishPrecompile(Replay memory r, uint256 precompile, uint256 input, uint256 length, uint256 output)
        private
        view
        returns (bool)
    {
        (uint256 from, uint256 written) = L1Precompiles.run(precompile, input, length, output);
        return finish(r, from, written);
    }

    function modexp(Replay memory r) private view returns (bool) {
        (uint256 place, uint256 base, uint256 exponent, uint256 modulus) = (r.word(11), r.word(12), r.word(13), r.word(14));
        if (base > 1024 || exponent > 1024 || modulus > 1024 || modulus == 0) return false;
        uint256 words = ((base > modulus ? base : modulus) + 7) / 8;
        uint256 rounds = exponent <= 32 ? 8 * exponent : 16 * (exponent - 32) + 256;
        if ((words <= 4 ? 16 : 2 * words * words) * rounds > 8_000_000) return false; // EIP-7883
        uint256 length = base + exponent + modulus;
        if (!fits(place, length) || !fits(r.word(10), modulus)) return false;
        uint256 input = readBetween(r, place, length, 96, 0);
        assembly ("memory-safe") {
            mstore(input, base)
            mstore(add(input, 32), exponent)
            mstore(add(input, 64), modulus)
        }
        return finishPrecompile(r, 0x05, input, 96 + length, modulus);
    }

    function blake2f(Replay memory r) private view returns (bool) {
        (uint256 place, uint256 rounds, uint256 last) = (r.word(11), r.word(12), r.word(13));
        if (rounds > 4_194_304 || last > 1 || !fits(place, 208) || !fits(r.word(10), 64)) return false;
        uint256 input = readBetween(r, place, 208, 4, 1);
        assembly ("memory-safe") {
            mstore(input, or(shl(224, rounds), shr(32, shl(32, mload(input)))))
            mstore8(add(input, 212), last)
        }
        return finishPrecompile(r, 0x09, input, 213, 64);
    }

    function permute(Replay memory r) private pure returns (bool) {
        uint256 place = r.word(10);
        if (place & 7 != 0 || !fits(place, 200)) return false;
        uint256 state = readBetween(r, place, 200, 0, 0);
        KeccakF.permute(state);
        return finish(r, state, 200);
    }

    function compress(Replay memory r) private pure returns (bool) {
        (uint256 place, uint256 block_) = (r.word(10), r.word(11));
        if (!fits(place, 32) || !fits(block_, 64)) return false;
        uint256 state = readBetween(r, place, 32, 0, 0);
        Sha256Compression.compress(state, r.read(block_, 64));
        return finish(r, state, 32);
    }

    // Preimages

    function preimage(Replay memory r, IPublishedPreimages published) private view returns (bool) {
        (uint256 offset, uint256 most, uint256 kind) = (r.word(12), r.word(13), r.word(14));
        if (kind == 0 || kind > 4 || most > MAX_PART || !fits(r.word(11), 32) || !fits(r.word(10), most)) return false;
        if (kind == 3 && (most != 32 || offset & 31 != 0 || offset >= BLOB_BYTES)) return false;
        bytes32 key;
        uint256 from = r.read(r.word(11), 32);
        assembly ("memory-safe") {
            key := mload(from)
        }
        uint256 total;
        uint256 written;
        if (kind == 3) (total, from, written) = (BLOB_BYTES, element(r, key, offset >> 5), 32);
        else if (kind == 4) (total, from, written) = readPublished(published, kind, key, offset, most);
        else (total, from, written) = hashed(r, published, kind, key, offset, most);
        r.setWord(11, total);
        return finish(r, from, written);
    }

    /// A preimage that the proof has whole, or that was published because it is too long.
    function hashed(Replay memory r, IPublishedPreimages published, uint256 kind, bytes32 key, uint256 offset, uint256 most)
        private
        view
        returns (uint256 total, uint256 from, uint256 written)
    {
        uint256 place = r.take(8);
        assembly ("memory-safe") {
            total := shr(192, calldataload(place))
        }
        if (total > MAX_BYTES) {
            uint256 known;
            (known, from, written) = readPublished(published, kind, key, offset, most);
            require(known == total, UnknownPreimage());
            return (total, from, written);
        }
        place = r.take(total);
        bytes32 hash;
        bool done;
        assembly ("memory-safe") {
            from := mload(0x40)
            mstore(0x40, add(from, and(add(total, 31), not(31))))
            calldatacopy(from, place, total)
            switch kind
            case 1 {
                hash := keccak256(from, total)
                done := 1
            }
            default {
                done := staticcall(gas(), 0x02, from, total, 0x00, 0x20)
                hash := mload(0x00)
            }
        }
        require(done && hash == key, UnknownPreimage());
        if (offset >= total) return (total, from, 0);
        return (total, from + offset, total - offset < most ? total - offset : most);
    }

    function readPublished(IPublishedPreimages published, uint256 kind, bytes32 key, uint256 offset, uint256 most)
        private
        view
        returns (uint256 total, uint256 from, uint256 written)
    {
        bytes memory part;
        (total, part) = published.read(kind, key, offset, most);
        assembly ("memory-safe") {
            from := add(part, 32)
            written := mload(part)
        }
    }

    /// An element of a blob, which the proof shows with its commitment.
    function element(Replay memory r, bytes32 key, uint256 index) private view returns (uint256 y) {
        uint256 proof = r.take(128);
        uint256 z = elementPoint(index);
        bool done;
        assembly ("memory-safe") {
            // versioned hash, z, y, commitment, proof (EIP-4844)
            let input := mload(0x40)
            mstore(0x40, add(input, 192))
            mstore(input, key)
            mstore(add(input, 32), z)
            y := add(input, 64)
            calldatacopy(y, add(proof, 96), 32)
            calldatacopy(add(input, 96), proof, 96)
            done := staticcall(gas(), 0x0a, input, 192, 0x00, 0x40)
            if iszero(eq(returndatasize(), 64)) { done := 0 } // no such precompile
        }
        require(done, UnknownPreimage());
    }

    /// ω to the power of the index with its 12 bits in reverse.
    function elementPoint(uint256 index) private pure returns (uint256 z) {
        unchecked {
            z = 1;
            uint256 square = ROOT_OF_UNITY;
            for (uint256 bit = 0x800; bit != 0; bit >>= 1) {
                if (index & bit != 0) z = mulmod(z, square, BLS_MODULUS);
                square = mulmod(square, square, BLS_MODULUS);
            }
        }
    }
}
