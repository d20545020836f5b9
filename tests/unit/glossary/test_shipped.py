"""Glossaries that come with batchtx are found by name; a file of that name goes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.glossary.shipped import find_glossary, shipped_glossaries
from batchtx.library import _glossaries


def test_there_are_those_of_the_readme() -> None:
    assert set(shipped_glossaries()) == {"general", "legal", "finance", "software"}


def test_a_name_is_found_and_a_file_of_the_same_name_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_glossary(Path("legal")) == shipped_glossaries()["legal"]
    assert _glossaries("legal") == (shipped_glossaries()["legal"],)
    (tmp_path / "legal").write_text("source,target\n", encoding="utf-8")
    assert find_glossary(Path("legal")) == Path("legal")


@pytest.mark.parametrize("path", ["legal.csv", "terms/legal", "./x/legal", "nonsense", "/legal"])
def test_anything_else_is_a_path(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_glossary(Path(path)) == Path(path)
