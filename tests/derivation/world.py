"""A random L1 with a sequencer that builds on it and a batcher that posts, well and badly: World(seed).run() makes a case for compare.py.

The reference is fed alongside, so that the sequencer sees where the derived chain went and goes on from there: otherwise the first batch that is dropped would
be the last that matters."""

import random
import zlib

from damage import damage_bytes, twist_column
from encode import compress, encode_blob, encode_frame, encode_singular, encode_span, keep, signed_transaction
from formats import Batch, L1Block, Log, Receipt, Rollup, SystemConfig
from primitives import address_of_key, keccak, rlp
from reference import CONFIG_EVENT, DEPOSIT_EVENT, EMPTY_OMMERS, INVALID_MARK, Broken, Reference, build_block, word

KEYS = [bytes([i]) * 32 for i in (0xB1, 0xB2, 0xB3)]
INBOX, PORTAL, CONFIG = b"\xff" * 20, b"\xde" * 20, b"\x5c" * 20


class World:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.wild = self.random.choice((0, 0.02, 0.1, 0.3))  # how often the batcher errs
        self.key = KEYS[0]
        scalar = self.random.choice((b"\1" + bytes(23) + self.random.randbytes(8), bytes(28) + self.random.randbytes(4)))
        self.rollup = Rollup(
            block_time=self.random.choice((1, 2, 2, 3)), max_sequencer_drift=self.random.choice((4, 15, 40, 600)),
            seq_window_size=self.random.choice((1, 2, 3, 5, 8, 20)), channel_timeout=self.random.choice((1, 2, 3, 5)), l1_chain_id=900, l2_chain_id=901,
            l1_fork=self.random.choice(("shanghai", "cancun", "prague")), fork=self.random.choice(("holocene", "isthmus", "jovian")), batch_inbox=INBOX,
            deposit_contract=PORTAL, system_config_contract=CONFIG, l2_time=1_700_000_000, l2_number=self.random.choice((0, 0, 1000)),
            config=SystemConfig(address_of_key(KEYS[0]), scalar, 30_000_000))  # fmt: skip
        self.blobs: dict[bytes, bytes] = {}
        self.l1: list[L1Block] = []
        self.in_flight: list[tuple[int, bytes]] = []  # L1 block from which on it may be included, payload
        self.first_number = self.random.choice((0, 0, 5_000_000))
        early = Batch(self.random.randbytes(32), self.first_number, self.random.randbytes(32), self.rollup.l2_time + self.rollup.block_time, [])
        payload = b"\0" + encode_frame(bytes(16), 0, compress(rlp(encode_singular(early)), "zlib"), self.maybe(0.5))
        transactions = self.make_batcher_transactions(payload) if self.maybe(0.2) else []
        genesis = self.make_l1_block(self.rollup.l2_time - self.random.choice((0, 0, 7)), transactions, [])
        self.l1.append(genesis)
        self.reference = Reference(self.rollup, genesis, self.blobs)
        self.reference.feed(genesis)
        self.blocks = list(self.reference.chain)  # the sequencer's
        self.batches: dict[int, Batch] = {}  # as they are posted, by L2 block
        self.posted = self.rollup.l2_number
        self.ids = [self.random.randbytes(16)]
        self.last_frames: list[bytes] = []
        self.stream = None  # a channel that is not closed: id, compressor, frames so far, L1 block of the first
        self.stop = "needs_l1"

    def maybe(self, probability: float) -> bool:
        return self.random.random() < probability

    def run(self) -> None:
        """Until L1 has grown, or derivation ended."""
        try:
            for _ in range(self.random.randrange(8, 28)):
                self.step()
            if self.maybe(0.4):  # everybody falls silent
                for _ in range(self.rollup.seq_window_size + 3):
                    self.mine([])
        except Broken:
            pass

    def step(self) -> None:
        self.sequence()
        for _ in range(self.random.choice((0, 1, 1, 2))):
            self.post()
        number = self.first_number + len(self.l1)
        due = [payload for at, payload in self.in_flight if at <= number]
        self.in_flight = [(at, payload) for at, payload in self.in_flight if at > number]
        if self.maybe(self.wild):
            self.random.shuffle(due)
        self.mine(due)
        self.look_at_derivation()

    # --- L1

    def make_l1_block(self, time: int, transactions: list[bytes], receipts: list[Receipt]) -> L1Block:
        parent, number = self.l1[-1].hash if self.l1 else bytes(32), self.first_number + len(self.l1)
        fields = [parent, EMPTY_OMMERS, bytes(20), bytes(32), keccak(rlp(transactions)), keccak(repr(receipts).encode()), bytes(256), 0, number, 30_000_000,
                  0, time, b"", self.random.randbytes(32), bytes(8), self.random.randrange(10**11), bytes(32)]  # fmt: skip
        if self.rollup.l1_fork != "shanghai":
            fields += [0, self.random.randrange(60_000_000), self.random.randbytes(32)]
        if self.rollup.l1_fork == "prague":
            fields.append(bytes(32))
        return L1Block(rlp(fields), transactions, receipts)

    def mine(self, payloads: list[bytes]) -> None:
        receipts = [Receipt(not self.maybe(0.1), self.make_logs()) for _ in range(self.random.choice((0, 1, 1, 3)))]
        transactions = [tx for payload in payloads for tx in self.make_batcher_transactions(payload)]
        if self.maybe(0.1):
            transactions.append(signed_transaction(2, 900, b"\x11" * 20, b"\0not for the inbox", self.key))
        seconds = self.random.choice((1, 4, 12, 12, 12, 12, 24, 50))
        block = self.make_l1_block(self.l1[-1].time + seconds, transactions, receipts)
        self.l1.append(block)
        try:
            self.reference.feed(block)
        except Broken:
            self.stop = "broken"
            raise

    def make_batcher_transactions(self, payload: bytes) -> list[bytes]:
        key = self.key if not self.maybe(self.wild / 4) else self.random.choice(KEYS)
        kind = self.random.choice((0, 1, 2, 2, 3, 3)) if not self.maybe(self.wild / 4) else 4
        if kind != 3:
            return [signed_transaction(kind, 900, INBOX, payload, key, protected=self.maybe(0.7))]
        blobs = [encode_blob(payload)]
        if self.maybe(self.wild):
            blobs.insert(self.random.randrange(2), self.damage(blobs[0][:200]).ljust(131_072, b"\0")[:131_072])
        hashes = [b"\1" + keccak(blob)[1:] for blob in blobs]
        self.blobs.update(zip(hashes, blobs))
        return [signed_transaction(3, 900, INBOX, b"\0calldata is ignored", key, hashes)]

    def make_logs(self) -> list[Log]:
        logs = [self.make_deposit() for _ in range(self.random.choice((0, 0, 1, 2)))]
        if self.maybe(0.15):
            logs.append(self.make_config_update())
        self.random.shuffle(logs)
        return logs

    def make_deposit(self) -> Log:
        opaque = word(self.random.choice((0, 5, 2**200))) + word(self.random.randrange(3)) + self.random.randbytes(8) + bytes([self.maybe(0.2)])
        opaque += self.random.randbytes(self.random.choice((0, 1, 40, 70)))
        if self.maybe(self.wild / 80):
            opaque = opaque[: self.random.randrange(74)]
        topics = [keccak(DEPOSIT_EVENT), bytes(12) + self.random.randbytes(20), bytes(12) + self.random.randbytes(20), bytes(32)]
        log = Log(PORTAL, topics, word(32) + word(len(opaque)) + opaque + bytes(-len(opaque) % 32))
        if self.maybe(0.05):
            log.address = b"\x22" * 20
        if self.maybe(self.wild / 40):
            self.random.choice((lambda: log.topics.pop(), lambda: log.topics.__setitem__(3, word(1)), lambda: setattr(log, "data", log.data[:-32])))()
        return log

    def make_config_update(self) -> Log:
        kind = self.random.choice((0, 0, 1, 2, 3, 4, 5, 6, 7, 8))
        key = self.random.choice(KEYS)
        value = {0: bytes(12) + address_of_key(key), 1: word(0) + b"\1" + bytes(23) + self.random.randbytes(8), 2: word(self.random.randrange(2**40)),
                 3: word(7), 4: word(self.random.randrange(1, 500) << 32 | self.random.randrange(1, 9)),
                 5: bytes(20) + self.random.randbytes(12), 6: word(self.random.randrange(10**9)), 7: word(self.random.randrange(2**16)), 8: word(1)}[kind]  # fmt: skip
        if self.maybe(0.2):
            value = self.random.choice((value + word(1), b"\xff" + value[1:], value[:-1], word(0), word(5), word(0) + b"\2" + bytes(31),
                                        word(0) + b"\xff" * 32, word(0) + bytes(20) + word(9)[20:], b""))  # fmt: skip
        log = Log(CONFIG, [keccak(CONFIG_EVENT), bytes(32), word(kind)], word(32) + word(len(value)) + value + bytes(-len(value) % 32))
        if self.maybe(0.05):
            log.topics[1] = word(1)
        return log

    # --- The sequencer

    def sequence(self) -> None:
        ahead = self.random.choice((0, 0, 5, 20, 60))
        while self.blocks[-1].time < self.l1[-1].time + ahead:
            parent, rollup = self.blocks[-1], self.rollup
            time, origin = parent.time + rollup.block_time, parent.origin
            following = self.l1[origin.number - self.first_number + 1 :][:1]
            if following and following[0].time <= time and (time > origin.time + rollup.max_sequencer_drift or self.maybe(0.6)):
                origin = following[0]
            count = self.random.choice((0, 0, 1, 2, 5)) if time <= origin.time + rollup.max_sequencer_drift or self.maybe(self.wild / 4) else 0
            batch = Batch(parent.hash, origin.number, origin.hash, time, [self.make_transaction() for _ in range(count)])
            self.blocks.append(build_block(rollup, parent, batch, origin, 0))
            self.batches[self.blocks[-1].number] = batch

    def make_transaction(self) -> bytes:
        if self.maybe(self.wild / 20):
            return self.random.choice((b"", b"\x7e\xc0", b"\x05\xc0", b"\xc0", self.random.randbytes(5)))
        kind = self.random.choice((0, 1, 2, 2, 4) if self.rollup.has("isthmus") or self.maybe(self.wild / 10) else (0, 1, 2, 2))
        number = self.random.randrange
        to = b"" if kind != 4 and self.maybe(0.2) else self.random.randbytes(20)
        fields = [number(300), *[number(2 ** self.random.choice((0, 30, 256))) for _ in range(1 if kind < 2 else 2)], number(2**25), to,
                  number(2 ** self.random.choice((0, 60, 256))), self.random.randbytes(number(60))]  # fmt: skip
        if kind >= 1:
            fields.append([[self.random.randbytes(20), [self.random.randbytes(32)] * number(3)] for _ in range(number(3))])
        if kind == 4:
            fields.append([[901, self.random.randbytes(20), number(9), number(2), number(2**256), number(2**250)] for _ in range(1 + number(2))])
        parity, invalid = number(2), self.maybe(0.01)
        signature = [number(2**256), number(2**216) << 32 | int.from_bytes(INVALID_MARK if invalid else b"good", "big")]
        if kind == 0:
            return rlp([*fields, parity + (27 if self.maybe(0.3) else 35 + 2 * 901), *signature])
        return bytes([kind]) + rlp([901, *fields, parity, *signature])

    # --- The batcher

    def look_at_derivation(self) -> None:
        self.key = next((key for key in KEYS if address_of_key(key) == self.reference.config.batcher), self.key)
        head = self.reference.head
        ours = self.blocks[head.number - self.rollup.l2_number :][:1]
        if not ours or ours[0].hash != head.hash:
            self.blocks, self.posted, self.stream = list(self.reference.chain), head.number, None
            if self.maybe(0.5):
                self.in_flight.clear()
        elif not self.in_flight and not self.stream and self.posted > head.number:  # something was dropped
            self.posted = head.number

    def post(self) -> None:
        base, newest = self.rollup.l2_number, self.blocks[-1].number
        first, last = self.posted + 1, min(newest, self.posted + self.random.choice((1, 5, 20, 60)))
        if self.maybe(self.wild + 0.05):
            first -= self.random.randrange(6)  # overlaps what was posted
        if self.maybe(self.wild / 3):
            first += 1
        numbers = [n for n in range(max(first, base + 1), last + 1) if n in self.batches]
        if not numbers:
            return
        self.posted = last
        raw, at = b"", 0
        while at < len(numbers):
            count = self.random.choice((1, 2, 10, 100))
            raw += self.encode_some(numbers[at : at + count])
            at += count
        if self.maybe(self.wild / 4):
            raw = self.damage(raw)
        if self.stream or self.maybe(0.2):
            self.continue_stream(raw)
            return
        channel = compress(raw, self.random.choice(("zlib", "zlib", "brotli", "stored")))
        self.send(self.damage(channel) if self.maybe(self.wild / 4) else channel)

    def continue_stream(self, raw: bytes) -> None:
        """Frame by frame as blocks come, so that a channel's last batches are much younger than its first frame."""
        number = self.first_number + len(self.l1)
        channel_id, compressor, frame, opened = self.stream or (self.random.randbytes(16), zlib.compressobj(9), 0, number)
        closes = self.maybe(0.2) or number >= opened + self.rollup.channel_timeout
        data = compressor.compress(raw) + compressor.flush(zlib.Z_FINISH if closes else zlib.Z_SYNC_FLUSH)
        self.in_flight.append((number, b"\0" + encode_frame(channel_id, frame, data, closes)))
        self.stream = None if closes else (channel_id, compressor, frame + 1, opened)

    def encode_some(self, numbers: list[int]) -> bytes:
        batches = [self.batches[n] for n in numbers]
        safe = self.reference.head.number
        if numbers[0] <= safe and self.maybe(0.3):  # says something else of blocks that are safe
            epoch = batches[0].epoch_number
            changed = self.random.choice(({"epoch_number": max(0, epoch - 1)}, {"epoch_number": epoch + 1}, {"transactions": []}))
            until = self.random.randrange(1, safe - numbers[0] + 2)
            batches[:until] = [Batch(**{**vars(batch), **changed}) for batch in batches[:until]]
        parent = self.blocks[numbers[0] - 1 - self.rollup.l2_number]
        spans = all(tx[:1] in (b"\1", b"\2", b"\4") or tx[:1] >= b"\xc1" for batch in batches for tx in batch.transactions)
        spans = spans and all(len(tx) > 60 for batch in batches for tx in batch.transactions)
        if spans and self.maybe(0.6):
            twist = twist_column(self.random) if self.maybe(self.wild / 2) else keep
            return rlp(encode_span(batches, self.rollup.l2_time, parent.origin.number, self.rollup.l2_chain_id, twist))
        if self.maybe(self.wild / 10):
            return rlp(self.random.choice((b"", b"\2", [], [b"\0"], b"\0" + rlp([]), b"\0\x80", self.damage(encode_singular(batches[0])))))
        return b"".join(rlp(encode_singular(self.bend(batch))) for batch in batches)

    def bend(self, batch: Batch) -> Batch:
        out = Batch(**vars(batch))
        if self.maybe(self.wild / 10):
            field, change = self.random.choice((("time", 1), ("time", -1), ("time", self.rollup.block_time), ("epoch_number", 1), ("epoch_number", -1)))
            setattr(out, field, max(0, getattr(out, field) + change))
        if self.maybe(self.wild / 20):
            setattr(out, self.random.choice(("parent_hash", "epoch_hash")), self.random.randbytes(32))
        return out

    def damage(self, data: bytes) -> bytes:
        return damage_bytes(self.random, data)

    def send(self, channel: bytes) -> None:
        """As frames in batcher transactions of this L1 block and later ones."""
        channel_id = self.random.choice(self.ids) if self.maybe(0.1) else self.random.randbytes(16)
        self.ids.append(channel_id)
        pieces = self.random.choice((1, 1, 2, 4))
        size = max(1, -(-len(channel) // pieces))
        parts = [channel[i : i + size] for i in range(0, len(channel), size)] or [b""]
        frames = [encode_frame(channel_id, i, part, i + 1 == len(parts)) for i, part in enumerate(parts)]
        if self.maybe(self.wild / 2):
            at = self.random.randrange(len(frames))
            self.random.choice((lambda: frames.pop(at), lambda: frames.insert(at, frames[at]), lambda: frames.append(frames[at]),
                                lambda: frames.__setitem__(at, frames[at][:-1] + b"\2")))()  # fmt: skip
        if self.maybe(self.wild / 4):
            self.random.shuffle(frames)
        if self.maybe(self.wild / 2):
            frames[:0] = self.last_frames[: self.random.randrange(3)]
        self.last_frames = list(frames)
        number = self.first_number + len(self.l1)
        while frames:
            count = self.random.choice((1, 2, 9))
            payload = b"\0" + b"".join(frames[:count]) if not self.maybe(self.wild / 20) else self.random.choice((b"", b"\0", b"\1", b"\0\1"))
            del frames[:count]
            self.in_flight.append((number, self.damage(payload) if self.maybe(self.wild / 8) else payload))
            if self.maybe(self.wild / 3):
                self.in_flight.append((number, payload))
            number += self.random.choice((0, 0, 1, self.rollup.channel_timeout))
