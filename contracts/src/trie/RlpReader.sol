// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Any defect of an inclusion proof: malformed RLP, a node that is not the one committed to, a path that ends elsewhere, leftovers.
error InvalidMerkleProof();

/// @title RlpReader
/// @notice Reads RLP in place. Strict: only the canonical form of the yellow paper's appendix B is accepted, every length is checked against its container.
library RlpReader {
    /// @notice A piece of memory that holds one RLP item, header included.
    struct Item {
        uint256 offset; // memory address of the header
        uint256 length; // header and payload
    }

    /// @notice The bytes as one item, which they must fill exactly.
    function toItem(bytes memory _data) internal pure returns (Item memory item_) {
        uint256 start;
        assembly ("memory-safe") {
            start := add(_data, 0x20)
        }
        item_ = Item(start, _data.length);
        (uint256 header, uint256 payload,) = _header(start, _data.length);
        if (header + payload != _data.length) revert InvalidMerkleProof();
    }

    /// @notice The children of a list, of which there may be at most `_max`.
    function readList(Item memory _item, uint256 _max) internal pure returns (Item[] memory items_) {
        (uint256 header, uint256 payload, bool isList_) = _header(_item.offset, _item.length);
        if (!isList_) revert InvalidMerkleProof();
        items_ = new Item[](_max);
        uint256 count;
        uint256 cursor = _item.offset + header;
        uint256 left = payload;
        while (left != 0) {
            if (count == _max) revert InvalidMerkleProof();
            (uint256 childHeader, uint256 childPayload,) = _header(cursor, left);
            uint256 size = childHeader + childPayload;
            items_[count++] = Item(cursor, size);
            cursor += size;
            left -= size; // _header has checked that size <= left
        }
        assembly ("memory-safe") {
            mstore(items_, count)
        }
    }

    /// @notice The payload of a string item, copied.
    function readBytes(Item memory _item) internal pure returns (bytes memory) {
        (uint256 header, uint256 payload, bool isList_) = _header(_item.offset, _item.length);
        if (isList_) revert InvalidMerkleProof();
        return _copy(_item.offset + header, payload);
    }

    /// @notice The whole item with its header, copied.
    function readRaw(Item memory _item) internal pure returns (bytes memory) {
        return _copy(_item.offset, _item.length);
    }

    /// @notice True if the item is a list.
    function isList(Item memory _item) internal pure returns (bool) {
        (,, bool isList_) = _header(_item.offset, _item.length);
        return isList_;
    }

    /// @dev Reads the header at `_at`; the item must fit into `_available` bytes.
    function _header(uint256 _at, uint256 _available)
        private
        pure
        returns (uint256 header_, uint256 payload_, bool isList_)
    {
        if (_available == 0) revert InvalidMerkleProof();
        uint256 prefix = _byteAt(_at);
        if (prefix < 0x80) return (0, 1, false);
        isList_ = prefix >= 0xc0;
        uint256 short = prefix - (isList_ ? 0xc0 : 0x80);
        if (short <= 55) {
            (header_, payload_) = (1, short);
        } else {
            // Lengths of more than four bytes cannot fit into a transaction.
            uint256 width = short - 55;
            if (width > 4 || width >= _available) revert InvalidMerkleProof();
            header_ = 1 + width;
            for (uint256 i = 1; i <= width; ++i) {
                payload_ = (payload_ << 8) | _byteAt(_at + i);
            }
            // Canonical: no leading zero, and no long form for what a short form can say.
            if (payload_ <= 55 || payload_ >> (8 * (width - 1)) == 0) revert InvalidMerkleProof();
        }
        if (header_ + payload_ > _available) revert InvalidMerkleProof();
        // Canonical: a single byte below 0x80 is its own encoding.
        if (!isList_ && payload_ == 1 && _byteAt(_at + 1) < 0x80) revert InvalidMerkleProof();
    }

    function _byteAt(uint256 _at) private pure returns (uint256 byte_) {
        assembly ("memory-safe") {
            byte_ := byte(0, mload(_at))
        }
    }

    function _copy(uint256 _from, uint256 _length) private pure returns (bytes memory out_) {
        out_ = new bytes(_length);
        assembly ("memory-safe") {
            mcopy(add(out_, 0x20), _from, _length)
        }
    }
}
