"""What the paragraphs of a DOCX look like to a translator."""

from __future__ import annotations

import time

import pytest

from batchtx.records import Unit
from batchtx.text.inline_codes import show_codes
from tests.fixtures_docx import field, package, paragraph, read, run, story

BOLD = "<w:b/>"
NOTE = '<w:r><w:rPr><w:rStyle w:val="FR"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
TAB = "<w:r><w:tab/></w:r>"
BREAK = "<w:r><w:br/></w:r>"


def units(*content: str, **choices: object) -> list[Unit]:
    return read(package("".join(content)), **choices)


def shown(*content: str, **choices: object) -> list[str]:
    return [show_codes(unit.text, unit.codes) for unit in units(*content, **choices)]


def labels(unit: Unit) -> list[str]:
    return [code.label for code in unit.codes if code.kind != "close"]


def test_runs_that_look_the_same_are_one_text() -> None:
    pieces = (
        run("共有三分之一的人口是", '<w:rFonts w:hint="eastAsia"/>'),
        run("HBV", '<w:rFonts w:ascii="Arial"/><w:lang w:val="en-US"/>'),
        "<w:proofErr w:type='spellStart'/>",
        run("的感染者", '<w:noProof/><w:kern w:val="2"/><w:szCs w:val="24"/>'),
    )
    assert shown(paragraph(*pieces)) == ["共有三分之一的人口是HBV的感染者"]


def test_bold_inside_a_sentence_is_a_pair_of_codes_that_may_be_dropped() -> None:
    unit = units(paragraph("买方应当在", run("三十日", BOLD), "内付款。"))[0]
    assert show_codes(unit.text, unit.codes) == "买方应当在⟦1⟧三十日⟦/1⟧内付款。"
    assert [(code.kind, code.label, code.pair, code.format_only) for code in unit.codes] == [
        ("open", "bold", 1, True),
        ("close", "bold", 0, True),
    ]


def test_the_look_of_most_of_the_text_needs_no_codes() -> None:
    assert shown(paragraph("见", run("附件一的全部内容", BOLD))) == ["⟦1⟧见⟦/1⟧附件一的全部内容"]


def test_plain_text_beside_more_bold_text_needs_no_codes() -> None:
    bold = run("制定计划、需求分析和运行维护", BOLD)
    assert shown(paragraph("共分为", bold, "三个阶段", run("。", BOLD))) == [
        "共分为⟦1⟧制定计划、需求分析和运行维护⟦/1⟧三个阶段。"
    ]


def test_of_looks_with_as_many_words_the_one_of_the_marks_needs_no_codes() -> None:
    line = '<w:u w:val="single"/>'
    body = paragraph(run("数据驱动", line), "、", run("绿色低碳", BOLD), "、安全可控")
    assert shown(body) == ["⟦1⟧数据驱动、⟦/1⟧⟦3⟧绿色低碳⟦/3⟧、安全可控"]


@pytest.mark.parametrize("label", ["甲方：", "第二十二条", "1.2", "注意。", "（一）"])
def test_a_label_in_another_look_is_a_unit_of_its_own(label: str) -> None:
    assert shown(paragraph(run(label, BOLD), "　对公民提起的诉讼")) == [label, "对公民提起的诉讼"]


def test_a_plain_colon_after_a_bold_label_belongs_to_the_label() -> None:
    assert shown(paragraph(run("财务部", BOLD), "：负责财务。")) == ["财务部：", "负责财务。"]


def test_chinese_emphasis_by_typeface_is_formatting_when_the_paragraph_has_another_face() -> None:
    hei, song = '<w:rFonts w:eastAsia="黑体"/>', '<w:rFonts w:eastAsia="宋体"/>'
    unit = units(paragraph(run("应当在", song), run("三十日", hei), run("内付款", song)))[0]
    assert labels(unit) == ["bold"]
    assert not units(paragraph(run("全部", hei), run("黑体", hei)))[0].codes
    assert not units(paragraph(run("应当在", song), run("三十日", hei)), emphasis=False)[0].codes


def test_tabs_and_breaks_part_units() -> None:
    assert shown(paragraph("姓名：", TAB, "日期：", BREAK, "第二行")) == ["姓名：", "日期：", "第二行"]


def test_units_of_one_paragraph_have_numbered_addresses() -> None:
    found = units(paragraph("一") + paragraph("二", TAB, "三"))
    assert [unit.address for unit in found] == [
        "word/document.xml#p1",
        "word/document.xml#p2.1",
        "word/document.xml#p2.2",
    ]


def test_marks_at_the_edges_stand_outside_and_those_inside_are_codes() -> None:
    assert shown(paragraph("规定", NOTE, "如下。", NOTE)) == ["规定⟦1⟧如下。"]
    unit = units(paragraph("规定", NOTE, "如下"))[0]
    assert [(code.kind, code.label, code.format_only) for code in unit.codes] == [
        ("point", "footnote", False)
    ]


def test_a_link_is_a_pair_that_must_stay_and_its_look_is_part_of_it() -> None:
    underlined = run("本公司网站", '<w:u w:val="single"/>')
    link = f'<w:hyperlink r:id="rId1">{underlined}</w:hyperlink>'
    unit = units(paragraph("详见", link, "的说明"))[0]
    assert show_codes(unit.text, unit.codes) == "详见⟦1⟧本公司网站⟦/1⟧的说明"
    assert [(code.label, code.format_only) for code in unit.codes] == [("link", False)] * 2


def test_what_encloses_the_whole_text_needs_no_code() -> None:
    content = f'<w:hyperlink w:anchor="a"><w:smartTag>{run("全文")}</w:smartTag></w:hyperlink>'
    assert shown(paragraph(content)) == ["全文"]


def test_codes_of_fields_are_never_text() -> None:
    found = units(
        paragraph("第", field(" PAGE ", run("3")), "页，见", field(" REF _Ref1 ", run("第二章")), "全文")
    )
    assert show_codes(found[0].text, found[0].codes) == "第⟦1⟧页，见⟦2⟧第二章⟦/2⟧全文"
    assert labels(found[0]) == ["field", "field"]


def test_an_opaque_result_with_chinese_in_it_is_text() -> None:
    assert shown(paragraph("见", field(' STYLEREF "标题 1" ', run("总则")), "一节")) == ["见⟦1⟧总则⟦/1⟧一节"]


def test_an_enclosure_of_a_number_or_an_address_is_one_code() -> None:
    link = f'<w:hyperlink r:id="rId1">{run("https://example.com/a")}</w:hyperlink>'
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('12')}</w:sdtContent></w:sdt>"
    unit = units(paragraph("请在", link, "的第", control, "页下载"))[0]
    assert [(code.kind, code.label) for code in unit.codes] == [
        ("point", "link"),
        ("point", "content control"),
    ]


def test_nested_fields_keep_their_order() -> None:
    inner = field(" PAGEREF _Toc1 ", run("1"))
    entry = field(' HYPERLINK \\l "_Toc1" ', run("第一章 总则") + TAB + inner)
    assert shown(paragraph(entry)) == ["第一章 总则"]


def test_a_field_over_several_paragraphs_leaves_their_texts() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC </w:instrText></w:r>'
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    body = f"<w:p>{begin}{separate}{run('第一章')}</w:p><w:p>{run('第二章')}{end}</w:p>"
    assert shown(body) == ["第一章", "第二章"]


def test_unbalanced_field_marks_lose_no_text() -> None:
    stray = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert shown(paragraph("前文", stray, "后文")) == ["前文", "后文"]


def test_simple_fields_are_things_or_enclosures() -> None:
    page = f'<w:fldSimple w:instr=" PAGE ">{run("1")}</w:fldSimple>'
    title = f'<w:fldSimple w:instr=" TITLE ">{run("章程")}</w:fldSimple>'
    assert shown(paragraph("第", page, "页：", title, "正文")) == ["第⟦1⟧页：⟦2⟧章程⟦/2⟧正文"]


def test_bookmarks_that_nest_are_pairs_and_those_that_cross_stand_outside() -> None:
    def start(number: int) -> str:
        return f'<w:bookmarkStart w:id="{number}" w:name="b{number}"/>'

    def end(number: int) -> str:
        return f'<w:bookmarkEnd w:id="{number}"/>'

    assert shown(paragraph("甲", start(1), "乙", end(1), "丙")) == ["甲⟦1⟧乙⟦/1⟧丙"]
    assert shown(paragraph("甲", start(1), "乙", start(2), "丙", end(1), "丁", end(2), "戊")) == [
        "甲乙⟦1⟧丙丁⟦/1⟧戊"
    ]
    assert shown(paragraph("甲", start(1), end(1), "乙")) == ["甲乙"]
    assert shown(paragraph(start(1), "标题", end(1))) == ["标题"]


def test_deleted_text_is_no_text_and_inserted_text_is_enclosed() -> None:
    deleted = '<w:del w:id="1" w:author="A"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2" w:author="A">{run("新")}</w:ins>'
    unit = units(paragraph("付款", deleted, inserted, "条件"))[0]
    assert show_codes(unit.text, unit.codes) == "付款⟦1⟧⟦2⟧新⟦/2⟧条件"
    assert not any(code.format_only for code in unit.codes)


def test_hidden_text_is_kept_unless_asked_for() -> None:
    content = paragraph("可见", run("隐藏", "<w:vanish/>"), "文字")
    assert shown(content) == ["可见⟦1⟧文字"]
    assert "隐藏" in "".join(shown(content, hidden=True))


def test_the_base_of_a_phonetic_guide_is_text() -> None:
    ruby = (
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>běi</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>北</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    assert shown(paragraph("在", ruby, "京")) == ["在北京"]


def test_blanks_to_fill_in_part_labels_and_are_codes_in_sentences() -> None:
    blank = run("        ", '<w:u w:val="single"/>')
    assert shown(paragraph("甲方：", blank, "乙方：", blank)) == ["甲方：", "乙方："]
    unit = units(paragraph("总价为", blank, "元，由甲方支付。"))[0]
    assert labels(unit) == ["blank"]
    assert shown(paragraph("签名：_____ 日期：_____")) == ["签名：", "日期："]


def test_content_controls_of_all_levels_are_read() -> None:
    def control(content: str) -> str:
        return f"<w:sdt><w:sdtPr><w:id w:val='1'/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    cell = f"<w:tc>{paragraph('格')}</w:tc>"
    row = f"<w:tr>{control(f'<w:tc>{paragraph(chr(0x4E59))}</w:tc>')}</w:tr>"
    table = f"<w:tbl>{control(f'<w:tr>{cell}</w:tr>')}{row}</w:tbl>"
    body = control(paragraph("块")) + paragraph("前", control(run("行内")), "后") + table
    assert shown(body) == ["块", "前⟦1⟧行内⟦/1⟧后", "格", "乙"]


def test_a_formula_is_a_code_and_its_chinese_words_are_lone_texts() -> None:
    formula = "<m:oMath><m:r><m:t>速度=x</m:t></m:r></m:oMath>"
    found = units(paragraph("其中", formula, "为常数"), math_text=True)
    assert show_codes(found[0].text, found[0].codes) == "其中⟦1⟧为常数"
    assert (found[1].address, found[1].text) == ("word/document.xml#t1", "速度=x")


def test_a_text_box_is_read_once_and_its_fallback_is_no_unit() -> None:
    box = f"<w:txbxContent>{paragraph('框内')}</w:txbxContent>"
    alternate = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    found = units(paragraph(alternate, "正文"))
    assert [(unit.text, unit.place) for unit in found] == [
        ("正文", "paragraph 1"),
        ("框内", "text box 1, paragraph 1"),
    ]


def test_places_are_for_people() -> None:
    cell = f"<w:tc>{paragraph('内')}</w:tc>"
    inner = f"<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>"
    table = f"<w:tbl><w:tr>{cell}<w:tc>{paragraph('外')}{inner}</w:tc></w:tr></w:tbl>"
    content = package(
        paragraph("段") + table,
        parts={
            "word/header1.xml": story("hdr", paragraph("页眉")),
            "word/footnotes.xml": story(
                "footnotes",
                f'<w:footnote w:type="separator" w:id="0">{paragraph("分隔")}</w:footnote>'
                f'<w:footnote w:id="4">{paragraph("脚注")}</w:footnote>',
            ),
        },
        relations={"header1.xml": "header", "footnotes.xml": "footnotes"},
    )
    assert [unit.place for unit in read(content)] == [
        "paragraph 1",
        "table 1, row 1, cell 1",
        "table 1, row 1, cell 2",
        "table 1, row 1, cell 2, table 1, row 1, cell 1",
        "table 1, row 1, cell 2, table 1, row 1, cell 2",
        "header 1, paragraph 1",
        "footnote 4, paragraph 1",
    ]


def test_kinds_come_from_styles_and_places() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="我的标题"/><w:basedOn w:val="1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="c"><w:name w:val="caption"/></w:style>'
    )
    body = (
        paragraph("标题", properties='<w:pStyle w:val="a"/>')
        + paragraph("图 1", properties='<w:pStyle w:val="c"/>')
        + paragraph("列表", properties='<w:numPr><w:numId w:val="1"/></w:numPr>')
        + f"<w:tbl><w:tr><w:tc>{paragraph('格')}</w:tc></w:tr></w:tbl>"
        + paragraph(run("甲方：", BOLD), "某公司。")
    )
    content = package(
        body, parts={"word/styles.xml": story("styles", styles)}, relations={"styles.xml": "styles"}
    )
    assert [unit.kind for unit in read(content)] == ["heading", "caption", "item", "cell", "label", "text"]


def test_a_short_centred_line_without_a_stop_is_a_heading() -> None:
    centred = '<w:jc w:val="center"/>'
    body = (
        paragraph("投　标　函", properties=centred)
        + paragraph("本合同一式两份。", properties=centred)
        + paragraph("投标函", properties='<w:jc w:val="left"/>')
        + f"<w:tbl><w:tr><w:tc>{paragraph('序号', properties=centred)}</w:tc></w:tr></w:tbl>"
    )
    assert [unit.kind for unit in units(body)] == ["heading", "text", "text", "cell"]


def test_characters_that_would_be_codes_are_protected() -> None:
    assert shown(paragraph("前\U000f0000后")) == ["前⟦1⟧后"]


def test_symbols_of_a_symbol_font_are_no_text() -> None:
    assert shown(paragraph(run("l", '<w:rFonts w:ascii="Wingdings"/>'), "要点")) == ["要点"]


def test_many_runs_and_deep_tables_take_linear_time() -> None:
    started = time.perf_counter()
    body = paragraph(*(run("字" * 3, BOLD if number % 2 else "") for number in range(20_000)))
    found = units(body)
    assert all(len(unit.codes) <= 200 for unit in found)
    assert sum(unit.text.count("字") for unit in found) == 60_000
    deep = "<w:tbl><w:tr><w:tc>" * 400 + paragraph("深") + (paragraph() + "</w:tc></w:tr></w:tbl>") * 400
    assert shown(deep) == ["深"]
    assert time.perf_counter() - started < 10
