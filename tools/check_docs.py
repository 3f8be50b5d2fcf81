#!/usr/bin/env python3
"""Keeps documents true: every file or folder that README.md, docs/ or a module's README.md names in backticks exists, and no
file of the project carries a path of one person's machine or a note of work left undone.

Usage: check_docs.py [ROOT]. Prints one line a finding; exits 1 when there is any."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from check_includes import project_files  # noqa: E402

NAMED = re.compile(r"`([A-Za-z0-9_.@{}*,-]+(?:/[A-Za-z0-9_.@{}*,-]+)*/?)(?::\d+)?`")
SOURCE_SUFFIXES = {".hpp", ".cpp", ".h", ".c", ".sol", ".py", ".mjs", ".ts", ".tsx", ".cmake", ".md"}
IMPLIED_SUFFIXES = ("", ".hpp", ".cpp", ".sol", ".ts", ".tsx")
NOT_IN_A_CLONE = ("build/", "../", "node_modules/")
# Written in pieces, so that this file passes its own check.
MACHINE_PATH = re.compile(r"(?<![A-Za-z0-9_.~$}])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me/[a-z][a-z0-9_-]*", "fa" + "rm"]) + r")(?:/|\b)")
UNDONE = re.compile(r"\b(?:" + "TO" + "DO|FIX" + r"ME)\b")
TEXT_SUFFIXES = SOURCE_SUFFIXES | {".txt", ".sh", ".json", ".css", ".html", ".js", ".toml", ""}
GENERATED = {"package-lock.json", "LICENSE"}


def is_document(name: str) -> bool:
    return name == "README.md" or name.endswith("/README.md") or (name.startswith("docs/") and name.endswith(".md"))


def exists(token: str, document: pathlib.Path, root: pathlib.Path) -> bool:
    if any(mark in token for mark in "*{"):  # a pattern: its folder must exist
        token = token.split("*")[0].split("{")[0].rpartition("/")[0]
    bases = (root, root / "src", document.parent)
    return any((base / (token.rstrip("/") + suffix)).exists() for base in bases for suffix in IMPLIED_SUFFIXES)


def names_a_file(token: str, document: pathlib.Path, root: pathlib.Path) -> bool:
    """Whether a word in backticks claims that something is in this project."""
    if token.startswith(NOT_IN_A_CLONE) or token.startswith((".", "@", "-")):
        return False
    first, slash, _ = token.partition("/")
    if not slash:
        return pathlib.PurePath(token).suffix in SOURCE_SUFFIXES and "*" not in token and first not in SOURCE_SUFFIXES
    known = [root / first, root / "src" / first, document.parent / first]
    return any(folder.is_dir() for folder in known) or pathlib.PurePath(token).suffix in {".hpp", ".cpp", ".sol"}


def check_document(name: str, text: str, root: pathlib.Path) -> list[str]:
    document = root / name
    findings = []
    for number, line in enumerate(text.splitlines(), start=1):
        for token in NAMED.findall(line):
            if names_a_file(token, document, root) and not exists(token, document, root):
                findings.append(f"{name}:{number}: `{token}` is not there")
    return findings


def check_words(name: str, text: str) -> list[str]:
    findings = []
    for number, line in enumerate(text.splitlines(), start=1):
        if MACHINE_PATH.search(line):
            findings.append(f"{name}:{number}: a path of one machine")
        if UNDONE.search(line):
            findings.append(f"{name}:{number}: a note of work left undone; do it, or say in the README what is left out")
    return findings


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    findings = []
    for name in project_files(root):
        path = pathlib.PurePath(name)
        if path.suffix not in TEXT_SUFFIXES or path.name in GENERATED:
            continue
        text = (root / name).read_text(encoding="utf-8", errors="replace")
        findings += check_words(name, text)
        if is_document(name):
            findings += check_document(name, text, root)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
