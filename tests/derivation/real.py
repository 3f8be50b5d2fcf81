"""Real batches on a generated L1: those of OP Mainnet as they were posted, but for the hashes that tie them to their own chain (the span's prefix), and real OP
Sepolia transactions."""

import json
import os
import pathlib

from encode import compress, encode_blob, encode_frame, encode_singular, encode_span, signed_transaction, uvarint
from formats import Batch, Cursor, L1Block, Rollup, SystemConfig, decode_span
from primitives import address_of_key, inflate, keccak, rlp, rlp_decode, rlp_item_end
from reference import EMPTY_OMMERS, L1_BLOCK, L1_DEPOSITOR, build_block, deposit, genesis_block, word

KEY = b"\xb1" * 32
INBOX = b"\xff" * 20


def find_data() -> pathlib.Path | None:
    for folder in (os.environ.get("ENTRESOL_SHARED_DATA"), pathlib.Path(__file__).parents[3] / "shared" / "data"):
        if folder and pathlib.Path(folder, "op-mainnet").is_dir():
            return pathlib.Path(folder)
    return None


def make_rollup(chain_id: int, l2_time: int) -> Rollup:
    return Rollup(2, 1_800, 3_600, 50, 1, chain_id, "prague", "isthmus", INBOX, b"\xde" * 20, b"\x5c" * 20, l2_time, 7,
                  SystemConfig(address_of_key(KEY), bytes(32), 30_000_000))  # fmt: skip


def make_l1_block(parent: bytes, number: int, time: int, transactions: list[bytes]) -> L1Block:
    fields = [parent, EMPTY_OMMERS, bytes(20), bytes(32), keccak(rlp(transactions)), bytes(32), bytes(256), 0, number, 30_000_000, 0, time, b"",
              keccak(word(number)), bytes(8), 10**9, bytes(32), 0, 10**6, keccak(parent), bytes(32)]  # fmt: skip
    return L1Block(rlp(fields), transactions)


def make_origins(first: int, times: list[int]) -> list[L1Block]:
    chain = []
    for i, time in enumerate(times):
        chain.append(make_l1_block(chain[-1].hash if chain else bytes(32), first + i, time, []))
    return chain


def post(l1: list[L1Block], channel: bytes) -> dict[bytes, bytes]:
    """In one more L1 block, every other frame in a blob. Gives the blobs."""
    size, transactions, blobs = 100_000, [], {}
    for number, at in enumerate(range(0, len(channel), size)):
        payload = b"\0" + encode_frame(b"\7" * 16, number, channel[at : at + size], at + size >= len(channel))
        if number % 2:
            blob = encode_blob(payload)
            versioned_hash = b"\1" + keccak(blob)[1:]
            blobs[versioned_hash] = blob
            transactions.append(signed_transaction(3, 1, INBOX, b"", KEY, [versioned_hash]))
        else:
            transactions.append(signed_transaction(2, 1, INBOX, payload, KEY))
    l1.append(make_l1_block(l1[-1].hash, l1[-1].number + 1, l1[-1].time + 12, transactions))
    return blobs


def span_case(name: str, encoded: bytes, chain_id: int, genesis_time: int):
    """A posted span, whatever follows its prefix untouched."""
    span = decode_span(Cursor(encoded[1:]), make_rollup(chain_id, genesis_time))
    cursor = Cursor(encoded[1:])
    _, last_epoch, _ = cursor.uvarint(), cursor.uvarint(), cursor.take(40)
    payload = encoded[1 + cursor.at :]
    rollup = make_rollup(chain_id, span.batches[0].time - 2)
    first_epoch = span.batches[0].epoch_number - 1
    times = {first_epoch: rollup.l2_time}
    for batch in span.batches:
        times.setdefault(batch.epoch_number, batch.time)
    l1 = make_origins(first_epoch, list(times.values()))
    if not Cursor(payload).uvarint() or not first_origin_bit(payload):
        l1 = make_origins(first_epoch + 1, [rollup.l2_time, *list(times.values())[2:]])
    prefix = uvarint(2) + uvarint(last_epoch) + genesis_block(rollup, l1[0]).hash[:20] + l1[-1].hash[:20]
    blobs = post(l1, compress(rlp(b"\1" + prefix + payload), "zlib"))
    return name, rollup, l1, blobs, [batch.transactions for batch in span.batches]


def first_origin_bit(payload: bytes) -> int:
    cursor = Cursor(payload)
    return cursor.bits(cursor.uvarint())[0]


def sepolia_case(name: str, payloads: list[dict], as_span: bool):
    """Blocks of these transactions, one after another."""
    rollup = make_rollup(11_155_420, 1_700_000_000)
    l1 = make_origins(4_000_000, [rollup.l2_time, rollup.l2_time + 4])
    parent, batches = genesis_block(rollup, l1[0]), []
    for payload in payloads:
        transactions = [bytes.fromhex(tx[2:]) for tx in payload["transactions"]]
        time = parent.time + 2
        origin = l1[time >= l1[1].time]
        batches.append(Batch(parent.hash, origin.number, origin.hash, time, [tx for tx in transactions if tx[0] != 0x7E]))
        parent = build_block(rollup, parent, batches[-1], origin, 0)
    if as_span:
        raw = rlp(encode_span(batches, rollup.l2_time, l1[0].number, rollup.l2_chain_id))
    else:
        raw = b"".join(rlp(encode_singular(batch)) for batch in batches)
    blobs = post(l1, compress(raw, "brotli"))
    return name, rollup, l1, blobs, [batch.transactions for batch in batches]


def check_l1_attributes(tx: bytes) -> None:
    """A real L1 attributes deposit is what the reference makes of its own content."""
    data = rlp_decode(tx[1:])[7]
    sequence_number, l1_hash = int.from_bytes(data[12:20], "big"), data[100:132]
    if deposit(1, keccak(l1_hash + word(sequence_number)), L1_DEPOSITOR, L1_BLOCK, 0, 0, 1_000_000, data) != tx:
        raise AssertionError("a real L1 attributes deposit differs")


def make_cases(folder: pathlib.Path):
    """Name, rollup, L1, blobs, and the sequenced transactions of each L2 block."""
    channel = bytes.fromhex((folder / "op-mainnet" / "channel-zlib-span-143-blocks.hex").read_text().strip().removeprefix("0x"))
    raw = inflate(channel, 10**8)
    _, start, end = rlp_item_end(raw, 0)
    yield span_case("op-mainnet-channel", raw[start:end], 10, 1_686_068_903)
    yield span_case("all-types", b"\1" + (folder / "op-mainnet" / "span-batch-all-types.bin").read_bytes(), 10, 1_686_068_903)
    payloads = [json.loads(file.read_text())["executing_payload"] for file in sorted((folder / "op-sepolia").glob("*.json"))]
    for payload in payloads:
        check_l1_attributes(bytes.fromhex(payload["transactions"][0][2:]))
    yield sepolia_case("op-sepolia-singular", payloads, False)
    yield sepolia_case("op-sepolia-span", payloads, True)
