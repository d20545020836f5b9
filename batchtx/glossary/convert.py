"""Writing glossaries: as CSV, TSV, TBX or XLSX, by the extension of the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from batchtx.errors import GlossaryError
from batchtx.glossary.table import Entry, read_file
from batchtx.glossary.tbx import COLUMNS, write_tbx
from batchtx.glossary.xlsx import write_sheet

_ALWAYS = ("source", "target")


def convert(source: Path, target: Path) -> tuple[str, ...]:
    """Writes the glossary `source` as `target` and reads it back; gives what was detected and done.

    Every row is kept, doubled ones too. An existing target is replaced, once the new one is right.

    Raises:
        GlossaryError: a file is of no known kind, or a row would not come back as it is.
    """
    reading = read_file(source)
    write(target, reading.entries)
    return (reading.found, *reading.notes, f"{target.name}: {len(reading.entries)} rows written")


def write(path: Path, entries: Sequence[Entry]) -> None:
    """Writes entries; the new file is read back and compared before it takes the place of an old one."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise GlossaryError(str(path), f"a glossary is written as {', '.join(_WRITERS)}; name it so")
    beside = path.with_name(f".{path.stem}.new{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer(beside, [entry_cells(entry) for entry in entries])
        _check_same(entries, beside, path.name)
        beside.replace(path)
    except OSError as error:
        raise GlossaryError(str(path), f"cannot be written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


def entry_cells(entry: Entry) -> dict[str, str]:
    """Returns the cells of an entry by column; what is the default stays empty."""
    default_case = "keep" if entry.dnt else "match"
    return {
        "source": entry.source,
        "target": "" if entry.dnt else "|".join(entry.targets),
        "case": "" if entry.case == default_case else entry.case,
        "pos": entry.pos,
        "domain": entry.domain,
        "forbidden": "|".join(entry.forbidden),
        "dnt": "yes" if entry.dnt else "",
        "regex": "yes" if entry.regex else "",
        "note": entry.note,
        "priority": str(entry.priority) if entry.priority else "",
        "required": "" if entry.required is None else "yes" if entry.required else "no",
        "boundary": "yes" if entry.boundary else "",
    }


def _check_same(entries: Sequence[Entry], path: Path, name: str) -> None:
    again = read_file(path).entries if entries else ()
    for entry, other in zip(entries, again, strict=False):
        if entry_cells(entry) | {"note": ""} != entry_cells(other) | {"note": ""}:
            message = (
                f"{entry.source} (row {entry.row} of {entry.file}) would come back changed; nothing written"
            )
            raise GlossaryError(name, message)
    if len(again) != len(entries):
        raise GlossaryError(
            name, f"{len(entries)} rows would come back as {len(again)} (does a source begin with #?)"
        )


def _write_separated(path: Path, rows: Sequence[dict[str, str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    columns = _used_columns(rows)
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def _write_csv(path: Path, rows: Sequence[dict[str, str]]) -> None:
    _write_separated(path, rows, ",")


def _write_tsv(path: Path, rows: Sequence[dict[str, str]]) -> None:
    _write_separated(path, rows, "\t")


def _write_xlsx(path: Path, rows: Sequence[dict[str, str]]) -> None:
    columns = _used_columns(rows)
    write_sheet(path, columns, ([row[column] for column in columns] for row in rows))


def _write_tbx(path: Path, rows: Sequence[dict[str, str]]) -> None:
    write_tbx(path, rows)


def _used_columns(rows: Sequence[dict[str, str]]) -> list[str]:
    return [column for column in COLUMNS if column in _ALWAYS or any(row[column] for row in rows)]


_WRITERS: dict[str, Callable[[Path, Sequence[dict[str, str]]], None]] = {
    ".csv": _write_csv,
    ".tsv": _write_tsv,
    ".tbx": _write_tbx,
    ".xlsx": _write_xlsx,
}
