"""What a batcher may do wrong, and a hostile one would: for world.py."""

import random

from encode import uvarint
from primitives import rlp, rlp_decode


def damage_bytes(rng: random.Random, data: bytes) -> bytes:
    """A cut, some bytes more, one less, or one bit; more often near the beginning, where lengths and versions are."""
    out, at = bytearray(data), rng.randrange(max(1, len(data) if rng.random() < 0.6 else min(len(data), 30)))
    what = rng.randrange(5)
    if what == 0:
        del out[at:]
    elif what == 1:
        out[at:at] = rng.randbytes(rng.randrange(1, 4))
    elif what == 2:
        del out[at : at + 1]
    elif out:
        out[at] ^= 1 << rng.randrange(8)
    return bytes(out)


VARINTS = [uvarint(0), uvarint(1), b"\x81\x00", b"\x80" * 9 + b"\x01", b"\xff" * 9 + b"\x01", b"\xff" * 9 + b"\x02", b"\xff" * 10 + b"\x01",
           uvarint(2**32), uvarint(10_000_000), uvarint(10_000_001), uvarint(2**63)]  # fmt: skip


def twist_column(rng: random.Random):
    """A `twist` for encode_span that changes one part of one column."""
    columns = ["creation", "rel_timestamp", "l1_origin_num", "parent_check", "l1_origin_check", "block_count", "origin_bits", "block_tx_counts",
               "tx_tos", "tx_sigs", "contract_creation_bits", "y_parity_bits", "protected_bits", "tx_nonces", "tx_gases", *["tx_datas"] * 6]  # fmt: skip
    chosen, number = rng.choice(columns), rng.randrange(4)

    def twist(column: str, parts: list[bytes]) -> list[bytes]:
        if chosen == "creation" and column == "contract_creation_bits":  # and its address goes, so that all else stays in place
            return [bytes([*parts[0][:-1], parts[0][-1] | 1 << number])] if parts[0] else parts
        if chosen == "creation" and column == "tx_tos":
            return [b"" if i == number else part for i, part in enumerate(parts)]
        if column != chosen or not parts:
            return parts
        parts, at = list(parts), rng.randrange(len(parts))
        if column == "tx_datas":
            parts[at] = twist_data(rng, parts[at])
        elif parts[at][:1] and column in ("rel_timestamp", "l1_origin_num", "block_count", "block_tx_counts", "tx_nonces", "tx_gases"):
            parts[at] = rng.choice(VARINTS)
        else:
            parts[at] = damage_bytes(rng, parts[at])
        return parts

    return twist


def twist_singular(rng: random.Random, data: bytes) -> bytes:
    """Fields of another shape or number."""
    fields = rlp_decode(data[1:])
    at = rng.randrange(len(fields))
    rng.choice((lambda: fields.pop(at), lambda: fields.append(b""),
                lambda: fields.__setitem__(at, rng.choice((b"", b"\0", b"\1" * 9, b"\1" * 31, b"\1" * 33, [], [[]], [b""])))))()  # fmt: skip
    return data[:1] + rlp(fields)


def twist_data(rng: random.Random, data: bytes) -> bytes:
    """Of tx_datas: another type, another number of fields, fields of another shape."""
    kind, body = (data[:1], data[1:]) if data[0] < 0x80 else (b"", data)
    fields = rlp_decode(body)
    what = rng.randrange(6)
    if what == 0:
        kind = rng.choice((b"", b"\0", b"\1", b"\2", b"\3", b"\4", b"\5", b"\x7d", b"\x7e"))
    elif what == 1:
        fields.append(b"")
    elif what == 2:
        fields.pop()
    elif what == 3:
        fields[rng.randrange(len(fields))] = rng.choice((b"\0", b"\0\1", b"\xff" * 33, b"\xff" * 32, [], [b""], b""))
    elif what == 4:
        return kind + rng.choice((b"\x80", b"\xc0", b"\xf8\x01\xc0", rlp(rlp(fields))))
    else:
        twist_list(rng, [x for x in fields if isinstance(x, list)])
    return kind + rlp(fields)


def twist_list(rng: random.Random, lists: list[list]) -> None:
    """One place somewhere in access list or authorizations."""
    while lists:
        items = rng.choice(lists)
        lists = [x for x in items if isinstance(x, list)]
        if not lists or rng.random() < 0.4:
            wrong = rng.choice((b"", b"\0", b"\1" * 19, b"\1" * 21, b"\1" * 33, b"\xff" * 9, [], [b""]))
            if items and rng.random() < 0.7:
                items[rng.randrange(len(items))] = wrong
            else:
                items.append(wrong)
            return
