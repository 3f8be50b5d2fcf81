#!/usr/bin/env python3
"""Refuses what the drawing in src/modules.cmake does not show: an include outside a module's own folder and its USES, a cycle,
something impure in core/, a module without README.md or with a name that means nothing, a file above 500 lines.

Usage: check_includes.py [ROOT]. Prints one line a finding; exits 1 when there is any."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from modules import Module, load_modules  # noqa: E402

SOURCES = {".cpp", ".hpp", ".h", ".c", ".inc"}
MAX_LINES = 500
LINE_LIMITED = SOURCES | {".sol", ".ts", ".tsx", ".py", ".mjs", ".js", ".sh", ".cmake"}
EMPTY_NAMES = {"util", "utils", "common", "misc", "helper", "helpers", "manager"}
# core/ has no clock, socket, file, thread or mutable global; these headers bring one in.
IMPURE = {
    "thread", "mutex", "shared_mutex", "iostream", "fstream", "sstream", "chrono", "random", "filesystem", "future", "condition_variable", "atomic",
    "ctime", "time.h", "unistd.h", "fcntl.h", "pthread.h", "sys/socket.h", "sys/types.h", "sys/stat.h", "sys/mman.h", "netinet/in.h", "netdb.h",
    "arpa/inet.h", "poll.h", "sys/epoll.h", "semaphore", "barrier", "latch", "stop_token", "coroutine", "iomanip", "istream", "ostream",
}  # fmt: skip
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)
TEST_FILE = re.compile(r"_(test|bench|fuzz)\.cpp$|_testing\.[ch]pp$")


def is_test_file(name: str) -> bool:
    return TEST_FILE.search(name) is not None


def module_of(path: str, modules: dict[str, Module]) -> Module | None:
    """The module whose folder holds this path (relative to src/): the longest prefix."""
    parts = path.split("/")[:-1]
    for length in range(len(parts), 0, -1):
        module = modules.get("/".join(parts[:length]))
        if module is not None:
            return module
    return None


def find_cycle(modules: dict[str, Module]) -> list[str] | None:
    """A path of modules that ends where it starts."""
    done: set[str] = set()

    def visit(name: str, trail: list[str]) -> list[str] | None:
        if name in trail:
            return trail[trail.index(name):] + [name]
        if name in done or name not in modules:
            return None
        for use in modules[name].uses:
            cycle = visit(use, trail + [name])
            if cycle:
                return cycle
        done.add(name)
        return None

    for name in modules:
        cycle = visit(name, [])
        if cycle:
            return cycle
    return None


def check_declarations(root: pathlib.Path, modules: list[Module]) -> list[str]:
    findings = []
    by_path = {module.path: module for module in modules}
    if len(by_path) != len(modules):
        findings.append("src/modules.cmake: a module is declared twice")
    for module in modules:
        findings += [f"src/modules.cmake: {module.path} uses {use}, which is not declared"
                     for use in module.uses + module.test_uses if use not in by_path]
        findings += [f"src/{module.path}: '{part}' says nothing; name the module after its idea"
                     for part in module.path.split("/") if part in EMPTY_NAMES]
        folder = root / "src" / module.path
        if folder.is_dir() and not (folder / "README.md").is_file():
            findings.append(f"src/{module.path}: README.md is missing (idea, file to start with, invariants, spec)")
        findings += [f"src/modules.cmake: {module.path} is core and may not use {use}"
                     for use in module.uses if module.path.startswith("core/") and not use.startswith("core/")]
    cycle = find_cycle(by_path)
    if cycle:
        findings.append("src/modules.cmake: cycle " + " → ".join(cycle))
    return findings


def check_file(path: str, text: str, modules: dict[str, Module]) -> list[str]:
    """Findings for one C or C++ file; path is relative to src/."""
    if path.startswith("testing/"):
        return []
    module = module_of(path, modules)
    if module is None:
        return [f"src/{path}: in no module of src/modules.cmake"]
    test = is_test_file(path)
    allowed = {module.path, *module.uses, *(module.test_uses if test else [])}
    findings = []
    for match in INCLUDE.finditer(text):
        quoted, angled = match.groups()
        line = text.count("\n", 0, match.start()) + 1
        where = f"src/{path}:{line}"
        if angled is not None:
            if angled in IMPURE and path.startswith("core/") and not test:
                findings.append(f"{where}: <{angled}> is not pure; core/ may not include it")
            continue
        if test and quoted.startswith("testing/"):
            continue
        if not test and is_test_file(quoted):
            findings.append(f'{where}: "{quoted}" is for tests')
        if "/" not in quoted:
            findings.append(f'{where}: "{quoted}" must be written from src/')
            continue
        target = module_of(quoted, modules)
        if target is None:
            findings.append(f'{where}: "{quoted}" is in no module')
        elif target.path not in allowed:
            findings.append(f'{where}: {module.path} may not use {target.path} ("{quoted}"); src/modules.cmake lists what it may')
    return findings


def load_exceptions(root: pathlib.Path) -> dict[str, str]:
    """tools/long_files.txt: 'path: reason' a line."""
    file = root / "tools" / "long_files.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    rows = (line.split(":", 1) for line in lines if line.strip() and not line.startswith("#"))
    return {row[0].strip(): row[1].strip() if len(row) > 1 else "" for row in rows}


def check_length(path: str, text: str, exceptions: dict[str, str]) -> list[str]:
    lines = text.count("\n")
    if lines <= MAX_LINES or exceptions.get(path):
        return []
    return [f"{path}: {lines} lines, above {MAX_LINES}; split it (generated data: a reason in tools/long_files.txt)"]


def project_files(root: pathlib.Path) -> list[str]:
    """Files of the project, whether committed or not, without what git ignores."""
    import subprocess

    listed = subprocess.run(["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"],
                            check=True, capture_output=True, text=True).stdout.splitlines()
    return [name for name in listed if (root / name).is_file()]


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    modules = load_modules(root)
    by_path = {module.path: module for module in modules}
    exceptions = load_exceptions(root)
    findings = check_declarations(root, modules)
    for name in project_files(root):
        suffix = pathlib.PurePath(name).suffix
        if suffix not in LINE_LIMITED:
            continue
        text = (root / name).read_text(encoding="utf-8", errors="replace")
        findings += check_length(name, text, exceptions)
        if name.startswith("src/") and suffix in SOURCES:
            findings += check_file(name.removeprefix("src/"), text, by_path)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
