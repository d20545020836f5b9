"""Glossaries of the service: chosen, added to, checked, saved."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from batchtx.engines.spec import EngineSpec
from batchtx.errors import GlossaryError
from batchtx.pipeline.options import TranslateOptions
from batchtx.pipeline.setup import make_ready
from batchtx.service.fields import Fields
from batchtx.service.glossaries import GlossaryChoice, GlossaryShelf, read_choice
from batchtx.service.refusal import Refusal
from batchtx.service.settings import ServiceSettings


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("source,target\n甲方,Party A\n", encoding="utf-8")
    second.write_text("source,target\n甲方,Buyer\n乙方,Seller\n", encoding="utf-8")
    return first, second


def shelf_of(files: tuple[Path, ...], **settings: Any) -> GlossaryShelf:
    options = TranslateOptions((), engine=EngineSpec("echo", ""), glossaries=files)
    whole = ServiceSettings(options, files[0].parent, **settings)
    return GlossaryShelf(whole, make_ready(options))


def targets(shelf: GlossaryShelf, choice: GlossaryChoice) -> dict[str, str]:
    return {entry.source: entry.targets[0] for entry in shelf.find(choice).glossary.entries}


def test_all_count_where_none_is_chosen_and_the_first_wins(files: tuple[Path, Path]) -> None:
    assert targets(shelf_of(files), GlossaryChoice()) == {"甲方": "Party A", "乙方": "Seller"}


def test_those_chosen_count_in_their_order(files: tuple[Path, Path]) -> None:
    shelf = shelf_of(files)
    assert targets(shelf, GlossaryChoice(("second", "first"))) == {"甲方": "Buyer", "乙方": "Seller"}
    assert targets(shelf, GlossaryChoice(())) == {}
    assert shelf.find(GlossaryChoice(())).matcher is None


def test_terms_of_the_request_win(files: tuple[Path, Path]) -> None:
    choice = GlossaryChoice(None, "甲方,Client".encode())
    assert targets(shelf_of(files), choice) == {"甲方": "Client", "乙方": "Seller"}


def test_a_file_that_changed_is_read_again(files: tuple[Path, Path]) -> None:
    shelf = shelf_of(files)
    before = shelf.find(GlossaryChoice())
    assert shelf.find(GlossaryChoice()) is before
    files[0].write_text("source,target\n甲方,Purchaser\n", encoding="utf-8")
    os.utime(files[0], ns=(1, 1))
    assert targets(shelf, GlossaryChoice())["甲方"] == "Purchaser"


@pytest.mark.parametrize("name", ["third", "../first", "first.csv", "/etc/passwd", ""])
def test_no_other_file_can_be_named(files: tuple[Path, Path], name: str) -> None:
    shelf = shelf_of(files, edit_glossaries=True)
    for ask in (lambda: shelf.rows(name), lambda: shelf.find(GlossaryChoice((name,)))):
        with pytest.raises(Refusal) as refusal:
            ask()
        assert refusal.value.status == 404
    with pytest.raises(Refusal):
        shelf.save(name, b"a,b")


def test_a_pattern_of_a_client_is_refused(files: tuple[Path, Path]) -> None:
    pasted = b"source,target,regex\n(a+)+$,x,yes\n"
    with pytest.raises(Refusal, match="regular expressions"):
        shelf_of(files).find(GlossaryChoice(None, pasted))


def test_terms_that_cannot_be_read_are_told(files: tuple[Path, Path]) -> None:
    with pytest.raises(GlossaryError, match="terms"):
        shelf_of(files).find(GlossaryChoice(None, "source,target\n甲方,\n".encode()))


def test_too_many_terms_are_refused(files: tuple[Path, Path]) -> None:
    pasted = "\n".join(f"术语{n},term {n}" for n in range(5_001)).encode()
    with pytest.raises(Refusal, match="more than 5000"):
        shelf_of(files).find(GlossaryChoice(None, pasted))


def test_saving_replaces_the_rows(files: tuple[Path, Path]) -> None:
    shelf = shelf_of(files, edit_glossaries=True)
    assert shelf.save("first", "source,target,dnt\n丙方,Party C,\nAPI,,yes\n".encode()) == []
    assert [row["source"] for row in shelf.rows("first")] == ["丙方", "API"]
    assert "丙方,Party C" in files[0].read_text(encoding="utf-8")


def test_nothing_is_saved_where_it_is_not_allowed(files: tuple[Path, Path]) -> None:
    before = files[0].read_bytes()
    with pytest.raises(Refusal) as refusal:
        shelf_of(files).save("first", "丙方,Party C".encode())
    assert refusal.value.status == 403
    assert files[0].read_bytes() == before


def test_nothing_is_saved_with_an_error_in_it(files: tuple[Path, Path]) -> None:
    before = files[0].read_bytes()
    findings = shelf_of(files, edit_glossaries=True).save("first", "甲方,A\n甲方,B\n".encode())
    assert [(one.kind, one.severity) for one in findings] == [("conflict", "error")]
    assert files[0].read_bytes() == before


def test_two_files_of_one_name_are_told_apart(tmp_path: Path, files: tuple[Path, Path]) -> None:
    (tmp_path / "more").mkdir()
    other = tmp_path / "more" / "first.csv"
    other.write_text("丁方,Party D\n", encoding="utf-8")
    shelf = shelf_of((files[0], other))
    assert shelf.names == ("first", "first-2")
    assert targets(shelf, GlossaryChoice(("first-2",))) == {"丁方": "Party D"}


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({}, None),
        ({"glossary": ("a",)}, ("a",)),
        ({"glossary": ("a, b", "a")}, ("a", "b")),
        ({"glossary": ("",)}, ()),
    ],
)
def test_reads_the_names_of_a_choice(values: dict[str, Any], names: Any) -> None:
    assert read_choice(Fields(values)).names == names


def test_terms_come_as_text_and_as_objects(files: tuple[Path, Path]) -> None:
    objects = ({"source": "甲方", "target": "Client, the", "required": True}, {"source": "API", "dnt": True})
    shelf = shelf_of(files)
    found = shelf.find(read_choice(Fields({"terms": objects, "glossary": ("",)}))).glossary.entries
    assert [(one.source, one.targets, one.dnt) for one in found] == [
        ("甲方", ("Client, the",), False),
        ("API", ("API",), True),
    ]
    assert targets(shelf, read_choice(Fields({"terms": ("甲方,Client",)})))["甲方"] == "Client"


@pytest.mark.parametrize("terms", [(1,), ({"source": ["a"]},), ("a", {"source": "b"})])
def test_refuses_terms_that_are_neither(terms: Any) -> None:
    with pytest.raises(Refusal):
        read_choice(Fields({"terms": terms}))
