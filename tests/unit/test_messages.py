"""Messages are said in the language of the environment; what was not translated stays English."""

from __future__ import annotations

import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from batchtx import messages
from batchtx.messages import Catalogue, known_as, told, told_place, use_language
from batchtx.review.sheet import COLUMNS
from tests.helpers.command import ROOT

polib = pytest.importorskip("polib")
CATALOGUES = sorted((ROOT / "batchtx" / "locale").glob("*/LC_MESSAGES/batchtx.po"))


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    import gettext

    monkeypatch.setattr(gettext, "textdomain", lambda domain: domain)  # click's texts are not this test's
    use_language()
    yield
    messages._now.clear()
    told.cache_clear()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_has_every_message_and_is_compiled(path: Path, tmp_path: Path) -> None:
    found = polib.pofile(str(path))
    assert [entry.msgid for entry in found if not entry.msgstr] == []
    assert [entry.msgid for entry in found if entry.obsolete or entry.fuzzy] == []
    found.save_as_mofile(str(tmp_path / "batchtx.mo"))
    assert (tmp_path / "batchtx.mo").read_bytes() == path.with_suffix(".mo").read_bytes(), (
        "run `make messages`"
    )


def test_the_catalogues_are_those_of_the_code() -> None:
    command = [sys.executable, "docs/messages.py", "--check"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0, "run `make messages`"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_puts_in_no_other_values_than_its_message(path: Path) -> None:
    wrong = [
        entry.msgid for entry in polib.pofile(str(path)) if not fields(entry.msgstr) <= fields(entry.msgid)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_no_message_of_a_catalogue_is_taken_for_another(path: Path) -> None:
    """Each message, filled with names of its values, is found again as itself."""
    catalogue = Catalogue.read(path.with_suffix(".mo"))
    for entry in polib.pofile(str(path)):
        if entry.msgctxt or entry.occurrences[0][0] == "click":
            continue
        values = {name: f"<{name}>" for name in fields(entry.msgid)}
        found = catalogue.find(entry.msgid.format(**values))
        letters = sum(char.isalpha() for char in "".join(p[0] for p in string.Formatter().parse(entry.msgid)))
        assert found == entry.msgstr.format(**values) or letters < 7, entry.msgid


def test_english_is_what_is_said_without_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C")
    use_language()
    assert told("a.docx: no such file or folder") == "a.docx: no such file or folder"
    assert told_place("table 2, row 3, cell 1") == "table 2, row 3, cell 1"
    assert messages.language() == "en"


def test_a_message_is_found_with_what_was_put_in(chinese: None) -> None:
    assert told("a/b c.docx: no such file or folder") == "a/b c.docx：没有这个文件或文件夹"
    assert told("the glossary asks for 不可抗力 = force majeure") == "术语表要求：不可抗力 = force majeure"
    assert told("nothing that anybody translated") == "nothing that anybody translated"
    assert messages.language() == "zh-CN"


def test_a_message_inside_of_a_message_is_found_too(chinese: None) -> None:
    text = "a.txt: cannot be written: the disk is full; free some space and run the same command again"
    assert told(text) == "a.txt: 无法写入：磁盘已满；请腾出空间，再次运行同一命令"


def test_values_of_the_user_are_not_translated(chinese: None) -> None:
    assert told("the glossary asks for hidden text") == "术语表要求：hidden text"
    assert told("Chinese left in the target: {shown}") == "译文中留有中文：{shown}"


def test_a_place_is_told_piece_by_piece(chinese: None) -> None:
    assert told_place("table 2, row 3, cell 1") == "表 2, 第 3 行, 第 1 格"
    assert told_place("slide 3 (end), notes") == "幻灯片 3 (end), 备注"
    assert told_place("line 7, text") == "第 7 行, text"
    assert told_place("sheet 1 (Q3 2026), D2") == "工作表 1 (Q3 2026), D2"


def test_words_are_known_in_every_language() -> None:
    assert known_as("column")["修改"] == "correction"
    assert known_as("status")["认可"] == "approved"
    assert len(set(known_as("column").values())) == len(known_as("column")) == len(COLUMNS)
