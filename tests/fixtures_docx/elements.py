"""One small document for each element that docs/docx.md names: what must survive a translation.

`DOCUMENTS` maps a name that says what is in it to the bytes of a package.
"""

from __future__ import annotations

from tests.fixtures_docx import R, W, field, package, paragraph, run, story, zipped
from tests.fixtures_docx import parts_of as parts

_STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_STRICT_R = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_DSP = "http://schemas.microsoft.com/office/drawing/2008/diagram"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC = "http://purl.org/dc/elements/1.1/"

BOLD = "<w:b/>"
UNDERLINE = '<w:u w:val="single"/>'
TAB = "<w:r><w:tab/></w:r>"
PICTURE = (
    '<w:r><w:drawing><wp:inline><wp:docPr id="{}" name="图片 1" descr="{}"/></wp:inline></w:drawing></w:r>'
)


def _mark(element: str) -> str:
    return f"<w:r>{element}</w:r>"


def _char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _code(instruction: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'


def _control(content: str, properties: str = "") -> str:
    head = f'<w:sdtPr><w:id w:val="7"/>{properties}</w:sdtPr>'
    return f"<w:sdt>{head}<w:sdtContent>{content}</w:sdtContent></w:sdt>"


def _cell(content: str, properties: str = "") -> str:
    inner = f"<w:tcPr>{properties}</w:tcPr>" if properties else ""
    return f"<w:tc>{inner}{content}</w:tc>"


def _table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{''.join(rows)}</w:tbl>"


def _row(*cells: str, properties: str = "") -> str:
    inner = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    return f"<w:tr>{inner}{''.join(cells)}</w:tr>"


def _bookmark(number: int, name: str, content: str) -> str:
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


def _text_box(text: str) -> str:
    inner = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        '<wp:docPr id="3" name="文本框 3"/><a:graphic><a:graphicData><wps:wsp><wps:txbx>'
        f"{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def _tracked(kind: str, content: str, number: int = 1) -> str:
    return f'<w:{kind} w:id="{number}" w:author="甲" w:date="2024-01-01T00:00:00Z">{content}</w:{kind}>'


_INLINE: dict[str, str] = {
    "runs of one look": paragraph(
        run("共有", '<w:rFonts w:hint="eastAsia"/>'),
        run("2"),
        '<w:proofErr w:type="spellStart"/>',
        run(".4亿"),
    ),
    "bold, italic, colour in a sentence": paragraph(
        "应当在",
        run("三十日", BOLD),
        "内",
        run("书面", "<w:i/>"),
        "通知",
        run("对方", '<w:color w:val="FF0000"/>'),
        "。",
    ),
    "label and body": paragraph(run("第二十二条", BOLD), "　对公民提起的诉讼。"),
    "emphasis by typeface": paragraph(
        run("第一条", '<w:rFonts w:eastAsia="黑体"/>'),
        run("　为了", '<w:rFonts w:eastAsia="仿宋"/>'),
        run("保护", '<w:rFonts w:eastAsia="楷体"/>'),
        run("权利", '<w:rFonts w:eastAsia="仿宋"/>'),
    ),
    "hyperlinks": paragraph(
        "见",
        f'<w:hyperlink w:anchor="附件" w:tooltip="打开附件">{run("附件")}</w:hyperlink>',
        "与",
        f'<w:hyperlink r:id="rId9">{run("https://example.com")}</w:hyperlink>',
        "网站",
    ),
    "hyperlink field with page number": paragraph(
        field(' HYPERLINK \\l "_Toc1" ', run("第一章 总则") + TAB + field(" PAGEREF _Toc1 ", run("1")))
    ),
    "fields by type": paragraph(
        "第",
        field(" PAGE ", run("1")),
        "页共",
        field(" NUMPAGES ", run("9")),
        "页，见",
        field(" REF _Ref1 ", run("第二章")),
        "，",
        field(' ADDIN ZOTERO_ITEM {"标题":"摘要"} ', run("[1]")),
        "，日期",
        field(' DATE \\@ "yyyy年M月" ', run("2024年1月")),
    ),
    "form fields": paragraph(
        "姓名",
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="姓名"/><w:textInput>'
        '<w:default w:val="请输入"/></w:textInput></w:ffData></w:fldChar></w:r>',
        _code(" FORMTEXT "),
        _char("separate"),
        run("请输入"),
        _char("end"),
        "必填",
    ),
    "index entries": paragraph("合同", _char("begin"), _code(' XE "合同:订立" '), _char("end"), "的订立")
    + paragraph(_char("begin"), _code(' TC "附录" \\f C '), _char("end"), "附录"),
    "simple fields": paragraph(
        "第",
        f'<w:fldSimple w:instr=" PAGE ">{run("1")}</w:fldSimple>',
        "页：",
        f'<w:fldSimple w:instr=" TITLE ">{run("章程")}</w:fldSimple>',
    ),
    "field over paragraphs": f"<w:p>{_char('begin')}{_code(' TOC ')}{_char('separate')}{run('第一章')}</w:p>"
    + f"<w:p>{run('第二章')}{_char('end')}</w:p>",
    "unbalanced fields": paragraph("前文", _char("end"), "后文") + paragraph(_char("begin"), "开始"),
    "caption with numbers": paragraph(
        "图 ", field(" STYLEREF 1 ", run("1")), "-", field(" SEQ 图 ", run("2")), " 系统结构"
    ),
    "notes and their marks": paragraph(
        "保密",
        _mark('<w:footnoteReference w:id="2"/>'),
        "义务",
        _mark('<w:endnoteReference w:id="2"/>'),
        "如下。",
    ),
    "comment range": paragraph(
        '<w:commentRangeStart w:id="1"/>',
        "付款",
        '<w:commentRangeEnd w:id="1"/>',
        _mark('<w:commentReference w:id="1"/>'),
        "条件",
    ),
    "symbols and objects": paragraph(
        "选择",
        _mark('<w:sym w:font="Wingdings" w:char="F0FE"/>'),
        "或",
        _mark("<w:object/>"),
        "或",
        _mark("<w:pict/>"),
        "第",
        _mark("<w:pgNum/>"),
        "页",
    ),
    "pictures and their alternative text": paragraph(
        "如图", PICTURE.format(1, "系统结构图"), "所示", PICTURE.format(2, "C:\\Users\\甲\\图.png")
    ),
    "formulas": paragraph(
        "其中",
        "<m:oMath><m:r><m:t>x</m:t></m:r><m:r><m:rPr><m:nor/></m:rPr><m:t>速度</m:t></m:r></m:oMath>",
        "为变量",
    ),
    "bookmarks": paragraph("依照", _bookmark(1, "第二十二条", run("第二十二条")), "执行")
    + paragraph(_bookmark(2, "_Toc1", run("第一章 总则"))),
    "crossing bookmarks and permissions": paragraph(
        '<w:bookmarkStart w:id="3" w:name="a"/>',
        "甲乙",
        '<w:bookmarkStart w:id="4" w:name="b"/>',
        "丙丁",
        '<w:bookmarkEnd w:id="3"/>',
        "戊己",
        '<w:bookmarkEnd w:id="4"/>',
        '<w:permStart w:id="5" w:edGrp="everyone"/>',
        "可编辑",
        '<w:permEnd w:id="5"/>',
    ),
    "tabs, breaks, hyphens": paragraph(
        TAB,
        "姓名：",
        TAB,
        "日期：",
        _mark("<w:br/>"),
        "第二行",
        _mark("<w:cr/>"),
        "第三行",
        _mark('<w:br w:type="page"/>'),
        _mark('<w:ptab w:relativeTo="margin" w:alignment="right" w:leader="none"/>'),
        "电话",
        _mark("<w:noBreakHyphen/>"),
        "手机",
        _mark("<w:softHyphen/>"),
    ),
    "blanks to fill in": paragraph(
        "甲方：", run("        ", UNDERLINE), "，乙方____（签字）□同意　　年　　月　　日"
    ),
    "phonetic guide": paragraph(
        "在",
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>běi</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>北</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        "京",
    ),
    "East Asian layout": paragraph(
        run("着重", '<w:em w:val="dot"/>'),
        run("双行", '<w:eastAsianLayout w:id="1" w:combine="1"/>'),
        run("压缩", '<w:fitText w:val="400" w:id="1"/>'),
    ),
    "hidden and web-hidden": paragraph(run("隐藏", "<w:vanish/>"), run("网页隐藏", "<w:webHidden/>"), "可见"),
    "transparent containers": paragraph(
        f'<w:smartTag w:uri="u" w:element="e">{run("北京")}</w:smartTag>',
        f'<w:customXml w:uri="u" w:element="e">{run("城市")}</w:customXml>',
        f'<w:bdo w:val="ltr">{run("朝阳")}</w:bdo>',
        f'<w:dir w:val="ltr">{run("地区")}</w:dir>',
    ),
    "WordArt": paragraph(
        '<w:r><w:pict><v:shape><v:textpath on="t" string="内部资料"/></v:shape></w:pict></w:r>'
    ),
    "tracked runs": paragraph(
        "付款",
        _tracked("del", "<w:r><w:delText>十</w:delText></w:r>"),
        _tracked("ins", run("三十"), 2),
        "日",
        run("内", '<w:b/><w:rPrChange w:id="3" w:author="甲"><w:rPr/></w:rPrChange>'),
    ),
    "moved text": paragraph(
        '<w:moveFromRangeStart w:id="1" w:name="m"/>',
        _tracked("moveFrom", run("旧处"), 2),
        '<w:moveFromRangeEnd w:id="1"/>',
        "正文",
    )
    + paragraph(
        '<w:moveToRangeStart w:id="3" w:name="m"/>',
        _tracked("moveTo", run("新处"), 4),
        '<w:moveToRangeEnd w:id="3"/>',
        "正文",
    ),
    "Word's own traces": paragraph(
        '<w:r w:rsidR="00AA"><w:lastRenderedPageBreak/><w:t>分页</w:t></w:r>',
        '<w:bookmarkStart w:id="9" w:name="_GoBack"/><w:bookmarkEnd w:id="9"/>',
    ),
}

_BLOCKS: dict[str, str] = {
    "table with spans, merges, heights": _table(
        _row(
            _cell(paragraph("表头"), '<w:gridSpan w:val="2"/>'),
            _cell(paragraph("合并"), '<w:vMerge w:val="restart"/>'),
            properties='<w:trHeight w:val="400" w:hRule="exact"/><w:tblHeader/>',
        ),
        _row(
            _cell(paragraph("竖排"), '<w:textDirection w:val="tbRlV"/>'),
            _cell(paragraph("续", properties='<w:jc w:val="distribute"/>'), "<w:vMerge/>"),
            _cell(_table(_row(_cell(paragraph("内表")))) + paragraph("表后")),
        ),
    ),
    "text box in both branches": paragraph("正文", _text_box("文本框内容")),
    "content controls of all levels": _control(paragraph("块级"))
    + paragraph("行内", _control(run("控件内容")), "之后")
    + _table(_control(_row(_cell(paragraph("行级")))), _row(_control(_cell(paragraph("格级")))))
    + _control(paragraph("单击此处"), "<w:showingPlcHdr/><w:lock w:val='sdtLocked'/>")
    + paragraph(
        _control(
            run("选项一"),
            '<w:dropDownList><w:listItem w:displayText="选项一" w:value="甲"/></w:dropDownList>',
        )
    )
    + paragraph(
        "日期：",
        _control(
            run("2024年5月20日"),
            '<w:date w:fullDate="2024-05-20T00:00:00Z"><w:dateFormat w:val="yyyy年M月d日"/>'
            '<w:lid w:val="zh-CN"/></w:date>',
        ),
    )
    + paragraph(_control(run("绑定内容"), '<w:dataBinding w:xpath="/a" w:storeItemID="{1}"/>')),
    "drop cap": paragraph("从", properties='<w:framePr w:dropCap="drop" w:lines="3"/>')
    + paragraph("前有一座山。"),
    "sections, columns, grid": paragraph(
        "第一节", properties='<w:sectPr><w:cols w:num="2"/><w:docGrid w:type="lines"/></w:sectPr>'
    )
    + paragraph("第二节")
    + '<w:sectPr><w:pgSz w:w="11906"/><w:docGrid w:type="linesAndChars" w:linePitch="312"/></w:sectPr>',
    "numbered and indented paragraphs": paragraph(
        "自动编号",
        properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
        '<w:ind w:firstLineChars="200"/>',
    )
    + paragraph("（一）手工编号")
    + paragraph("标题", properties='<w:outlineLvl w:val="0"/>'),
    "tracked paragraphs and rows": paragraph(
        "段落",
        properties='<w:rPr><w:ins w:id="1" w:author="甲"/></w:rPr>'
        '<w:pPrChange w:id="2" w:author="甲"><w:pPr/></w:pPrChange>',
    )
    + _table(_row(_cell(paragraph("新行")), properties='<w:ins w:id="3" w:author="甲"/>')),
    "embedded content": paragraph("前")
    + '<w:altChunk r:id="rId8"/>'
    + paragraph("后", '<w:subDoc r:id="rId7"/>'),
    "footer dashes": paragraph("页脚") + paragraph("－ ", field(" PAGE ", run("1")), " －"),
}

_CHART = (
    f'<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}"><c:chart><c:title><c:tx><c:rich>'
    "<a:p><a:r><a:t>销售额</a:t></a:r></a:p>"
    "</c:rich></c:tx></c:title><c:ser><c:tx><c:strRef><c:strCache>"
    "<c:pt idx='0'><c:v>系列一</c:v></c:pt></c:strCache>"
    "</c:strRef></c:tx><c:cat><c:multiLvlStrRef><c:multiLvlStrCache><c:lvl>"
    "<c:pt idx='0'><c:v>一月</c:v></c:pt></c:lvl>"
    '</c:multiLvlStrCache></c:multiLvlStrRef></c:cat><c:val><c:numRef><c:numCache><c:formatCode>0"元"</c:formatCode>'
    "<c:pt idx='0'><c:v>12</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:chart></c:chartSpace>"
)
_DIAGRAM = (
    f'<dgm:dataModel xmlns:dgm="{_DGM}" xmlns:a="{_A}">'
    "<dgm:pt><dgm:t><a:p><a:r><a:t>步骤一</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>"
)
_DIAGRAM_DRAWING = (
    f'<dsp:drawing xmlns:dsp="{_DSP}" xmlns:a="{_A}">'
    "<dsp:txBody><a:p><a:r><a:t>步骤一</a:t></a:r></a:p></dsp:txBody></dsp:drawing>"
)
_PROPERTIES = (
    f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="{_DC}"><dc:title>采购合同</dc:title>'
    "<dc:creator>张明</dc:creator><cp:keywords>合同</cp:keywords></cp:coreProperties>"
)
_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/>'
    '<w:suff w:val="nothing"/><w:lvlText w:val="第%1章"/></w:lvl></w:abstractNum>'
)
_STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="宋体"/><w:lang w:val="zh-CN"/></w:rPr>'
    "</w:rPrDefault>"
    '</w:docDefaults><w:style w:type="paragraph" w:styleId="1"><w:name w:val="标题 1"/></w:style>'
)
_STORIES: dict[str, str | bytes] = {
    "word/header1.xml": story("hdr", paragraph("公司机密")),
    "word/footer1.xml": story("ftr", paragraph("第", field(" PAGE ", run("1")), "页")),
    "word/footnotes.xml": story(
        "footnotes",
        f'<w:footnote w:type="separator" w:id="0">{paragraph(_mark("<w:separator/>"))}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph(_mark("<w:footnoteRef/>"), " 见附件")}</w:footnote>',
    ),
    "word/endnotes.xml": story("endnotes", f'<w:endnote w:id="2">{paragraph("尾注")}</w:endnote>'),
    "word/comments.xml": story(
        "comments",
        f'<w:comment w:id="1" w:author="李">{paragraph(_mark("<w:annotationRef/>"), "请核对")}</w:comment>',
    ),
    "word/numbering.xml": story("numbering", _NUMBERING),
    "word/styles.xml": story("styles", _STYLES),
    "word/settings.xml": story(
        "settings", '<w:documentProtection w:enforcement="0"/><w:themeFontLang w:val="zh-CN"/>'
    ),
    "word/charts/chart1.xml": _CHART,
    "word/diagrams/data1.xml": _DIAGRAM,
    "word/diagrams/drawing1.xml": _DIAGRAM_DRAWING,
    "word/glossary/document.xml": story("glossaryDocument", paragraph("占位")),
    "docProps/core.xml": _PROPERTIES,
    "docProps/custom.xml": b"<broken",
    "customXml/item1.xml": "<a>绑定内容</a>",
    "word/vbaProject.bin": b"\x00macro",
    "word/embeddings/book.xlsx": b"PK workbook",
    "word/afchunk.htm": "<p>外部</p>".encode(),
    "word/media/image1.png": b"\x89PNG",
}
_RELATIONS = {
    "header1.xml": "header",
    "footer1.xml": "footer",
    "footnotes.xml": "footnotes",
    "endnotes.xml": "endnotes",
    "comments.xml": "comments",
    "numbering.xml": "numbering",
    "styles.xml": "styles",
    "settings.xml": "settings",
    "charts/chart1.xml": "chart",
    "diagrams/data1.xml": "diagramData",
    "diagrams/drawing1.xml": "diagramDrawing",
    "glossary/document.xml": "glossaryDocument",
    "vbaProject.bin": "vbaProject",
    "embeddings/book.xlsx": "package",
    "afchunk.htm": "aFChunk",
    "media/image1.png": "image",
    "media/gone.png": "image",
}


def _signed() -> bytes:
    return package(
        paragraph("签名文件"),
        parts={"_xmlsignatures/origin.sigs": b"", "_xmlsignatures/sig1.xml": b"<Signature/>"},
        package_relations={"_xmlsignatures/origin.sigs": "digital-signature/origin"},
    )


def _replaced(content: bytes, *changes: tuple[str, str]) -> bytes:
    """The package with texts of its XML replaced."""
    changed: dict[str, str | bytes] = {}
    for name, data in parts(content).items():
        text = data.decode("utf-8")
        for old, new in changes:
            text = text.replace(old, new)
        changed[name] = text
    return zipped(changed)


def _packages() -> dict[str, bytes]:
    body = paragraph("正文", run("重点", BOLD), "之后") + _table(_row(_cell(paragraph("单元格"))))
    kinds = {
        "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
        "dotx": "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        "dotm": "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    }
    document_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return {
        "all parts": package(
            body,
            parts=_STORIES,
            relations=_RELATIONS,
            package_relations={
                "docProps/core.xml": "metadata/core-properties",
                "docProps/custom.xml": "custom-properties",
                "docProps/thumbnail.jpeg": "thumbnail",
            },
        ),
        "signed": _signed(),
        "strict": _replaced(package(body), (W, _STRICT_W), (R, _STRICT_R)),
        "another prefix": _replaced(
            package(body), ("xmlns:w=", "xmlns:x="), ("<w:", "<x:"), ("</w:", "</x:"), (" w:", " x:")
        ),
        "another part name": package(body, main="word/document2.xml"),
        **{
            f"as {kind}": _replaced(package(body), (document_type, content_type))
            for kind, content_type in kinds.items()
        },
    }


DOCUMENTS: dict[str, bytes] = {
    **{name: package(body) for name, body in {**_INLINE, **_BLOCKS}.items()},
    **_packages(),
    "everything in one": package("".join([*_INLINE.values(), *_BLOCKS.values()])),
}
