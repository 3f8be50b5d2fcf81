// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPublishedPreimages} from "./IPublishedPreimages.sol";
import {L1Precompiles} from "./L1Precompiles.sol";

/// Anyone stores a preimage in pieces, as code, and then has it hashed or computed with once. About 250 gas a byte. Pieces and preimages
/// are never changed or removed; nobody has rights here.
contract PublishedPreimages is IPublishedPreimages {
    error BadPiece();
    error BadInput();
    error NotPublished();

    event PieceStored(address piece);
    event Published(uint256 indexed kind, bytes32 indexed key, uint256 length);

    uint256 public constant KECCAK256 = 1;
    uint256 public constant SHA256 = 2;
    uint256 public constant COMPUTATION = 4;
    /// Of each piece but a preimage's last: EIP-170's limit, a byte for STOP, and whole words.
    uint256 public constant PIECE_BYTES = 24544;

    struct Preimage {
        uint96 length;
        address index; // code: the addresses of its pieces
    }

    mapping(uint256 kind => mapping(bytes32 key => Preimage)) public preimages;
    mapping(address piece => bool) public isPiece;

    /// Up to PIECE_BYTES bytes.
    function store(bytes calldata data) external returns (address piece) {
        piece = storeCode(data);
        isPiece[piece] = true;
        emit PieceStored(piece);
    }

    function publishKeccak256(address[] calldata pieces) external returns (bytes32 key) {
        bytes memory whole = join(pieces);
        key = keccak256(whole);
        remember(KECCAK256, key, whole.length, pieces);
    }

    function publishSha256(address[] calldata pieces) external returns (bytes32 key) {
        bytes memory whole = join(pieces);
        key = sha256(whole);
        remember(SHA256, key, whole.length, pieces);
    }

    /// What the precompile answers to an input, whose key is keccak256(precompile ‖ input). An input of a length that it refuses has no
    /// preimage here: programs look at lengths themselves.
    function publishComputation(address precompile, address[] calldata pieces) external returns (bytes32 key) {
        bytes memory input = join(pieces);
        key = keccak256(abi.encodePacked(precompile, input));
        bytes memory answer = compute(uint160(precompile), input);
        address[] memory stored = new address[](1);
        stored[0] = storeCode(answer);
        remember(COMPUTATION, key, answer.length, stored);
    }

    /// @inheritdoc IPublishedPreimages
    function read(uint256 kind, bytes32 key, uint256 offset, uint256 most)
        external
        view
        returns (uint256 total, bytes memory part)
    {
        Preimage memory preimage = preimages[kind][key];
        require(preimage.index != address(0), NotPublished());
        total = preimage.length;
        if (offset >= total) return (total, part);
        if (most > total - offset) most = total - offset;
        part = new bytes(most);
        for (uint256 done = 0; done < most;) {
            uint256 place = (offset + done) % PIECE_BYTES;
            uint256 count = PIECE_BYTES - place;
            if (count > most - done) count = most - done;
            copyCode(pieceAt(preimage.index, (offset + done) / PIECE_BYTES), place, part, done, count);
            done += count;
        }
    }

    function remember(uint256 kind, bytes32 key, uint256 length, address[] memory pieces) private {
        if (preimages[kind][key].index != address(0)) return;
        bytes memory index;
        for (uint256 i = 0; i < pieces.length; ++i) index = abi.encodePacked(index, pieces[i]);
        preimages[kind][key] = Preimage(uint96(length), storeCode(index));
        emit Published(kind, key, length);
    }

    function join(address[] calldata pieces) private view returns (bytes memory whole) {
        require(pieces.length > 0, BadPiece());
        uint256 last = pieces.length - 1;
        for (uint256 i = 0; i <= last; ++i) {
            require(isPiece[pieces[i]] && (i == last || sizeOf(pieces[i]) == PIECE_BYTES), BadPiece());
        }
        whole = new bytes(last * PIECE_BYTES + sizeOf(pieces[last]));
        for (uint256 i = 0; i <= last; ++i) copyCode(pieces[i], 0, whole, i * PIECE_BYTES, sizeOf(pieces[i]));
    }

    /// 1 and the output, or 0.
    function compute(uint256 precompile, bytes memory input) private view returns (bytes memory) {
        uint256 size = outputOf(precompile, input);
        require(size != 0, BadInput());
        uint256 place;
        assembly ("memory-safe") {
            place := add(input, 32)
        }
        (uint256 output, uint256 written) = L1Precompiles.run(precompile, place, input.length, size);
        if (written == 0) return hex"00";
        bytes memory answer = new bytes(1 + written);
        answer[0] = 0x01;
        assembly ("memory-safe") {
            mcopy(add(answer, 33), output, written)
        }
        return answer;
    }

    /// The length of its output; 0: the precompile is none, or refuses an input of such a form.
    function outputOf(uint256 precompile, bytes memory input) private pure returns (uint256) {
        uint256 n = input.length;
        if (precompile == 0x01 && n == 128) return 32;
        if (precompile == 0x02 || precompile == 0x03) return 32;
        if (precompile == 0x05) return modulusOf(input);
        if (precompile == 0x06 && n == 128) return 64;
        if (precompile == 0x07 && n == 96) return 64;
        if (precompile == 0x08 && n % 192 == 0) return 32;
        if (precompile == 0x09 && n == 213 && uint8(input[212]) < 2) return 64;
        if (precompile == 0x0a && n == 192) return 64;
        if (precompile == 0x0b && n == 256) return 128;
        if (precompile == 0x0c && n != 0 && n % 160 == 0) return 128;
        if (precompile == 0x0d && n == 512) return 256;
        if (precompile == 0x0e && n != 0 && n % 288 == 0) return 256;
        if (precompile == 0x0f && n != 0 && n % 384 == 0) return 32;
        if (precompile == 0x10 && n == 64) return 128;
        if (precompile == 0x11 && n == 128) return 256;
        if (precompile == 0x100 && n == 160) return 32;
        return 0;
    }

    /// Of a well-formed input of modexp: three lengths up to 1,024 (EIP-7823), and what they say.
    function modulusOf(bytes memory input) private pure returns (uint256) {
        if (input.length < 96) return 0;
        (uint256 base, uint256 exponent, uint256 modulus) = abi.decode(input, (uint256, uint256, uint256));
        if (base > 1024 || exponent > 1024 || modulus > 1024) return 0;
        return input.length == 96 + base + exponent + modulus ? modulus : 0;
    }

    // Bytes as code: STOP, then the bytes, so that nobody can run them.

    function storeCode(bytes memory data) private returns (address place) {
        require(data.length <= PIECE_BYTES, BadPiece());
        // PUSH2 size, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN
        bytes memory creation = abi.encodePacked(hex"61", uint16(data.length + 1), hex"80600a3d393df3", hex"00", data);
        assembly ("memory-safe") {
            place := create(0, add(creation, 32), mload(creation))
        }
        require(place != address(0), BadPiece());
    }

    function sizeOf(address piece) private view returns (uint256) {
        return piece.code.length - 1;
    }

    function copyCode(address piece, uint256 from, bytes memory to, uint256 place, uint256 count) private view {
        assembly ("memory-safe") {
            extcodecopy(piece, add(add(to, 32), place), add(from, 1), count)
        }
    }

    function pieceAt(address index, uint256 i) private view returns (address piece) {
        assembly ("memory-safe") {
            extcodecopy(index, 0x0c, add(1, mul(20, i)), 20)
            piece := and(mload(0x00), 0xffffffffffffffffffffffffffffffffffffffff)
        }
    }
}
