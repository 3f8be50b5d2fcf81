#!/usr/bin/env python3
"""Checks that what core/ compiles to can run on the proof machine: RV64IM, the lp64 soft-float ABI, no instruction of another
extension (compressed, atomic, floating point, CSR, fence.i), no variable that outlives a call, and no call to anything but
memory, the containers' own helpers and integer arithmetic: what the guest's runtime has to supply.

Usage: check_guest.py BUILD_FOLDER. Reads every static library and program in it; prints one line a finding; exits 1 when there is any."""

import pathlib
import re
import subprocess
import sys

PREFIX = "riscv64-linux-gnu-"
# The RV64I and RV64M base instructions and the assembler's pseudo-instructions for them, as objdump prints them.
ALLOWED = set("""
lui auipc jal jalr beq bne blt bge bltu bgeu lb lh lw ld lbu lhu lwu sb sh sw sd
addi slti sltiu xori ori andi slli srli srai add sub sll slt sltu xor srl sra or and
addiw slliw srliw sraiw addw subw sllw srlw sraw fence ecall ebreak
mul mulh mulhsu mulhu div divu rem remu mulw divw divuw remw remuw
nop li la mv not neg negw sext.w sext.b sext.h zext.b zext.h zext.w seqz snez sltz sgtz beqz bnez blez bgez bltz bgtz
bgt ble bgtu bleu j jr ret call tail unimp
""".split())
# What objects may leave to the runtime, demangled. Clocks, files, threads, exceptions, floating point and locale are not among it.
EXTERNAL = re.compile(
    r"(entresol::|secp256k1_).*"  # another module; the guest's entry point for signatures
    r"|mem(cpy|move|set|cmp|chr)|str(len|cmp|ncmp|chr)|abort|malloc|calloc|realloc|free"
    r"|operator (new|delete)(\[\])?\(.*\)"
    r"|std::__throw_\w+\(.*\)|std::_Rb_tree_\w+\(.*\)|std::_Hash_bytes\(.*\)|std::_Sp_make_shared_tag::_S_eq\(.*\)|std::__detail::\w+::\w+\(.*\)( const)?"
    r"|std::(__cxx11::)?basic_string<char.*|std::bad_\w+.*|std::nothrow|std::terminate\(\)"
    r"|__gnu_cxx::__(atomic_add|exchange_and_add)\(.*\)|__libc_single_threaded"  # shared_ptr's counters
    r"|__(bswap[ds]i2|c[lt]z[ds]i2|popcount[ds]i2|ffs[ds]i2|u?divti3|u?modti3|multi3|ashlti3|ashrti3|lshrti3)"
    r"|__cxa_pure_virtual|__cxa_atexit|__dso_handle|_GLOBAL_OFFSET_TABLE_"
)
# An archive member, and what it alone may need: CHECK prints where it failed; c-kzg can read its setup from a stream.
EXTRA_EXTERNAL = {"check.cpp.obj": {"fprintf", "stderr", "fwrite"}, "ckzg.c.obj": {"__isoc99_fscanf", "printf", "putchar", "puts"}}
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\s+([0-9a-f]+)\s+(\S+)", re.MULTILINE)


def find_foreign_instructions(disassembly: str) -> dict[str, int]:
    """Mnemonic → how often, of what the machine cannot run. Two-byte encodings count as compressed, whatever their name."""
    found: dict[str, int] = {}
    for encoding, mnemonic in INSTRUCTION.findall(disassembly):
        if mnemonic.startswith("."):
            continue
        name = f"compressed {mnemonic}" if len(encoding) == 4 else mnemonic
        if name not in ALLOWED:
            found[name] = found.get(name, 0) + 1
    return found


def find_wrong_headers(headers: str) -> list[str]:
    """readelf -hA of an archive: objects that are not lp64 soft float, or were built for more than rv64i with m."""
    findings = []
    for name, body in re.findall(r"^File: (\S+)\n(.*?)(?=^File: |\Z)", headers, re.MULTILINE | re.DOTALL):
        flags = re.search(r"Flags:\s+(\S+?)(?:,\s*(.*))?$", body, re.MULTILINE)
        if "Machine:" not in body or "RISC-V" not in body:
            findings.append(f"{name}: not a RISC-V object")
        elif flags is None or int(flags.group(1), 16) != 0:
            findings.append(f"{name}: ELF flags {flags.group(0) if flags else 'missing'}, not lp64 soft float without compressed code")
        arch = re.search(r'Tag_RISCV_arch:\s+"([^"]+)"', body)
        if arch and set(re.findall(r"([a-z]+)\d+p\d+", arch.group(1).removeprefix("rv64"))) - {"i", "m", "zmmul"}:
            findings.append(f"{name}: built for {arch.group(1)}")
    return findings


def read_symbols(listing: str) -> list[tuple[str, str, str]]:
    """nm -C of an archive: (member, kind, name)."""
    rows = []
    member = ""
    for line in listing.splitlines():
        if line.endswith(":") and not line.startswith(" "):
            member = line[:-1]
        elif match := re.match(r"[0-9a-f ]{16} (\w) (.*)", line):
            rows.append((member, match.group(1), match.group(2)))
    return rows


def find_foreign_symbols(rows: list[tuple[str, str, str]], defined: set[str]) -> list[str]:
    """Needed functions that neither these libraries nor the runtime supply, and variables that can change."""
    findings = []
    for member, kind, name in rows:
        if kind in "Uw" and name not in defined and not EXTERNAL.fullmatch(name) and name not in EXTRA_EXTERNAL.get(member, ()):
            findings.append(f"{member}: needs {name}")
        if kind in "bBdDcC" and member.endswith(".cpp.obj"):
            findings.append(f"{member}: {name} outlives a call; core/ has no global or static variable")
    return findings


def run(tool: str, *arguments: str) -> str:
    return subprocess.run([PREFIX + tool, *arguments], check=True, capture_output=True, text=True).stdout


def main() -> int:
    archives = sorted(pathlib.Path(sys.argv[1]).rglob("*.a"))
    findings = [] if archives else [f"{sys.argv[1]}: no static library to check"]
    instructions = 0
    symbols = {archive: read_symbols(run("nm", "-C", str(archive))) for archive in archives}
    defined = {name for rows in symbols.values() for _, kind, name in rows if kind not in "Uw"}
    for archive in archives:
        findings += [f"{archive.name}: {finding}" for finding in find_wrong_headers(run("readelf", "-hA", str(archive)))]
        findings += [f"{archive.name}: {finding}" for finding in find_foreign_symbols(symbols[archive], defined)]
        disassembly = run("objdump", "-d", "-M", "no-aliases", str(archive))
        instructions += len(INSTRUCTION.findall(disassembly))
        findings += [f"{archive.name}: {count} × {name}" for name, count in sorted(find_foreign_instructions(disassembly).items())]
    programs = sorted(pathlib.Path(sys.argv[1]).rglob("*.elf"))
    for program in programs:
        disassembly = run("objdump", "-d", "-M", "no-aliases", str(program))
        findings += [f"{program.name}: {count} × {name}" for name, count in sorted(find_foreign_instructions(disassembly).items())]
        if "Flags:                             0x0\n" not in run("readelf", "-h", str(program)):
            findings.append(f"{program.name}: not lp64 soft float without compressed code")
    for finding in findings:
        print(finding)
    print(f"{len(archives)} libraries and {len(programs)} program, {instructions} instructions")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
