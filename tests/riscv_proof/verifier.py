#!/usr/bin/env python3
"""A second verifier of one step's proof, written from docs/spec/machine.md and sharing nothing with src/core/riscv.

Usage: verifier.py KECCAK FILE…   prints the state root before and after for each proof as `entresol machine prove-step` writes it, or why it is none.
KECCAK is the library built from tests/derivation/keccak.c."""

import ctypes
import pathlib
import sys

from machine import MEPC, MTVEC, PC, RUNNING, STATUS, TRAPPED, execute

DEPTH, STATE_BYTES = 59, 352


class Refused(Exception):
    pass


class Verifier:
    def __init__(self, keccak_library):
        self.library = ctypes.CDLL(keccak_library)
        self.zero = [bytes(32)]
        for _ in range(DEPTH):
            self.zero.append(self.keccak(self.zero[-1] * 2))

    def keccak(self, data):
        out = ctypes.create_string_buffer(32)
        self.library.entresol_keccak256(data, ctypes.c_size_t(len(data)), out)
        return out.raw

    def root_of(self, leaf, index, siblings):
        node = leaf
        for height, sibling in enumerate(siblings):
            node = self.keccak(sibling + node if index >> height & 1 else node + sibling)
        return node

    def verify(self, proof):
        """(state root before, state root after)"""
        reader = Reader(proof)
        state = reader.take(STATE_BYTES)
        memory_root, words = state[:32], [int.from_bytes(state[at : at + 8], "big") for at in range(32, STATE_BYTES, 8)]
        if words[0] or words[PC] % 4 or words[MTVEC] % 4 or words[MEPC] % 4 or words[STATUS] > TRAPPED:
            raise Refused("a state of no machine")

        def path(index):
            leaf, siblings = self.read_path(reader)
            if self.root_of(leaf, index, siblings) != memory_root:
                raise Refused("a leaf is not under the memory root")
            return leaf, siblings

        root_after = memory_root

        def access(address, width, value):
            nonlocal root_after
            (leaf, siblings), at = path(address // 32), address % 32
            if value is None:
                return int.from_bytes(leaf[at : at + width], "little")
            changed = leaf[:at] + value.to_bytes(width, "little") + leaf[at + width :]
            root_after = self.root_of(changed, address // 32, siblings)

        if words[STATUS] == RUNNING:
            leaf, _ = path(words[PC] // 32)
            at = words[PC] % 32
            execute(words, int.from_bytes(leaf[at : at + 4], "little"), access)
        if reader.rest:
            raise Refused("bytes follow")
        return self.keccak(state), self.keccak(root_after + b"".join(word.to_bytes(8, "big") for word in words))

    def read_path(self, reader):
        leaf, mask = reader.take(32), int.from_bytes(reader.take(8), "big")
        if mask >> DEPTH:
            raise Refused("a mask is too long")
        siblings = [reader.take(32) if mask >> height & 1 else None for height in range(DEPTH)]
        if any(sibling == zero for sibling, zero in zip(siblings, self.zero)):
            raise Refused("a sibling is written out that the mask must leave out")
        return leaf, [sibling or zero for sibling, zero in zip(siblings, self.zero)]


class Reader:
    def __init__(self, rest):
        self.rest = rest

    def take(self, size):
        if len(self.rest) < size:
            raise Refused("too short")
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken


def main() -> int:
    verifier, failed = Verifier(sys.argv[1]), False
    for name in sys.argv[2:]:
        text = pathlib.Path(name).read_text().strip()
        try:
            before, after = verifier.verify(bytes.fromhex(text.removeprefix("0x")))
            print(f"{name} 0x{before.hex()} 0x{after.hex()}")
        except (Refused, ValueError) as reason:
            print(f"{name} refused: {reason}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
