#!/usr/bin/env python3
"""bench_ratios.py BENCH_BINARY [GOOGLE_BENCHMARK_FLAGS…]: runs it and prints one line for each thing measured, peers beside ours with their ratios.

Benchmarks are named "program/what"; those of the program "ours" are the measure: a ratio above 1 means that the peer takes longer. CPU time, medians of
five, on one CPU."""
import json
import os
import subprocess
import sys


def scale(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def measure(binary, flags):
    command = [binary, "--benchmark_format=json", "--benchmark_repetitions=5", "--benchmark_min_time=0.05",
               "--benchmark_report_aggregates_only=true", *flags]
    cpu = max(os.sched_getaffinity(0))
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, preexec_fn=lambda: os.sched_setaffinity(0, {cpu}))
    factor = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
    table = {}
    for row in json.loads(done.stdout)["benchmarks"]:
        if row.get("aggregate_name") != "median":
            continue
        program, _, what = row["run_name"].partition("/")
        table.setdefault(what, {})[program] = row["cpu_time"] * factor[row["time_unit"]]
    return table


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    table = measure(sys.argv[1], sys.argv[2:])
    width = max(map(len, table))
    for what, times in table.items():
        ours = times.pop("ours", None)
        peers = [f"{program} {scale(time)}" + (f" = {time / ours:.2f}x" if ours else "") for program, time in times.items()]
        print(f"{what:{width}}  {scale(ours) if ours else '-':>9}  {', '.join(peers)}")


main()
