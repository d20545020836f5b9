"""A translation is audited against its original: nothing lost, every character accounted for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from batchtx.cli.verify import verify
from batchtx.errors import ConfigError
from batchtx.formats.docx.check.audit import audit_documents
from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.verification import document_pairs
from batchtx.language.zh_en import PAIR
from tests.fixtures_docx import field, package, paragraph, run, story, translated

BODY = (
    paragraph("付款") + paragraph(run("期限", "<w:b/>")) + paragraph("第", field(" PAGE ", run("12")), "页")
)
TARGETS = {"付款": "payment", "期限": "term"}


def pair(tmp_path: Path, body: str = BODY) -> tuple[Path, Path]:
    original = package(body)
    before, after = tmp_path / "a.docx", tmp_path / "b.docx"
    before.write_bytes(original)
    after.write_bytes(translated(original, TARGETS))
    return before, after


def audited(before: Path, after: Path, *options: str) -> Result:
    return CliRunner().invoke(verify, [str(before), str(after), *options])


def test_a_sound_translation_gives_0_and_accounts_for_every_character(tmp_path: Path) -> None:
    result = audited(*pair(tmp_path))
    assert result.exit_code == 0
    assert "no differences" in result.stdout
    assert "coverage: 75.0 % of 8 characters; kept: 2 field results" in result.stdout


def test_what_is_lost_gives_1_and_names_the_part_and_the_place(tmp_path: Path) -> None:
    before, after = pair(tmp_path)
    after.write_bytes(package(BODY.replace("<w:b/>", "")))
    result = audited(before, after)
    assert result.exit_code == 1
    assert "word/document.xml, paragraph 2: formatting lost: w:b" in result.stdout


def test_chinese_that_is_left_is_told_and_counts_when_asked_for(tmp_path: Path) -> None:
    before, after = pair(tmp_path)
    assert "2 characters of the source language are left" in audited(before, after).stdout
    assert audited(before, after, "--complete").exit_code == 1


def test_json_holds_one_object_for_each_document(tmp_path: Path) -> None:
    facts = json.loads(audited(*pair(tmp_path), "--json").stdout)
    assert facts["sound"] is True
    assert facts["left"] == [["word/document.xml", 2]]
    assert facts["coverage"][0]["kept"] == [["field results", 2]]


def test_wrong_usage_and_nothing_to_compare_have_codes_of_their_own(tmp_path: Path) -> None:
    before, _ = pair(tmp_path)
    with pytest.raises(ConfigError, match="no such file or folder"):
        document_pairs(before, tmp_path / "gone.docx")
    with pytest.raises(ConfigError, match="two files or two folders"):
        document_pairs(before, tmp_path)
    (tmp_path / "c.docx").write_bytes(b"PK no zip")
    assert audited(before, tmp_path / "c.docx").exit_code == 3


def test_folders_are_compared_file_by_file_and_a_missing_translation_is_a_difference(tmp_path: Path) -> None:
    folders = [tmp_path / "zh" / "sub", tmp_path / "en" / "sub"]
    for folder, path in zip(folders, pair(tmp_path), strict=True):
        folder.mkdir(parents=True)
        (folder / "a.docx").write_bytes(path.read_bytes())
    (tmp_path / "zh" / "only.docx").write_bytes(package(BODY))
    (tmp_path / "zh" / "~$a.docx").write_bytes(b"lock")
    result = audited(tmp_path / "zh", tmp_path / "en")
    assert result.exit_code == 1
    assert "only.docx: there is no translation" in result.stdout
    assert f"{folders[1] / 'a.docx'}: no differences" in result.stdout


def test_comments_that_are_kept_and_embedded_objects_are_named(tmp_path: Path) -> None:
    comment = f'<w:comment w:id="1">{paragraph("批注")}</w:comment>'
    path = tmp_path / "a.docx"
    path.write_bytes(
        package(
            BODY,
            parts={"word/comments.xml": story("comments", comment), "word/embeddings/a.bin": b"1"},
            relations={"comments.xml": "comments", "embeddings/a.bin": "oleObject"},
        )
    )
    audit = audit_documents(path, path, DocxOptions(comments="keep"), PAIR)
    assert audit.embedded == (("word/embeddings/a.bin", "an embedded object is kept untranslated"),)
    assert audit.coverage[-1].kept == (("comments, kept as asked", 2),)
    assert audit.coverage[-1].n_units == 0
