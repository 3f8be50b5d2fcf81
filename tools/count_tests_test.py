import pathlib
import tempfile
import unittest

from count_tests import count_ctest, count_runner

GTEST = """<testsuites><testsuite>
<testcase name="A" status="run" result="completed" classname="Suite"/>
<testcase name="B" status="run" result="completed" classname="Suite"><failure message="x"/></testcase>
<testcase name="C" status="run" result="skipped" classname="Suite"><skipped message="x"/></testcase>
<testcase name="D" status="notrun" result="suppressed" classname="Suite"/>
</testsuite></testsuites>"""
PASSING = '<testsuites><testsuite><testcase name="A" status="run" result="completed" classname="S"/></testsuite></testsuites>'
JUNIT = """<testsuite><testcase name="core_base" status="fail"/><testcase name="core_trie" status="fail"/>
<testcase name="core_evm" status="fail"/><testcase name="core_rlp_fuzz" status="run"/><testcase name="gone" status="notrun"/></testsuite>"""


class Ctest(unittest.TestCase):
    def test_cases_are_counted_and_a_crash_is_a_failure(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "junit.xml").write_text(JUNIT)
            (root / "core_base_test.xml").write_text(GTEST)
            (root / "core_trie_test.xml").write_text(PASSING)  # every reported case passed, yet the binary failed
            counts, names = count_ctest(root / "junit.xml", root, 8)
        self.assertEqual(counts, (3, 3, 3))  # core_evm wrote no report
        self.assertIn("F Suite.B", names)
        self.assertIn("F core_trie (ended abnormally)", names)
        self.assertIn("F core_evm", names)
        self.assertIn("S Suite.C", names)

    def test_a_failing_ctest_without_a_failing_test_is_a_failure(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "junit.xml").write_text('<testsuite><testcase name="gone" status="notrun"/></testsuite>')
            self.assertEqual(count_ctest(root / "junit.xml", root, 8)[0], (0, 1, 1))
            self.assertEqual(count_ctest(root / "junit.xml", root, 0)[0], (0, 0, 1))


class Runners(unittest.TestCase):
    def test_dialects(self):
        for log, expected in [
            ("ℹ tests 6\nℹ pass 4\nℹ fail 0\nℹ skipped 2\nℹ todo 0\n", (4, 0, 2)),
            ("# pass 4\n# fail 1\n# skipped 0\n", (4, 1, 0)),
            (" Test Files  1 passed (1)\n      Tests  1 failed | 9 passed | 2 skipped (12)\n", (9, 1, 2)),
            ("  \x1b[32m5 passing\x1b[0m (2s)\n  1 pending\n", (5, 0, 1)),
            ("Ran 2 test suites in 1s: 9 tests passed, 1 failed, 3 skipped (13 total tests)\n", (9, 1, 3)),
            ("noise\n7 passed, 0 failed, 2 skipped\n", (7, 0, 2)),
            ("Ran 12 tests in 0.1s\n\nOK (skipped=2)\n", (10, 0, 2)),
            ("Ran 12 tests in 0.1s\n\nFAILED (failures=1, errors=2)\n", (9, 3, 0)),
            ("all went well\n", (1, 0, 0)),
        ]:
            status = 1 if expected[1] else 0
            self.assertEqual(count_runner(log, status), expected, log)

    def test_a_failing_exit_is_a_failure(self):
        self.assertEqual(count_runner("# pass 4\n# fail 0\n", 1), (4, 1, 0))
        self.assertEqual(count_runner("", 1), (0, 1, 0))
        self.assertEqual(count_runner("Ran 3 tests in 0s\n", 1), (2, 1, 0))


if __name__ == "__main__":
    unittest.main()
