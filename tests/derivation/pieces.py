"""Batches, frames, channels and blobs by themselves, well formed and damaged: many more of them than whole chains allow."""

import random

from damage import damage_bytes, twist_column, twist_singular
from encode import compress, encode_blob, encode_frame, encode_singular, encode_span, keep
from formats import Batch, decode_batch, decode_blob, decode_frames, decompress, order_frames
from primitives import Malformed
from world import World


class Pieces:
    def __init__(self, seed: int):
        self.world = World(seed)  # for its transactions and its rollup
        self.random: random.Random = self.world.random
        self.world.wild = 0

    def prologue(self) -> str:
        rollup = self.world.rollup
        return f"l2_fork {rollup.fork.capitalize()} {rollup.l2_chain_id}\nconfig l2_time {rollup.l2_time}\nconfig block_time {rollup.block_time}\n"

    def next(self) -> tuple[str, bytes, object]:
        """Kind, bytes, and what the reference decodes them to."""
        kind = self.random.choice(("batch",) * 12 + ("frames", "channel", "channel", "blob_data"))
        data = getattr(self, kind)()
        return kind, data, getattr(self, "decode_" + kind)(data)

    def maybe_damaged(self, data: bytes) -> bytes:
        for _ in range(self.random.choice((0, 1, 1, 2))):
            data = damage_bytes(self.random, data)
        return data

    def batches(self) -> list[Batch]:
        number, out = self.random.randrange, []
        epoch, time = number(1_000), self.world.rollup.l2_time + number(10_000)
        for _ in range(self.random.choice((1, 1, 2, 9))):
            epoch += number(2)
            transactions = [self.world.make_transaction() for _ in range(self.random.choice((0, 1, 2)))]
            out.append(Batch(self.random.randbytes(32), epoch, self.random.randbytes(32), time, transactions))
            time += self.world.rollup.block_time
        return out

    def batch(self) -> bytes:
        batches = self.batches()
        if self.random.random() < 0.15:
            data = encode_singular(batches[0])
            return twist_singular(self.random, data) if self.random.random() < 0.4 else self.maybe_damaged(data)
        twist = twist_column(self.random) if self.random.random() < 0.7 else keep
        encoded = encode_span(batches, self.world.rollup.l2_time, batches[0].epoch_number - 1, self.world.rollup.l2_chain_id, twist)
        return encoded if self.random.random() < 0.7 else self.maybe_damaged(encoded)

    def decode_batch(self, data: bytes):
        try:
            batch = decode_batch(data, self.world.rollup)
        except Malformed:
            return None
        if isinstance(batch, Batch):
            return [batch.parent_hash.hex(), batch.epoch_number, batch.epoch_hash.hex(), batch.time, [tx.hex() for tx in batch.transactions]]
        blocks = [[block.epoch_number, block.time, [tx.hex() for tx in block.transactions]] for block in batch.batches]
        return [batch.parent_check.hex(), batch.origin_check.hex(), *blocks]

    def frames(self) -> bytes:
        """Of few channels, so that they meet."""
        rng = self.random
        frames = [encode_frame(rng.choice((b"A", b"B", b"C")) * 16, rng.choice((0, 0, 1, 1, 2)), rng.randbytes(rng.randrange(20)), rng.random() < 0.4)
                  for _ in range(rng.randrange(8))]  # fmt: skip
        data = b"\0" + b"".join(frames)
        return self.maybe_damaged(data) if rng.random() < 0.3 else data

    def decode_frames(self, data: bytes):
        """In the order that the frame queue leaves."""
        frames = order_frames(decode_frames(data))
        return [[frame.channel.hex(), frame.number, frame.data.hex(), frame.is_last] for frame in frames] or None

    def channel(self) -> bytes:
        raw = b"".join(self.random.choice((self.random.randbytes(9), bytes(40), b"entresol")) for _ in range(self.random.randrange(200)))
        return self.maybe_damaged(compress(raw, self.random.choice(("zlib", "zlib", "brotli", "stored"))))

    def decode_channel(self, data: bytes):
        return decompress(data).hex()

    def blob_data(self) -> bytes:
        blob = encode_blob(self.random.randbytes(self.random.choice((0, 1, 31, 127, 1_000, 130_044))))
        return self.maybe_damaged(blob).ljust(131_072, b"\0")[:131_072]

    def decode_blob_data(self, data: bytes):
        content = decode_blob(data)
        return "none" if content is None else content.hex()
