import pathlib
import subprocess
import tempfile
import unittest

import check_includes
from modules import Module, parse_modules

MODULES = {
    module.path: module
    for module in [
        Module("core/base"),
        Module("core/trie", ["core/base"]),
        Module("core/stf", ["core/trie"], ["core/base"]),
        Module("node/rpc", ["core/base"]),
        Module("node/rpc/http", ["node/rpc"]),
    ]
}


def findings(path: str, text: str) -> list[str]:
    return check_includes.check_file(path, text, MODULES)


class ParseModules(unittest.TestCase):
    def test_reads_every_list_and_drops_comments(self):
        text = "# entresol_module(no)\nentresol_module(a/b USES c/d\n  e/f LINKS g TEST_USES h/i TEST_LINKS j) # k\n"
        self.assertEqual(parse_modules(text), [Module("a/b", ["c/d", "e/f"], ["h/i"])])


class CheckFile(unittest.TestCase):
    def test_own_folder_and_declared_use_pass(self):
        self.assertEqual(findings("core/trie/node.cpp", '#include "core/trie/node.hpp"\n#include "core/base/hex.hpp"\n'), [])

    def test_use_is_not_transitive(self):
        self.assertIn("may not use core/base", findings("core/stf/apply.cpp", '#include "core/base/hex.hpp"')[0])

    def test_tests_may_use_more(self):
        text = '#include "core/base/hex.hpp"\n#include "testing/shared_data.hpp"\n#include <fstream>\n'
        self.assertEqual(findings("core/stf/apply_test.cpp", text), [])
        self.assertEqual(findings("core/stf/apply_fuzz.cpp", text), [])
        self.assertEqual(len(findings("core/stf/apply.cpp", text)), 3)

    def test_what_tests_share_is_for_tests(self):
        text = '#include "core/trie/nodes_testing.hpp"'
        self.assertEqual(findings("core/trie/node_test.cpp", text), [])
        self.assertEqual(findings("core/trie/nodes_testing.hpp", "#include <random>"), [])
        self.assertIn("is for tests", findings("core/trie/node.cpp", text)[0])

    def test_the_reverse_direction_is_refused(self):
        self.assertIn("core/trie may not use core/stf", findings("core/trie/node.hpp", ' # include "core/stf/apply.hpp"')[0])

    def test_impure_header_is_refused_in_core_alone(self):
        self.assertEqual(findings("core/base/hex.cpp", "int x;\n#include <thread>\n"),
                         ["src/core/base/hex.cpp:2: <thread> is not pure; core/ may not include it"])
        self.assertEqual(findings("node/rpc/serve.cpp", "#include <thread>"), [])

    def test_the_deepest_folder_is_the_module(self):
        self.assertEqual(findings("node/rpc/http/parse.cpp", '#include "node/rpc/serve.hpp"'), [])
        self.assertEqual(len(findings("node/rpc/serve.cpp", '#include "node/rpc/http/parse.hpp"')), 1)

    def test_include_must_be_written_from_src(self):
        self.assertIn("from src/", findings("core/base/hex.cpp", '#include "hex.hpp"')[0])

    def test_unknown_places_are_refused(self):
        self.assertIn("in no module", findings("core/base/hex.cpp", '#include "core/none/x.hpp"')[0])
        self.assertIn("in no module", findings("loose/x.cpp", "")[0])


class Declarations(unittest.TestCase):
    def check(self, *modules: Module) -> str:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for module in modules:
                (root / "src" / module.path).mkdir(parents=True)
            (root / "src" / modules[0].path / "README.md").write_text("idea")
            return "\n".join(check_includes.check_declarations(root, list(modules)))

    def test_a_module_with_readme_passes(self):
        self.assertEqual(self.check(Module("core/base")), "")

    def test_readme_is_demanded(self):
        self.assertIn("src/core/trie: README.md is missing", self.check(Module("core/base"), Module("core/trie")))

    def test_cycle_is_named(self):
        self.assertIn("cycle node/a → node/b → node/a",
                      self.check(Module("node/a", ["node/b"]), Module("node/b", ["node/a"])))

    def test_undeclared_use_empty_name_and_core_upward(self):
        self.assertIn("uses node/x, which is not declared", self.check(Module("node/a", ["node/x"])))
        self.assertIn("'common' says nothing", self.check(Module("node/common")))
        self.assertIn("core/a is core and may not use node/b", self.check(Module("core/a", ["node/b"]), Module("node/b")))


class Lengths(unittest.TestCase):
    def test_the_limit_is_inclusive_and_an_exception_needs_a_reason(self):
        self.assertEqual(check_includes.check_length("a.cpp", "\n" * 500, {}), [])
        self.assertEqual(len(check_includes.check_length("a.cpp", "\n" * 501, {})), 1)
        self.assertEqual(check_includes.check_length("a.cpp", "\n" * 501, {"a.cpp": "generated"}), [])
        self.assertEqual(len(check_includes.check_length("a.cpp", "\n" * 501, {"a.cpp": ""})), 1)


class WholeTool(unittest.TestCase):
    def test_a_bad_checkout_exits_with_1(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "src/core/base").mkdir(parents=True)
            (root / "src/modules.cmake").write_text("entresol_module(core/base)\n")
            (root / "src/core/base/README.md").write_text("idea\n")
            (root / "src/core/base/a.cpp").write_text("#include <mutex>\n")
            subprocess.run(["git", "init", "-q", folder], check=True)
            tool = pathlib.Path(check_includes.__file__)
            bad = subprocess.run(["python3", tool, folder], capture_output=True, text=True)
            self.assertEqual((bad.returncode, bad.stdout.count("\n")), (1, 1))
            (root / "src/core/base/a.cpp").write_text("#include <vector>\n")
            self.assertEqual(subprocess.run(["python3", tool, folder]).returncode, 0)


if __name__ == "__main__":
    unittest.main()
