"""Writes the review sheets of a run; one that a person has written into since is kept under another name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from batchtx.config import RunConfig
from batchtx.errors import BatchtxError
from batchtx.files import atomic_output, file_hash, fitting
from batchtx.memory.store import OutputState, Store
from batchtx.report.report import Report
from batchtx.review.formats import format_of_sheet, writer_of
from batchtx.review.sheet import Choice, Languages, SheetRows


@dataclass(frozen=True, slots=True)
class SheetWriter:
    """Writes all sheets that `config` asks for, and names them in the report."""

    config: RunConfig
    languages: Languages
    store: Store
    report: Report

    def write(self, rows: SheetRows) -> None:
        """Writes the rows; a sheet that cannot be written is told, the others are written."""
        wanted = self.config.sheet_rows
        if self.config.sheet is None or not rows.documents:
            return
        for path, choice in self._sheets(self.config.sheet, rows):
            try:
                self.report.sheets += self._write(path, choice, rows)
            except (OSError, sqlite3.Error, BatchtxError) as error:
                self.report.troubles.append(f"the review sheet could not be written: {error}")
        if not self.report.sheets:
            nothing = "nothing was translated" if wanted in ("all", "translated") else f"nothing is {wanted}"
            self.report.notes.append(f"no review sheet: {nothing}")

    def _sheets(self, sheet: Path, rows: SheetRows) -> Iterator[tuple[Path, Choice]]:
        """review.csv for the run, or review.contract.docx.csv for each document."""
        fold = format_of_sheet(sheet).fold if self.config.sheet_repeats == "once" else "no"
        if self.config.sheet_per == "run":
            yield sheet, Choice(self.config.sheet_rows, fold=fold)
            return
        taken: set[str] = set()
        for document in rows.documents:
            name = "stdin" if document == "-" else Path(document).name
            number = 1
            while (free := name if number == 1 else f"{name}.{number}") in taken:
                number += 1
            taken.add(free)
            path = fitting(sheet.with_name(f"{sheet.stem}.{free}{sheet.suffix}"), n_more=8)
            yield path, Choice(self.config.sheet_rows, document, fold)

    def _write(self, path: Path, choice: Choice, rows: SheetRows) -> list[str]:
        """Write a sheet in as many files as its rows need; gives their paths."""
        sheet_format = format_of_sheet(path)
        write = writer_of(sheet_format)
        most_rows = min(self.config.sheet_max_rows or sheet_format.most_rows, sheet_format.most_rows)
        n_files = -(-rows.count(choice) // most_rows)
        ordered = rows.ordered(choice, self.config.sheet_order, by_document=sheet_format.by_document)
        paths = [path] if n_files == 1 else [_numbered(path, n + 1) for n in range(n_files)]
        path.parent.mkdir(parents=True, exist_ok=True)
        for part in paths:
            self._keep_corrected(part)
            with atomic_output(part) as file:
                write(islice(ordered, most_rows), file, self.languages)
            self.store.set_output_state(part, OutputState("", file_hash(part), "sheet", 0))
        self._remove_earlier(path, n_files)
        return [str(part) for part in paths]

    def _keep_corrected(self, path: Path) -> None:
        if path.is_file() and not self._untouched(path):
            kept = _free_name(path)
            path.replace(kept)
            self.report.notes.append(f"{path} was changed since it was written; it is kept as {kept.name}")

    def _remove_earlier(self, path: Path, n_files: int) -> None:
        """Remove what an earlier run wrote under names that this one does not use, if nobody touched it."""
        number = 1 if n_files <= 1 else n_files + 1
        while (earlier := _numbered(path, number)).exists():
            if self._untouched(earlier):
                earlier.unlink()
            number += 1
        if n_files != 1 and path.exists() and self._untouched(path):
            path.unlink()

    def _untouched(self, path: Path) -> bool:
        known = self.store.output_state(path)
        return known is not None and known.signature == "sheet" and known.output_hash == file_hash(path)


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}-{number}{path.suffix}")


def _free_name(path: Path) -> Path:
    number = 1
    while (candidate := path.with_name(f"{path.stem}.{number}{path.suffix}")).exists():
        number += 1
    return candidate
