"""From batches to payload attributes: the second derivation of the OP Stack specifications (formats.py says how it cites them), up to Holocene always,
Isthmus and Jovian as the rollup says.

L1 blocks are pushed in one after another (Reference.feed). Execution is not modelled: a block's hash is that of a header without results, which driver.cpp
forms alike, and a payload is invalid when a sequenced transaction ends in INVALID_MARK. L1 reorganisations are not modelled either."""

from copy import copy
from dataclasses import dataclass

from formats import Batch, ChannelBank, L1Block, Log, Receipt, Rollup, Span, SystemConfig, batcher_data, decode_frames, order_frames, read_batches
from primitives import Malformed, keccak, rlp

DEPOSIT_TYPE, SET_CODE_TYPE = 0x7E, 0x04
INVALID_MARK = b"\xba\xd0\xba\xd0"
L1_DEPOSITOR = bytes.fromhex("deaddeaddeaddeaddeaddeaddeaddeaddead0001")
L1_BLOCK = bytes.fromhex("4200000000000000000000000000000000000015")
FEE_VAULT = bytes.fromhex("4200000000000000000000000000000000000011")
DEPOSIT_EVENT = b"TransactionDeposited(address,address,uint256,bytes)"
CONFIG_EVENT = b"ConfigUpdate(uint256,uint8,bytes)"
EMPTY_OMMERS = bytes.fromhex("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347")
BLOB_FEE_FRACTION = {"cancun": 3_338_477, "prague": 5_007_716}  # EIP-4844, EIP-7691
CANYON_DENOMINATOR, ELASTICITY = 250, 6

ACCEPT, DROP, PAST = "accept", "drop", "past"


class Broken(Exception):
    """L1 holds what the rollup's contracts never emit: deposits are never left out, so derivation ends."""


@dataclass
class L2Block:
    hash: bytes
    number: int
    time: int
    origin: L1Block
    sequence_number: int
    config: SystemConfig  # as the block itself tells it
    transactions: list[bytes]
    attributes: dict


# --- Events of L1 [deposits.md; system-config.md and its changes by Holocene, Isthmus and Jovian]


def word(value: int) -> bytes:
    return value.to_bytes(32, "big")


def unwrap_bytes(data: bytes) -> bytes:
    """The content of an event's only value, of type `bytes` (Solidity ABI)."""
    length = int.from_bytes(data[32:64], "big")
    content = data[64 : 64 + length]
    if data != word(32) + word(length) + content + bytes(-length % 32):
        raise Malformed("event data")
    return content


def as_uint(data: bytes, bits: int) -> int:
    value = int.from_bytes(data, "big")
    if len(data) != 32 or value >> bits:
        raise Malformed("event value")
    return value


def update_config(config: SystemConfig, kind: int, data: bytes) -> None:
    if kind == 0:
        config.batcher = as_uint(data, 160).to_bytes(20, "big")
    elif kind == 1:
        if len(data) != 64:
            raise Malformed("scalars")
        scalar = data[32:]
        if scalar[0] > 1 or any(scalar[1 : 24 if scalar[0] else 28]):
            raise Malformed("version of the scalar")  # with dirty padding, too: op-node keeps the old one
        config.scalar = scalar
    elif kind == 2:
        config.gas_limit = as_uint(data, 64)
    elif kind == 3:
        pass  # of the network, not of derivation
    elif kind == 4:
        value = as_uint(data, 64)
        if value >> 32 == 0 or value & 0xFFFFFFFF == 0:
            raise Malformed("EIP-1559 parameters must be above 0")
        config.denominator, config.elasticity = value >> 32, value & 0xFFFFFFFF
    elif kind == 5:
        value = as_uint(data, 96)
        config.operator_fee_scalar, config.operator_fee_constant = value >> 64, value & (1 << 64) - 1
    elif kind == 6:
        config.min_base_fee = as_uint(data, 64)
    elif kind == 7:
        config.da_footprint_gas_scalar = as_uint(data, 16)
    else:
        raise Malformed("type of an update")


def logs_of(receipts: list[Receipt], contract: bytes, event: bytes) -> list[tuple[int, Log]]:
    """With their index among all logs of the block."""
    numbered = enumerate((receipt, log) for receipt in receipts for log in receipt.logs)
    return [(i, log) for i, (receipt, log) in numbered
            if receipt.succeeded and log.address == contract and log.topics[:1] == [keccak(event)]]  # fmt: skip


def updated_config(config: SystemConfig, block: L1Block, rollup: Rollup) -> SystemConfig:
    for _, log in logs_of(block.receipts, rollup.system_config_contract, CONFIG_EVENT):
        changed = copy(config)
        try:
            if len(log.topics) != 3 or any(log.topics[1]):
                raise Malformed("ConfigUpdate")
            update_config(changed, int.from_bytes(log.topics[2], "big"), unwrap_bytes(log.data))
            config = changed
        except Malformed:
            pass  # "If a System Config Update cannot be parsed for any reason, it is not applied and is instead skipped."
    return config


def user_deposit(log: Log, index: int, block: L1Block) -> bytes:
    try:
        if len(log.topics) != 4 or any(log.topics[3]) or any(log.topics[1][:12]) or any(log.topics[2][:12]):
            raise Malformed("TransactionDeposited")
        opaque = unwrap_bytes(log.data)
    except Malformed as problem:
        raise Broken from problem
    if len(opaque) < 32 + 32 + 8 + 1:
        raise Broken
    mint, value, gas = (int.from_bytes(opaque[a:b], "big") for a, b in ((0, 32), (32, 64), (64, 72)))
    to = b"" if opaque[72] else log.topics[2][12:]
    return deposit(0, keccak(block.hash + word(index)), log.topics[1][12:], to, mint, value, gas, opaque[73:])


def deposit(domain: int, inner: bytes, sender: bytes, to: bytes, mint: int, value: int, gas: int, data: bytes) -> bytes:
    source = keccak(word(domain) + inner)
    return bytes([DEPOSIT_TYPE]) + rlp([source, sender, to, mint, value, gas, 0, data])


# --- Payload attributes [derivation.md, "Building Individual Payload Attributes"; ecotone, isthmus and jovian l1-attributes.md]


def blob_base_fee(block: L1Block, fork: str) -> int:
    """EIP-4844, fake_exponential; 1 where the L1 has no blobs"""
    if block.excess_blob_gas is None:
        return 1
    fraction = BLOB_FEE_FRACTION[fork]
    i, output, term = 1, 0, fraction
    while term > 0:
        output += term
        term = term * block.excess_blob_gas // (fraction * i)
        i += 1
    return output // fraction


def fee_scalars(scalar: bytes) -> tuple[int, int]:
    """Base fee scalar and blob base fee scalar [system-config.md, "Post-Ecotone Scalar Encoding"]"""
    if scalar[0] == 1:
        return int.from_bytes(scalar[28:], "big"), int.from_bytes(scalar[24:28], "big")
    return (0xFFFFFFFF if any(scalar[1:28]) else int.from_bytes(scalar[28:], "big")), 0


def l1_attributes(block: L1Block, sequence_number: int, config: SystemConfig, rollup: Rollup) -> bytes:
    selector = {"holocene": "440a5e20", "isthmus": "098999be", "jovian": "3db6be2b"}[rollup.fork]
    base_scalar, blob_scalar = fee_scalars(config.scalar)
    data = bytes.fromhex(selector) + base_scalar.to_bytes(4, "big") + blob_scalar.to_bytes(4, "big")
    data += b"".join(x.to_bytes(8, "big") for x in (sequence_number, block.time, block.number))
    data += word(block.base_fee) + word(blob_base_fee(block, rollup.l1_fork)) + block.hash + bytes(12) + config.batcher
    if rollup.has("isthmus"):
        data += config.operator_fee_scalar.to_bytes(4, "big") + config.operator_fee_constant.to_bytes(8, "big")
    if rollup.has("jovian"):
        data += (config.da_footprint_gas_scalar or 400).to_bytes(2, "big")
    return deposit(1, keccak(block.hash + word(sequence_number)), L1_DEPOSITOR, L1_BLOCK, 0, 0, 1_000_000, data)


def header_hash(parent: bytes, number: int, time: int, gas_limit: int, extra: bytes, randao: bytes, transactions: list[bytes]) -> bytes:
    """Of the header that stands in for an executed block's."""
    zero = bytes(32)
    return keccak(rlp([parent, EMPTY_OMMERS, FEE_VAULT, zero, keccak(b"".join(transactions)), zero, bytes(256), 0,
                       number, gas_limit, 0, time, extra, randao, bytes(8)]))  # fmt: skip


def build_block(rollup: Rollup, parent: L2Block, batch: Batch, epoch: L1Block, source: int) -> L2Block:
    """`source`: number of the L1 block that completes the batch."""
    config, deposits, sequence_number = parent.config, [], parent.sequence_number + 1
    if epoch.number != parent.origin.number:
        deposits = [user_deposit(log, i, epoch) for i, log in logs_of(epoch.receipts, rollup.deposit_contract, DEPOSIT_EVENT)]
        config, sequence_number = updated_config(config, epoch, rollup), 0
    deposits.insert(0, l1_attributes(epoch, sequence_number, config, rollup))
    invalid = any(tx.endswith(INVALID_MARK) for tx in batch.transactions)
    transactions = deposits if invalid else deposits + batch.transactions
    own = copy(config)  # what can be read from the block: constants stand in for 0, and fields that its fork lacks are not there
    if own.denominator == 0:
        own.denominator, own.elasticity = CANYON_DENOMINATOR, ELASTICITY
    extra = own.denominator.to_bytes(4, "big") + own.elasticity.to_bytes(4, "big")
    if rollup.has("jovian"):
        extra = b"\1" + extra + own.min_base_fee.to_bytes(8, "big")
    else:
        extra = b"\0" + extra
        own.min_base_fee = own.da_footprint_gas_scalar = 0
    if not rollup.has("isthmus"):
        own.operator_fee_scalar = own.operator_fee_constant = 0
    number = parent.number + 1
    attributes = {
        "number": number, "parent": parent.hash.hex(), "time": batch.time, "epoch_number": epoch.number, "epoch_hash": epoch.hash.hex(),
        "sequence_number": sequence_number, "gas_limit": config.gas_limit, "prev_randao": epoch.randao.hex(),
        "beacon_root": epoch.beacon_root.hex(), "eip1559": [config.denominator, config.elasticity],
        "min_base_fee": config.min_base_fee if rollup.has("jovian") else 0, "invalid": invalid, "source": source,
        "transactions": [tx.hex() for tx in transactions]}  # fmt: skip
    block_hash = header_hash(parent.hash, number, batch.time, config.gas_limit, extra, epoch.randao, transactions)
    return L2Block(block_hash, number, batch.time, epoch, sequence_number, own, transactions, attributes)


def genesis_block(rollup: Rollup, l1_genesis: L1Block) -> L2Block:
    block_hash = header_hash(bytes(32), rollup.l2_number, rollup.l2_time, rollup.config.gas_limit, b"", bytes(32), [])
    return L2Block(block_hash, rollup.l2_number, rollup.l2_time, l1_genesis, 0, rollup.config, [], {})


# --- Batch queue [derivation.md, "Batch Queue"; holocene/derivation.md, "Span Batches" and "Batch Queue"]


class Reference:
    def __init__(self, rollup: Rollup, l1_genesis: L1Block, blobs: dict[bytes, bytes]):
        self.rollup, self.blobs = rollup, blobs
        self.chain = [genesis_block(rollup, l1_genesis)]
        # The text's "epoch" is the first: the safe head's origin, or the one after it once empty blocks have filled that one and its window has passed. (So
        # the first block of an epoch waits for the window of that epoch, as in op-node; the text alone would let it wait for the one before.)
        self.origins: list[L1Block] = []
        self.config = rollup.config
        self.bank = ChannelBank(rollup.channel_timeout)

    @property
    def head(self) -> L2Block:
        return self.chain[-1]

    def feed(self, block: L1Block) -> None:
        if self.origins:  # the configuration as of L1 genesis is given
            self.config = updated_config(self.config, block, self.rollup)
        self.origins.append(block)
        for data in batcher_data(self.rollup, self.config.batcher, block, self.blobs):
            for frame in order_frames(decode_frames(data)):
                channel = self.bank.add(frame, block.number)
                if channel is not None:
                    self.take_channel(channel, block)
        self.derive_empty_blocks(block)

    def take_channel(self, channel: bytes, inclusion: L1Block) -> None:
        for batch in read_batches(channel, self.rollup):
            if inclusion.number <= self.head.origin.number:
                continue  # an epoch's batches come later than its L1 block
            verdict = self.take_span(batch, inclusion) if isinstance(batch, Span) else self.take_batch(batch, inclusion)
            if verdict == DROP:
                return  # the remaining channel is discarded

    def take_span(self, span: Span, inclusion: L1Block) -> str:
        verdict = self.check_span(span, inclusion)
        if verdict != ACCEPT:
            return verdict
        for batch in span.batches:
            if batch.time <= self.head.time:
                continue
            batch.parent_hash = self.head.hash
            batch.epoch_hash = next((origin.hash for origin in self.origins if origin.number == batch.epoch_number), b"")
            if self.take_batch(batch, inclusion) == DROP:
                return DROP
        return ACCEPT

    def check_span(self, span: Span, inclusion: L1Block) -> str:
        start, end = span.batches[0], span.batches[-1]
        next_time = self.head.time + self.rollup.block_time
        if start.time > next_time:
            return DROP
        if end.time < next_time:
            return PAST
        before = [block for block in self.chain if block.time == start.time - self.rollup.block_time]
        if not before or span.parent_check != before[0].hash[:20]:
            return DROP
        if start.epoch_number + self.rollup.seq_window_size < inclusion.number or start.epoch_number > before[0].origin.number + 1:
            return DROP
        canonical = [origin for origin in self.origins if origin.number == end.epoch_number]
        if not canonical or span.origin_check != canonical[0].hash[:20] or start.epoch_number < before[0].origin.number:
            return DROP
        return ACCEPT

    def take_batch(self, batch: Batch, inclusion: L1Block) -> str:
        verdict = self.check_batch(batch, inclusion)
        if verdict != ACCEPT:
            return verdict
        self.append(batch, inclusion)
        return DROP if self.head.attributes["invalid"] else ACCEPT

    def check_batch(self, batch: Batch, inclusion: L1Block) -> str:
        epoch, next_epoch = self.origins[0], self.origins[1]
        next_time = self.head.time + self.rollup.block_time
        if batch.time > next_time:
            return DROP
        if batch.time < next_time:
            return PAST
        if batch.parent_hash != self.head.hash or batch.epoch_number + self.rollup.seq_window_size < inclusion.number:
            return DROP
        if batch.epoch_number not in (epoch.number, next_epoch.number):
            return DROP
        origin = epoch if batch.epoch_number == epoch.number else next_epoch
        if batch.epoch_hash != origin.hash or batch.time < origin.time:
            return DROP
        if batch.time > origin.time + self.rollup.max_sequencer_drift:
            if batch.transactions or (origin is epoch and batch.time >= next_epoch.time):
                return DROP
        for tx in batch.transactions:
            if not tx or tx[0] == DEPOSIT_TYPE or (tx[0] == SET_CODE_TYPE and not self.rollup.has("isthmus")):
                return DROP
        return ACCEPT

    def derive_empty_blocks(self, inclusion: L1Block) -> None:
        while len(self.origins) > 1 and self.origins[0].number + self.rollup.seq_window_size <= inclusion.number:
            epoch, next_epoch = self.origins[:2]
            time = self.head.time + self.rollup.block_time
            if time < next_epoch.time or epoch.number == self.head.origin.number + 1:
                self.append(Batch(self.head.hash, epoch.number, epoch.hash, time, []), inclusion)
            else:
                del self.origins[0]

    def append(self, batch: Batch, inclusion: L1Block) -> None:
        epoch = next(origin for origin in self.origins if origin.number == batch.epoch_number)
        self.chain.append(build_block(self.rollup, self.head, batch, epoch, inclusion.number))
        while self.origins[0].number < epoch.number:
            del self.origins[0]
