// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A step on its way: the state's bytes in memory, changed as the step goes, and what of the proof is still to be read.
struct Replay {
    uint256 state; // memory address of the 352 bytes of docs/spec/machine.md, "State root"
    uint256 zeros; // memory address of zero(0), zero(1) … zero(58)
    uint256 cursor; // calldata offset of the next byte of the proof
    uint256 end; // and of the byte after its last
    bytes32 root; // of the memory before the step
}

/// The registers and the memory tree under them. Numbers of the machine are uint256 below 2^64.
library MachineReplay {
    error WrongStateRoot();
    error BadState();
    error BadProof();

    uint256 internal constant STATE_BYTES = 352;
    uint256 internal constant DEPTH = 59;
    uint256 internal constant M64 = 0xffffffffffffffff;

    // Indexes of words beside x0 to x31.
    uint256 internal constant PC = 32;
    uint256 internal constant STATUS = 33;
    uint256 internal constant EXIT_CODE = 34;
    uint256 internal constant MTVEC = 35;
    uint256 internal constant MEPC = 37;
    uint256 internal constant MCAUSE = 38;
    uint256 internal constant MTVAL = 39;

    function begin(bytes32 stateRoot, bytes calldata proof) internal pure returns (Replay memory r) {
        require(proof.length >= STATE_BYTES, BadProof());
        uint256 state;
        uint256 zeros;
        uint256 cursor;
        assembly ("memory-safe") {
            state := mload(0x40)
            zeros := add(state, 384) // a word is read and written as 32 bytes: the last needs 24 more than the state has
            mstore(0x40, add(zeros, 1888))
            calldatacopy(state, proof.offset, 352)
            cursor := add(proof.offset, 352)
            let zero := 0
            for { let place := zeros } lt(place, add(zeros, 1888)) { place := add(place, 32) } {
                mstore(place, zero)
                mstore(0x00, zero)
                mstore(0x20, zero)
                zero := keccak256(0x00, 0x40)
            }
        }
        r = Replay(state, zeros, cursor, cursor - STATE_BYTES + proof.length, bytes32(0));
        require(hashState(r) == stateRoot, WrongStateRoot());
        assembly ("memory-safe") {
            mstore(add(r, 0x80), mload(state))
        }
        require(
            word(r, 0) == 0 && word(r, STATUS) < 3 && (word(r, PC) | word(r, MTVEC) | word(r, MEPC)) & 3 == 0, BadState()
        );
    }

    function finish(Replay memory r) internal pure returns (bytes32) {
        require(r.cursor == r.end, BadProof());
        return hashState(r);
    }

    function hashState(Replay memory r) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            root := keccak256(mload(r), 352)
        }
    }

    function word(Replay memory r, uint256 index) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(192, mload(add(add(mload(r), 32), shl(3, index))))
        }
    }

    /// Takes the low 64 bits.
    function setWord(Replay memory r, uint256 index, uint256 value) internal pure {
        assembly ("memory-safe") {
            let place := add(add(mload(r), 32), shl(3, index))
            mstore(place, or(shl(192, value), shr(64, shl(64, mload(place)))))
        }
    }

    function setRegister(Replay memory r, uint256 rd, uint256 value) internal pure {
        if (rd != 0) setWord(r, rd, value);
    }

    function setMemoryRoot(Replay memory r, bytes32 root) internal pure {
        assembly ("memory-safe") {
            mstore(mload(r), root)
        }
    }

    function goOn(Replay memory r) internal pure {
        unchecked {
            setWord(r, PC, word(r, PC) + 4);
        }
    }

    function trap(Replay memory r, uint256 cause, uint256 value) internal pure {
        setWord(r, MEPC, word(r, PC));
        setWord(r, MCAUSE, cause);
        setWord(r, MTVAL, value);
        uint256 handler = word(r, MTVEC);
        if (handler == 0) setWord(r, STATUS, 2);
        else setWord(r, PC, handler);
    }

    /// The next `size` bytes of the proof, as a calldata offset.
    function take(Replay memory r, uint256 size) internal pure returns (uint256 place) {
        unchecked {
            place = r.cursor;
            require(size <= r.end - place, BadProof());
            r.cursor = place + size;
        }
    }

    /// A path: the leaf, its mask and the calldata offset of its siblings, of which the cursor stands behind the last.
    function takePath(Replay memory r, uint256 index) internal pure returns (bytes32 leaf, uint256 mask, uint256 siblings) {
        siblings = take(r, 40) + 40;
        assembly ("memory-safe") {
            leaf := calldataload(sub(siblings, 40))
            mask := shr(192, calldataload(sub(siblings, 8)))
        }
        (bytes32 root, uint256 next) = foldPath(r.zeros, index, leaf, mask, siblings);
        require(root == r.root && next <= r.end, BadProof());
        r.cursor = next;
    }

    /// The root above a leaf, and where its siblings end.
    function foldPath(uint256 zeros, uint256 index, bytes32 leaf, uint256 mask, uint256 siblings)
        internal
        pure
        returns (bytes32 node, uint256 next)
    {
        bool isBad;
        assembly ("memory-safe") {
            node := leaf
            next := siblings
            for { let end := add(zeros, 1888) } lt(zeros, end) { zeros := add(zeros, 32) } {
                let sibling := mload(zeros)
                if and(mask, 1) {
                    isBad := or(isBad, eq(sibling, calldataload(next)))
                    sibling := calldataload(next)
                    next := add(next, 32)
                }
                let side := shl(5, and(index, 1))
                mstore(side, node)
                mstore(xor(side, 32), sibling)
                node := keccak256(0x00, 0x40)
                index := shr(1, index)
                mask := shr(1, mask)
            }
            isBad := or(isBad, gt(mask, 0))
        }
        require(!isBad, BadProof());
    }

    /// The bytes of a range, which is not empty and does not wrap: their memory address.
    function read(Replay memory r, uint256 address_, uint256 length) internal pure returns (uint256 place) {
        (uint256 leaves,,,) = takeRange(r, address_, length);
        place = leaves + (address_ & 31);
    }

    /// Reads the range that bytes are written to and writes them. Nothing for no bytes.
    function write(Replay memory r, uint256 address_, uint256 from, uint256 length) internal pure {
        if (length == 0) return;
        (uint256 leaves, uint256 count, uint256 masks, uint256 siblings) = takeRange(r, address_, length);
        assembly ("memory-safe") {
            mcopy(add(leaves, and(address_, 31)), from, length)
        }
        (bytes32 root,) = foldRange(r.zeros, leaves, count, address_ >> 5, masks, siblings);
        setMemoryRoot(r, root);
    }

    /// A range: its leaves in memory, how many, its masks (left · 2^64 + right), the calldata offset of its siblings.
    function takeRange(Replay memory r, uint256 address_, uint256 length)
        private
        pure
        returns (uint256 leaves, uint256 count, uint256 masks, uint256 siblings)
    {
        unchecked {
            count = ((address_ + length - 1) >> 5) - (address_ >> 5) + 1;
            siblings = take(r, 32 * count + 16) + 32 * count + 16;
        }
        assembly ("memory-safe") {
            leaves := mload(0x40)
            mstore(0x40, add(leaves, shl(5, count)))
            calldatacopy(leaves, sub(siblings, add(16, shl(5, count))), shl(5, count))
            masks := shr(128, calldataload(sub(siblings, 16)))
        }
        (bytes32 root, uint256 next) = foldRange(r.zeros, leaves, count, address_ >> 5, masks, siblings);
        require(root == r.root && next <= r.end, BadProof());
        r.cursor = next;
    }

    /// The root above leaves side by side, and where their siblings end: beyond every proof if a mask or a sibling is not as it must be.
    /// The leaves stay as they are.
    function foldRange(uint256 zeros, uint256 nodes, uint256 count, uint256 first, uint256 masks, uint256 next)
        private
        pure
        returns (bytes32 root, uint256)
    {
        assembly ("memory-safe") {
            // Puts a sibling to its place: the zero node, or what follows, which must be another.
            function put(slot, follows, zero, place) -> after_ {
                after_ := place
                if follows {
                    after_ := add(place, 32)
                    if eq(calldataload(place), zero) { after_ := shl(128, 1) }
                    zero := calldataload(place)
                }
                mstore(slot, zero)
            }
            // The parents of the pairs from `from` up to `end`; they overwrite the children.
            function raise(from, end, to) {
                for {} lt(from, end) { from := add(from, 64) } {
                    mstore(to, keccak256(from, 64))
                    to := add(to, 32)
                }
            }

            let copy := add(mload(0x40), 32) // one place before for a left sibling
            mcopy(copy, nodes, shl(5, count))
            nodes := copy
            for { let end := add(zeros, 1888) } lt(zeros, end) { zeros := add(zeros, 32) } {
                let from := sub(nodes, shl(5, and(first, 1)))
                let to := add(nodes, shl(5, count))
                switch and(first, 1)
                case 0 { next := or(next, shl(128, and(shr(64, masks), 1))) } // a bit without need
                default { next := put(from, and(shr(64, masks), 1), mload(zeros), next) }
                switch and(add(first, count), 1)
                case 0 { next := or(next, shl(128, and(masks, 1))) }
                default {
                    next := put(to, and(masks, 1), mload(zeros), next)
                    to := add(to, 32)
                }
                raise(from, to, nodes)
                count := shr(6, sub(to, from))
                first := shr(1, first)
                // Both masks move on; bit 0 of the left one must not fall into the right one.
                masks := and(shr(1, masks), 0x7fffffffffffffff7fffffffffffffff)
            }
            root := mload(nodes)
            if masks { next := shl(128, 1) }
        }
        return (root, next);
    }
}
