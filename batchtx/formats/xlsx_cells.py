"""Cells of a workbook and the strings they share: which cell shows a string first, however many there are."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from batchtx.errors import DocumentError
from batchtx.formats.opc.package import Package
from batchtx.formats.opc.stream import check_xml, items, read_text

CELL = re.compile(
    r"<(?:\w+:)?c(?=[\s>/])((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL
)
STRING = re.compile(r"<(?:\w+:)?si(?:\s[^>]*?)?(?:/>|>.*?</(?:\w+:)?si\s*>)", re.DOTALL)
_VALUE = re.compile(r"<(?:\w+:)?v(?:\s[^>]*)?>\s*(\d{1,9})\s*</")
_TYPE = re.compile(r"""\bt\s*=\s*["'](\w+)["']""")
_REFERENCE = re.compile(r"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_HEADER = re.compile(r"(?:Header|Footer)>")
_MAX_STRINGS = 16_000_000
"""More than any program writes; a number beyond it is no string."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, with (first column, row of the header, last column) of its tables."""

    number: int
    name: str
    part: str
    tables: tuple[tuple[int, int, int], ...] = ()

    @property
    def shown(self) -> str:
        """How people call it."""
        return f"sheet {self.number} ({self.name})"

    def is_header(self, cell: re.Match[str]) -> bool:
        """Returns whether a cell is in the header of a table; one without a name may be."""
        if not self.tables:
            return False
        column, row = cell_position(cell)
        return not row or any(row == top and left <= column <= right for left, top, right in self.tables)


def cell_type(cell: re.Match[str]) -> str:
    """Returns what a cell holds: "s" is a shared string, "inlineStr" one of its own."""
    found = _TYPE.search(cell[1])
    return found[1] if found else ""


def cell_position(cell: re.Match[str]) -> tuple[int, int]:
    """Returns column and row; (0, 0) where a writer left them out."""
    found = _REFERENCE.search(cell[1])
    return (column_number(found[1]), int(found[2])) if found else (0, 0)


def cell_name(cell: re.Match[str]) -> str:
    """Returns a cell's name, as people call it."""
    return _named(*cell_position(cell))


def cell_index(cell: re.Match[str]) -> int:
    """Returns the number of a cell's shared string, -1 where it has none."""
    value = _VALUE.search(cell[2] or "")
    return int(value[1]) if value and int(value[1]) < _MAX_STRINGS else -1


def column_number(letters: str) -> int:
    """Returns the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _named(column: int, row: int) -> str:
    if not row:
        return "a cell"
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


class StringUses:
    """Where each shared string is used: 9 bytes a string.

    `with_texts` are the numbers of sheets with texts in their cells.
    """

    def __init__(self, package: Package, sheets: Sequence[Sheet]) -> None:
        self._sheets = {sheet.number: sheet for sheet in sheets}
        self._numbers, self._columns, self._rows = array("H"), array("H"), array("I")
        self._elsewhere = bytearray()
        self._headers: set[int] = set()
        self.with_texts: set[int] = set()
        for sheet in sheets:
            try:
                self._read(package, sheet)
            except DocumentError:
                self.with_texts.add(sheet.number)  # it is told when its texts are read

    def _read(self, package: Package, sheet: Sheet) -> None:
        check_xml(package, sheet.part)
        for before, cell in items(read_text(package, sheet.part), CELL):
            if cell is None and _HEADER.search(before):
                self.with_texts.add(sheet.number)
            kind = cell_type(cell) if cell is not None else ""
            if cell is None or kind not in ("s", "str", "inlineStr"):
                continue
            if kind != "s":
                self.with_texts.add(sheet.number)
                continue
            index = cell_index(cell)
            if index >= 0:
                self._add(index, sheet, cell)

    def _add(self, index: int, sheet: Sheet, cell: re.Match[str]) -> None:
        if index >= len(self._rows):
            n_more = index + 1 - len(self._rows)
            self._numbers.extend([0] * n_more)
            self._columns.extend([0] * n_more)
            self._rows.extend([0] * n_more)
            self._elsewhere.extend(bytes(n_more))
        if not self._numbers[index]:
            self._columns[index], self._rows[index] = cell_position(cell)
            self._numbers[index] = sheet.number
        if sheet.is_header(cell):
            self._headers.add(index)
        else:
            self._elsewhere[index] = 1

    def place_of(self, index: int) -> str:
        """Returns where a string stands first; "" for one that no cell shows, and for the header of a
        table.
        """
        if index >= len(self._numbers) or not self._numbers[index] or index in self._headers:
            return ""
        return (
            f"{self._sheets[self._numbers[index]].shown}, {_named(self._columns[index], self._rows[index])}"
        )

    def strings_of_headers(self, package: Package, part: str | None) -> dict[int, str]:
        """Returns the strings that a header of a table shares with other cells, as they stand in the file."""
        wanted = {index for index in self._headers if self._elsewhere[index]}
        if part is None or not wanted:
            return {}
        return {index: text for index, text in enumerate(_strings(package, part)) if index in wanted}


def _strings(package: Package, part: str) -> Iterator[str]:
    try:
        check_xml(package, part)
        for _, match in items(read_text(package, part), STRING):
            if match is not None:
                yield match[0]
    except DocumentError:
        return  # told when its texts are read
