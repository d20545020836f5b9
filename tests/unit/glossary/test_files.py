"""TBX and XLSX glossaries are read like CSV, or refused with the file and the row."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from batchtx.errors import GlossaryError
from batchtx.glossary.table import Entry, load, read, read_file

V3 = """<?xml version="1.0" encoding="UTF-8"?>
<tbx style="dca" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
 <tbxHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></tbxHeader>
 <text><body>
  <conceptEntry id="1">
   <descrip type="subjectField">law</descrip>
   <note>of the Civil Code</note>
   <langSec xml:lang="zh-CN"><termSec><term>不可抗力</term>
     <termNote type="partOfSpeech">noun</termNote></termSec>
     <termSec><term>不可抗拒力</term></termSec></langSec>
   <langSec xml:lang="en"><termSec><term>act of God</term>
     <termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec>
     <termSec><term>superior force</term>
     <termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></termSec>
     <termSec><term>force majeure</term>
     <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termSec></langSec>
  </conceptEntry>
  <conceptEntry id="2">
   <langSec xml:lang="fr"><termSec><term>contrat</term></termSec></langSec>
   <langSec xml:lang="en"><termSec><term>contract</term></termSec></langSec>
  </conceptEntry>
 </body></text></tbx>
"""
V3_BY_TAG = """<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
 xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"><text><body>
 <conceptEntry><min:subjectField>IT</min:subjectField>
  <langSec xml:lang="zh"><termSec><term>接口</term></termSec></langSec>
  <langSec xml:lang="en-US"><termSec><term>interface</term>
   <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>
   <termSec><term>port</term>
   <min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec></langSec>
 </conceptEntry></body></text></tbx>
"""
V2 = """<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en"><martifHeader><fileDesc/></martifHeader><text><body>
 <termEntry id="c1"><descripGrp><descrip type="subjectField">law</descrip></descripGrp>
  <langSet xml:lang="zh"><tig><term>违约金</term></tig></langSet>
  <langSet xml:lang="en"><ntig><termGrp><term>liquidated  damages</term>
   <termNote type="normativeAuthorization">preferredTerm-admn-sts</termNote></termGrp></ntig>
   <tig><term>penalty</term>
   <termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></tig></langSet>
 </termEntry></body></text></martif>
"""


def write(folder: Path, text: str, name: str = "g.tbx", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def workbook(folder: Path, *sheets: list[list[object]], name: str = "g.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"s{number}")
        for row in rows:
            sheet.append(row)
    book.save(folder / name)
    return folder / name


def test_tbx_3_gives_a_row_for_each_chinese_term_with_preferred_targets_first(tmp_path: Path) -> None:
    reading = read_file(write(tmp_path, V3))
    shared = {"targets": ("force majeure", "superior force"), "forbidden": ("act of God",), "domain": "law"}
    assert list(reading.entries) == [
        Entry("不可抗力", pos="noun", **shared),
        Entry("不可抗拒力", **shared),
    ]
    assert {entry.row for entry in reading.entries} == {5}
    assert reading.entries[0].note == "of the Civil Code"
    assert reading.notes == ("g.tbx: 1 of 2 entries lack a Chinese or an English term",)
    assert "TBX, utf-8" in reading.found


def test_tbx_3_in_the_style_of_tags(tmp_path: Path) -> None:
    (entry,) = read(write(tmp_path, V3_BY_TAG)).entries
    assert entry == Entry("接口", ("interface",), domain="IT", forbidden=("port",))


def test_tbx_2_with_a_doctype_and_term_groups(tmp_path: Path) -> None:
    (entry,) = read(write(tmp_path, V2)).entries
    assert entry == Entry("违约金", ("liquidated damages",), domain="law", forbidden=("penalty",))


def test_tbx_in_utf_16(tmp_path: Path) -> None:
    path = write(tmp_path, V3.replace("UTF-8", "UTF-16"), encoding="utf-16")
    assert read(path).entries[0].targets[0] == "force majeure"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (V3[:-20], "is not well-formed XML"),
        ("<?xml version='1.0'?><html/>", "its root is html, not tbx or martif"),
        (
            V3.replace("zh-CN", "de"),
            "no entry has a Chinese and an English term; languages in it: de, en, fr",
        ),
    ],
)
def test_what_is_no_tbx_for_us_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(GlossaryError, match=message):
        read(write(tmp_path, text))


def test_tbx_does_not_read_other_files(tmp_path: Path) -> None:
    secret = write(tmp_path, "force majeure", "secret.txt")
    bomb = f'<!DOCTYPE tbx [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    text = V3.replace("<tbx", bomb + "<tbx", 1).replace("force majeure", "&x;")
    assert "force majeure" not in read(write(tmp_path, text)).entries[0].targets


def test_xlsx_columns_are_detected_as_in_csv(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["英文", "中文", "dnt", "priority", "added"],
        ["contract|agreement", "合同", None, 3.0, date(2026, 1, 1)],
        [None, None, None, None, None],
        [None, "微信", True, None, None],
    ]
    reading = read_file(workbook(tmp_path, [], rows))
    assert list(reading.entries) == [
        Entry("合同", ("contract", "agreement"), priority=3),
        Entry("微信", ("微信",), case="keep", dnt=True),
    ]
    assert [entry.row for entry in reading.entries] == [2, 4]
    assert 'sheet "s2"' in reading.found


def test_xlsx_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    glossary = read(workbook(tmp_path, [["合同", "contract"]], [["公司", "company"]]))
    assert [entry.source for entry in glossary.entries] == ["合同"]
    assert "the sheets s2 are not read" in glossary.notes[1]


def test_an_error_in_xlsx_names_the_row(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["source", "target"], ["合同", "contract"], ["公司", None]])
    with pytest.raises(GlossaryError, match=r"g\.xlsx, row 3: 公司 has no target"):
        read(path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "g.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(GlossaryError, match="is not a readable XLSX file"):
        read(path)


def test_without_openpyxl_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path, [["合同", "contract"]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(GlossaryError, match=r"pip install 'batchtx\[review\]', or save it as CSV"):
        read(path)


def test_a_header_for_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        GlossaryError, match="the columns are for fr; the glossary must be Chinese to English"
    ):
        read(write(tmp_path, "zh,fr\n合同,contrat\n", "g.csv"))


def test_a_first_row_that_happens_to_be_words_for_languages_is_a_row(tmp_path: Path) -> None:
    assert len(read(write(tmp_path, "中文,Chinese\n合同,contract\n", "g.csv")).entries) == 2


def test_cells_of_a_workbook_are_read_as_it_shows_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["source", "target", "dnt"])
    cells = [
        ("真值", True, "General", "TRUE"),
        ("假值", False, "General", "FALSE"),
        ("百分之五", 0.05, "0%", "5%"),
        ("百分之零点五", 0.005, "0.0%", "0.5%"),
        ("编号七", 7.0, "General", "7"),
        ("比例值", 0.5, "General", "0.5"),
        ("三月四日", datetime(2026, 3, 4), "yyyy\\-mm\\-dd", "2026-03-04"),
        ("三月五日", date(2026, 3, 5), "d-mmm", "5-Mar"),
        ("三月六日", datetime(2026, 3, 6), "mmmm d, yyyy", "March 6, 2026"),
        ("三月七日", datetime(2026, 3, 7, 9, 5), 'yyyy"年"m"月"d"日" hh:mm', "2026年3月7日 09:05"),
    ]
    for number, (source, value, number_format, _) in enumerate(cells, 2):
        page.cell(number, 1, source)
        page.cell(number, 2, value).number_format = number_format
        page.cell(number, 3, False)
    book.save(tmp_path / "g.xlsx")
    glossary = load([tmp_path / "g.xlsx"])
    assert [entry.targets for entry in glossary.entries] == [(shown,) for *_, shown in cells]
    assert sum("is a date to the spreadsheet" in note for note in glossary.notes) == 4
