"""Columns of a sheet as wide as their words: English is longer than Chinese."""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator

from batchtx.formats.opc.stream import items
from batchtx.formats.xlsx_cells import (
    CELL,
    STRING,
    cell_index,
    cell_position,
    cell_type,
    column_number,
)

MAX_WIDTH = 60.0
"""Wider columns are hard to read; longer texts go on in the next cell or line."""

_DEFAULT_WIDTH = 8.43
_MARGIN = 2
_TEXT = re.compile(r"<(?:\w+:)?(?:t|v)(?:\s[^>]*)?>([^<]*)</")
_PHONETIC = re.compile(r"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_MERGED = re.compile(r"<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*[\"']([A-Z]+)(\d+):([A-Z]+)\d+")
_HEAD = re.compile(r"<(?P<prefix>(?:\w+:)?)sheetData\b")
_COLUMNS = re.compile(r"<(?P<of>(?:\w+:)?cols)>.*?</(?P=of)>|<(?:\w+:)?cols\s*/>", re.DOTALL)
_COLUMN = re.compile(r"<(?:\w+:)?col\b([^>]*?)/?>")
_ATTRIBUTE = re.compile(r"\s([\w:.-]+)\s*=\s*[\"']([^\"']*)[\"']")
_USUAL = re.compile(r"\bdefaultColWidth\s*=\s*[\"']([\d.]+)")

Chunks = Callable[[], Iterator[str]]
"""Gives the text of a part, from its start each time."""


def string_widths(strings: Iterator[str]) -> array[int]:
    """Returns the width of each shared string."""
    found = (match[0] for _, match in items(strings, STRING) if match is not None)
    return array("H", (min(_width_of(item), 0xFFFF) for item in found))


def widened(sheet: Chunks, widths: array[int]) -> Iterator[str] | None:
    """Returns a sheet whose columns fit their words, None where they do already."""
    wanted = _wanted(sheet, widths)
    head = ""
    for before, match in items(sheet(), _HEAD):
        head = before
        if match is None:
            return None
        break
    usual = _USUAL.search(head)
    columns = dict(_columns(head))
    width = float(usual[1]) if usual else _DEFAULT_WIDTH
    more: dict[int, float] = {}
    for column, size in wanted.items():
        described = columns.get(column, {})
        if size > float(described.get("width", width)) and described.get("hidden", "0") in ("0", "false"):
            more[column] = size
    return _rewritten(sheet, columns, more) if more else None


def without_columns(text: str) -> str:
    """Returns a piece of a sheet without the widths of its columns."""
    return _COLUMNS.sub("", text)


def _wanted(sheet: Chunks, widths: array[int]) -> dict[int, float]:
    """What each column needs; cells that reach over several columns ask for nothing."""
    merged = set()
    for _, match in items(sheet(), _MERGED):
        if match is not None and match[1] != match[3]:
            merged.add((column_number(match[1]), int(match[2])))
    wanted: dict[int, float] = {}
    for _, cell in items(sheet(), CELL):
        if cell is None or cell[2] is None or (place := cell_position(cell)) in merged or not place[0]:
            continue
        kind = cell_type(cell)
        index = cell_index(cell) if kind == "s" else -1
        size = widths[index] if 0 <= index < len(widths) else 0
        if kind in ("inlineStr", "str"):
            size = _width_of(cell[2])
        if size:
            wanted[place[0]] = min(MAX_WIDTH, max(wanted.get(place[0], 0), size + _MARGIN))
    return wanted


def _width_of(xml: str) -> int:
    """Columns of the longest line of a text; Han characters take two."""
    text = html.unescape("".join(_TEXT.findall(_PHONETIC.sub("", xml))))
    return max(sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line) for line in text.split("\n"))


def _columns(head: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The columns that a sheet describes, each by itself."""
    for match in _COLUMN.finditer(head):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        try:
            first, last = int(attributes.pop("min")), int(attributes.pop("max"))
        except (KeyError, ValueError):
            continue
        for column in range(first, min(last, 16_384) + 1):
            yield column, attributes


def _rewritten(sheet: Chunks, columns: dict[int, dict[str, str]], more: dict[int, float]) -> Iterator[str]:
    described = columns | {
        column: columns.get(column, {}) | {"width": f"{size:g}", "customWidth": "1"}
        for column, size in more.items()
    }
    first = True
    for before, match in items(sheet(), _HEAD):
        if first and match is not None:
            prefix = match["prefix"]
            lines = "".join(_described(prefix, described))
            yield f"{without_columns(before)}<{prefix}cols>{lines}</{prefix}cols>{match[0]}"
        else:
            yield before + (match[0] if match else "")
        first = False


def _described(prefix: str, columns: dict[int, dict[str, str]]) -> Iterator[str]:
    """One element for neighbours that are alike."""
    start = 0
    for column in sorted(columns):
        start = start or column
        if columns.get(column + 1) == columns[column]:
            continue
        attributes = "".join(f' {name}="{value}"' for name, value in columns[column].items())
        yield f'<{prefix}col min="{start}" max="{column}"{attributes}/>'
        start = 0
