"""No module outside its room knows a format, an engine, an executor or a language by its name.

What others want to know of one, its record says (formats/format.py, engines/kind.py, language/pair.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from batchtx.engines import ENGINES
from batchtx.executors import EXECUTORS
from batchtx.formats import FORMATS, built_in_formats
from batchtx.language import ALIASES
from batchtx.language.pair import PAIRS
from tests.helpers.command import ROOT

PACKAGE = ROOT / "batchtx"
NAMES = {
    *FORMATS,
    *(extension for one in built_in_formats() for extension in one.extensions),
    *ENGINES,
    *EXECUTORS,
    *ALIASES,
    *PAIRS,
}
ROOMS = {"formats", "engines", "executors", "language", "distill", "bench"}
"""distill and bench train and measure named engines and languages; that is their subject."""

SOMETHING_ELSE = {
    "cli/info.py": {"ctranslate2", "torch"},  # libraries whose versions are shown
    "cli/verify.py": {"txt"},  # an option
    "glossary/table.py": {"zh", "en"},  # headers of columns
    "messages.py": {"en"},  # the language of a page for people
    "memory/exchange.py": {".jsonl"},  # a format of exchange
    "memory/tmx.py": {"en"},  # the language of a TMX file's own remarks
    "report/save.py": {".html", ".htm"},  # a report as a page
    "glossary/convert.py": {".xlsx"},  # a format of glossaries
    "review/formats.py": {
        ".docx",
        ".xlf",
        ".xliff",
        ".xlsx",
        "docx",
    },  # formats of sheets, and the module of python-docx
    "review/xliff.py": {"xliff"},  # an element
    "service/markup.py": {"html"},  # the name that clients have for texts with markup
    "student/bundle.py": {"ctranslate2"},  # a key of a bundle's manifest
}
"""Words that only look like one of the names."""
LAYERS_OF_TWO_NETWORKS = {"Attention", "EncoderLayer", "DecoderLayer"}
"""The student's and the teacher's, under the names that everybody gives them."""


def test_nobody_asks_for_a_name() -> None:
    found = {name: set(_names(path)) for path in PACKAGE.rglob("*.py") if (name := _outside(path))}
    assert {name: words for name, words in found.items() if words} == SOMETHING_ELSE


def _outside(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return "" if relative.parts[0] in ROOMS else relative.as_posix()


def _names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in NAMES:
            yield node.value


def test_one_name_stands_for_one_class() -> None:
    homes: dict[str, list[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(PACKAGE)))
    assert {name for name, paths in homes.items() if len(paths) > 1} == LAYERS_OF_TWO_NETWORKS
