#!/usr/bin/env python3
"""The C++ encoder and the reader written from the specification: random channels, with a window and without, must read the same.

Usage: compare.py PROGRAM [SEED [CHANNELS]]. PROGRAM is entresol_columns_channels."""

import pathlib
import subprocess
import sys
import tempfile

READER = pathlib.Path(__file__).with_name("reader.py")
SPECIFICATION = READER.parents[2] / "docs" / "spec" / "batch-format.md"


def specification_example() -> bytes:
    """The channel in the last code block of the specification, without its remarks."""
    lines = SPECIFICATION.read_text().split("```")[-2].splitlines()
    return bytes.fromhex("".join(line.split("    ")[0].replace(" ", "") for line in lines))


def read(files: list[str]) -> str:
    return subprocess.run([sys.executable, str(READER), "901", *files], check=True, capture_output=True, text=True).stdout


def main() -> int:
    program, seed, count = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "1", sys.argv[3] if len(sys.argv) > 3 else "9"
    with tempfile.TemporaryDirectory() as folder:
        example = pathlib.Path(folder) / "example"
        example.write_bytes(specification_example())
        if read([str(example)]).count("\n") != 3:
            print("the specification's example does not read as one block of two transactions")
            return 1
        example.unlink()
        wanted = subprocess.run([program, seed, count, folder], check=True, capture_output=True, text=True).stdout
        got = read(sorted(str(file) for file in pathlib.Path(folder).iterdir()))
    for number, (ours, theirs) in enumerate(zip(wanted.splitlines(), got.splitlines())):
        if ours != theirs:
            print(f"line {number} differs\nencoder: {ours}\nreader:  {theirs}")
            return 1
    if wanted != got:
        print(f"{len(wanted)} bytes went in, {len(got)} came out")
        return 1
    print(f"{count} channels, {wanted.count(chr(10))} lines equal")
    return 0


if __name__ == "__main__":
    sys.exit(main())
