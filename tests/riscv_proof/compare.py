#!/usr/bin/env python3
"""The C++ verifier and the one written from the specification: proofs of random steps, damaged ones, and those of random programs step by step must
get the same answer from both.

Usage: compare.py PROGRAM KECCAK [SEED [STATES [PROGRAMS]]]. PROGRAM is entresol_riscv_proofs, KECCAK the library of tests/derivation/keccak.c."""

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
    program, keccak, *chosen = sys.argv[1:]
    seed, states, programs = chosen + ["1", "5000", "20"][len(chosen) :]
    verifier, refused, steps, lines, previous = Verifier(keccak), 0, 0, 0, ""
    with subprocess.Popen([program, seed, states, programs], stdout=subprocess.PIPE, text=True) as process:
        for lines, line in enumerate(process.stdout, 1):
            text, wanted = line.rstrip("\n").split(" ", 1)
            is_next, wanted = wanted.endswith(" next"), wanted.removesuffix(" next")
            got = answer_of(verifier, bytes.fromhex(text.removeprefix("0x")))
            if got != wanted or (is_next and got.split()[0] != previous):
                print(f"line {lines} of seed {seed} differs\nbefore: {previous}\nC++:    {wanted}\nPython: {got}\nproof:  {text}")
                process.terminate()
                return 1
            previous = got.split()[-1]
            refused, steps = refused + (got == "refused"), steps + is_next
    if process.returncode != 0 or lines != 2 * int(states) + 100 * int(programs):
        print(f"the program ended with {process.returncode} after {lines} lines")
        return 1
    # Every other line of the states is a good proof; of the damaged ones many are another state's good proof.
    if not int(states) // 4 <= refused <= int(states):
        print(f"{refused} of {lines} were refused")
        return 1
    print(f"{lines} proofs, {refused} refused, {steps} that follow one another, all answers equal")
    return 0


if __name__ == "__main__":
    sys.exit(main())
