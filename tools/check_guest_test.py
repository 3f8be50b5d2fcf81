import unittest

from check_guest import find_foreign_instructions, find_foreign_symbols, find_wrong_headers, read_symbols

HEADER = """
File: lib.a(x.cpp.obj)
ELF Header:
  Machine:                           RISC-V
  Flags:                             {flags}
Attribute Section: riscv
  Tag_RISCV_arch: "{arch}"
"""


class Instructions(unittest.TestCase):
    def test_rv64im_passes(self):
        self.assertEqual(find_foreign_instructions("   0:\t00050713\taddi\ta4,a0,0\n   4:\t02b50533\tmul\ta0,a0,a1\n"), {})

    def test_others_are_counted(self):
        text = "   0:\t853e\tmv\ta0,a5\n   2:\t100525af\tlr.w\ta1,(a0)\n   6:\t02a7f7d3\tfadd.d\tfa5,fa5,fa0\n   a:\t02a7f7d3\tfadd.d\tfa5,fa5,fa0\n"
        self.assertEqual(find_foreign_instructions(text), {"compressed mv": 1, "lr.w": 1, "fadd.d": 2})

    def test_symbols_and_data_are_not_instructions(self):
        self.assertEqual(find_foreign_instructions("0000000000000000 <f>:\n   0:\t00000013 \t.word\t0x13\n"), {})


class Headers(unittest.TestCase):
    def test_lp64_rv64im_passes(self):
        self.assertEqual(find_wrong_headers(HEADER.format(flags="0x0", arch="rv64i2p1_m2p0_zmmul1p0")), [])

    def test_double_float_abi_compressed_and_extensions_are_refused(self):
        self.assertEqual(len(find_wrong_headers(HEADER.format(flags="0x5, RVC, double-float ABI", arch="rv64i2p1_m2p0"))), 1)
        for arch in ["rv64i2p1_m2p0_a2p1", "rv64i2p1_m2p0_f2p2_zicsr2p0"]:
            self.assertEqual(len(find_wrong_headers(HEADER.format(flags="0x0", arch=arch))), 1, arch)

    def test_another_machine_is_refused(self):
        self.assertIn("not a RISC-V object", find_wrong_headers("\nFile: lib.a(y.o)\nELF Header:\n  Machine:  X86-64\n  Flags: 0x0\n")[0])


class Symbols(unittest.TestCase):
    def check(self, *rows: str) -> list[str]:
        return find_foreign_symbols(read_symbols("\nx.cpp.obj:\n" + "\n".join(rows) + "\n"), {"blst_p1_add"})

    def test_memory_containers_and_other_modules_pass(self):
        rows = ["                 U memcpy", "                 U blst_p1_add","                 U operator new(unsigned long)", "                 U std::__throw_length_error(char const*)",
                "                 U entresol::codec::append(int)", "0000000000000000 T entresol::f()", "0000000000000000 r TABLE"]
        self.assertEqual(self.check(*rows), [])

    def test_the_impure_is_named(self):
        for name in ["clock_gettime", "fopen", "pthread_mutex_lock", "__cxa_throw", "__adddf3", "std::ios_base::Init::Init()", "fprintf"]:
            self.assertEqual(self.check("                 U " + name), [f"x.cpp.obj: needs {name}"])

    def test_a_variable_is_refused(self):
        for kind in "bBdD":
            self.assertIn("counter outlives a call", self.check(f"0000000000000000 {kind} counter")[0])

    def test_exceptions_belong_to_one_file(self):
        self.assertEqual(find_foreign_symbols([("check.cpp.obj", "U", "fprintf")], set()), [])


if __name__ == "__main__":
    unittest.main()
