"""What the reference does not define itself: RLP, and by ctypes the hash, the curve and the two decompressors, from libraries of their own makers."""

import ctypes
from functools import lru_cache

_keccak_library = None


def use_keccak(path: str) -> None:
    global _keccak_library
    _keccak_library = ctypes.CDLL(path)


@lru_cache(maxsize=100_000)
def keccak(data: bytes) -> bytes:
    out = ctypes.create_string_buffer(32)
    _keccak_library.entresol_keccak256(data, ctypes.c_size_t(len(data)), out)
    return out.raw


# --- RLP (Yellow Paper, appendix B), canonical only


class Malformed(Exception):
    pass


def rlp(item) -> bytes:
    """Of bytes, an integer, or a list of these."""
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if isinstance(item, (bytes, bytearray)):
        if len(item) == 1 and item[0] < 0x80:
            return bytes(item)
        return _rlp_head(0x80, len(item)) + bytes(item)
    payload = b"".join(map(rlp, item))
    return _rlp_head(0xC0, len(payload)) + payload


def _rlp_head(base: int, length: int) -> bytes:
    if length < 56:
        return bytes([base + length])
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([base + 55 + len(size)]) + size


def rlp_item_end(data: bytes, at: int) -> tuple[bool, int, int]:
    """Is the item at `at` a list, where does its payload begin, where does it end?"""
    if at >= len(data):
        raise Malformed("RLP ends")
    first = data[at]
    if first < 0x80:
        return False, at, at + 1
    is_list, short = first >= 0xC0, (first - 0xC0 if first >= 0xC0 else first - 0x80)
    if short < 56:
        start, length = at + 1, short
    else:
        size = short - 55
        digits = data[at + 1 : at + 1 + size]
        if len(digits) < size or digits[0] == 0:
            raise Malformed("RLP length")
        start, length = at + 1 + size, int.from_bytes(digits, "big")
        if length < 56:
            raise Malformed("RLP length could be shorter")
    if start + length > len(data):
        raise Malformed("RLP payload ends")
    if not is_list and length == 1 and data[start] < 0x80:
        raise Malformed("RLP byte could be shorter")
    return is_list, start, start + length


def rlp_decode(data: bytes):
    """One item that takes all of `data`: bytes or a list."""
    item, end = _rlp_take(data, 0)
    if end != len(data):
        raise Malformed("bytes after RLP")
    return item


def _rlp_take(data: bytes, at: int):
    is_list, start, end = rlp_item_end(data, at)
    if not is_list:
        return data[start:end], end
    items = []
    while start < end:
        item, start = _rlp_take(data[:end], start)
        items.append(item)
    return items, end


def integer(item, bits: int) -> int:
    if not isinstance(item, bytes) or len(item) * 8 > bits or item[:1] == b"\0":
        raise Malformed("not an integer of %d bits" % bits)
    return int.from_bytes(item, "big")


# --- secp256k1

_secp = ctypes.CDLL("libsecp256k1.so.1")
_secp.secp256k1_context_create.restype = ctypes.c_void_p
_context = ctypes.c_void_p(_secp.secp256k1_context_create(0x301))


@lru_cache(maxsize=1_000)
def address_of_key(key: bytes) -> bytes:
    public = ctypes.create_string_buffer(64)
    if not _secp.secp256k1_ec_pubkey_create(_context, public, key):
        raise ValueError("key")
    return _address(public)


def _address(public) -> bytes:
    out, size = ctypes.create_string_buffer(65), ctypes.c_size_t(65)
    _secp.secp256k1_ec_pubkey_serialize(_context, out, ctypes.byref(size), public, 2)
    return keccak(out.raw[1:])[12:]


def sign(digest: bytes, key: bytes) -> tuple[int, int, int]:
    """y_parity, r, s"""
    signature, compact, parity = ctypes.create_string_buffer(65), ctypes.create_string_buffer(64), ctypes.c_int()
    _secp.secp256k1_ecdsa_sign_recoverable(_context, signature, digest, key, None, None)
    _secp.secp256k1_ecdsa_recoverable_signature_serialize_compact(_context, compact, ctypes.byref(parity), signature)
    return parity.value, int.from_bytes(compact.raw[:32], "big"), int.from_bytes(compact.raw[32:], "big")


def recover(digest: bytes, parity: int, r: int, s: int) -> bytes | None:
    signature, public = ctypes.create_string_buffer(65), ctypes.create_string_buffer(64)
    compact = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    if parity > 1 or not _secp.secp256k1_ecdsa_recoverable_signature_parse_compact(_context, signature, compact, parity):
        return None
    if not _secp.secp256k1_ecdsa_recover(_context, public, signature, digest):
        return None
    return _address(public)


# --- Decompression as a stream: what came out before damage or the end of the input is kept.


class _ZStream(ctypes.Structure):
    _fields_ = [("next_in", ctypes.c_char_p), ("avail_in", ctypes.c_uint), ("total_in", ctypes.c_ulong), ("next_out", ctypes.c_void_p),
                ("avail_out", ctypes.c_uint), ("total_out", ctypes.c_ulong), ("msg", ctypes.c_char_p), ("state", ctypes.c_void_p),
                ("zalloc", ctypes.c_void_p), ("zfree", ctypes.c_void_p), ("opaque", ctypes.c_void_p), ("data_type", ctypes.c_int),
                ("adler", ctypes.c_ulong), ("reserved", ctypes.c_ulong)]  # fmt: skip


_zlib = ctypes.CDLL("libz.so.1")
_zlib.zlibVersion.restype = ctypes.c_char_p
_brotli_decoder = ctypes.CDLL("libbrotlidec.so.1")
_brotli_decoder.BrotliDecoderCreateInstance.restype = ctypes.c_void_p
_brotli_encoder = ctypes.CDLL("libbrotlienc.so.1")
_STEP = 1 << 16


def inflate(data: bytes, limit: int) -> bytes:
    stream, out, room = _ZStream(), bytearray(), ctypes.create_string_buffer(_STEP)
    stream.next_in, stream.avail_in = data, len(data)
    if _zlib.inflateInit_(ctypes.byref(stream), _zlib.zlibVersion(), ctypes.sizeof(stream)) != 0:
        raise MemoryError("inflateInit")
    while True:
        stream.next_out, stream.avail_out = ctypes.addressof(room), _STEP
        status = _zlib.inflate(ctypes.byref(stream), 0)
        out += room.raw[: _STEP - stream.avail_out]
        if status != 0 or stream.avail_out != 0 or len(out) >= limit:  # not Z_OK, or the input is used up
            break
    _zlib.inflateEnd(ctypes.byref(stream))
    return bytes(out[:limit])


def unbrotli(data: bytes, limit: int) -> bytes:
    state = ctypes.c_void_p(_brotli_decoder.BrotliDecoderCreateInstance(None, None, None))
    source = ctypes.create_string_buffer(data, len(data)) if data else ctypes.create_string_buffer(1)
    room, out = ctypes.create_string_buffer(_STEP), bytearray()
    next_in, left_in = ctypes.c_void_p(ctypes.addressof(source)), ctypes.c_size_t(len(data))
    while True:
        next_out, left_out = ctypes.c_void_p(ctypes.addressof(room)), ctypes.c_size_t(_STEP)
        status = _brotli_decoder.BrotliDecoderDecompressStream(
            state, ctypes.byref(left_in), ctypes.byref(next_in), ctypes.byref(left_out), ctypes.byref(next_out), None)  # fmt: skip
        out += room.raw[: _STEP - left_out.value]
        if status != 3 or len(out) >= limit:  # not BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT
            break
    _brotli_decoder.BrotliDecoderDestroyInstance(state)
    return bytes(out[:limit])


def brotli(data: bytes, quality: int) -> bytes:
    size = ctypes.c_size_t(len(data) + 1_000)
    out = ctypes.create_string_buffer(size.value)
    if not _brotli_encoder.BrotliEncoderCompress(quality, 22, 0, ctypes.c_size_t(len(data)), data, ctypes.byref(size), out):
        raise MemoryError("brotli")
    return out.raw[: size.value]
