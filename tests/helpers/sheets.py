"""Review sheets for tests: rows made from texts, written and read in any format."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree

from batchtx.review.formats import SHEET_FORMATS, read_sheet, writer_of
from batchtx.review.row import SheetRow
from batchtx.review.sheet import COLUMNS, column_of
from batchtx.text.fingerprint import source_hash

HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://example.com","click")',
    "+49 30 1234",
    "-5 °C",
    "@SUM(A1)",
    "\tafter a tab",
    "\rafter a return",
    "＝全角",
    "'=already quoted",
    "''two quotes",
    "'tis",
    'he said "no", twice; and\nleft\n',
    "a\r\nb\rc",
    "NUL \0, bell \x07, escape \x1b, delete \x7f, next line \x85, separator \u2028",
    "\u202eright to left\u202c \u200f\u200e\ufeff",
    "half a pair \ud83d and \udc00, \ufffe\uffff\ufdd0",
    "😀 𠀀 plane 15 \U000f8000",
    "_x0041_ x005F_ _x000D_ and ␛{0} and ␛",
    "<b>&amp;</b> ]]> <!-- -->",
    "  spaces at both ends  ",
    "⟦⟦ brackets of its own ⟧",
    "⟦1⟧bold ⟦2⟧link⟦/2⟧⟦/1⟧, note⟦5⟧, half ⟦/7⟧ and ⟦8⟧",
    "30%",
    "2026-01-20",
    "007",
    "1E5",
    "TRUE",
    "#NAME of a thing",
    " ",
    "\n",
)
"""Texts that a spreadsheet or XML would run, change or lose."""

needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def sheet_row(source: str, translation: str, number: int = 1, **cells: str) -> list[str]:
    """The cells of a segment, in the order of the columns."""
    facts = {
        "id": f"line {number}/1",
        "document": "docs/a.txt",
        "place": f"line {number}",
        "source": source,
        "translation": translation,
        "score": "0.250",
        "severity": "major",
        "flags": "numbers: not in the target: 5",
        "origin": "mt",
        "hash": f"h{source_hash(source)}",
        **cells,
    }
    return [facts.get(name, "") for name in COLUMNS]


def write(path: Path, rows: Iterable[list[str]]) -> Path:
    """The rows as a sheet in the format of the suffix."""
    stream = io.BytesIO()
    writer_of(SHEET_FORMATS[path.suffix])(rows, stream, ("zh", "en"))
    path.write_bytes(stream.getvalue())
    return path


def written_and_read(folder: Path, suffix: str, rows: Iterable[list[str]]) -> list[SheetRow]:
    """The rows after one round through a file."""
    return list(read_sheet(write(folder / f"review{suffix}", rows)))


def through_libreoffice(path: Path, kind: str, folder: Path) -> Path:
    """The file as LibreOffice saves it: `kind` is a filter such as "xlsx" or "csv:Text - …"."""
    folder.mkdir(exist_ok=True)
    profile = (folder / "profile").resolve().as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
    if path.suffix == ".csv":  # what the dialog offers for such a file: commas, quotes, UTF-8
        command.append("--infilter=Text - txt - csv (StarCalc):44,34,76")
    subprocess.run(
        [*command, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=240
    )
    return folder / f"{path.stem}.{kind.split(':')[0]}"


def correct(path: Path, corrections: dict[str, str], column: str = "correction", delete: str = "") -> None:
    """Write into a sheet as a person would, by the id or the start of the source; delete a row."""
    {
        ".xlsx": _correct_xlsx,
        ".docx": _correct_docx,
        ".xlf": _correct_xliff,
        ".xliff": _correct_xliff,
    }.get(path.suffix, _correct_csv)(path, corrections, column, delete)


def _wanted(corrections: dict[str, str], row_id: str, source: str) -> str | None:
    found = [new for key, new in corrections.items() if row_id == key or source.startswith(key)]
    return found[0] if found else None


def _correct_csv(path: Path, corrections: dict[str, str], column: str, delete: str) -> None:
    delimiter = "\t" if path.suffix == ".tsv" else ","
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8-sig", newline="") as file:
        heads = next(csv.reader(file, delimiter=delimiter))
        rows = list(csv.DictReader(file, list(map(column_of, heads)), delimiter=delimiter))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerow(heads)
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        for row in rows:
            row[column] = _wanted(corrections, row["id"], row["source"]) or row[column]
            if row["id"] != delete:
                writer.writerow(row)


def _correct_xlsx(path: Path, corrections: dict[str, str], column: str, delete: str) -> None:
    book = openpyxl.load_workbook(path)
    page = book.active
    assert page is not None
    names = [column_of(str(cell.value)) for cell in page[1]]
    for number in range(page.max_row, 1, -1):
        row = {name: page.cell(number, place) for place, name in enumerate(names, 1)}
        new = _wanted(corrections, str(row["id"].value), str(row["source"].value))
        if new is not None:
            row[column].value = new
        if row["id"].value == delete:
            page.delete_rows(number)
    book.save(path)


def _correct_docx(path: Path, corrections: dict[str, str], column: str, delete: str) -> None:
    document = docx.Document(str(path))
    for table in document.tables:
        for row in table.rows[2:]:
            about, source, _, correction = row.cells
            new = _wanted(corrections, about.paragraphs[0].text, source.text)
            if new is not None:
                correction.text = new
    document.save(str(path))


def _correct_xliff(path: Path, corrections: dict[str, str], column: str, delete: str) -> None:
    tree = etree.parse(path)
    for unit in tree.iter("{*}trans-unit", "{*}unit"):
        (source,), (target,) = unit.iter("{*}source"), unit.iter("{*}target")
        row_id = unit.get("resname") or unit.get("name")
        new = _wanted(corrections, str(row_id), "".join(source.itertext()))
        if new is not None:
            for child in list(target):
                target.remove(child)
            target.text = new
    tree.write(path, encoding="utf-8", xml_declaration=True)
