"""Glossaries go from one format to another and come back the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchtx.errors import GlossaryError
from batchtx.glossary.convert import convert, write
from batchtx.glossary.table import Entry, read_file

SHIPPED = sorted((Path(__file__).parents[3] / "glossaries").glob("*.csv"))
ENTRIES = [
    Entry(
        "合同", ("contract", "agreement"), forbidden=("pact", "deal"), pos="noun", domain="legal", note="a b"
    ),
    Entry("微信", ("微信",), case="keep", dnt=True),
    Entry(r"第(\d+)条", (r"Article \1",), case="keep", regex=True, priority=-2),
    Entry("用户, 客户", ('"user", customer; client',), case="ignore", required=False),
    Entry("上海", ("Shanghai",), required=True, boundary=True),
    Entry("A & B <公司>", ("=1+1",), priority=7),
]


@pytest.mark.parametrize("extension", ["csv", "tsv", "tbx", "xlsx"])
def test_what_is_written_reads_the_same(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"g.{extension}"
    write(path, ENTRIES)
    again = read_file(path).entries
    assert list(again) == ENTRIES
    assert [entry.note for entry in again] == [entry.note for entry in ENTRIES]


@pytest.mark.parametrize("source", SHIPPED, ids=lambda path: path.stem)
def test_shipped_glossaries_survive_the_round_through_all_formats(source: Path, tmp_path: Path) -> None:
    path = source
    for extension in ("tbx", "xlsx", "tsv", "csv"):
        target = tmp_path / f"g.{extension}"
        convert(path, target)
        path = target
    assert read_file(path).entries == read_file(source).entries


_TEXT = st.text("合同公司甲方A b&<>\"';,=|#-", min_size=1, max_size=6).map(str.strip).filter(bool)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=4))
def test_any_terms_come_back_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    entries = [Entry(f"甲{source}", (f"x{target}".replace("|", ""),)) for source, target in pairs]
    for extension in ("csv", "tbx"):
        path = tmp_path_factory.mktemp("any") / f"g.{extension}"
        try:
            write(path, entries)
        except GlossaryError:
            assert not path.exists()
        else:
            assert list(read_file(path).entries) == entries


def test_a_term_that_would_come_back_as_a_comment_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("合同,contract\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match="does a source begin with #"):
        write(path, [Entry("#标签", ("hashtag",))])
    assert path.read_text(encoding="utf-8") == "合同,contract\n"
    assert [file.name for file in tmp_path.iterdir()] == ["g.csv"]


def test_an_unknown_extension_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match=r"a glossary is written as \.csv, \.tsv, \.tbx, \.xlsx"):
        write(tmp_path / "g.doc", ENTRIES)
