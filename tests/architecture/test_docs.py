"""The pages that explain the code name what is there."""

from __future__ import annotations

import re
import sys

import pytest

from batchtx.checks import CHECKS
from batchtx.language.pair import PAIRS, find_pair
from batchtx.postprocess import STEPS
from tests.helpers.command import ROOT

sys.path.insert(0, str(ROOT / "docs"))

import tree

ARCHITECTURE = ROOT / "docs" / "architecture.md"
PAGES = (ARCHITECTURE, ROOT / "CONTRIBUTING.md")


def test_the_list_of_modules_is_complete() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    assert tree.page(text) == text, "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: object) -> None:
    text = page.read_text(encoding="utf-8").partition(tree.START)[0]  # type: ignore[attr-defined]
    named = re.findall(r"`((?:batchtx|tests|docs|[a-z]+)/[\w./-]+)`", text)
    example = {"language/ja_en.py", "quality/ja-en.json"}
    missing = [
        name
        for name in named
        if name not in example and not any((base / name).exists() for base in (ROOT, ROOT / "batchtx"))
    ]
    assert named and missing == []


def test_every_reference_to_a_section_finds_it() -> None:
    headings = set(re.findall(r"^## (.+)$", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE))
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "batchtx").rglob("*.py"))
    asked = set(re.findall(r'docs/architecture\.md, "([^"]+)"', code))
    assert asked and not {name for name in asked if not any(one.startswith(name) for one in headings)}


def test_every_check_is_described() -> None:
    page = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    assert [name for name in CHECKS if f"`{name}`" not in page] == []


def test_every_step_and_check_of_a_pair_is_in_its_table() -> None:
    pairs = [find_pair(*name.split("-")) for name in PAIRS] + [find_pair("en", "zh"), find_pair("ja", "de")]
    for pair in pairs:
        assert set(pair.steps) <= set(STEPS)
        assert set(pair.checks) <= set(CHECKS)
