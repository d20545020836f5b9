"""What comes back into a DOCX: the targets, in the right formatting, and nothing else changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from batchtx.errors import DocumentError
from batchtx.text.inline_codes import code_char
from tests.fixtures_docx import (
    body_of,
    field,
    package,
    paragraph,
    parts_of,
    read,
    run,
    story,
    translated,
    written,
)

A, B, C, D = (code_char(number) for number in range(4))
BOLD = "<w:b/>"


def xml(body: str, targets: dict[str, str], **choices: object) -> str:
    """The body after translation, without languages unless they are the point."""
    choices.setdefault("language", False)
    text = body_of(translated(package(body), targets, **choices))
    return text[text.index("<w:body>") + 8 : text.index("</w:body>")]


def test_a_paragraph_of_one_look_becomes_one_run() -> None:
    body = paragraph(run("你好，", "<w:i/>"), run("世界", "<w:i/>"), properties='<w:pStyle w:val="a"/>')
    assert xml(body, {"你好，世界": "Hello"}) == paragraph(
        run("Hello", "<w:i/>"), properties='<w:pStyle w:val="a"/>'
    )


def test_paragraphs_that_are_not_translated_keep_their_xml() -> None:
    untouched = paragraph(
        run("no", '<w:rFonts w:hint="eastAsia"/>'), "<w:proofErr w:type='x'/>", run("change")
    )
    result = xml(untouched + paragraph("你好"), {"你好": "Hi"})
    assert result.replace('"x"', "'x'").startswith(untouched)


def test_formatting_goes_where_the_codes_stand() -> None:
    body = paragraph("应当在", run("三十日", BOLD), "内付款")
    source = f"应当在{A}三十日{B}内付款"
    assert xml(body, {source: f"Pay within {A}thirty days{B}"}) == paragraph(
        run("Pay within "), run("thirty days", BOLD)
    )


def test_formatting_that_was_dropped_leaves_the_main_look() -> None:
    body = paragraph("应当在", run("三十日", BOLD), "内付款")
    assert xml(body, {f"应当在{A}三十日{B}内付款": "Pay"}) == paragraph("Pay")


@pytest.mark.parametrize("target", ["no code", f"{A}{B} twice {A}{B}", f"{B}crossed{A}", f"{A}half"])
def test_codes_that_must_stay_are_checked(target: str) -> None:
    body = paragraph("见", f'<w:hyperlink w:anchor="x">{run("附件")}</w:hyperlink>', "全文")
    with pytest.raises(DocumentError, match=r"word/document.xml#p1: .*put it back"):
        xml(body, {f"见{A}附件{B}全文": target})


def test_links_and_notes_move_with_their_words() -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    link = f'<w:hyperlink r:id="rId9">{run("网站")}</w:hyperlink>'
    body = paragraph("按规定", note, "见", link, "说明")
    source = f"按规定{A}见{B}网站{C}说明"
    assert xml(body, {source: f"See {B}the site{C} under the rules.{A}"}) == paragraph(
        run("See "),
        '<w:hyperlink r:id="rId9">' + run("the site") + "</w:hyperlink>",
        run(" under the rules."),
        note,
    )


def test_fields_keep_their_codes_to_the_letter() -> None:
    body = paragraph("见", field(" REF _Ref1 \\h ", run("第二章")), "第", field(" PAGE ", run("3")), "页")
    source = f"见{A}第二章{B}第{C}页"
    result = xml(body, {source: f"see {A}Chapter 2{B}, page {C}"})
    assert result.count(" REF _Ref1 \\h ") == 1
    assert re.sub("<[^>]*>", "", result) == "see  REF _Ref1 \\h Chapter 2, page  PAGE 3"


def test_a_space_stands_between_parts_that_chinese_writes_together() -> None:
    assert xml(paragraph(run("甲方：", BOLD), "某公司"), {"甲方：": "Party A:", "某公司": "a company"}) == (
        paragraph(run("Party A:", BOLD), run(" a company"))
    )


def test_a_space_stands_before_a_word_that_stays_as_it_is() -> None:
    mono = '<w:rFonts w:ascii="Consolas"/>'
    body = paragraph(run("代码：", BOLD), run("disp(1)", mono))
    assert "Code:disp" not in re.sub("<[^>]*>", "", xml(body, {"代码：": "Code:"}))


def test_a_wide_space_between_parts_becomes_narrow_and_one_in_front_stays() -> None:
    body = paragraph(run("　　"), run("第二条", BOLD), run("　内容"))
    assert xml(body, {"第二条": "Article 2", "内容": "Content"}) == paragraph(
        run("　　"), run("Article 2", BOLD), run("  "), run("Content")
    )


def test_a_wide_space_after_the_number_of_a_caption_becomes_narrow() -> None:
    body = paragraph("表 ", field(" SEQ 表 ", run("1")), "　主要参数")
    result = xml(body, {"表": "Table", "主要参数": "Main parameters"})
    assert "\u3000" not in result
    assert result.endswith('  </w:t></w:r><w:r><w:t xml:space="preserve">Main parameters</w:t></w:r></w:p>')


def test_tabs_drawings_and_bookmarks_around_the_text_stay_in_place() -> None:
    body = paragraph(
        '<w:bookmarkStart w:id="0" w:name="_Toc1"/>',
        "姓名",
        "<w:r><w:tab/></w:r>",
        "日期",
        '<w:bookmarkEnd w:id="0"/>',
    )
    assert xml(body, {"姓名": "Name", "日期": "Date"}) == body.replace("姓名", "Name").replace("日期", "Date")


def test_underlined_blanks_keep_their_length() -> None:
    blank = run("      ", '<w:u w:val="single"/>')
    assert blank in xml(paragraph("甲方：", blank), {"甲方：": "Party A:"})


def test_a_blank_stands_apart_from_the_words_beside_it() -> None:
    line = '<w:u w:val="single"/>'
    seal = paragraph("甲方：", run("      ", line), "（盖章）")
    result = xml(seal, {"甲方：": "Party A:", "（盖章）": "(seal)"})
    assert result == paragraph("Party A:", " ", run("      ", line), " (seal)")
    name = paragraph("项目：", run("  医院  ", line))
    result = xml(name, {"项目：": "Project:", "医院": "Hospital"})
    parts = [run("  ", line), run("Hospital", line), run("  ", line)]
    assert result == paragraph("Project:", " ", *parts)


def test_an_underline_does_not_begin_with_a_space() -> None:
    body = paragraph("理念：", run("数据驱动", '<w:u w:val="single"/>'))
    result = xml(body, {"理念：": "Idea:", "数据驱动": "Data"})
    assert result == paragraph("Idea:", " ", run("Data", '<w:u w:val="single"/>'))


def test_a_fallback_gets_the_same_target() -> None:
    box = f"<w:txbxContent>{paragraph('框内')}</w:txbxContent>"
    body = paragraph(
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
        "正文",
    )
    result = xml(body, {"框内": "in the box", "正文": "body"})
    assert result.count("in the box") == 2
    assert "框内" not in result


def test_runs_in_english_have_an_english_language_in_schema_order() -> None:
    body = paragraph(run("你好", '<w:sz w:val="24"/><w:lang w:val="zh-CN" w:eastAsia="zh-CN"/>'))
    assert '<w:sz w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>' in xml(
        body, {"你好": "Hi"}, language=True
    )
    body = paragraph(run("你好", '<w:sz w:val="24"/><w:oMath/>'))
    assert '<w:sz w:val="24"/><w:lang w:val="en-US"/><w:oMath/>' in xml(body, {"你好": "Hi"}, language=True)


def test_chinese_faces_leave_the_latin_slots_and_the_wide_hint_goes() -> None:
    fonts = '<w:rFonts w:hint="eastAsia" w:ascii="宋体" w:hAnsi="黑体" w:eastAsia="宋体"/>'
    expected = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Arial" w:eastAsia="宋体"/>'
    assert expected in xml(paragraph(run("你好", fonts)), {"你好": "Hi"})
    assert fonts in xml(paragraph(run("你好", fonts)), {"你好": "Hi"}, fonts=False)


def test_emphasis_by_typeface_becomes_bold_and_italic() -> None:
    body = paragraph(
        run("第一条", '<w:rFonts w:eastAsia="黑体"/>'), run("内容", '<w:rFonts w:eastAsia="仿宋"/>')
    )
    result = xml(body, {"第一条": "Article 1", "内容": "Content"})
    assert re.search(r"<w:b/></w:rPr><w:t [^>]*>Article 1<", result)
    assert result.count("<w:b/>") == 1


def character_style(identifier: str, properties: str, base: str = "") -> str:
    based_on = f'<w:basedOn w:val="{base}"/>' if base else ""
    head = f'<w:style w:type="character" w:styleId="{identifier}">{based_on}'
    return f"{head}<w:rPr>{properties}</w:rPr></w:style>"


def test_a_character_style_that_stresses_by_typeface_becomes_bold_or_italic() -> None:
    hei, kai, song = (f'<w:rFonts w:eastAsia="{face}"/>' for face in ("黑体", "楷体", "宋体"))
    styles = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{song}</w:rPr></w:rPrDefault></w:docDefaults>"
        + character_style("hei", hei + "<w:lang/>")
        + character_style("kai", kai, base="song")
        + character_style("song", song)
        + character_style("large", f'{hei}<w:sz w:val="40"/>')
    )
    body = paragraph("应当在", run("三十日", '<w:rStyle w:val="hei"/>'), "内付款")
    content = package(
        body, parts={"word/styles.xml": story("styles", styles)}, relations={"styles.xml": "styles"}
    )
    source = read(content)[0].text
    target = {source: source.replace("三十日", "thirty")}
    result = body_of(translated(content, target), "word/styles.xml")
    assert re.findall(r'styleId="(\w+)">(?:<w:based\S+ \S+>)?<w:rPr><w:rFonts[^>]*><w:([bi])/>', result) == [
        ("hei", "b"),
        ("kai", "i"),
    ]
    assert "<w:b/>" not in body_of(translated(content, target, emphasis=False), "word/styles.xml")


def test_a_tracked_change_of_formatting_stays_on_one_run() -> None:
    change = '<w:b/><w:rPrChange w:id="7" w:author="A"><w:rPr/></w:rPrChange>'
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = paragraph("应当", run("三十", change), note, run("日", change), "内付款项")
    source = read(package(body))[0].text
    result = xml(body, {source: source.replace("三十", "thirty").replace("日", "days")})
    assert result.count('w:id="7"') == 1


def test_numbering_becomes_english() -> None:
    levels = (
        '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/>'
        '<w:lvlText w:val="第%1章"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
        '<w:lvl w:ilvl="2"><w:numFmt w:val="japaneseCounting"/><w:lvlText w:val="（%3）"/></w:lvl>'
    )
    parts = {"word/numbering.xml": story("numbering", f"<w:abstractNum>{levels}</w:abstractNum>")}
    content = package(paragraph("总则"), parts=parts, relations={"numbering.xml": "numbering"})
    result = body_of(translated(content, {"总则": "General"}), "word/numbering.xml")
    assert '"Chapter %1 "' in result and '"%1.%2"' in result and '"(%3)"' in result
    assert result.count('"decimal"') == 3
    kept = translated(content, {"总则": "General"}, numbering=False)
    assert parts_of(kept)["word/numbering.xml"] == parts_of(content)["word/numbering.xml"]


def test_lone_texts_are_translated_and_automatic_ones_kept() -> None:
    body = paragraph(
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="图片 1" descr="系统结构" title="C:\\图.png"/>'
        "</wp:inline></w:drawing></w:r>",
        '<w:r><w:pict><v:shape><v:textpath string="机密"/></v:shape></w:pict></w:r>',
        f'<w:hyperlink w:anchor="a" w:tooltip="提示">{run("链接")}</w:hyperlink>',
    )
    targets = {"系统结构": "Structure", "机密": "Secret", "提示": "Tip", "链接": "Link", "C:\\图.png": "no"}
    result = xml(body, targets)
    assert 'descr="Structure"' in result and 'string="Secret"' in result and 'w:tooltip="Tip"' in result
    assert 'title="C:\\图.png"' in result and 'name="图片 1"' in result


def test_charts_diagrams_and_properties_are_translated() -> None:
    chart = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        "<a:p><a:r><a:rPr b='1'/><a:t>销售</a:t></a:r><a:r><a:rPr b='1' lang='en'/><a:t>额</a:t></a:r></a:p>"
        "<c:cat><c:strCache><c:pt><c:v>一月</c:v></c:pt></c:strCache></c:cat>"
        "<c:val><c:numCache><c:pt><c:v>12</c:v></c:pt></c:numCache></c:val></c:chartSpace>"
    )
    core = (
        "<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>合同</dc:title><dc:creator>张三</dc:creator>'
        "</cp:coreProperties>"
    )
    content = package(
        paragraph("正文"),
        parts={"word/charts/chart1.xml": chart, "docProps/core.xml": core},
        relations={"charts/chart1.xml": "chart"},
        package_relations={"docProps/core.xml": "metadata/core-properties"},
    )
    assert [(unit.text, unit.place) for unit in read(content)] == [
        ("正文", "paragraph 1"),
        ("销售额", "chart 1, drawing text"),
        ("一月", "chart 1, data label"),
        ("合同", "document title"),
    ]
    result = translated(content, {"销售额": "Sales", "一月": "Jan", "合同": "Contract"})
    assert "<a:t>Sales</a:t>" in body_of(result, "word/charts/chart1.xml")
    assert "<c:v>12</c:v>" in body_of(result, "word/charts/chart1.xml")
    assert "<dc:title>Contract</dc:title><dc:creator>张三</dc:creator>" in body_of(
        result, "docProps/core.xml"
    )


def test_comments_can_be_kept() -> None:
    content = package(
        paragraph("正文"),
        parts={
            "word/comments.xml": story("comments", f'<w:comment w:id="1">{paragraph("批注")}</w:comment>')
        },
        relations={"comments.xml": "comments"},
    )
    assert [unit.text for unit in read(content)] == ["正文", "批注"]
    assert [unit.text for unit in read(content, comments="keep")] == ["正文"]


DELETED = '<w:del w:id="1" w:author="A"><w:r><w:delText>旧</w:delText></w:r></w:del>'
INSERTED = f'<w:ins w:id="2" w:author="A">{run("新")}</w:ins>'


def test_tracked_changes_are_kept_accepted_rejected_or_refused() -> None:
    content = package(paragraph("付款", DELETED, INSERTED, "条件"))
    kept = translated(content, {f"付款{A}{B}新{C}条件": f"{B}new{C} terms of {A}payment"})
    assert body_of(kept).count("<w:ins ") == body_of(kept).count("<w:del ") == 1
    assert [unit.text for unit in read(content, revisions="accept")] == ["付款新条件"]
    assert [unit.text for unit in read(content, revisions="reject")] == ["付款旧条件"]
    assert "w:ins" not in body_of(translated(content, {}, revisions="accept"))
    with pytest.raises(DocumentError, match="there are tracked changes; accept or reject them"):
        read(content, revisions="refuse")


def test_accepting_joins_paragraphs_whose_mark_was_deleted(tmp_path: Path) -> None:
    mark = '<w:rPr><w:del w:id="3" w:author="A"/></w:rPr>'
    content = package(paragraph("前", properties=mark) + paragraph("后", properties='<w:jc w:val="left"/>'))
    assert [unit.text for unit in read(content, revisions="accept")] == ["前后"]
    assert [unit.text for unit in read(content, revisions="reject")] == ["前", "后"]
    written(content, {"前后": "both"}, tmp_path / "out.docx", revisions="accept")


def test_rejecting_restores_old_properties() -> None:
    change = '<w:b/><w:rPrChange w:id="7" w:author="A"><w:rPr><w:i/></w:rPr></w:rPrChange>'
    body = body_of(translated(package(paragraph(run("字", change))), {}, revisions="reject"))
    assert "<w:rPr><w:i/></w:rPr>" in body


def test_a_drop_cap_is_translated_with_its_paragraph_and_holds_the_first_english_letter() -> None:
    frame = '<w:framePr w:dropCap="drop" w:lines="3"/>'
    content = package(
        paragraph("从", properties=frame)
        + paragraph("前有一座", run("山", "<w:b/>"), "。")
        + paragraph("后文")
    )
    unit = read(content)[0]
    assert unit.text == f"从前有一座{A}山。{B}"
    result = body_of(translated(content, {unit.text: f"Once there was a {A}mountain{B}."}))
    texts = re.findall(r"<w:t[^>]*>([^<]*)<", result)
    assert texts == ["O", "nce there was a ", "mountain", ".", "后文"]


def test_a_drop_cap_without_a_paragraph_is_translated_alone() -> None:
    frame = '<w:framePr w:dropCap="drop"/>'
    assert [unit.text for unit in read(package(paragraph("山", properties=frame)))] == ["山"]


def test_wide_dashes_around_page_numbers_become_narrow_in_a_translated_document() -> None:
    footer = story("ftr", paragraph("－ ", field(" PAGE ", run("1")), " －") + paragraph("——"))
    content = package(
        paragraph("正文"), parts={"word/footer1.xml": footer}, relations={"footer1.xml": "footer"}
    )
    assert body_of(translated(content, {}), "word/footer1.xml") == footer
    result = body_of(translated(content, {"正文": "Text"}), "word/footer1.xml")
    assert re.findall(r"<w:t[^>]*>([^<]*)<", result) == ["- ", "1", " -", "——"]


def test_index_entries_are_translated_on_request_and_their_switches_stay() -> None:
    entry = (
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r>"
        '<w:r><w:instrText> XE "合同</w:instrText></w:r>'
        '<w:r><w:instrText>法:合同" \\t "见违约" \\b </w:instrText></w:r>'
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )
    contents = (
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r>"
        '<w:r><w:instrText> TC "总则" \\f C \\l 1 </w:instrText></w:r>'
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )
    body = paragraph("你好", entry, contents)
    targets = {
        "合同法": "Contract: Law",
        "合同": 'The "Contract"',
        "见违约": "see Breach",
        "总则": "General: Rules",
        "你好": "Hello",
    }
    result = xml(body, targets, index_entries=True)
    codes = re.findall("<w:instrText[^>]*>([^<]*)<", result)
    assert "".join(codes) == (
        ' XE "Contract\\: Law:The \'Contract\'" \\t "see Breach" \\b  TC "General: Rules" \\f C \\l 1 '
    )
    assert "合同" in xml(body, targets)


def test_exact_heights_indents_grids_and_spread_lines_are_adjusted_on_request() -> None:
    marks = (
        '<w:ind w:left="9" w:firstLineChars="200" w:firstLine="420"/>',
        '<w:jc w:val="distribute"/>',
        '<w:trHeight w:hRule="exact" w:val="300"/>',
        '<w:docGrid w:type="lines" w:linePitch="312"/>',
    )
    table = '<w:tblPr><w:tblLayout w:type="fixed"/></w:tblPr>'
    row = f"<w:tr><w:trPr>{marks[2]}</w:trPr><w:tc>{paragraph('总则')}</w:tc></w:tr>"
    section = f"<w:sectPr>{marks[3]}</w:sectPr>"
    body = paragraph("你好", properties=marks[0] + marks[1]) + f"<w:tbl>{table}{row}</w:tbl>{section}"
    targets = {"你好": "Hello", "总则": "General"}
    kept = xml(body, targets)
    assert all(_attributes(mark) <= _attributes(kept) for mark in marks)
    adjusted = xml(body, targets, row_heights=True, distribute=True, first_line_indent=True, line_grid=True)
    assert _attributes(adjusted) >= {'w:left="9"', 'w:hRule="atLeast"', 'w:val="center"', 'w:linePitch="312"'}
    assert 'w:type="autofit"' in xml(body, targets, autofit=True)
    assert not _attributes(adjusted) & {'w:firstLineChars="200"', 'w:firstLine="420"', 'w:type="lines"'}


def test_vertical_text_is_turned_on_request() -> None:
    cell = f'<w:tc><w:tcPr><w:textDirection w:val="tbRlV"/></w:tcPr>{paragraph("总则")}</w:tc>'
    box = (
        "<w:r><w:drawing><wp:inline><wps:wsp><wps:txbx><w:txbxContent>"
        + paragraph("附则")
        + "</w:txbxContent>"
        '</wps:txbx><wps:bodyPr vert="eaVert"/></wps:wsp></wp:inline></w:drawing></w:r>'
        '<w:r><w:pict><v:textbox style="layout-flow:vertical-ideographic"/></w:pict></w:r>'
    )
    section = '<w:sectPr><w:textDirection w:val="tbRl"/></w:sectPr>'
    body = f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>{paragraph('你好', box)}{section}"
    targets = {"总则": "General", "附则": "Annex", "你好": "Hello"}
    vertical = {'w:val="tbRlV"', 'w:val="tbRl"', 'vert="eaVert"', 'style="layout-flow:vertical-ideographic"'}
    assert _attributes(xml(body, targets)) >= vertical
    turned = xml(body, targets, direction=True)
    assert re.findall('textDirection w:val="(.*?)"', turned) == ["btLr", "lrTb"]
    assert 'vert="vert270"' in turned
    assert 'style="layout-flow:vertical;mso-layout-flow-alt:bottom-to-top"' in turned


def test_text_boxes_grow_on_request() -> None:
    box = (
        "<w:r><w:drawing><wp:inline><wps:wsp><wps:txbx><w:txbxContent>"
        + paragraph("附则")
        + "</w:txbxContent></wps:txbx>"
        '<wps:bodyPr vert="eaVert"><a:prstTxWarp prst="textNoShape"/><a:noAutofit/></wps:bodyPr>'
        '</wps:wsp></wp:inline></w:drawing></w:r><w:r><w:pict><v:textbox style="a:b"/></w:pict></w:r>'
    )
    body, targets = paragraph("你好", box), {"附则": "Annex", "你好": "Hello"}
    assert "<a:noAutofit/></wps:bodyPr>" in xml(body, targets)
    grown = xml(body, targets, text_boxes=True, direction=True)
    assert 'prst="textNoShape"/><a:spAutoFit/></wps:bodyPr>' in grown
    assert 'vert="vert270"' in grown
    assert 'style="a:b;mso-fit-shape-to-text:t"' in grown


def _attributes(xml_text: str) -> set[str]:
    return set(re.findall(r'[\w:]+="[^"]*"', xml_text))
