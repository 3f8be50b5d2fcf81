"""From batcher transactions to batches: the formats of the OP Stack specifications (github.com/ethereum-optimism/specs, folder specs/protocol; the names in
brackets are its files), written from them and not from src/core/derive. Where they leave something open, the remark says what is done."""

from dataclasses import dataclass, field

from primitives import Malformed, inflate, integer, keccak, recover, rlp, rlp_decode, rlp_item_end, unbrotli

MAX_FRAME_DATA_BYTES = 1_000_000  # [derivation.md, "Frame Format"]
MAX_RLP_BYTES_PER_CHANNEL = 100_000_000  # [fjord/derivation.md]
MAX_SPAN_BATCH_ELEMENT_COUNT = 10_000_000  # [derivation.md, "Protocol Parameters"]
FRAME_OVERHEAD = 200  # [derivation.md, "Pruning"]


@dataclass
class SystemConfig:
    batcher: bytes
    scalar: bytes
    gas_limit: int
    denominator: int = 0
    elasticity: int = 0
    operator_fee_scalar: int = 0
    operator_fee_constant: int = 0
    min_base_fee: int = 0
    da_footprint_gas_scalar: int = 0


@dataclass
class Rollup:
    block_time: int
    max_sequencer_drift: int
    seq_window_size: int
    channel_timeout: int
    l1_chain_id: int
    l2_chain_id: int
    l1_fork: str
    fork: str  # holocene, isthmus or jovian
    batch_inbox: bytes
    deposit_contract: bytes
    system_config_contract: bytes
    l2_time: int
    l2_number: int
    config: SystemConfig

    def has(self, fork: str) -> bool:
        order = ("holocene", "isthmus", "jovian")
        return order.index(self.fork) >= order.index(fork)


@dataclass
class Log:
    address: bytes
    topics: list[bytes]
    data: bytes


@dataclass
class Receipt:
    succeeded: bool
    logs: list[Log]


@dataclass
class L1Block:
    header: bytes  # RLP
    transactions: list[bytes] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    def __post_init__(self):
        self.hash = keccak(self.header)
        fields = rlp_decode(self.header)
        self.parent_hash, self.number, self.time = fields[0], int.from_bytes(fields[8], "big"), int.from_bytes(fields[11], "big")
        self.randao, self.base_fee = fields[13], int.from_bytes(fields[15], "big") if len(fields) > 15 else 0
        self.excess_blob_gas = int.from_bytes(fields[18], "big") if len(fields) > 18 else None
        self.beacon_root = fields[19] if len(fields) > 19 else bytes(32)


@dataclass
class Batch:
    """Of one block. In a span, parent and epoch hash follow from the chain once the span's checks passed."""

    parent_hash: bytes | None
    epoch_number: int
    epoch_hash: bytes | None
    time: int
    transactions: list[bytes]


@dataclass
class Span:
    parent_check: bytes
    origin_check: bytes
    batches: list[Batch]


# --- L1 retrieval [derivation.md; ecotone/derivation.md]


def sender_of(tx: bytes) -> bytes | None:
    """By the transaction's signature; None when there is nobody. (No L1 block holds a transaction of another chain.)"""
    if tx[0] > 0x7F:
        fields = rlp_decode(tx)
        v = integer(fields[6], 64)
        parity = (v - 35) % 2 if v >= 35 else v - 27
        digest = keccak(rlp(fields[:6] + ([(v - 35) // 2, b"", b""] if v >= 35 else [])))  # EIP-155
    else:
        fields = rlp_decode(tx[1:])
        digest, parity = keccak(tx[:1] + rlp(fields[:-3])), integer(fields[-3], 64)
    return recover(digest, parity, int.from_bytes(fields[-2], "big"), int.from_bytes(fields[-1], "big"))


# Where a type's `to` and data stand. Types above 3 are no batcher transactions, as op-node and kona have it.
TO_AND_DATA = {0: (3, 5), 1: (4, 6), 2: (5, 7), 3: (5, 7)}


def batcher_data(rollup: Rollup, batcher: bytes, block: L1Block, blobs: dict[bytes, bytes]) -> list[bytes]:
    out = []
    for tx in block.transactions:
        kind = 0 if tx[0] > 0x7F else tx[0]
        if kind not in TO_AND_DATA:
            continue
        fields = rlp_decode(tx if kind == 0 else tx[1:])
        to, data = TO_AND_DATA[kind]
        if fields[to] != rollup.batch_inbox or sender_of(tx) != batcher:
            continue
        if kind != 3:
            out.append(fields[data])
            continue
        for versioned_hash in fields[10]:  # a blob transaction's calldata is ignored
            decoded = decode_blob(blobs[versioned_hash])
            if decoded is not None:
                out.append(decoded)
    return out


def decode_blob(blob: bytes) -> bytes | None:
    """[ecotone/derivation.md, "Blob Encoding"]"""
    out = bytearray()
    for at in range(0, 4096 * 32, 4 * 32):
        heads = [blob[at + 32 * i] for i in range(4)]
        tails = [blob[at + 32 * i + 1 : at + 32 * i + 32] for i in range(4)]
        if any(head & 0b1100_0000 for head in heads):
            return None
        a, b, c, d = heads
        x = a | (b & 0b0011_0000) << 2
        y = b & 0b0000_1111 | (d & 0b0000_1111) << 4
        z = c | (d & 0b0011_0000) << 2
        out += tails[0] + bytes([x]) + tails[1] + bytes([y]) + tails[2] + bytes([z]) + tails[3]
    length = int.from_bytes(out[1:4], "big")
    if out[0] != 0 or length > 130_048 - 4 or any(out[4 + length :]):
        return None
    return bytes(out[4 : 4 + length])


# --- Frames [derivation.md, "Frame Format"; holocene/derivation.md, "Frame Queue"]


@dataclass
class Frame:
    channel: bytes
    number: int
    data: bytes
    is_last: bool


def decode_frames(data: bytes) -> list[Frame]:
    if not data or data[0] != 0:
        return []
    frames, at = [], 1
    while at < len(data):
        length = int.from_bytes(data[at + 18 : at + 22], "big")
        end = at + 22 + length
        if len(data) < end + 1 or length > MAX_FRAME_DATA_BYTES or data[end] > 1:
            return []  # one frame that cannot be parsed rejects all
        frames.append(Frame(data[at : at + 16], int.from_bytes(data[at + 16 : at + 18], "big"), data[at + 22 : end], data[end] == 1))
        at = end + 1
    return frames


def order_frames(frames: list[Frame]) -> list[Frame]:
    """Neighbours are compared, and again after one was taken out. The text speaks of non-first frames where it drops; a first frame of the channel that the
    previous frame belongs to is dropped too, as op-node and kona have it."""
    out, at = list(frames), 0
    while at + 1 < len(out):
        previous, frame = out[at], out[at + 1]
        if previous.channel == frame.channel:
            wrong = previous.is_last or frame.number != previous.number + 1
        else:
            wrong = frame.number != 0
        if wrong:
            del out[at + 1]
        elif previous.channel != frame.channel and not previous.is_last:
            del out[at]
            at = max(at - 1, 0)
        else:
            at += 1
    return out


# --- Channels [holocene/derivation.md, "Channel Bank"; derivation.md, "Channel Format"; fjord/derivation.md]


class ChannelBank:
    def __init__(self, timeout: int):
        self.timeout, self.id = timeout, None

    def add(self, frame: Frame, l1_number: int) -> bytes | None:
        """The channel's bytes where this frame completes it."""
        if self.id is not None and l1_number > self.opened + self.timeout:
            self.id = None
        if frame.number == 0:
            self.id, self.opened, self.next, self.size, self.data = frame.channel, l1_number, 0, 0, []
        if self.id != frame.channel or frame.number != self.next:
            return None
        self.next += 1
        self.size += len(frame.data) + FRAME_OVERHEAD
        self.data.append(frame.data)
        if self.size > MAX_RLP_BYTES_PER_CHANNEL:
            self.id = None
        if self.id is None or not frame.is_last:
            return None
        self.id = None
        return b"".join(self.data)


def decompress(channel: bytes) -> bytes:
    """Data before damage counts, which the text leaves open: decompression is called a stream."""
    if channel and channel[0] & 0x0F in (8, 15):
        return inflate(channel, MAX_RLP_BYTES_PER_CHANNEL)
    if channel and channel[0] == 1:
        return unbrotli(channel[1:], MAX_RLP_BYTES_PER_CHANNEL)
    return b""


def read_batches(channel: bytes, rollup: Rollup):
    """One after another; ends at the first that is malformed, which discards the rest."""
    data, at = decompress(channel), 0
    try:
        while at < len(data):
            is_list, start, end = rlp_item_end(data, at)
            if is_list:
                return
            yield decode_batch(data[start:end], rollup)
            at = end
    except Malformed:
        return


# --- Batches [derivation.md, "Batch Format"; delta/span-batches.md; isthmus/derivation.md]


def decode_batch(data: bytes, rollup: Rollup) -> Batch | Span:
    if data[:1] == b"\0":
        fields = rlp_decode(data[1:])
        if not isinstance(fields, list) or len(fields) != 5 or not isinstance(fields[4], list):
            raise Malformed("singular batch")
        parent_hash, number, epoch_hash, time, transactions = fields
        if len(parent_hash) != 32 or len(epoch_hash) != 32 or any(isinstance(x, list) for x in [parent_hash, epoch_hash, *transactions]):
            raise Malformed("singular batch")
        return Batch(parent_hash, integer(number, 64), epoch_hash, integer(time, 64), transactions)
    if data[:1] == b"\1":
        return decode_span(Cursor(data[1:]), rollup)
    raise Malformed("batch version")


class Cursor:
    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise Malformed("span ends")
        self.at += count
        return self.data[self.at - count : self.at]

    def uvarint(self) -> int:
        """protobuf's; of at most 64 bits"""
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if value >= 1 << 64 or shift > 70:
                raise Malformed("varint")
            if byte < 0x80:
                return value

    def bits(self, count: int) -> list[int]:
        """A big-endian integer: bit 0 is the least significant one of the last byte."""
        number = int.from_bytes(self.take((count + 7) // 8), "big")
        if number >> count:
            raise Malformed("bits")
        return [number >> i & 1 for i in range(count)]


def decode_span(take: Cursor, rollup: Rollup) -> Span:
    first_time, last_epoch = rollup.l2_time + take.uvarint(), take.uvarint()
    parent_check, origin_check = take.take(20), take.take(20)
    count = take.uvarint()
    if not 0 < count <= MAX_SPAN_BATCH_ELEMENT_COUNT:
        raise Malformed("blocks of a span")
    origin_bits = take.bits(count)
    tx_counts = [take.uvarint() for _ in range(count)]
    if sum(tx_counts) > MAX_SPAN_BATCH_ELEMENT_COUNT:
        raise Malformed("transactions of a span")
    transactions = iter(decode_span_transactions(take, sum(tx_counts), rollup.l2_chain_id))
    epoch = last_epoch - sum(origin_bits[1:])
    if epoch < 0 or first_time + count * rollup.block_time >= 1 << 64:
        raise Malformed("numbers have 64 bits")
    batches = []
    for i in range(count):
        epoch += origin_bits[i] if i > 0 else 0
        batches.append(Batch(None, epoch, None, first_time + i * rollup.block_time, [next(transactions) for _ in range(tx_counts[i])]))
    return Span(parent_check, origin_check, batches)


# What tx_datas has of a type: its number of prices and of lists.
SPAN_TYPES = {0: (1, 0), 1: (1, 1), 2: (2, 1), 4: (2, 2)}


def decode_span_transactions(take: Cursor, count: int, chain_id: int) -> list[bytes]:
    creations, parities = take.bits(count), take.bits(count)
    signatures = [(int.from_bytes(take.take(32), "big"), int.from_bytes(take.take(32), "big")) for _ in range(count)]
    tos = [b"" if creation else take.take(20) for creation in creations]
    datas = [take_tx_data(take) for _ in range(count)]
    nonces = [take.uvarint() for _ in range(count)]
    gases = [take.uvarint() for _ in range(count)]
    protected = iter(take.bits(sum(kind == 0 for kind, _ in datas)))
    out = []
    for (kind, fields), creation, parity, (r, s), to, nonce, gas in zip(datas, creations, parities, signatures, tos, nonces, gases):
        if kind == 4 and creation:
            raise Malformed("EIP-7702: no creation")
        prices = SPAN_TYPES[kind][0]
        value, rest = fields[0], fields[1 + prices :]
        if kind == 0:
            v = 35 + 2 * chain_id + parity if next(protected) else 27 + parity
            out.append(rlp([nonce, *fields[1 : 1 + prices], gas, to, value, *rest, v, r, s]))
        else:
            out.append(bytes([kind]) + rlp([chain_id, nonce, *fields[1 : 1 + prices], gas, to, value, *rest, parity, r, s]))
    return out


def take_tx_data(take: Cursor) -> tuple[int, list]:
    kind = 0
    if take.take(1)[0] <= 0x7F:
        kind = take.data[take.at - 1]
        if kind == 0 or kind not in SPAN_TYPES:
            raise Malformed("transaction type")
    else:
        take.at -= 1
    is_list, _, end = rlp_item_end(take.data, take.at)
    if not is_list:
        raise Malformed("tx_data")
    fields = rlp_decode(take.take(end - take.at))
    prices, lists = SPAN_TYPES[kind]
    if len(fields) != 2 + prices + lists or not isinstance(fields[1 + prices], bytes):
        raise Malformed("tx_data")
    for number in fields[: 1 + prices]:
        integer(number, 256)
    if lists > 0:
        check_access_list(fields[2 + prices])
    if lists > 1:
        check_authorizations(fields[3 + prices])
    return kind, fields


def check_access_list(entries) -> None:
    """EIP-2930"""
    if not isinstance(entries, list):
        raise Malformed("access list")
    for entry in entries:
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[0], bytes) or len(entry[0]) != 20 or not isinstance(entry[1], list):
            raise Malformed("access list")
        if any(not isinstance(key, bytes) or len(key) != 32 for key in entry[1]):
            raise Malformed("access list")


def check_authorizations(tuples) -> None:
    """EIP-7702: [chain_id, address, nonce, y_parity, r, s]"""
    if not isinstance(tuples, list):
        raise Malformed("authorizations")
    for entry in tuples:
        if not isinstance(entry, list) or len(entry) != 6 or not isinstance(entry[1], bytes) or len(entry[1]) != 20:
            raise Malformed("authorizations")
        for at, bits in ((0, 256), (2, 64), (3, 8), (4, 256), (5, 256)):
            integer(entry[at], bits)
