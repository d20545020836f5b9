"""The formats of review sheets: by suffix when they are written, by content when they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from batchtx.errors import ConfigError, SheetError
from batchtx.files import OLD_OFFICE_MAGIC, ZIP_MAGIC
from batchtx.review.package import names_in
from batchtx.review.row import SheetRow
from batchtx.review.sheet import Fold, Languages

Writer = Callable[[Iterable[Sequence[str]], BinaryIO, Languages], None]
Reader = Callable[[str, bytes], Iterator[SheetRow]]


@dataclass(frozen=True, slots=True)
class SheetFormat:
    """How a kind of sheet is written.

    `by_document`: the rows of a document stand together. `fold`: where equal rows may stand once (CAT tools
    want the whole text, and repeat what was translated by themselves). `most_rows`: what programs still
    open with ease; more make a further file.
    """

    writer: str
    by_document: bool = False
    fold: Fold = "run"
    needs: str = ""
    most_rows: int = 1_000_000


SHEET_FORMATS = {
    ".csv": SheetFormat("batchtx.review.csv:write_csv"),
    ".tsv": SheetFormat("batchtx.review.csv:write_tsv"),
    ".xlsx": SheetFormat("batchtx.review.xlsx:write_xlsx", needs="openpyxl"),
    ".docx": SheetFormat(
        "batchtx.review.docx:write_docx", by_document=True, fold="document", needs="docx", most_rows=2_000
    ),
    ".xlf": SheetFormat("batchtx.review.xliff:write_xliff_1", by_document=True, fold="no"),
    ".xliff": SheetFormat("batchtx.review.xliff:write_xliff_2", by_document=True, fold="no"),
}
"""By suffix. XLIFF has one suffix by custom (1.2) and one by its specification (2.1)."""

_LIBRARIES = {"docx": "python-docx"}
"""What packages are called where it is not the name of their module."""

_READERS = {
    "xl/workbook.xml": "batchtx.review.xlsx:read_xlsx",
    "word/document.xml": "batchtx.review.docx:read_docx",
}


def format_of_sheet(path: Path) -> SheetFormat:
    """Returns the format that the suffix of `path` asks for.

    Raises:
        ConfigError: there is none, or it needs a library that is not installed.
    """
    found = SHEET_FORMATS.get(path.suffix.lower())
    if found is None:
        raise ConfigError(f"{path}: a review sheet ends in {', '.join(SHEET_FORMATS)}; choose one of them")
    if found.needs and find_spec(found.needs) is None:
        library = _LIBRARIES.get(found.needs, found.needs)
        raise ConfigError(f"{path}: needs {library}: pip install 'batchtx[review]', or choose .csv")
    return found


def sheet_suffixes() -> list[str]:
    """Returns the suffixes of sheets that can be written here: their libraries are installed."""
    return [
        suffix for suffix, one in SHEET_FORMATS.items() if not one.needs or find_spec(one.needs) is not None
    ]


def writer_of(sheet_format: SheetFormat) -> Writer:
    """Returns the function that writes sheets of this format; its library is imported now."""
    writer: Writer = _named(sheet_format.writer)
    return writer


def read_sheet(path: Path) -> Iterator[SheetRow]:
    """Yields the rows of a sheet, whatever its name, in whatever order and shape a program saved it.

    Raises:
        SheetError: it is no review sheet, or cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SheetError(str(path), f"cannot be read: {error.strerror}") from None
    return _named(_reader(str(path), data))(str(path), data)  # type: ignore[no-any-return]


def _reader(sheet: str, data: bytes) -> str:
    if data.startswith(ZIP_MAGIC):
        return _reader_of_package(sheet, data)
    if data.startswith(OLD_OFFICE_MAGIC):
        raise SheetError(sheet, "is a file of an old Office, or has a password; save it as XLSX or CSV")
    start = data[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        return "batchtx.review.xliff:read_xliff"
    return "batchtx.review.csv:read_csv"


def _reader_of_package(sheet: str, data: bytes) -> str:
    names = names_in(sheet, data)
    for name, reader in _READERS.items():
        if name in names:
            return reader
    raise SheetError(sheet, "is no XLSX and no DOCX; save it as XLSX or CSV (UTF-8) and apply that")


def _named(path: str):  # type: ignore[no-untyped-def]
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)
