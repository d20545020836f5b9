"""What Word and WPS in China put around the text: styles, automatic numbering, headers, shapes, tables."""

from __future__ import annotations

from tests.fixtures_docx import field, package, paragraph, run, story

WIDE = 11906
HIGH = 16838
HEI = '<w:rFonts w:ascii="黑体" w:eastAsia="黑体" w:hAnsi="黑体" w:hint="eastAsia"/>'
SONG = '<w:rFonts w:ascii="宋体" w:eastAsia="宋体" w:hAnsi="宋体" w:hint="eastAsia"/>'
BOLD = "<w:b/><w:bCs/>"
UNDERLINE = '<w:u w:val="single"/>'
TAB = "<w:r><w:tab/></w:r>"
PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
CENTRE = '<w:jc w:val="center"/>'
INDENT = '<w:ind w:firstLineChars="200" w:firstLine="480"/>'


def _level(
    number: int, form: str, text: str, *, style: str = "", legal: bool = False, indent: int = 0
) -> str:
    own = f'<w:pStyle w:val="{style}"/>' if style else ""
    digits = "<w:isLgl/>" if legal else ""
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{own}{digits}'
        f'<w:suff w:val="{"space" if style else "nothing"}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{indent}" w:firstLine="0"/></w:pPr></w:lvl>'
    )


def _list(number: int, *levels: str) -> str:
    head = f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
    return f"{head}{''.join(levels)}</w:abstractNum>"


_BULLET = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF06C;"/>'
    '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="420" w:hanging="420"/></w:pPr>'
    '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings" w:hint="default"/></w:rPr></w:lvl>'
)
NUMBERING = (
    _list(
        0,
        _level(0, "chineseCountingThousand", "第%1章", style="1"),
        _level(1, "decimal", "%1.%2", style="2", legal=True),
        _level(2, "decimal", "%1.%2.%3", style="3", legal=True),
    )
    + _list(
        1,
        _level(0, "chineseCounting", "%1、"),
        _level(1, "chineseCounting", "（%2）", indent=240),
        _level(2, "decimal", "%3．", indent=480),
        _level(3, "decimal", "（%4）", indent=720),
    )
    + _list(2, _BULLET)
    + "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n - 1}"/></w:num>' for n in (1, 2, 3))
)


def _style(identifier: str, name: str, paragraph_properties: str = "", run_properties: str = "") -> str:
    outline = f"<w:pPr>{paragraph_properties}</w:pPr>" if paragraph_properties else ""
    look = f"<w:rPr>{run_properties}</w:rPr>" if run_properties else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="a"/><w:qFormat/>{outline}{look}</w:style>'
    )


def _heading(level: int, size: int, alignment: str = "") -> str:
    numbered = f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="1"/></w:numPr>'
    outline = (
        f'<w:keepNext/>{numbered}<w:spacing w:before="240" w:after="120"/>{alignment}'
        f'<w:outlineLvl w:val="{level - 1}"/>'
    )
    return _style(str(level), f"heading {level}", outline, f'{HEI}<w:sz w:val="{size}"/>')


_LEADER = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8296"/></w:tabs>'
STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:eastAsia="宋体" '
    'w:hAnsi="Times New Roman"/><w:sz w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
    "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:qFormat/>'
    '<w:pPr><w:widowControl w:val="0"/><w:spacing w:line="360" w:lineRule="auto"/>'
    '<w:jc w:val="both"/></w:pPr></w:style>'
    + _heading(1, 32, CENTRE)
    + _heading(2, 28)
    + _heading(3, 24)
    + _style("TOC1", "toc 1", _LEADER)
    + _style("TOC2", "toc 2", f'{_LEADER}<w:ind w:leftChars="200" w:left="480"/>')
    + _style(
        "a3",
        "header",
        '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>' + CENTRE,
        '<w:sz w:val="18"/>',
    )
    + _style("a4", "footer", CENTRE, '<w:sz w:val="18"/>')
    + '<w:style w:type="character" w:customStyle="1" w:styleId="a5"><w:name w:val="要点"/>'
    '<w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr></w:style>'
)


def heading(level: int, text: str, bookmark: int = 0) -> str:
    """A numbered heading, with the bookmark that the table of contents leads to."""
    marked = run(text)
    if bookmark:
        name = f"_Toc1000{bookmark:02}"
        marked = (
            f'<w:bookmarkStart w:id="{bookmark}" w:name="{name}"/>{marked}<w:bookmarkEnd w:id="{bookmark}"/>'
        )
    return paragraph(marked, properties=f'<w:pStyle w:val="{level}"/>')


def item(level: int, *content: str, numbering: int = 2) -> str:
    """A paragraph of an automatic list."""
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>'
    return paragraph(*content, properties=number)


def body(*content: str) -> str:
    """A paragraph of running text, indented by two characters."""
    return paragraph(*content, properties=INDENT)


def blank(width: int = 12) -> str:
    """An underlined blank to write on."""
    return run(" " * width, UNDERLINE)


def contents(*lines: tuple[int, str, str, int]) -> str:
    """A table of contents as Word caches it: (level, number, title, bookmark)."""
    rows = []
    for place, (level, number, title, bookmark) in enumerate(lines):
        name = f"_Toc1000{bookmark:02}"
        link = (
            f'<w:hyperlink w:anchor="{name}" w:history="1">{run(f"{number} {title}")}{TAB}'
            f"{field(f' PAGEREF {name} ', run(str(place + 2)))}</w:hyperlink>"
        )
        start = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
            ' TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        rows.append(
            paragraph(start + link if not place else link, properties=f'<w:pStyle w:val="TOC{level}"/>')
        )
    return "".join(rows) + '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


def cell(*content: str, width: int, across: int = 1, down: str = "", properties: str = "") -> str:
    """A cell; `down` is "restart" or "continue" for cells merged downwards."""
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    merge = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[down]
    head = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{properties}<w:vAlign w:val="center"/>'
    inner = "".join(part if part.startswith("<w:p>") else paragraph(part) for part in content) or "<w:p/>"
    return f"<w:tc><w:tcPr>{head}</w:tcPr>{inner}</w:tc>"


def table(widths: list[int], *rows: list[str]) -> str:
    """A table with lines around its cells."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = "".join(f'<w:tr><w:trPr><w:trHeight w:val="480"/></w:trPr>{"".join(row)}</w:tr>' for row in rows)
    head = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
    )
    return f"<w:tbl>{head}<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"


def shape(
    number: int, place: tuple[int, int], size: tuple[int, int], *content: str, form: str = "rect"
) -> str:
    """A floating shape with text (place and size in points), in both branches as Word writes it."""
    emu = [12700 * value for value in (*place, *size)]
    inner = f"<w:txbxContent>{''.join(content)}</w:txbxContent>"
    colour = "FF0000" if form == "ellipse" else "1F4E79"
    sides = "".join(
        f'<wp:position{axis} relativeFrom="margin"><wp:posOffset>{offset}</wp:posOffset></wp:position{axis}>'
        for axis, offset in (("H", emu[0]), ("V", emu[1]))
    )
    drawing = (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        f'relativeHeight="{number}" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'{sides}<wp:extent cx="{emu[2]}" cy="{emu[3]}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:wrapNone/><wp:docPr id="{number}" name="文本框 {number}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f'<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{emu[2]}" cy="{emu[3]}"/></a:xfrm><a:prstGeom prst="{form}"><a:avLst/></a:prstGeom>'
        f'<a:noFill/><a:ln w="12700"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln></wps:spPr>'
        f"<wps:txbx>{inner}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
        "</wp:anchor></w:drawing>"
    )
    left, top, width, height = (f"{value}pt" for value in (*place, *size))
    style = f"position:absolute;margin-left:{left};margin-top:{top};width:{width};height:{height}"
    fallback = f'<w:pict><v:shape style="{style}"><v:textbox>{inner}</v:textbox></v:shape></w:pict>'
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def document(text: str, header: str, *, landscape: bool = False) -> bytes:
    """A whole package: the text, a header, and a footer that counts pages."""
    width, height = (HIGH, WIDE) if landscape else (WIDE, HIGH)
    turned = ' w:orient="landscape"' if landscape else ""
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/>'
        '<w:footerReference w:type="default" r:id="rId4"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        '<w:pgMar w:top="1440" w:right="1800" w:bottom="1440" w:left="1800" w:header="851" w:footer="992" '
        'w:gutter="0"/><w:cols w:space="425"/><w:docGrid w:type="lines" w:linePitch="312"/></w:sectPr>'
    )
    footer = paragraph(
        "第 ",
        field(" PAGE ", run("1")),
        " 页 共 ",
        field(" NUMPAGES ", run("3")),
        " 页",
        properties='<w:pStyle w:val="a4"/>',
    )
    return package(
        text + section,
        parts={
            "word/styles.xml": story("styles", STYLES),
            "word/numbering.xml": story("numbering", NUMBERING),
            "word/header1.xml": story("hdr", paragraph(header, properties='<w:pStyle w:val="a3"/>')),
            "word/footer1.xml": story("ftr", footer),
        },
        relations={
            "styles.xml": "styles",
            "numbering.xml": "numbering",
            "header1.xml": "header",
            "footer1.xml": "footer",
        },
    )
