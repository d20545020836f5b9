"""XLIFF as translate-toolkit reads it and writes it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from batchtx.errors import SheetError
from batchtx.review.formats import read_sheet
from tests.helpers.sheets import HOSTILE, sheet_row, write

ROWS = [
    sheet_row("⟦1⟧粗⟦/1⟧，注⟦2⟧", "⟦1⟧bold⟦/1⟧, note⟦2⟧", 1),
    sheet_row("⟦1⟧全粗⟦/1⟧", "⟦1⟧all bold⟦/1⟧", 2),
    sheet_row("保存文件。", "Save the file.", 3),
    sheet_row("删除文件。", "Delete the file.", 4, document="docs/b.docx", severity="", flags=""),
]
XLIFF_2 = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="urn:oasis:names:tc:xliff:document:2.0"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
 <start><element name="xliff"><attribute name="version"><value>2.1</value></attribute>
  <attribute name="srcLang"><data type="language"/></attribute>
  <attribute name="trgLang"><data type="language"/></attribute>
  <oneOrMore><ref name="file"/></oneOrMore></element></start>
 <define name="file"><element name="file"><attribute name="id"><data type="NMTOKEN"/></attribute>
  <attribute name="original"/><oneOrMore><ref name="unit"/></oneOrMore></element></define>
 <define name="unit"><element name="unit"><attribute name="id"><data type="NMTOKEN"/></attribute>
  <attribute name="name"/><attribute name="xml:space"><value>preserve</value></attribute>
  <optional><element name="notes"><oneOrMore><element name="note">
   <optional><attribute name="category"/></optional><optional><attribute name="appliesTo">
    <choice><value>source</value><value>target</value></choice></attribute></optional>
   <optional><attribute name="priority"><data type="positiveInteger">
    <param name="maxInclusive">10</param></data></attribute></optional><text/></element></oneOrMore>
  </element></optional>
  <oneOrMore><element name="segment"><attribute name="id"><data type="NMTOKEN"/></attribute>
   <attribute name="state"><choice><value>initial</value><value>translated</value><value>reviewed</value>
    <value>final</value></choice></attribute>
   <element name="source"><ref name="inline"/></element>
   <element name="target"><ref name="inline"/></element></element></oneOrMore></element></define>
 <define name="inline"><zeroOrMore><choice><text/>
  <element name="ph"><attribute name="id"><data type="NMTOKEN"/></attribute></element>
  <element name="pc"><attribute name="id"><data type="NMTOKEN"/></attribute><ref name="inline"/></element>
 </choice></zeroOrMore></define>
</grammar>"""
"""What section 4 of XLIFF 2.1 says of the elements that batchtx writes."""


def saved_by_toolkit(path: Path, target: str = "") -> Path:
    """The file as translate-toolkit saves it, with the third target changed."""
    if path.suffix == ".xlf":
        xliff = pytest.importorskip("translate.storage.xliff").Xliff1File.parsefile(str(path))
    else:
        xliff = pytest.importorskip("translate.storage.xliff2").Xliff2File.parsefile(str(path))
    assert len(xliff.units) == len(ROWS)
    if target:
        xliff.units[2].target = target
        xliff.units[2].addnote("please look", origin="translator")
        xliff.units[3].markapproved()
    saved = path.with_name(f"saved{path.suffix}")
    xliff.savefile(str(saved))
    return saved


@pytest.mark.parametrize("suffix", [".xlf", ".xliff"])
def test_the_toolkit_sees_texts_and_codes(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"review{suffix}", ROWS)
    module = pytest.importorskip("translate.storage.xliff" + ("2" if suffix == ".xliff" else ""))
    reader = module.Xliff1File if suffix == ".xlf" else module.Xliff2File
    units = reader.parsefile(str(path)).units
    assert (units[2].source, units[2].target) == ("保存文件。", "Save the file.")
    assert units[0].target == "bold, note"
    assert [type(part).__name__ for part in units[0].rich_target[0].sub] == (
        ["G", "StringElem", "X"] if suffix == ".xlf" else ["UnknownXML", "StringElem", "UnknownXML"]
    )


@pytest.mark.parametrize("suffix", [".xlf", ".xliff"])
def test_what_the_toolkit_saves_again_is_unchanged(tmp_path: Path, suffix: str) -> None:
    saved = saved_by_toolkit(write(tmp_path / f"review{suffix}", ROWS))
    for row, cells in zip(read_sheet(saved), ROWS, strict=True):
        assert (row.id, row.document, row.source, row.translation) == (cells[0], cells[1], cells[3], cells[4])
        assert (row.correction, row.fault, row.status) == ("", "", "")


@pytest.mark.parametrize("suffix", [".xlf", ".xliff"])
def test_indents_that_a_program_put_in_are_no_text(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"review{suffix}", ROWS)
    tree = etree.parse(path, etree.XMLParser(remove_blank_text=True))
    tree.write(path, encoding="utf-8", pretty_print=True)
    assert "<target>\n" in path.read_text(encoding="utf-8").replace(' state="needs-review-translation"', "")
    assert [row.correction for row in read_sheet(path)] == ["", "", "", ""]
    assert [row.translation for row in read_sheet(path)] == [cells[4] for cells in ROWS]


@pytest.mark.parametrize("suffix", [".xlf", ".xliff"])
def test_a_target_changed_in_the_toolkit_is_a_correction(tmp_path: Path, suffix: str) -> None:
    saved = saved_by_toolkit(write(tmp_path / f"review{suffix}", ROWS), "Please save the <file> & go.")
    rows = list(read_sheet(saved))
    assert [row.correction for row in rows] == ["", "", "Please save the <file> & go.", ""]
    assert rows[2].translation == "Save the file."
    assert "please look" in rows[2].comment
    assert rows[3].status == "approved"


def test_xliff_2_is_what_its_specification_demands(tmp_path: Path) -> None:
    hostile = [sheet_row(text, text[::-1].replace("⟧", ""), n) for n, text in enumerate(HOSTILE, 10)]
    root = etree.parse(write(tmp_path / "review.xliff", [*ROWS, *hostile])).getroot()
    schema = etree.RelaxNG(etree.fromstring(XLIFF_2))
    assert schema.validate(root), schema.error_log
    for unit in root.iter("{*}unit"):
        ids = {
            side: sorted(e.get("id") for e in unit.iter("{*}pc", "{*}ph") if below(e, side)) for side in SIDES
        }
        assert len(set(ids["source"])) == len(ids["source"])
    assert len({unit.get("id") for unit in root.iter("{*}unit")}) == len(ROWS) + len(HOSTILE)


SIDES = ("source", "target")


def below(element: etree._Element, side: str) -> bool:
    return any(etree.QName(parent).localname == side for parent in element.iterancestors())


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ('<sc id="1"/>bold<ec startRef="1"/>', "⟦1⟧bold⟦/1⟧"),
        ('<mrk id="m" type="comment"><ph id="2"/></mrk>x<sm id="s"/><em startRef="s"/>', "⟦2⟧x"),
        ('a<cp hex="0001"/>b', "a\x01b"),
        ("literal ⟦1⟧", "literal ⟦⟦1⟧"),
    ],
)
def test_other_ways_to_write_inline_codes_are_read(tmp_path: Path, inside: str, shown: str) -> None:
    path = write(tmp_path / "review.xliff", ROWS)
    text = path.read_text(encoding="utf-8").replace(
        "<target>Save the file.</target>", f"<target>{inside}</target>"
    )
    path.write_text(text, encoding="utf-8")
    assert [row.correction for row in read_sheet(path)] == ["", "", shown, ""]


def test_a_unit_that_a_tool_cut_in_two_is_one_correction(tmp_path: Path) -> None:
    path = write(tmp_path / "review.xliff", ROWS)
    text = path.read_text(encoding="utf-8")
    whole = text[
        text.index("<segment", text.index("保存") - 60) : text.index("</segment>", text.index("保存"))
    ]
    parts = (
        '<segment id="s"><source>保存</source><target>Do save</target></segment>'
        "<ignorable><source> </source></ignorable>"
        '<segment id="t"><source>文件。</source><target>it.</target>'
    )
    path.write_text(text.replace(whole, parts), encoding="utf-8")
    assert [row.correction for row in read_sheet(path)] == ["", "", "Do save it.", ""]


@pytest.mark.parametrize("suffix", [".xlf", ".xliff"])
def test_a_code_that_is_none_of_ours_is_a_fault(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"review{suffix}", ROWS)
    text = path.read_text(encoding="utf-8").replace("Save the file.</target>", 'Save<x id="new"/></target>')
    path.write_text(text, encoding="utf-8")
    rows = list(read_sheet(path))
    assert rows[2].fault == "its target has an inline code <x id='new'> that the source does not have"
    assert rows[2].correction


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<tbx/>", "is XML, but <tbx>, no XLIFF"),
        ("<xliff><file>", "no well-formed XLIFF"),
        ('<!DOCTYPE xliff [<!ENTITY e SYSTEM "file:///etc/passwd">]><xliff>&e;</xliff>', "has a DOCTYPE"),
    ],
)
def test_what_is_no_xliff_is_told(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.xlf").write_text(text, encoding="utf-8")
    with pytest.raises(SheetError, match=message):
        list(read_sheet(tmp_path / "x.xlf"))
