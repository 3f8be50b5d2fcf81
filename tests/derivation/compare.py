#!/usr/bin/env python3
"""compare.py DRIVER KECCAK [--cases N] [--seed S] [--out FOLDER] [--real]: the C++ pipeline and the reference on the same L1 chains.

First the cases of cases/, which were differences once; then 20 * N pieces by themselves (pieces.py) and N random chains, seeds S to S + N - 1.
With --real: real batches of public chains instead; leaves with 77 where the shared data is absent. The first differing field of each difference is
printed, and a case that shows it, made small, is written to FOLDER."""

import argparse
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import time

import primitives

HERE = pathlib.Path(__file__).parent
SKIPPED = 77
PIECES_PER_CASE = 20


class Driver:
    """The C++ side. One that died, which is a difference too, is started again for the next case."""

    def __init__(self, program: str):
        self.program, self.process = program, None

    def derive(self, case: str) -> dict:
        answer = self.ask(case)
        return answer if isinstance(answer, dict) else {"blocks": [], "stop": answer}

    def ask(self, text: str):
        """What is on the next line, or words about its death."""
        if self.process is None:
            self.process = subprocess.Popen([self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            self.process.stdin.write(text)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if line.endswith("\n"):
            return json.loads(line)
        status, self.process = self.process.wait(), None
        return f"death, status {status}"


def reference_of(rollup, blocks, blobs) -> dict:
    from reference import Broken, Reference

    reference, stop = Reference(rollup, blocks[0], blobs), "needs_l1"
    try:
        for block in blocks:
            reference.feed(block)
    except Broken:
        stop = "broken"
    return answer_of(reference, stop)


def answer_of(reference, stop: str) -> dict:
    return {"blocks": [block.attributes for block in reference.chain[1:]], "stop": stop}


def first_difference(ours: dict, theirs: dict) -> str | None:
    if ours["stop"].startswith("death"):
        return ours["stop"]
    for a, b in zip(ours["blocks"], theirs["blocks"]):
        for key in a:
            if a[key] != b[key]:
                return f"L2 block {a['number']}, {key}: derived {str(a[key])[:200]}, reference {str(b[key])[:200]}"
    counts = len(ours["blocks"]), len(theirs["blocks"])
    if counts[0] != counts[1]:
        return f"{counts[0]} blocks derived, {counts[1]} by the reference"
    return None if ours["stop"] == theirs["stop"] else f"ends with {ours['stop']}, the reference with {theirs['stop']}"


def differs(driver: Driver, case: str) -> str | None:
    from case_file import read_case

    _, rollup, blocks, blobs = read_case(case)
    answer = reference_of(rollup, blocks, blobs)
    return first_difference(driver.derive(case), answer)


def make_small(program: str, case: str, difference: str) -> str:
    """Takes out lines as long as a difference stays. L1 headers stay: they are a chain."""
    lines, chunk, driver = case.splitlines(), 64, Driver(program)

    def still_differs(lines: list[str]) -> bool:
        try:
            found = differs(driver, "\n".join([*lines, ""]))
        except KeyError:  # a blob that is still named is gone
            return False
        return found is not None and found.startswith("death") == difference.startswith("death")

    while chunk > 0:
        at = 0
        while at < len(lines):
            shorter = lines[:at] + lines[at + chunk :]
            if all(line.split()[0] in ("tx", "log", "blob") for line in lines[at : at + chunk]) and still_differs(shorter):
                lines = shorter
            else:
                at += chunk
        chunk //= 2
    return "\n".join([*lines, ""])


def run_seeds(job) -> tuple[int, int, list[tuple[str, str, str]]]:
    """Cases, L2 blocks with a batch, and differences."""
    program, keccak, seeds = job
    primitives.use_keccak(keccak)
    from case_file import write_case
    from world import World

    driver, blocks, found = Driver(program), 0, []
    for seed in seeds:
        world = World(seed)
        world.run()
        case = write_case(f"seed-{seed}", world.rollup, world.l1, world.blobs, stutter=(0, 0, 3, 20)[seed % 4], restarts=(0, 0, 0, 9)[seed // 4 % 4])
        answer = answer_of(world.reference, world.stop)
        difference = first_difference(driver.derive(case), answer)
        blocks += len(answer["blocks"])
        if difference:
            found.append((f"seed-{seed}", difference, case))
    return len(seeds), blocks, found


def run_pieces(job) -> tuple[int, list[tuple[str, str, str]]]:
    """How many, and differences."""
    program, keccak, seed, count = job
    primitives.use_keccak(keccak)
    from pieces import Pieces

    driver, pieces, found = Driver(program), Pieces(seed), []
    prologue = pieces.prologue()
    for i in range(count):
        kind, data, theirs = pieces.next()
        ours = driver.ask(prologue + f"{kind} 0x{data.hex()}\n")
        if ours != theirs:
            found.append((f"piece-{seed}-{i}", f"{kind} {data.hex()[:2_000]}: C++ {str(ours)[:300]}, reference {str(theirs)[:300]}", ""))
    return count, found


def run_kept_cases(program: str) -> list[tuple[str, str, str]]:
    driver, found = Driver(program), []
    for file in sorted((HERE / "cases").glob("*.case")):
        case = file.read_text()
        difference = differs(driver, case)
        if difference:
            found.append((file.name, difference, case))
    return found


def run_real(program: str) -> int:
    import real
    from case_file import write_case

    folder = real.find_data()
    if folder is None:
        print("skipped: the shared data is absent (ENTRESOL_SHARED_DATA)")
        return SKIPPED
    driver = Driver(program)
    for name, rollup, blocks, blobs, expected in real.make_cases(folder):
        answer = reference_of(rollup, blocks, blobs)
        got = [[bytes.fromhex(tx) for tx in block["transactions"][1:]] for block in answer["blocks"]]
        if got != expected:
            print(f"{name}: the reference does not give back the real transactions")
            return 1
        difference = first_difference(driver.derive(write_case(name, rollup, blocks, blobs)), answer)
        if difference:
            print(f"{name}: {difference}")
            return 1
        print(f"{name}: {len(expected)} blocks, {sum(map(len, expected))} transactions equal")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("driver")
    parser.add_argument("keccak")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="build/fuzz/derivation")
    parser.add_argument("--real", action="store_true")
    options = parser.parse_args()
    primitives.use_keccak(options.keccak)
    if options.real:
        return run_real(options.driver)
    started, found = time.monotonic(), run_kept_cases(options.driver)
    seeds = range(options.seed, options.seed + options.cases)
    jobs = [(options.driver, options.keccak, seeds[i : i + 25]) for i in range(0, len(seeds), 25)]
    piece_jobs = [(options.driver, options.keccak, seeds[0], 25 * PIECES_PER_CASE) for _, _, seeds in jobs]
    cases = blocks = pieces = 0
    with multiprocessing.Pool(min(len(jobs) or 1, os.cpu_count() or 1)) as pool:
        for done, differences in pool.imap_unordered(run_pieces, piece_jobs):
            pieces, found = pieces + done, found + differences
        for done, more_blocks, differences in pool.imap_unordered(run_seeds, jobs):
            cases, blocks, found = cases + done, blocks + more_blocks, found + differences
            if cases % 1_000 == 0:
                print(f"{cases} cases, {len(found)} differences", flush=True)
    for name, difference, _ in found:
        print(f"{name}: {difference}")
    for name, difference, case in [some for some in found if some[2]][:3]:
        out = pathlib.Path(options.out)
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{name}.case").write_text(make_small(options.driver, case, difference))
        print(f"written: {out / name}.case")
    print(f"{cases} cases with {blocks} L2 blocks and {pieces} pieces in {time.monotonic() - started:.1f} s, {len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
