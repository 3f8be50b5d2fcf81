#!/usr/bin/env python3
"""Counts test cases, whichever runner ran them.

  count_tests.py ctest JUNIT_FILE GTEST_FOLDER EXIT_STATUS   each GoogleTest case counts; another ctest test is one
  count_tests.py runner LOG_FILE EXIT_STATUS                 the totals that node:test, vitest, mocha, forge or unittest print; none found: one

Prints 'passed failed skipped', then one line for each failed or skipped case ('F name', 'S name')."""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

ANSI = re.compile(r"\x1b\[[0-9;]*m")
Counts = tuple[int, int, int]


def count_gtest(file: pathlib.Path) -> tuple[Counts, list[str]]:
    passed = failed = skipped = 0
    names = []
    for case in ElementTree.parse(file).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            names.append("F " + name)
        elif case.get("status") != "run" or case.get("result") == "skipped":
            skipped += 1
            names.append("S " + name)
        else:
            passed += 1
    return (passed, failed, skipped), names


def count_ctest(junit: pathlib.Path, gtest_folder: pathlib.Path, status: int) -> tuple[Counts, list[str]]:
    """A GoogleTest binary that died writes no report, or the report of cases that passed before: it then counts one failure.
    So does a ctest that failed without naming a test, as when a binary could not be started."""
    total = [0, 0, 0]
    names: list[str] = []
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        name = case.get("name", "")
        failed = case.get("status") == "fail"
        report = gtest_folder / f"{name}_test.xml"
        if report.is_file():
            counts, listed = count_gtest(report)
            if failed and counts[1] == 0:
                counts = (counts[0], 1, counts[2])
                listed.append(f"F {name} (ended abnormally)")
        elif failed:
            counts, listed = (0, 1, 0), [f"F {name}"]
        elif case.get("status") in ("notrun", "disabled"):
            counts, listed = (0, 0, 1), [f"S {name}"]
        else:
            counts, listed = (1, 0, 0), []
        total = [a + b for a, b in zip(total, counts)]
        names += listed
    if status != 0 and total[1] == 0:
        total[1] = 1
        names.append("F ctest itself")
    return (total[0], total[1], total[2]), names


def last_number(pattern: str, text: str) -> int | None:
    found = re.findall(pattern, text, re.MULTILINE)
    return int(found[-1]) if found else None


def count_runner(log: str, status: int) -> Counts:
    """The totals a runner printed; a failing exit is never counted as success."""
    log = ANSI.sub("", log)
    dialects = [
        # node:test (spec and tap reporters)
        (r"^(?:ℹ|#) pass (\d+)$", r"^(?:ℹ|#) fail (\d+)$", (r"^(?:ℹ|#) skipped (\d+)$", r"^(?:ℹ|#) todo (\d+)$")),
        # forge: "Ran 3 test suites in 1s: 9 tests passed, 0 failed, 1 skipped (10 total tests)"
        (r"(\d+) tests? passed, \d+ failed", r"tests? passed, (\d+) failed", (r"failed, (\d+) skipped",)),
        # our own runners: "9 passed, 0 failed, 1 skipped"
        (r"^(\d+) passed, \d+ failed", r"^\d+ passed, (\d+) failed", (r"failed, (\d+) skipped$",)),
        # vitest: "Tests  1 failed | 9 passed | 1 skipped (11)"
        (r"^ *Tests .*?(\d+) passed", r"^ *Tests .*?(\d+) failed", (r"^ *Tests .*?(\d+) skipped",)),
        # mocha, Hardhat
        (r"^ *(\d+) passing\b", r"^ *(\d+) failing\b", (r"^ *(\d+) pending\b",)),
    ]
    for passed_pattern, failed_pattern, skipped_patterns in dialects:
        passed = last_number(passed_pattern, log)
        failed = last_number(failed_pattern, log)
        if passed is None and failed is None:
            continue
        skipped = sum(last_number(pattern, log) or 0 for pattern in skipped_patterns)
        failed = failed or 0
        return passed or 0, max(failed, 1) if status != 0 else failed, skipped
    ran = last_number(r"^Ran (\d+) tests? in ", log)  # unittest
    if ran is not None:
        failed = (last_number(r"failures=(\d+)", log) or 0) + (last_number(r"errors=(\d+)", log) or 0)
        skipped = last_number(r"skipped=(\d+)", log) or 0
        failed = max(failed, 1) if status != 0 else failed
        return max(ran - failed - skipped, 0), failed, skipped
    return (1, 0, 0) if status == 0 else (0, 1, 0)


def main() -> int:
    kind, *rest = sys.argv[1:]
    names: list[str] = []
    if kind == "ctest":
        counts, names = count_ctest(pathlib.Path(rest[0]), pathlib.Path(rest[1]), int(rest[2]))
    else:
        counts = count_runner(pathlib.Path(rest[0]).read_text(encoding="utf-8", errors="replace"), int(rest[1]))
    print(*counts)
    for name in names:
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
