"""Small presentations and workbooks, written part by part: what other programs add is not in the way."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'
)
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MAIN = "application/vnd.openxmlformats-officedocument.{}+xml"
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return output.getvalue()


def relations(*items: tuple[str, str, str]) -> str:
    """A relationships part from (id, kind, target)."""
    return _RELATIONS.format(
        items="".join(
            f'<Relationship Id="{one}" Type="{_KIND}{kind}" Target="{to}"/>' for one, kind, to in items
        )
    )


def run(text: str, properties: str = "") -> str:
    """A run of DrawingML."""
    return f"<a:r>{properties}<a:t>{text}</a:t></a:r>"


def shape(*paragraphs: str, kind: str = "") -> str:
    """A shape with paragraphs; kind is its placeholder's type."""
    holder = f'<p:ph type="{kind}"/>' if kind else ""
    body = "".join(f"<a:p>{one}</a:p>" for one in paragraphs)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="形"/><p:cNvSpPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr>'
        "<p:spPr/>"
        f"<p:txBody><a:bodyPr/><a:lstStyle/>{body}</p:txBody></p:sp>"
    )


def deck(*slides: str, extra: Mapping[str, str] | None = None) -> bytes:
    """A presentation whose slides hold these shapes, in the reverse order of their part names."""
    n = len(slides)
    ids = "".join(f'<p:sldId id="{256 + at}" r:id="rId{at}"/>' for at in range(1, n + 1))
    links = [(f"rId{at}", "slide", f"slides/slide{n + 1 - at}.xml") for at in range(1, n + 1)]
    parts: dict[str, str] = {
        "[Content_Types].xml": _TYPES.format(
            overrides=f'<Override PartName="/ppt/presentation.xml" ContentType="'
            f'{_MAIN.format("presentationml.presentation.main")}"/>'
        ),
        "_rels/.rels": relations(("rId1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {_P} {_R}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(*links),
    }
    for at, shapes in enumerate(slides, 1):
        tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
        parts[f"ppt/slides/slide{n + 1 - at}.xml"] = f"<p:sld {_A} {_P} {_R}>{tree}</p:sld>"
    return archive(parts | dict(extra or {}))


def workbook(strings: str, cells: str, extra: Mapping[str, str] | None = None, table: str = "") -> bytes:
    """A workbook of one sheet; strings are the items of its table of strings, cells the rows of the sheet."""
    parts: dict[str, str] = {
        "[Content_Types].xml": _TYPES.format(
            overrides='<Override PartName="/xl/workbook.xml" ContentType="'
            f'{_MAIN.format("spreadsheetml.sheet.main")}"/>'
        ),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook {_S} {_R}>"
        '<sheets><sheet name="预算" sheetId="1" r:id="rId1"/></sheets>'
        '<definedNames><definedName name="合计">预算!$A$1</definedName></definedNames></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "sharedStrings", "sharedStrings.xml")
        ),
        "xl/sharedStrings.xml": f"<sst {_S}>{strings}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {_S} {_R}><sheetData>{cells}</sheetData></worksheet>",
    }
    if table:
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "table", "../tables/table1.xml"))
        parts["xl/tables/table1.xml"] = f'<table {_S} id="1" name="T" displayName="T" ref="{table}"/>'
    return archive(parts | dict(extra or {}))


def cell(place: str, index: int) -> str:
    """A cell with a shared string, in a row of its own."""
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{place}" t="s"><v>{index}</v></c></row>'
