import pathlib
import tempfile
import unittest

import check_docs


class Documents(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name in ["src/core/trie/node.hpp", "src/core/trie/README.md", "docs/guide.md", "contracts/src/Portal.sol", "dev"]:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text("x\n")

    def check(self, name: str, text: str) -> list[str]:
        return check_docs.check_document(name, text, self.root)

    def test_names_from_root_from_src_and_from_the_folder(self):
        text = "`src/core/trie/node.hpp` `core/trie/node.hpp` `node.hpp` `contracts/src/Portal.sol` `core/trie/` `core/trie/node`"
        self.assertEqual(self.check("src/core/trie/README.md", text), [])

    def test_a_gone_file_is_found_with_its_line(self):
        self.assertEqual(self.check("docs/guide.md", "a\n`core/trie/root.hpp`\n"), ["docs/guide.md:2: `core/trie/root.hpp` is not there"])
        self.assertEqual(len(self.check("src/core/trie/README.md", "`root.hpp` and `core/gone/x`")), 2)

    def test_patterns_need_their_folder(self):
        self.assertEqual(self.check("docs/guide.md", "`core/trie/*_test.cpp`"), [])
        self.assertEqual(len(self.check("docs/guide.md", "`core/tree/*_test.cpp`")), 1)

    def test_other_words_in_backticks_are_left_alone(self):
        text = "`viem/utils` `eth_call` `./dev test` `build/release/entresol` `--l1 URL` `chain.rlp` `a < b` `../shared/data` `.hpp`"
        self.assertEqual(self.check("docs/guide.md", text), [])

    def test_a_line_number_after_the_name(self):
        self.assertEqual(self.check("docs/guide.md", "`core/trie/node.hpp:12`"), [])


class Words(unittest.TestCase):
    def test_machine_paths(self):
        for path in ["/ro" + "ot/x", "in /wo" + "rk/y", "'/ho" + "me/someone/z'"]:
            self.assertEqual(len(check_docs.check_words("a.md", path)), 1, path)
        for path in ["https://example.org/ho" + "me/page", "${dir}/wo" + "rk/x", "build/ro" + "ot/x", "/tmp/x", "/ro" + "ots"]:
            self.assertEqual(check_docs.check_words("a.md", path), [], path)

    def test_undone(self):
        self.assertEqual(len(check_docs.check_words("a.cpp", "// TO" + "DO: later")), 1)
        self.assertEqual(check_docs.check_words("a.cpp", "// todos are a list"), [])


if __name__ == "__main__":
    unittest.main()
