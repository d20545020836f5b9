"""PPTX and XLSX: words change, runs stay on their words, and what is no text stays byte for byte."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pptx
import pytest
import xlsxwriter
from lxml import etree
from pptx.util import Inches

from batchtx.errors import DocumentError
from batchtx.formats import open_document
from batchtx.formats.office_kinds import XlsxOptions
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.records import Problem, Unit, UnitTarget
from tests.helpers.formats import opened, shown, units, written
from tests.helpers.office import archive, cell, deck, relations, run, shape, workbook

BOLD, NOISE = '<a:rPr lang="zh-CN" b="1"/>', '<a:rPr lang="zh-CN" dirty="0"/>'


def part(content: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def test_slides_come_in_the_order_of_the_show_with_their_shapes() -> None:
    content = deck(shape(run("标题"), kind="title") + shape(run("正文")), shape(run("后页"), kind="ctrTitle"))
    assert [unit.place for unit in units("pptx", content)] == [
        "slide 1, title",
        "slide 1, shape 2",
        "slide 2, title",
    ]
    assert [unit.kind for unit in units("pptx", content)] == ["title", "text", "title"]


def test_runs_that_look_alike_are_one_and_others_are_codes() -> None:
    text = run("请在", NOISE) + run("三十") + run("日", BOLD) + run("内", NOISE) + "<a:br/>" + run("付款")
    assert shown("pptx", deck(shape(text))) == ["请在三十⟦1⟧日⟦/1⟧内⟦3⟧付款"]
    done = written("pptx", deck(shape(text)), lambda t: f"Pay {t[4]}in{t[6]} time{t[8]}now")
    slide = part(done, "ppt/slides/slide1.xml")
    assert '<a:t>Pay </a:t></a:r><a:r><a:rPr lang="en" b="1"/><a:t>in</a:t>' in slide
    assert slide.count("<a:br/>") == 1
    assert "<a:bodyPr><a:normAutofit/></a:bodyPr>" in slide


def test_numbers_of_slides_and_fields_stay() -> None:
    field = '<a:fld id="{1}" type="slidenum"><a:t>3</a:t></a:fld>'
    content = deck(shape(field, kind="sldNum") + shape(run("第") + field + run("页")) + shape(field))
    assert shown("pptx", content) == ["第⟦1⟧页"]


def test_notes_charts_and_comments_of_a_slide_follow_it() -> None:
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    extra = {
        "ppt/slides/_rels/slide1.xml.rels": relations(
            ("r1", "notesSlide", "../notesSlides/n.xml"),
            ("r2", "chart", "../charts/c.xml"),
            ("r3", "comments", "../c.xml"),
        ),
        "ppt/notesSlides/n.xml": f"<n {a}><a:p>{run('备注')}</a:p></n>",
        "ppt/charts/c.xml": f"<c {a}><a:p>{run('销量')}</a:p></c>",
        "ppt/c.xml": '<c xmlns:p="p"><p:text>请看 &amp; 改</p:text></c>',
    }
    places = {unit.text: unit.place for unit in units("pptx", deck(shape(run("页")), extra=extra))}
    assert places == {
        "页": "slide 1, shape 1",
        "备注": "slide 1, notes",
        "销量": "slide 1, chart",
        "请看 & 改": "slide 1, comment",
    }


def test_strings_are_named_by_their_first_cell_and_headers_of_tables_stay() -> None:
    strings = "<si><t>名称</t></si><si><t>服务器</t></si><si><t>没人用</t></si><si><t>部门</t></si>"
    cells = cell("A1", 0) + cell("A2", 1) + cell("C9", 1) + cell("B1", 3)
    content = workbook(strings, cells)
    assert [unit.place for unit in units("xlsx", content)] == [
        f"sheet 1 (预算), {at}" for at in ("A1", "A2", "B1")
    ]
    assert shown("xlsx", workbook(strings, cells, table="A1:B3")) == ["服务器"]


def test_rich_strings_keep_their_looks_and_lose_no_blank() -> None:
    hint = "<rPh sb='0' eb='1'><t>qing</t></rPh>"
    rich = f"<si><r><t>请在</t></r><r><rPr><b/></rPr><t>三十日</t></r><r><t>内</t></r>{hint}</si>"
    content = workbook(rich, cell("A1", 0))
    assert shown("xlsx", content) == ["请在⟦1⟧三十日⟦/1⟧内"]
    done = written("xlsx", content, lambda t: f"Within {t[2]}30 days{t[6]}.")
    strings = part(done, "xl/sharedStrings.xml")
    assert '<t xml:space="preserve">Within </t></r><r><rPr><b/></rPr><t>30 days</t>' in strings
    assert hint in strings


def test_formulas_names_and_cached_results_are_not_texts() -> None:
    cells = (
        '<row r="1"><c r="A1" t="str"><f>IF(B1="是","甲","乙")</f><v>甲</v></c><c r="B1"><v>5</v></c></row>'
    )
    content = workbook("<si><t>合计</t></si>", cells + cell("A2", 0))
    done = written("xlsx", content, lambda _: "Total")
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
        assert part(done, name) == part(content, name)


@pytest.mark.parametrize("name", ["pptx", "xlsx"])
def test_nothing_translated_gives_the_same_parts_and_words_are_escaped(name: str, tmp_path: Path) -> None:
    content = (
        deck(shape(run("甲 &amp; 乙")))
        if name == "pptx"
        else workbook("<si><t>甲 &amp; 乙</t></si>", cell("A1", 0))
    )
    same = zipfile.ZipFile(io.BytesIO(written(name, content, str)))
    old = zipfile.ZipFile(io.BytesIO(content))
    assert [(i.filename, old.read(i)) for i in old.infolist()] == [
        (i.filename, same.read(i)) for i in same.infolist()
    ]
    path = tmp_path / "b"
    path.write_bytes(written(name, content, lambda _: "a < b & c"))
    opened(name, content).verify(path)
    assert shown(name, path.read_bytes()) == ["a < b & c"]
    lost = archive({i.filename: old.read(i) for i in old.infolist() if "/s" not in i.filename})
    path.write_bytes(lost)
    with pytest.raises(DocumentError):
        opened(name, content).verify(path)


@pytest.mark.parametrize("name", ["pptx", "xlsx"])
def test_hostile_and_foreign_packages_are_refused(name: str) -> None:
    other = workbook("", "") if name == "pptx" else deck()
    bomb = archive({"[Content_Types].xml": "<Types/>", "x.xml": b"0" * (40 << 20)})
    out = archive({"../evil.xml": "<x/>"})
    for content in (other, bomb, out, b"", b"PK\x03\x04", archive({"a": "b"})):
        with pytest.raises(DocumentError):
            units(name, content)


def test_a_damaged_part_is_told_and_the_others_are_read() -> None:
    parts = zipfile.ZipFile(io.BytesIO(deck(shape(run("甲")), shape(run("乙")))))
    broken = {i.filename: parts.read(i) for i in parts.infolist()}
    for bad in (b"<p:sld", b'<!DOCTYPE x [<!ENTITY e "x">]><p:sld xmlns:p="p">&e;</p:sld>'):
        broken["ppt/slides/slide2.xml"] = bad
        found = list(opened("pptx", archive(broken)).units())
        assert [one.text for one in found if isinstance(one, Unit)] == ["乙"]
        assert [one.place for one in found if isinstance(one, Problem)] == ["ppt/slides/slide2.xml"]


def test_python_pptx_opens_what_was_written_with_the_same_shapes(tmp_path: Path) -> None:
    source = pptx.Presentation()
    slide = source.slides.add_slide(source.slide_layouts[1])
    slide.shapes.title.text = "工作计划"
    frame = slide.placeholders[1].text_frame
    frame.text = "第一点"
    frame.add_paragraph().text = "第二点"
    slide.shapes.add_table(2, 1, Inches(1), Inches(1), Inches(1), Inches(1)).table.cell(0, 0).text = "名称"
    slide.notes_slide.notes_text_frame.text = "备注"
    source.save(tmp_path / "a.pptx")
    content = (tmp_path / "a.pptx").read_bytes()
    found = [text for text in shown("pptx", content) if not text.isascii()]  # what it says of itself
    assert sorted(found) == sorted(["工作计划", "第一点", "第二点", "名称", "备注"])
    back = pptx.Presentation(io.BytesIO(written("pptx", content, lambda t: f"<{t}>")))
    (again,) = back.slides
    assert [s.name for s in again.shapes] == [s.name for s in slide.shapes]
    assert again.placeholders[1].text_frame.text == "<第一点>\n<第二点>"
    assert again.notes_slide.notes_text_frame.text == "<备注>"


def test_openpyxl_opens_what_was_written_with_the_same_values(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place, value in {
        "A1": "项目",
        "B1": 5,
        "A2": "=B1*2",
        "A3": " 前后 ",
        "A4": '=IF(B1>1,"是","否")',
    }.items():
        sheet[place] = value
    book.save(tmp_path / "a.xlsx")
    back = openpyxl.load_workbook(
        io.BytesIO(written("xlsx", (tmp_path / "a.xlsx").read_bytes(), lambda t: f"{t}x"))
    )
    values = [row[0] for row in back.worksheets[0].iter_rows(values_only=True)]
    assert values == ["项目x", "=B1*2", " 前后x ", '=IF(B1>1,"是","否")']


def test_sheets_of_other_writers_are_read_too() -> None:
    """Texts as values, cells without names, attributes in single quotes, escaped characters."""
    rows = (
        '<row r="1"><c r="A1" t="str"><v>一 &amp; 二</v></c><c r="B1" t="str"><f>A1</f><v>三</v></c></row>'
        "<row><c t='inlineStr'><is><t>四_x000D_\n五_x005F_x0041_</t></is></c><c t='s'><v>0</v></c></row>"
    )
    content = workbook("<si><t>六</t></si>", rows)
    assert sorted(shown("xlsx", content)) == ["一 & 二", "六", "四\n五_x0041_"]
    output = written("xlsx", content, lambda text: f"{text} & _x0042_")
    sheet = part(output, "xl/worksheets/sheet1.xml")
    assert "<v>一 &amp; 二 &amp; _x005F_x0042_</v>" in sheet
    assert "<f>A1</f><v>三</v>" in sheet


def test_a_thread_of_comments_is_text() -> None:
    thread = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="A1" personId="{1}" id="{2}"><text>请核对 &lt;1&gt;</text></threadedComment>'
        "</ThreadedComments>"
    )
    rels = relations(("rId9", "threadedComment", "../threadedComments/threadedComment1.xml"))
    extra = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels,
        "xl/threadedComments/threadedComment1.xml": thread,
    }
    content = workbook("<si><t>六</t></si>", cell("A1", 0), extra)
    assert [(unit.place.rpartition(", ")[2], unit.text) for unit in units("xlsx", content)][1:] == [
        ("comment at A1", "请核对 <1>")
    ]


def test_a_thread_of_comments_on_a_slide_is_text() -> None:
    comments = (
        '<p188:cmLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p188:cm id="{1}"><p188:txBody>'
        "<a:bodyPr/><a:p><a:r><a:t>改一下</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>"
    )
    rels = relations(("rId9", "comments", "../comments/modernComment_1.xml"))
    extra = {"ppt/slides/_rels/slide1.xml.rels": rels, "ppt/comments/modernComment_1.xml": comments}
    assert shown("pptx", deck(shape("<a:p><a:r><a:t>甲</a:t></a:r></a:p>"), extra=extra)) == ["甲", "改一下"]


def test_a_chart_shows_names_of_series_and_categories() -> None:
    chart = (
        '<c:chart xmlns:c="c" xmlns:a="a"><c:tx><c:rich><a:p><a:r><a:t>图</a:t></a:r></a:p></c:rich></c:tx>'
        "<c:ser><c:tx><c:strRef><c:f>数据!$B$1</c:f><c:strCache><c:pt><c:v>销量 &amp; 额</c:v></c:pt>"
        "</c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt><c:v>一月</c:v></c:pt></c:strCache>"
        "</c:strRef></c:cat>"
        "<c:val><c:numRef><c:numCache><c:pt><c:v>1</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:chart>"
    )
    rels = relations(("r2", "chart", "../charts/c.xml"))
    extra = {"ppt/slides/_rels/slide1.xml.rels": rels, "ppt/charts/c.xml": chart}
    content = deck(shape(run("页")), extra=extra)
    assert shown("pptx", content) == ["页", "图", "销量 & 额", "一月"]
    output = part(written("pptx", content, lambda _: "x & y"), "ppt/charts/c.xml")
    assert output.count("<c:v>x &amp; y</c:v>") == 2
    assert "<c:f>数据!$B$1</c:f>" in output


def test_text_in_cdata_is_told_and_stays() -> None:
    document = opened("pptx", deck(shape(run("<![CDATA[甲]]>")), shape(run("乙"))))
    found = list(document.units())
    assert [one.message[:29] for one in found if isinstance(one, Problem)] == [
        "its text is in CDATA sections"
    ]
    assert [one.text for one in found if isinstance(one, Unit)] == ["乙"]


STRICT = "http://purl.oclc.org/ooxml/"
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>年度计划</dc:title><dc:creator>王磊</dc:creator>'
    "<cp:keywords>预算 &amp; 计划</cp:keywords></cp:coreProperties>"
)
PROPERTIES = {
    "_rels/.rels": relations(("r1", "officeDocument", "{}")).replace(
        "</Relationships>",
        '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/'
        'core-properties" Target="docProps/core.xml"/></Relationships>',
    ),
    "docProps/core.xml": CORE,
}


@pytest.mark.parametrize(("name", "main"), [("pptx", "ppt/presentation.xml"), ("xlsx", "xl/workbook.xml")])
def test_title_and_keywords_of_a_file_are_translated(name: str, main: str) -> None:
    extra = PROPERTIES | {"_rels/.rels": PROPERTIES["_rels/.rels"].format(main)}
    content = deck(shape(run("页")), extra=extra) if name == "pptx" else workbook("", "", extra=extra)
    assert [(unit.place, unit.text) for unit in units(name, content)][-2:] == [
        ("document title", "年度计划"),
        ("document keywords", "预算 & 计划"),
    ]
    done = part(written(name, content, lambda text: "Plan & more"), "docProps/core.xml")
    assert "<dc:title>Plan &amp; more</dc:title><dc:creator>王磊</dc:creator>" in done


@pytest.mark.parametrize("prefix", ["d:", ""])
def test_any_prefix_may_stand_for_a_namespace(prefix: str) -> None:
    text = run("请在") + run("三十日", BOLD) + "<a:br/>" + run("付款")
    content = deck(shape(text, kind="title"))
    name = "xmlns:d" if prefix else "xmlns"
    slide = part(content, "ppt/slides/slide1.xml").replace("<a:", f"<{prefix}").replace("</a:", f"</{prefix}")
    slide = slide.replace("xmlns:a", name).replace("<p:", "<q:").replace("</p:", "</q:")
    slide = slide.replace("xmlns:p", "xmlns:q")
    parts = {
        one.filename: part(content, one.filename) for one in zipfile.ZipFile(io.BytesIO(content)).infolist()
    }
    parts["ppt/slides/slide1.xml"] = slide
    changed = archive(parts)
    assert shown("pptx", changed) == ["请在⟦1⟧三十日⟦2⟧付款"]
    assert units("pptx", changed)[0].place == "slide 1, title"
    done = part(written("pptx", changed, lambda t: f"By {t[2]}May{t[6]}pay"), "ppt/slides/slide1.xml")
    assert f"<{prefix}t>By </{prefix}t>" in done
    assert f"<{prefix}bodyPr><{prefix}normAutofit/></{prefix}bodyPr>" in done


@pytest.mark.parametrize("name", ["pptx", "xlsx"])
def test_strict_kinds_are_read_like_transitional_ones(name: str) -> None:
    content = deck(shape(run("标题"))) if name == "pptx" else workbook("<si><t>项</t></si>", cell("A1", 0))
    parts = {}
    for one in zipfile.ZipFile(io.BytesIO(content)).infolist():
        text = part(content, one.filename)
        text = text.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/", f"{STRICT}officeDocument/"
        )
        for kind in ("drawingml", "presentationml", "spreadsheetml"):
            text = text.replace(f"http://schemas.openxmlformats.org/{kind}/2006/main", f"{STRICT}{kind}/main")
        parts[one.filename] = text
    strict = archive(parts)
    assert STRICT in parts["ppt/slides/slide1.xml" if name == "pptx" else "xl/worksheets/sheet1.xml"]
    assert shown(name, strict) == ["标题" if name == "pptx" else "项"]
    assert written(name, strict, str)


def test_a_string_that_a_header_shares_is_translated_in_the_other_cells() -> None:
    rich = "<si><r><t>名称</t></r><r><rPr><b/></rPr><t>甲</t></r></si>"
    cells = cell("A1", 0) + cell("A2", 1) + cell("A3", 0)
    cells += '<row r="4"><c r="A4" s="7" t="s"><v>0</v></c></row>'
    content = workbook(f"{rich}<si><t>值</t></si><si/>", cells, table="A1:B3")
    assert [(unit.place, unit.text) for unit in units("xlsx", content)][1:] == [
        ("sheet 1 (预算), A3", units("xlsx", content)[1].text),
        ("sheet 1 (预算), A4", units("xlsx", content)[1].text),
    ]
    assert shown("xlsx", content) == ["值", "名称⟦1⟧甲", "名称⟦1⟧甲"]
    done = written("xlsx", content, lambda text: text.replace("名称", "Name & ").replace("值", "Value"))
    sheet = part(done, "xl/worksheets/sheet1.xml")
    assert '<c r="A1" t="s"><v>0</v></c>' in sheet
    inline = '<is><r><t xml:space="preserve">Name &amp; </t></r><r><rPr><b/></rPr><t>甲</t></r></is>'
    assert f'<c r="A4" s="7" t="inlineStr">{inline}</c>' in sheet
    assert "<t>名称</t>" in part(done, "xl/sharedStrings.xml")


def test_columns_become_as_wide_as_their_words_on_request(tmp_path: Path) -> None:
    source = openpyxl.Workbook()
    source.active.append(["短", "中等长度的一段文字", 5])
    source.active["A3"] = "很长的标题" * 8
    source.active.merge_cells("A3:C3")
    source.active.column_dimensions["B"].width = 30
    source.active.column_dimensions["E"].hidden = True
    source.save(tmp_path / "a.xlsx")
    content = (tmp_path / "a.xlsx").read_bytes()
    wide = XlsxOptions(column_widths=True)

    def longer(text: str) -> str:
        return "A word or two of it" if text == "短" else "words " * 30

    document, output = opened("xlsx", content, wide), io.BytesIO()
    document.write([UnitTarget(one.address, longer(one.text)) for one in document.units()], output)
    (tmp_path / "b.xlsx").write_bytes(output.getvalue())
    document.verify(tmp_path / "b.xlsx")
    columns = openpyxl.load_workbook(tmp_path / "b.xlsx").active.column_dimensions
    assert (columns["A"].width, columns["B"].width) == (len("A word or two of it") + 2, 60)
    assert columns["E"].hidden
    assert "C" not in columns
    assert written("xlsx", content, str, wide) == written("xlsx", content, str)


@pytest.mark.slow
def test_memory_does_not_grow_with_cells(tmp_path: Path) -> None:
    peaks = []
    for n_rows in (500, 4_000):
        path = tmp_path / f"{n_rows}.xlsx"
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet()
        for row in range(n_rows):
            for column in range(5):
                sheet.write_string(row, column, f"第{row}行第{column}列的说明")
        book.close()
        tracemalloc.start()
        document = open_document("xlsx", Source(path.name, path), FormatChoices(), PAIR)
        with (tmp_path / "out.xlsx").open("wb") as output:
            document.write((UnitTarget(one.address, "Words of it") for one in document.units()), output)
        document.verify(tmp_path / "out.xlsx")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 4 * 1024 * 1024


def test_an_empty_string_in_the_table_shifts_no_other() -> None:
    strings = "<si/><si ></si><!-- <si> --><si><t>甲</t></si><si />"
    content = workbook(strings + "<si><t>乙</t></si>", cell("A1", 2) + cell("B1", 4) + cell("C1", 0))
    assert [(unit.place[-2:], unit.text) for unit in units("xlsx", content)] == [("A1", "甲"), ("B1", "乙")]


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
def test_a_part_may_be_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    content = workbook("<si><t>甲</t></si>", cell("A1", 0))
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    parts: dict[str, str | bytes] = {one: part(content, one) for one in names}
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    parts["xl/sharedStrings.xml"] = (head + str(parts["xl/sharedStrings.xml"])).encode(encoding)
    if encoding == "gb18030":  # XML parsers know few encodings
        found = list(opened("xlsx", archive(parts)).units())
        assert isinstance(found[0], Problem)
        return
    assert shown("xlsx", archive(parts)) == ["甲"]
    path = tmp_path / "a.xlsx"
    path.write_bytes(written("xlsx", archive(parts), lambda text: "One"))
    strings = zipfile.ZipFile(path).read("xl/sharedStrings.xml")
    assert [text.text for text in etree.fromstring(strings).iter("{*}t")] == ["One"]
    opened("xlsx", archive(parts)).verify(path)


def test_headers_and_footers_of_pages_are_translated() -> None:
    look = "&amp;&quot;宋体,常规&quot;&amp;12"
    content = workbook("", "")
    parts = {one: part(content, one) for one in zipfile.ZipFile(io.BytesIO(content)).namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        "</worksheet>",
        f"<headerFooter><oddHeader>&amp;L{look}年度&amp;&amp;预算&amp;R&amp;D</oddHeader>"
        "<oddFooter>第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>",
    )
    content = archive(parts)
    assert shown("xlsx", content) == ["年度&预算", "第 ⟦1⟧ 页，共 ⟦2⟧ 页"]
    assert [unit.place for unit in units("xlsx", content)] == [
        "sheet 1 (预算), header (odd pages), left",
        "sheet 1 (预算), footer (odd pages), centre",
    ]
    assert written("xlsx", content, str) == written("xlsx", content, str)
    texts = {"年度&预算": "R&D <budget>"}
    done = written("xlsx", content, lambda text: texts.get(text) or f"Page {text[2]} of {text[8]}")
    sheet = part(done, "xl/worksheets/sheet1.xml")
    assert f"<oddHeader>&amp;L{look}R&amp;&amp;D &lt;budget&gt;&amp;R&amp;D</oddHeader>" in sheet
    assert "<oddFooter>Page &amp;P of &amp;N</oddFooter>" in sheet


def test_alternative_texts_are_translated_but_for_names_of_files() -> None:
    picture = '<p:pic><p:nvPicPr><p:cNvPr id="4" name="图片 1" descr="{}" title=\'{}\'/></p:nvPicPr></p:pic>'
    content = deck(
        picture.format("公司&quot;标志", "照片.png") + picture.format("图片 3", "") + shape(run("字"))
    )
    found = {unit.place: unit.text for unit in units("pptx", content)}
    assert found == {"slide 1, shape 1, alternative text": '公司"标志', "slide 1, shape 3": "字"}
    done = written("pptx", content, lambda text: 'A "logo" & more')
    assert 'descr="A &quot;logo&quot; &amp; more" title=' in part(done, "ppt/slides/slide1.xml")


def test_the_list_of_slides_is_translated_without_fonts() -> None:
    strings = "".join(f"<vt:lpstr>{one}</vt:lpstr>" for one in ("宋体", "主题一", "工作计划", "谢谢"))
    extra = {
        "_rels/.rels": relations(
            ("r1", "officeDocument", "ppt/presentation.xml"),
            ("r2", "extended-properties", "docProps/app.xml"),
        ),
        "docProps/app.xml": "<Properties xmlns:vt='vt'><HeadingPairs><vt:lpstr>幻灯片标题</vt:lpstr>"
        f"</HeadingPairs><TitlesOfParts>{strings}</TitlesOfParts><Company>某公司</Company></Properties>",
    }
    content = deck(shape(run("工作计划")), shape(run("谢谢")), extra=extra)
    assert shown("pptx", content)[2:] == ["幻灯片标题", "工作计划", "谢谢"]
    done = part(written("pptx", content, lambda text: "Words"), "docProps/app.xml")
    assert "<vt:lpstr>宋体</vt:lpstr><vt:lpstr>主题一</vt:lpstr><vt:lpstr>Words</vt:lpstr>" in done
    assert "<Company>某公司</Company>" in done
