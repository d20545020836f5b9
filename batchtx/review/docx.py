"""Review sheets as a Word table: source and translation side by side, a column for the correction."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, BinaryIO

from batchtx.cells import escape, unescape
from batchtx.errors import SheetError
from batchtx.messages import told
from batchtx.review.package import DAMAGE
from batchtx.review.row import SheetRow
from batchtx.review.sheet import COLUMNS, Languages, column_of, read_repeats

_HEADS = ("id", "source", "translation", "correction")
_WIDTHS_CM = (4.2, 7.4, 7.4, 7.4)
_ROWS_PER_TABLE = 500
_COLOURS = {"critical": "F8CBAD", "major": "FFE699", "minor": "FFF7D6", "": "F2F2F2"}
_HEADER_COLOUR = "404040"
_SMALL = 14
_NORMAL = 20
"""Sizes in half points."""

_LAST_SPACE = re.compile(r" (?=\n|\Z)")
"""LibreOffice drops the spaces at the end of a line."""

_NOT_TEXT = frozenset({"moveFrom", "del", "instrText", "delText"})
_CHARS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "‑", "softHyphen": "\u00ad"}


def write_docx(rows: Iterable[Sequence[str]], output: BinaryIO, languages: Languages) -> None:
    """Writes the sheet as a landscape document: a table for each document, whose header rows repeat."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.5)
    advice = (
        "Write into the column “correction” where a translation is wrong, and save as DOCX. "
        "What is changed in the other columns is not read. Keep marks like ⟦1⟧…⟦/1⟧."
    )
    document.add_paragraph(told(advice))
    named = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    for name, group in groupby(named, key=lambda row: row["document"]):
        while batch := list(islice(group, _ROWS_PER_TABLE)):
            _add_table(document, name, batch, languages)
            document.add_paragraph()
    document.save(output)


def read_docx(sheet: str, data: bytes) -> Iterator[SheetRow]:
    """Yields the rows of the review tables of a document, tracked changes taken as accepted.

    Raises:
        SheetError: it is no readable DOCX, or has no review table.
    """
    try:
        import docx
        from docx.opc.exceptions import OpcError
    except ImportError:
        raise SheetError(sheet, "needs python-docx: pip install 'batchtx[review]'") from None
    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except (*DAMAGE, OpcError) as error:
        raise SheetError(sheet, f"is not a readable DOCX file ({error})") from error
    found = False
    document = ""
    for number, row in enumerate(body.iter(_word("tr")), 1):
        texts = [_text(cell) for cell in row.iterchildren(_word("tc"), _word("sdt"))]
        if len(texts) == 1 and _is_header(row):
            document = unescape(texts[0].strip())
        elif [column_of(text) for text in texts[:1] + texts[-1:]] == ["id", "correction"]:
            found = True
        elif found and len(texts) >= len(_HEADS):
            yield _row(sheet, number, document, texts)
    if not found:
        raise SheetError(sheet, "has no review table; is it a review sheet of batchtx?")


def _row(sheet: str, number: int, document: str, texts: Sequence[str]) -> SheetRow:
    """The id cell's first line is the id, its second the hash."""
    row_id, source_hash, *details = [*texts[0].split("\n"), ""]
    repeats, in_several = max(map(read_repeats, details), default=(1, False))
    return SheetRow(
        sheet=sheet,
        number=number,
        id=unescape(row_id),
        document=document,
        source=unescape(texts[1]),
        translation=unescape(texts[2]),
        correction=unescape(texts[3]),
        hash=source_hash.strip().removeprefix("h"),
        repeats=repeats,
        in_several=in_several,
    )


def _add_table(document: Any, name: str, rows: Sequence[dict[str, str]], languages: Languages) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=len(_HEADS), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS_CM, strict=True):
        column.width = Cm(width)
    element = table._tbl
    title = _element("tr", _header_mark())
    title.append(_cell([_paragraph(name, bold=True)], sum(_WIDTHS_CM), "D9D9D9", span=len(_HEADS)))
    element.append(title)
    heads = _element("tr", _header_mark())
    for head, width in zip(_HEADS, _WIDTHS_CM, strict=True):
        heads.append(
            _cell(
                [_paragraph(told(head, context="column"), bold=True, colour="FFFFFF")], width, _HEADER_COLOUR
            )
        )
    element.append(heads)
    for row in rows:
        element.append(_table_row(row))


def _table_row(row: dict[str, str]) -> Any:
    score = row["score"]
    place = f"{row['place']}, {told(f'score {score}')}" if score else row["place"]
    about = [row["id"], row["hash"], place, row["repeats"], row["flags"], row["terms"], row["match"]]
    details = [_paragraph(text, size=_SMALL) for n, text in enumerate(about) if text or n < 2]
    colour = _COLOURS[row["severity"]]
    texts = [[_paragraph(row[name])] for name in ("source", "translation", "correction")]
    fills = (colour, colour, colour, None)
    keep = _element("trPr", _element("cantSplit")) if len(row["source"]) < 400 else _element("trPr")
    cells = [
        _cell(paragraphs, width, fill)
        for paragraphs, width, fill in zip([details, *texts], _WIDTHS_CM, fills, strict=True)
    ]
    return _element("tr", keep, *cells)


def _header_mark() -> Any:
    return _element("trPr", _element("cantSplit"), _element("tblHeader"))


def _cell(paragraphs: Iterable[Any], width_cm: float, fill: str | None, span: int = 1) -> Any:
    properties = [_element("tcW", w=str(round(width_cm * 567)), type="dxa")]
    if span > 1:
        properties.append(_element("gridSpan", val=str(span)))
    if fill:
        properties.append(_element("shd", val="clear", color="auto", fill=fill))
    return _element("tc", _element("tcPr", *properties), *paragraphs)


def _paragraph(text: str, *, size: int = _NORMAL, bold: bool = False, colour: str = "") -> Any:
    """A paragraph with one run, tabs and line breaks in it as Word has them."""
    properties = [_element("b")] if bold else []
    if colour:
        properties.append(_element("color", val=colour))
    properties += [_element("sz", val=str(size)), _element("szCs", val=str(size))]
    run = _element("r", _element("rPr", *properties))
    text = _LAST_SPACE.sub("␛{20}", escape(text))
    for n_line, line in enumerate(text.split("\n")):
        if n_line:
            run.append(_element("br"))
        for n_piece, piece in enumerate(line.split("\t")):
            if n_piece:
                run.append(_element("tab"))
            if piece:
                run.append(_text_element(piece))
    spacing = _element("pPr", _element("spacing", before="20", after="20"))
    return _element("p", spacing, run)


def _text_element(text: str) -> Any:
    element = _element("t")
    element.text = text
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


def _element(tag: str, *children: Any, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    element.extend(children)
    return element


def _is_header(row: Any) -> bool:
    return any(True for _ in row.iter(_word("tblHeader")))


def _text(cell: Any) -> str:
    """The text of a cell: paragraphs by line, what was inserted but not what was deleted or moved away."""
    return "\n".join("".join(_pieces(paragraph)) for paragraph in cell.iter(_word("p")))


def _pieces(element: Any) -> Iterator[str]:
    for child in element.iterchildren("*"):
        name = child.tag.rpartition("}")[2]
        if name == "t":
            yield child.text or ""
        elif name in _CHARS:
            yield _CHARS[name]
        elif name not in _NOT_TEXT and name != "pPr" and name != "p":
            yield from _pieces(child)


def _word(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"
