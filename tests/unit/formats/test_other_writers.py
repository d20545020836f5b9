"""Files of other programs, and those programs as readers of what is written: only words changed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import polib
import pptx
import pysubs2
import pytest
import xlsxwriter
from ebooklib import ITEM_DOCUMENT, epub
from lxml import etree
from markdown_it import MarkdownIt
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from batchtx.records import Unit
from tests.helpers.formats import opened, shown, units, written

HAN = re.compile("[\u3400-\u9fff]+")


def english(text: str) -> str:
    return HAN.sub("words", text)


def translated(name: str, content: bytes, folder: Path) -> Path:
    """The file with other words, verified."""
    path = folder / f"out.{name}"
    path.write_bytes(written(name, content, english))
    document = opened(name, content)
    list(document.units())
    document.verify(path)
    return path


def saved(make: Any) -> bytes:
    output = io.BytesIO()
    make.save(output)
    return output.getvalue()


def presentation() -> bytes:
    made = pptx.Presentation()
    for number in range(3):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = f"第{number}页标题"
        frame = slide.placeholders[1].text_frame
        frame.text = "第一点"
        paragraph = frame.add_paragraph()
        paragraph.level = 1
        for text, bold in (("请在", False), ("三十日", True), ("内付款", False)):
            run = paragraph.add_run()
            run.text, run.font.bold = text, bold
        slide.notes_slide.notes_text_frame.text = f"备注{number}"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(5), Inches(1)).table
    table.cell(0, 0).text = "名称"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 1).text = "第一行\n第二行"
    data = CategoryChartData()
    data.categories = ["一季度", "二季度"]
    data.add_series("销量", (1.5, 2))
    slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, Inches(1), Inches(1), Inches(3), Inches(2), data)
    group = slide.shapes.add_group_shape()
    box = group.shapes.add_textbox(Inches(1), Inches(1), Inches(1), Inches(1))
    box.text_frame.text = "组内文字"
    return saved(made)


def shapes_of(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        yield shape
        if shape.shape_type == 6:
            yield from shapes_of(shape.shapes)


def test_python_pptx_finds_the_same_shapes_with_other_words(tmp_path: Path) -> None:
    content = presentation()
    done = pptx.Presentation(translated("pptx", content, tmp_path))
    for before, after in zip(pptx.Presentation(io.BytesIO(content)).slides, done.slides, strict=True):
        old, new = list(shapes_of(before.shapes)), list(shapes_of(after.shapes))
        assert [(one.shape_id, one.shape_type, one.left, one.width) for one in old] == [
            (one.shape_id, one.shape_type, one.left, one.width) for one in new
        ]
        for one, other in zip(old, new, strict=True):
            if one.has_text_frame:
                assert [len(p.runs) for p in one.text_frame.paragraphs] == [
                    len(p.runs) for p in other.text_frame.paragraphs
                ]
                assert not HAN.search(other.text_frame.text)
            if getattr(one, "has_chart", False) and one.has_chart:
                plot = other.chart.plots[0]
                assert [series.name for series in plot.series] == ["words"]
                assert list(plot.series[0].values) == [1.5, 2]
                assert list(plot.categories) == ["words", "words"]
        assert not HAN.search(after.notes_slide.notes_text_frame.text)


def test_openpyxl_finds_the_same_values_with_other_words(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (
        ["名称", "数量", "说明"],
        ["服务器", 3, "备份"],
        ["名称", 5.5, None],
        [True, "=B2*2", "含\n换行"],
    ):
        sheet.append(row)
    sheet["A2"].comment = Comment("请确认", "王")
    sheet.add_table(Table(displayName="T", ref="A1:C3"))
    sheet.oddHeader.center.text = "年度预算"
    made.create_sheet("第二页")["B2"] = "另一页"
    path = translated("xlsx", saved(made), tmp_path)
    done = openpyxl.load_workbook(path)
    assert [list(row) for row in done.active.values] == [
        ["名称", "数量", "说明"],
        ["words", 3, "words"],
        ["words", 5.5, None],
        [True, "=B2*2", "words\nwords"],
    ]
    assert done.active["A2"].comment.text == "words"
    assert done.active.oddHeader.center.text == "words"
    assert done.sheetnames == ["Sheet", "第二页"]
    assert done["第二页"]["B2"].value == "words"


@pytest.mark.parametrize("inline", [False, True])
def test_workbooks_of_xlsxwriter_are_read_whatever_they_hold(inline: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(path, {"constant_memory": inline})
    bold, wrap = made.add_format({"bold": True}), made.add_format({"text_wrap": True})
    sheet = made.add_worksheet("数据")
    sheet.write("A1", "标题", bold)
    sheet.write_rich_string("B1", "请在", bold, "三十日", "内")
    sheet.write("A2", "  前后空格  ", wrap)
    sheet.write_formula("B2", '=IF(A1="标题",1,0)', None, 1)
    sheet.write_url("A3", "https://a.cn/路", string="链接文字")
    sheet.write_comment("A1", "批注")
    sheet.insert_textbox("D5", "文本框")
    chart = made.add_chart({"type": "column"})
    chart.add_series({"name": "系列", "values": "=数据!$B$2:$B$2"})
    chart.set_title({"name": "图表标题"})
    sheet.insert_chart("F5", chart)
    sheet.set_header("&C页眉 &P")
    sheet.data_validation("A5", {"validate": "list", "source": ["是", "否"]})
    made.close()
    content = path.read_bytes()
    done = openpyxl.load_workbook(translated("xlsx", content, tmp_path))["数据"]
    assert [done[at].value for at in ("A1", "B1", "A2", "A3")] == [
        "words",
        "wordswordswords",
        "  words  ",
        "words",
    ]
    assert done["B2"].value == '=IF(A1="标题",1,0)'
    assert done["A3"].hyperlink.target == "https://a.cn/路"
    assert done.data_validations.dataValidation[0].formula1 == '"是,否"'
    places = " ".join(unit.place for unit in units("xlsx", content))
    wanted = ["drawing", "chart", "header (odd pages), centre"]
    wanted += [] if inline else ["comment at A1"]  # XlsxWriter itself leaves it out there
    assert [word for word in wanted if word not in places] == []


@pytest.mark.parametrize("name", ["srt", "vtt", "ass"])
def test_pysubs2_finds_the_same_times_with_other_words(name: str, tmp_path: Path) -> None:
    made = pysubs2.SSAFile()
    for number in range(30):
        text = r"{\i1}第一行{\i0}\N第二行" if number % 3 else "大家好，欢迎收看节目。"
        made.append(pysubs2.SSAEvent(start=2000 * number, end=2000 * number + 1500, text=text))
    made.append(pysubs2.SSAEvent(start=90_000, end=91_000, text="注释", type="Comment"))
    content = made.to_string(name).encode()
    done = pysubs2.load(str(translated(name, content, tmp_path)))
    before = pysubs2.SSAFile.from_string(content.decode())
    assert [(one.start, one.end, one.style) for one in done] == [
        (one.start, one.end, one.style) for one in before
    ]
    assert not [one.text for one in done if not one.is_comment and HAN.search(one.text)]
    assert all(
        (r"\i1" in one.text) == (r"\i1" in other.text) for one, other in zip(before, done, strict=True)
    )


def test_polib_finds_the_same_entries_with_other_words(tmp_path: Path) -> None:
    made = polib.POFile(wrapwidth=60)
    made.metadata = {"Content-Type": "text/plain; charset=utf-8", "Language": "zh_CN"}
    for number in range(20):
        plural = (
            {"msgid_plural": f"{number} 个文件们", "msgstr_plural": {0: "", 1: ""}} if number % 4 == 0 else {}
        )
        made.append(
            polib.POEntry(
                msgid=f"第 {number} 个条目，它的说明比较长，\n因此会被折行：%s",
                msgctxt="菜单" if number % 3 == 0 else None,
                flags=["c-format"],
                occurrences=[("a.c", str(number))],
                comment="译注",
                **plural,
            )
        )
    made.append(polib.POEntry(msgid="旧", msgstr="old", obsolete=True))
    done = polib.pofile(str(translated("po", str(made).encode(), tmp_path)), encoding="utf-8")
    before = polib.pofile(str(made))
    assert [(one.msgid, one.msgctxt, one.occurrences, one.comment) for one in done] == [
        (one.msgid, one.msgctxt, one.occurrences, one.comment) for one in before
    ]
    assert done.percent_translated() == 100
    assert not [one for one in done.translated_entries() if HAN.search(one.msgstr)]
    assert done.metadata["Language"] == "en"


def test_ebooklib_finds_the_same_pages_with_other_words(tmp_path: Path) -> None:
    made = epub.EpubBook()
    made.set_title("用户手册")
    made.set_language("zh")
    made.add_author("王磊")
    chapters = []
    for number in range(3):
        chapter = epub.EpubHtml(title=f"第{number}章", file_name=f"c{number}.xhtml", lang="zh")
        chapter.content = (
            f"<h1>第{number}章</h1><p>这是<b>粗体</b>和<a href='c0.xhtml'>链接</a>。</p><pre>代码</pre>"
        )
        made.add_item(chapter)
        chapters.append(chapter)
    made.add_item(epub.EpubItem(uid="s", file_name="s.css", media_type="text/css", content="p{}"))
    made.toc = tuple(chapters)
    made.add_item(epub.EpubNcx())
    made.add_item(epub.EpubNav())
    made.spine = ["nav", *chapters]
    path = tmp_path / "a.epub"
    epub.write_epub(str(path), made)
    done = epub.read_epub(str(translated("epub", path.read_bytes(), tmp_path)), {"ignore_ncx": False})
    before = epub.read_epub(str(path), {"ignore_ncx": False})
    assert [one.get_name() for one in done.get_items()] == [one.get_name() for one in before.get_items()]
    assert (done.title, done.language) == ("words", "en")
    assert done.get_metadata("DC", "creator")[0][0] == "王磊"
    for page in done.get_items_of_type(ITEM_DOCUMENT):
        text = "".join(etree.fromstring(page.get_content()).itertext())
        assert not HAN.search(text.replace("代码", ""))


MARKDOWN = """# 标题

一段**粗体**、*斜体*与[链接](https://a.cn/路 "题")，还有`代码`。

1. 第一项
   - 内层
2. 第二项

> 引用
> 两行

| 列 | 列二 |
|:--|--:|
| 甲 | `码` |

```py
# 注释
```

![图](a.png)
"""


def test_markdown_it_finds_the_same_structure_with_other_words(tmp_path: Path) -> None:
    parser = MarkdownIt("commonmark").enable("table")

    def structure(text: str) -> list[tuple[str, str]]:
        found = []
        for token in parser.parse(text):
            found.append((token.type, token.tag))
            for child in token.children or ():
                if child.type not in ("text", "softbreak"):
                    found.append((child.type, str(child.attrs.get("href", child.attrs.get("src", "")))))
        return found

    done = translated("md", MARKDOWN.encode(), tmp_path).read_text(encoding="utf-8")
    assert structure(done) == structure(MARKDOWN)
    assert HAN.findall(done) == ["路", "题", "代码", "码", "注释"]
    assert isinstance(units("md", MARKDOWN.encode())[0], Unit)
    assert shown("md", MARKDOWN.encode())[0] == "标题"
