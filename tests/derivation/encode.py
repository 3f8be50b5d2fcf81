"""The batcher's and L1's side for world.py: transactions, batches, frames and blobs as bytes."""

import zlib

from formats import Batch
from primitives import brotli, keccak, rlp, rlp_decode, sign


def signed_transaction(kind: int, chain_id: int, to: bytes, data: bytes, key: bytes, blob_hashes=(), protected=True) -> bytes:
    fields = {0: [0, 9, 21_000, to, 0, data], 1: [chain_id, 0, 9, 21_000, to, 0, data, []], 2: [chain_id, 0, 1, 9, 21_000, to, 0, data, []],
              3: [chain_id, 0, 1, 9, 21_000, to, 0, data, [], 7, list(blob_hashes)],
              4: [chain_id, 0, 1, 9, 21_000, to, 0, data, [], [[chain_id, bytes(20), 0, 0, 1, 1]]]}[kind]  # fmt: skip
    if kind != 0:
        parity, r, s = sign(keccak(bytes([kind]) + rlp(fields)), key)
        return bytes([kind]) + rlp([*fields, parity, r, s])
    parity, r, s = sign(keccak(rlp([*fields, chain_id, b"", b""] if protected else fields)), key)
    return rlp([*fields, 35 + 2 * chain_id + parity if protected else 27 + parity, r, s])


def uvarint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def bits(values) -> bytes:
    values = list(values)
    return sum(bool(bit) << i for i, bit in enumerate(values)).to_bytes((len(values) + 7) // 8, "big")


def encode_singular(batch: Batch) -> bytes:
    return b"\0" + rlp([batch.parent_hash, batch.epoch_number, batch.epoch_hash, batch.time, batch.transactions])


def keep(_column: str, parts: list[bytes]) -> list[bytes]:
    return parts


def encode_span(batches: list[Batch], l2_time: int, parent_epoch: int, chain_id: int, twist=keep) -> bytes:
    """Of consecutive blocks with transactions of types 0, 1, 2 and 4. `twist` may change the parts of each column."""
    first, last = batches[0], batches[-1]
    epochs = [parent_epoch] + [batch.epoch_number for batch in batches]
    transactions = [tx for batch in batches for tx in batch.transactions]
    columns = [
        ("rel_timestamp", [uvarint(first.time - l2_time)]), ("l1_origin_num", [uvarint(last.epoch_number)]), ("parent_check", [first.parent_hash[:20]]),
        ("l1_origin_check", [last.epoch_hash[:20]]), ("block_count", [uvarint(len(batches))]),
        ("origin_bits", [bits(epochs[i + 1] != epochs[i] for i in range(len(batches)))]),
        ("block_tx_counts", [uvarint(len(batch.transactions)) for batch in batches]),
        *transaction_columns(transactions, chain_id)]  # fmt: skip
    return b"\1" + b"".join(part for column, parts in columns for part in twist(column, parts))


def transaction_columns(transactions: list[bytes], chain_id: int) -> list[tuple[str, list[bytes]]]:
    creations, parities, signatures, tos, datas, nonces, gases, protections = [], [], [], [], [], [], [], []
    for tx in transactions:
        kind = 0 if tx[0] > 0x7F else tx[0]
        fields = rlp_decode(tx) if kind == 0 else rlp_decode(tx[1:])[1:]
        prices = 1 if kind < 2 else 2
        nonce, gas, to, value = fields[0], fields[1 + prices], fields[2 + prices], fields[3 + prices]
        rest, (v, r, s) = fields[4 + prices : -3], [int.from_bytes(x, "big") for x in fields[-3:]]
        datas.append((bytes([kind]) if kind else b"") + rlp([value, *fields[1 : 1 + prices], *rest]))
        if kind == 0:
            protections.append(v >= 35)
            v -= 35 + 2 * chain_id if v >= 35 else 27
        creations.append(not to)
        parities.append(v)
        signatures.append(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        tos.append(to)
        nonces.append(uvarint(int.from_bytes(nonce, "big")))
        gases.append(uvarint(int.from_bytes(gas, "big")))
    return [("contract_creation_bits", [bits(creations)]), ("y_parity_bits", [bits(parities)]), ("tx_sigs", signatures), ("tx_tos", tos),
            ("tx_datas", datas), ("tx_nonces", nonces), ("tx_gases", gases), ("protected_bits", [bits(protections)])]  # fmt: skip


def compress(raw: bytes, kind: str) -> bytes:
    if kind == "brotli":
        return b"\1" + brotli(raw, 4)
    return zlib.compress(raw, 0 if kind == "stored" else 9)


def encode_frame(channel: bytes, number: int, data: bytes, is_last: bool) -> bytes:
    return channel + number.to_bytes(2, "big") + len(data).to_bytes(4, "big") + data + bytes([is_last])


def encode_blob(data: bytes) -> bytes:
    """Only as far as there is data; the rest of the blob is zeros."""
    data = b"\0" + len(data).to_bytes(3, "big") + data
    out = bytearray()
    for at in range(0, len(data), 127):
        group = data[at : at + 127].ljust(127, b"\0")
        x, y, z = group[31], group[63], group[95]
        heads = (x & 0x3F, y & 0x0F | (x & 0xC0) >> 2, z & 0x3F, (z & 0xC0) >> 2 | (y & 0xF0) >> 4)
        for i, head in enumerate(heads):
            out += bytes([head]) + group[32 * i : 32 * i + 31]
    return bytes(out).ljust(131_072, b"\0")
