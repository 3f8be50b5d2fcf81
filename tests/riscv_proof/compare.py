#!/usr/bin/env python3
"""The C++ verifier and the one written from the specification: random steps and damaged proofs must get the same answer from both.

Usage: compare.py PROGRAM KECCAK [SEED [COUNT]]. PROGRAM is entresol_riscv_proofs, KECCAK the library of tests/derivation/keccak.c."""

import subprocess
import sys

from verifier import Refused, Verifier


def answer_of(verifier, proof):
    try:
        before, after = verifier.verify(proof)
        return f"0x{before.hex()} 0x{after.hex()}"
    except Refused:
        return "refused"


def main() -> int:
    program, keccak, seed, count = sys.argv[1], sys.argv[2], *(sys.argv[3:] + ["1", "6000"][len(sys.argv) - 3 :])
    verifier, refused, lines = Verifier(keccak), 0, 0
    with subprocess.Popen([program, seed, count], stdout=subprocess.PIPE, text=True) as process:
        for lines, line in enumerate(process.stdout, 1):
            text, _, wanted = line.rstrip("\n").partition(" ")
            got = answer_of(verifier, bytes.fromhex(text.removeprefix("0x")))
            if got != wanted:
                print(f"line {lines} of seed {seed} differs\nC++:    {wanted}\nPython: {got}\nproof:  {text}")
                process.terminate()
                return 1
            refused += got == "refused"
    if process.returncode != 0 or lines != 2 * int(count):
        print(f"the program ended with {process.returncode} after {lines} lines")
        return 1
    # Every first line is a good proof; of the damaged ones many are another state's good proof.
    if not lines // 8 < refused <= lines // 2:
        print(f"{refused} of {lines} were refused")
        return 1
    print(f"{lines} proofs, {refused} refused, all answers equal")
    return 0


if __name__ == "__main__":
    sys.exit(main())
