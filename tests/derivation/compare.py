#!/usr/bin/env python3
"""compare.py DRIVER KECCAK [--cases N] [--seed S] [--out FOLDER] [--real]: the C++ pipeline and the reference on the same L1 chains.

First the cases of cases/, which were differences once; then N random ones, seeds S to S + N - 1. With --real: real batches of public chains
instead; leaves with 77 where the shared data is absent. The first differing field of each difference is printed, and a case that shows it, made small, is written to FOLDER."""

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


class Driver:
    def __init__(self, program: str):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def derive(self, case: str) -> dict:
        self.process.stdin.write(case)
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the driver died, status {self.process.wait()}")
        return json.loads(line)


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

    _, rollup, blocks, blobs, _ = read_case(case)
    return first_difference(driver.derive(case), reference_of(rollup, blocks, blobs))


def make_small(program: str, case: str) -> str:
    """Takes out lines as long as a difference stays. L1 headers stay: they are a chain."""
    lines, chunk = case.splitlines(), 64
    while chunk > 0:
        at = 0
        while at < len(lines):
            part = lines[at : at + chunk]
            shorter = "\n".join(lines[:at] + lines[at + chunk :]) + "\n"
            if all(line.split()[0] in ("tx", "log", "blob") for line in part) and still_differs(program, shorter):
                lines = shorter.splitlines()
            else:
                at += chunk
        chunk //= 2
    return "\n".join(lines) + "\n"


def still_differs(program: str, case: str) -> bool:
    try:
        return differs(Driver(program), case) is not None
    except (RuntimeError, KeyError):  # a blob that is still named is gone
        return False


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
        stutter = (0, 0, 3, 20)[seed % 4]
        case = write_case(f"seed-{seed}", world.rollup, world.l1, world.blobs, stutter)
        answer = answer_of(world.reference, world.stop)
        difference = first_difference(driver.derive(case), answer)
        blocks += len(answer["blocks"])
        if difference:
            found.append((f"seed-{seed}", difference, case))
    return len(seeds), blocks, found


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
    cases = blocks = 0
    with multiprocessing.Pool(min(len(jobs) or 1, os.cpu_count() or 1)) as pool:
        for done, more_blocks, differences in pool.imap_unordered(run_seeds, jobs):
            cases, blocks, found = cases + done, blocks + more_blocks, found + differences
            if cases % 1_000 == 0:
                print(f"{cases} cases, {len(found)} differences", flush=True)
    for name, difference, _ in found:
        print(f"{name}: {difference}")
    for name, _, case in found[:3]:
        out = pathlib.Path(options.out)
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{name}.case").write_text(make_small(options.driver, case))
        print(f"written: {out / name}.case")
    print(f"{cases} cases, {blocks} L2 blocks in {time.monotonic() - started:.1f} s, {len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
