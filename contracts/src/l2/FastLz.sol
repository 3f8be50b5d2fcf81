// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title FastLz
/// @notice Size of data under FastLZ level 1, the estimate of compressibility that the L1 fee uses since Fjord. Only the size is computed.
/// @dev Must agree with the execution client for every input (OP Stack: Fjord, exec engine).
library FastLz {
    /// @dev A hash table of 8,192 positions, eight 32-bit positions to a word.
    uint256 private constant TABLE_WORDS = 1024;
    uint256 private constant HASH_MASK = 0x1fff;
    uint256 private constant MAX_DISTANCE = 0x1fff;
    uint256 private constant HASH_FACTOR = 2_654_435_769;
    /// @dev The last bytes are never searched for matches.
    uint256 private constant TAIL = 13;

    /// @notice Compressed size in bytes.
    function compressedSize(bytes memory _data) internal pure returns (uint256 size_) {
        if (_data.length <= TAIL) return _literals(_data.length);
        uint256[] memory table = new uint256[](TABLE_WORDS);
        uint256 limit = _data.length - TAIL;
        uint256 anchor; // first byte not yet emitted
        uint256 cursor = 2;
        while (cursor < limit) {
            (bool found, uint256 start, uint256 candidate) = _findMatch(_data, table, cursor, limit);
            if (!found) break;
            if (start > anchor) size_ += _literals(start - anchor);
            uint256 length = _matchLength(_data, candidate + 3, start + 3, limit + 9);
            size_ += _match(length);
            cursor = start + length;
            _put(table, _hash(_load24(_data, cursor)), cursor);
            _put(table, _hash(_load24(_data, cursor + 1)), cursor + 1);
            cursor += 2;
            anchor = cursor;
        }
        size_ += _literals(_data.length - anchor);
    }

    /// @dev The next position, from `_at` on, whose three bytes were seen within reach.
    function _findMatch(bytes memory _data, uint256[] memory _table, uint256 _at, uint256 _limit)
        private
        pure
        returns (bool found_, uint256 at_, uint256 candidate_)
    {
        for (at_ = _at; at_ < _limit; ++at_) {
            uint256 value = _load24(_data, at_);
            uint256 slot = _hash(value);
            candidate_ = _get(_table, slot);
            _put(_table, slot, at_);
            if (at_ - candidate_ <= MAX_DISTANCE && value == _load24(_data, candidate_)) {
                // The match must be found before the limit is reached.
                return (at_ + 1 < _limit, at_, candidate_);
            }
        }
    }

    /// @dev How many bytes agree from the two positions on, counting the first that does not, up to `_end`.
    function _matchLength(bytes memory _data, uint256 _a, uint256 _b, uint256 _end)
        private
        pure
        returns (uint256 length_)
    {
        uint256 most = _end - _b;
        while (length_ < most) {
            bool same = _byteAt(_data, _a + length_) == _byteAt(_data, _b + length_);
            ++length_;
            if (!same) break;
        }
    }

    /// @dev Runs of at most 32 literals, each with a control byte.
    function _literals(uint256 _count) private pure returns (uint256) {
        uint256 rest = _count % 32;
        return 33 * (_count / 32) + (rest == 0 ? 0 : rest + 1);
    }

    /// @dev Matches of at most 262 bytes take three bytes, a last short one two.
    function _match(uint256 _length) private pure returns (uint256) {
        uint256 length = _length - 1;
        return 3 * (length / 262) + (length % 262 >= 6 ? 3 : 2);
    }

    function _hash(uint256 _value) private pure returns (uint256) {
        return ((HASH_FACTOR * _value) >> 19) & HASH_MASK;
    }

    /// @dev Three bytes, little-endian. Callers stay within the data.
    function _load24(bytes memory _data, uint256 _at) private pure returns (uint256 value_) {
        assembly ("memory-safe") {
            let word := mload(add(add(_data, 0x20), _at))
            value_ := or(byte(0, word), or(shl(8, byte(1, word)), shl(16, byte(2, word))))
        }
    }

    function _byteAt(bytes memory _data, uint256 _at) private pure returns (uint256 byte_) {
        assembly ("memory-safe") {
            byte_ := byte(0, mload(add(add(_data, 0x20), _at)))
        }
    }

    function _get(uint256[] memory _table, uint256 _slot) private pure returns (uint256) {
        return (_table[_slot >> 3] >> (32 * (_slot & 7))) & type(uint32).max;
    }

    function _put(uint256[] memory _table, uint256 _slot, uint256 _at) private pure {
        uint256 shift = 32 * (_slot & 7);
        uint256 cleared = _table[_slot >> 3] & ~(uint256(type(uint32).max) << shift);
        _table[_slot >> 3] = cleared | (_at << shift);
    }
}
