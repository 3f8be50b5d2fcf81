"""Reads src/modules.cmake: the rooms of the house and what each may use."""

import pathlib
import re
from dataclasses import dataclass, field

KEYWORDS = ("USES", "TEST_USES", "LINKS", "TEST_LINKS", "HOST_SOURCES", "HOST_LINKS")


@dataclass
class Module:
    path: str  # relative to src/, for example core/trie
    uses: list[str] = field(default_factory=list)
    test_uses: list[str] = field(default_factory=list)


def parse_modules(text: str) -> list[Module]:
    """The entresol_module(…) and entresol_guest_program(…) declarations in their order."""
    text = re.sub(r"#.*", "", text)
    modules = []
    for call in re.findall(r"\bentresol_(?:module|guest_program)\s*\(([^)]*)\)", text):
        words = call.split()
        lists: dict[str, list[str]] = {keyword: [] for keyword in KEYWORDS}
        current = None
        for word in words[1:]:
            if word in KEYWORDS:
                current = word
            elif current is not None:
                lists[current].append(word)
        modules.append(Module(words[0], lists["USES"], lists["TEST_USES"]))
    return modules


def load_modules(root: pathlib.Path) -> list[Module]:
    return parse_modules((root / "src" / "modules.cmake").read_text(encoding="utf-8"))
