"""One document of each format with the same sentences, as plain as programs write them: to measure on."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PER_SLIDE = 6
_PER_ROW = 5
_PER_PAGE = 200


def make_document(name: str, sentences: Sequence[str]) -> bytes:
    """Returns a document of a built-in format. Raises KeyError for others."""
    return _MAKERS[name](sentences)


def _lines(sentences: Sequence[str]) -> bytes:
    return "".join(f"{one}\n" for one in sentences).encode()


def _jsonl(sentences: Sequence[str]) -> bytes:
    rows = ({"id": number, "text": one} for number, one in enumerate(sentences))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _markdown(sentences: Sequence[str]) -> bytes:
    parts = (f"## {one}\n\n" if number % 10 == 0 else f"{one}\n\n" for number, one in enumerate(sentences))
    return "".join(parts).encode()


def _paragraphs(sentences: Sequence[str]) -> str:
    return "\n".join(f"<p>{one[:2]}<b>{one[2:4]}</b>{one[4:]}</p>" for one in sentences)


def _html(sentences: Sequence[str]) -> bytes:
    return f'<!DOCTYPE html>\n<html lang="zh"><body>\n{_paragraphs(sentences)}\n</body></html>\n'.encode()


def _clock(number: int, mark: str) -> str:
    return f"{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}{mark}000"


def _srt(sentences: Sequence[str]) -> bytes:
    cues = (
        f"{n + 1}\n{_clock(2 * n, ',')} --> {_clock(2 * n + 1, ',')}\n{one}\n\n"
        for n, one in enumerate(sentences)
    )
    return "".join(cues).encode()


def _vtt(sentences: Sequence[str]) -> bytes:
    cues = (
        f"{_clock(2 * n, '.')} --> {_clock(2 * n + 1, '.')}\n{one}\n\n" for n, one in enumerate(sentences)
    )
    return ("WEBVTT\n\n" + "".join(cues)).encode()


def _ass(sentences: Sequence[str]) -> bytes:
    head = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    lines = (f"Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{one}\n" for one in sentences)
    return (head + "".join(lines)).encode()


def _po(sentences: Sequence[str]) -> bytes:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    return (head + "".join(f'#: a.c\nmsgid "{one}"\nmsgstr ""\n\n' for one in sentences)).encode()


def _xliff(sentences: Sequence[str]) -> bytes:
    units = "".join(
        f'<trans-unit id="{number}"><source>{one}</source></trans-unit>\n'
        for number, one in enumerate(sentences)
    )
    head = '<file original="a" source-language="zh" datatype="plaintext"><body>\n'
    return f'<xliff version="1.2">{head}{units}</body></file></xliff>\n'.encode()


def _docx(sentences: Sequence[str]) -> bytes:
    body = "".join(
        f"<w:p><w:r><w:t>{one[:4]}</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{one[4:]}</w:t></w:r></w:p>"
        for one in sentences
    )
    document = f"<w:document {_W}><w:body>{body}</w:body></w:document>"
    return _package({"word/document.xml": document}, "word/document.xml")


def _pptx(sentences: Sequence[str]) -> bytes:
    slides = [sentences[at : at + _PER_SLIDE] for at in range(0, len(sentences), _PER_SLIDE)]
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(len(slides)))
    list_of = f"<p:sldIdLst>{ids}</p:sldIdLst>"
    parts = {
        "ppt/presentation.xml": f'<p:presentation {_P} xmlns:r="{_REL}">{list_of}</p:presentation>',
        "ppt/_rels/presentation.xml.rels": _relations(
            (f"rId{n}", "slide", f"slides/slide{n}.xml") for n in range(len(slides))
        ),
    }
    for number, slide in enumerate(slides):
        shapes = "".join(
            f"<p:sp><p:txBody><a:bodyPr/><a:p><a:r><a:t>{one}</a:t></a:r></a:p></p:txBody></p:sp>"
            for one in slide
        )
        tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
        parts[f"ppt/slides/slide{number}.xml"] = f"<p:sld {_A} {_P}>{tree}</p:sld>"
    return _package(parts, "ppt/presentation.xml")


def _xlsx(sentences: Sequence[str]) -> bytes:
    strings = "".join(f"<si><t>{one}</t></si>" for one in sentences)
    rows = []
    for at in range(0, len(sentences), _PER_ROW):
        number = at // _PER_ROW + 1
        cells = "".join(
            f'<c r="{"ABCDE"[column]}{number}" t="s"><v>{at + column}</v></c>'
            for column in range(min(_PER_ROW, len(sentences) - at))
        )
        rows.append(f'<row r="{number}">{cells}</row>')
    parts = {
        "xl/workbook.xml": f'<workbook {_S} xmlns:r="{_REL}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            [("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "sharedStrings", "sharedStrings.xml")]
        ),
        "xl/sharedStrings.xml": f"<sst {_S}>{strings}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {_S}><sheetData>{''.join(rows)}</sheetData></worksheet>",
    }
    return _package(parts, "xl/workbook.xml")


def _epub(sentences: Sequence[str]) -> bytes:
    pages = [sentences[at : at + _PER_PAGE] for at in range(0, len(sentences), _PER_PAGE)]
    items = "".join(
        f'<item id="p{n}" href="p{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(pages))
    )
    order = "".join(f'<itemref idref="p{n}"/>' for n in range(len(pages)))
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfile full-path="book.opf"/></container>',
        "book.opf": f"<package><manifest>{items}</manifest><spine>{order}</spine></package>",
    }
    for number, page in enumerate(pages):
        parts[f"p{number}.xhtml"] = f'<html lang="zh"><body>{_paragraphs(page)}</body></html>'
    return _zipped(parts)


def _relations(items: Sequence[tuple[str, str, str]] | Iterator[tuple[str, str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{one}" Type="{_REL}/{kind}" Target="{target}"/>' for one, kind, target in items
    )
    return f'<Relationships xmlns="{_PACKAGE_REL}">{inside}</Relationships>'


def _package(parts: Mapping[str, str], main: str) -> bytes:
    head = {"[Content_Types].xml": _TYPES, "_rels/.rels": _relations([("rId1", "officeDocument", main)])}
    return _zipped(head | dict(parts))


def _zipped(parts: Mapping[str, str]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return output.getvalue()


_MAKERS: dict[str, Callable[[Sequence[str]], bytes]] = {
    "txt": _lines,
    "jsonl": _jsonl,
    "docx": _docx,
    "pptx": _pptx,
    "xlsx": _xlsx,
    "epub": _epub,
    "md": _markdown,
    "html": _html,
    "srt": _srt,
    "vtt": _vtt,
    "ass": _ass,
    "po": _po,
    "xliff": _xliff,
}
