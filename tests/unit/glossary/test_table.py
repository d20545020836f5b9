"""Glossary files are read, explained, or refused with the row."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.errors import ConfigError, GlossaryError
from batchtx.glossary.lint import lint
from batchtx.glossary.table import Entry, from_entries, load, read

SHIPPED = sorted((Path(__file__).parents[3] / "glossaries").glob("*.csv"))


def write(folder: Path, text: str, name: str = "g.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_header_names_the_columns_in_any_order(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "target,Source,case,forbidden,dnt,note\nPartyA|Party A,甲方,keep,first party,,x\n,微信,,,yes,\n",
    )
    first, second = read(path).entries
    assert (first.source, first.targets, first.case, first.forbidden) == (
        "甲方",
        ("PartyA", "Party A"),
        "keep",
        ("first party",),
    )
    assert (second.targets, second.case, second.dnt) == (("微信",), "keep", True)
    assert (first.row, second.row) == (2, 3)


def test_without_a_header_the_columns_are_source_target_note(tmp_path: Path) -> None:
    glossary = read(write(tmp_path, "合同\tcontract\tlaw\n公司\tcompany\t\n", "g.tsv"))
    assert [(entry.source, entry.targets) for entry in glossary.entries] == [
        ("合同", ("contract",)),
        ("公司", ("company",)),
    ]
    assert glossary.notes == ("g.tsv: 2 rows, utf-8, tab-separated, no header: source, target, note",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_detected(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"source{delimiter}target\r\n不可抗力{delimiter}force majeure\r\n"
    glossary = read(write(tmp_path, text, encoding=encoding))
    assert glossary.entries[0].targets == ("force majeure",)
    assert encoding in glossary.notes[0]


def test_comments_and_blank_rows_are_skipped_and_quotes_work(tmp_path: Path) -> None:
    glossary = read(write(tmp_path, '# mine\nsource,target\n\n合同,"contract, signed"\n'))
    assert [entry.targets for entry in glossary.entries] == [("contract, signed",)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("source,target\n,contract\n", "row 2: the source is empty"),
        ("source,target\n合同,\n", "row 2: 合同 has no target"),
        ("source,target,case\n合同,contract,loud\n", "row 2: case is 'loud'"),
        ("source,target,dnt\n合同,contract,maybe\n", "row 2: dnt is 'maybe'"),
        ("source,target,priority\n合同,contract,high\n", "row 2: priority is 'high'"),
        ("source,target,regex\n合(同,contract,yes\n", "row 2: regex '合(同'"),
        ("source,target,regex\n合*,contract,yes\n", "matches the empty text"),
        ("source,target,regex\n第.号,No. \\1,yes\n", "names a group"),
        ("source,target\ncontract,合同\ncompany,公司\n", "look swapped"),
        ("合同 contract\n公司 company\n", "no delimiter fits"),
        ("合同,contract,x,y,z\n公司,company\n甲,a,b,c,d,e\n", "row 3: 6 cells, expected 5"),
        ('source,target\n"合同,contract\n', "is not valid CSV"),
    ],
)
def test_what_cannot_be_used_is_an_error_with_its_row(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(GlossaryError) as error:
        read(write(tmp_path, text))
    assert message in str(error.value)
    assert str(error.value).startswith("g.csv")


def test_a_missing_file_and_a_binary_file_are_errors(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match="cannot be read"):
        read(tmp_path / "none.csv")
    (tmp_path / "x.csv").write_bytes(b"PK\x03\x04\xff\xfe\x00\x81\x00")
    with pytest.raises(GlossaryError, match="CSV"):
        read(tmp_path / "x.csv")


def test_the_first_file_wins_and_says_so(tmp_path: Path) -> None:
    first = write(tmp_path, "source,target\n合同,contract\n", "a.csv")
    second = write(tmp_path, "source,target\n合同,agreement\n公司,company\n", "b.csv")
    glossary = load([first, second])
    assert [entry.targets[0] for entry in glossary.entries] == ["contract", "company"]
    assert "合同 is already contract (a.csv, row 2), which wins" in glossary.notes[-1]


def test_a_higher_priority_wins_over_the_order() -> None:
    low, high = Entry("合同", ("contract",)), Entry("合同", ("agreement",), priority=5)
    assert from_entries([low, high]).entries == (high,)


def test_entries_of_other_domains_are_left_out() -> None:
    entries = [Entry("甲", ("a",), domain="legal"), Entry("乙", ("b",), domain="IT"), Entry("丙", ("c",))]
    assert [entry.source for entry in from_entries(entries, ["it"]).entries] == ["乙", "丙"]
    assert [entry.source for entry in from_entries(entries).entries] == ["甲", "乙", "丙"]


def test_an_entry_of_a_named_domain_wins_over_an_earlier_one_without() -> None:
    entries = [
        Entry("行", ("line",)),
        Entry("行", ("bank",), domain="finance"),
        Entry("行", ("row",), domain="it"),
    ]
    assert [entry.targets for entry in from_entries(entries, ["finance"]).entries] == [("bank",)]
    assert [entry.targets for entry in from_entries(entries).entries] == [("line",)]


def test_a_domain_that_no_entry_has_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r'unknown domain "legl".*legal'):
        from_entries([Entry("甲", ("a",), domain="legal")], ["legl"])


def test_required_and_boundary_are_read_from_their_columns(tmp_path: Path) -> None:
    text = "source,target,required,boundary\n甲,a,yes,\n乙,b,no,yes\n丙,c,,no\n"
    entries = load([write(tmp_path, text)]).entries
    assert [(entry.required, entry.boundary) for entry in entries] == [
        (True, False),
        (False, True),
        (None, False),
    ]


def test_the_hash_changes_with_what_changes_a_translation_only() -> None:
    plain = from_entries([Entry("甲", ("a",))])
    assert plain.hash == from_entries([Entry("甲", ("a",), note="x")]).hash
    assert plain.hash != from_entries([Entry("甲", ("b",))]).hash
    assert plain.hash != from_entries([Entry("甲", ("a",))], mode="prefer").hash
    assert from_entries([]).hash == ""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_glossaries_are_large_and_lint_clean(path: Path) -> None:
    assert len(read(path).entries) >= 150
    assert lint(path) == []


def test_four_glossaries_are_shipped() -> None:
    assert [path.stem for path in SHIPPED] == ["finance", "general", "legal", "software"]


@pytest.mark.parametrize(
    ("rows", "kind", "row"),
    [
        ("合同,contract\n合同,contract", "duplicate", 3),
        ("合同,contract\n合同,agreement", "conflict", 3),
        ("ＡＰＩ接口,API\nAPI接口,API", "shadowed", 3),
        ("人,person", "one_character", 2),
        ("合同,合约 contract\n甲乙,a\n丙丁,b", "chinese_target", 2),
        ("合同,contract，signed", "fullwidth", 2),
        ("应用,app\nApp,application", "chain", 2),
        ("合同,cont\u200bract", "invisible", 2),
        ("合同,contract\ufffd", "damaged", 2),
    ],
)
def test_lint_names_the_row(tmp_path: Path, rows: str, kind: str, row: int) -> None:
    findings = lint(write(tmp_path, f"source,target\n{rows}\n"))
    assert [(finding.kind, finding.row) for finding in findings] == [(kind, row)]


def test_lint_sees_a_word_both_allowed_and_forbidden(tmp_path: Path) -> None:
    (finding,) = lint(write(tmp_path, "source,target,forbidden\n合同,contract,contracts\n"))
    assert str(finding) == "g.csv, row 2: self_forbidden: contracts is allowed and forbidden"
