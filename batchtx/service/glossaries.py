"""The glossaries of the service: named files, chosen and added to by a request, saved where allowed."""

from __future__ import annotations

import csv
import hashlib
import io
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from batchtx.errors import GlossaryError
from batchtx.glossary.convert import entry_cells, write
from batchtx.glossary.lint import Finding, lint_entries
from batchtx.glossary.matcher import Matcher
from batchtx.glossary.table import Entry, Glossary, Reading, from_entries, read_content, read_file
from batchtx.glossary.tbx import COLUMNS
from batchtx.pipeline.setup import Ready
from batchtx.service.fields import Fields
from batchtx.service.refusal import Refusal
from batchtx.service.settings import ServiceSettings

_PASTED = "terms"
_MOST_FOUND = 16
_MOST_PASTED = 5_000


@dataclass(frozen=True, slots=True)
class GlossaryChoice:
    """What a request wants: glossaries by name in order (None: all of the service), and its own terms."""

    names: tuple[str, ...] | None = None
    pasted: bytes = b""


@dataclass(frozen=True, slots=True)
class FoundGlossary:
    """A choice as one glossary, and what finds its terms; None where it has none."""

    glossary: Glossary
    matcher: Matcher | None


class GlossaryShelf:
    """Holds the glossaries; safe to ask from any thread. Files that changed are read again."""

    def __init__(self, settings: ServiceSettings, ready: Ready) -> None:
        self._settings, self._ready = settings, ready
        self._files = _named(settings.options.glossaries)
        self._read: dict[str, tuple[tuple[int, int], Reading]] = {}
        self._found: OrderedDict[tuple[object, ...], FoundGlossary] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def names(self) -> tuple[str, ...]:
        """The names, the one that wins first."""
        return tuple(self._files)

    def paths(self, choice: GlossaryChoice) -> tuple[Path, ...]:
        """Returns the files of a choice.

        Raises:
            Refusal: there is no glossary of a name.
        """
        return tuple(self._file(name) for name in (self.names if choice.names is None else choice.names))

    def find(self, choice: GlossaryChoice) -> FoundGlossary:
        """Returns a choice as one glossary, the request's own terms first.

        Raises:
            Refusal: there is no glossary of a name.
            GlossaryError: terms cannot be read.
        """
        names = self.names if choice.names is None else choice.names
        with self._lock:
            readings = [self._reading(name) for name in names]
            digest = hashlib.sha256(choice.pasted).digest()
            key = choice.names is None, digest, *(self._read[name][0] for name in names), *names
            found = self._found.get(key)
        found = found or self._put_together(choice, readings)
        with self._lock:
            self._found[key] = found
            self._found.move_to_end(key)
            if len(self._found) > _MOST_FOUND:
                self._found.popitem(last=False)
        return found

    def _put_together(self, choice: GlossaryChoice, readings: Sequence[Reading]) -> FoundGlossary:
        entries = [*self._pasted(choice.pasted), *(one for found in readings for one in found.entries)]
        options = self._settings.options
        domains = options.domains if choice.names is None else ()
        glossary = replace(from_entries(entries, domains, options.glossary_mode), notes=())
        return FoundGlossary(glossary, Matcher(glossary) if glossary.entries else None)

    def rows(self, name: str) -> list[dict[str, str]]:
        """Returns the rows of a glossary, by column.

        Raises:
            Refusal: there is none of that name.
            GlossaryError: it cannot be read.
        """
        with self._lock:
            return [entry_cells(entry) for entry in self._reading(name).entries]

    def check(self, content: bytes) -> tuple[tuple[Entry, ...], list[Finding]]:
        """Returns the rows of what may become a glossary, and what is wrong with them.

        Raises:
            GlossaryError: it cannot be read as a glossary at all.
        """
        entries = read_content(content, _PASTED, self._ready.pair).entries
        return entries, lint_entries(entries)

    def save(self, name: str, content: bytes) -> list[Finding]:
        """Replaces the rows of a glossary; with an error among the findings nothing is written.

        Raises:
            Refusal: there is none of that name, or nothing may be saved.
            GlossaryError: the content cannot be read, or the file not written.
        """
        path = self._file(name)
        if not self._settings.edit_glossaries:
            raise Refusal(403, "Glossaries cannot be saved here; start the service with --edit-glossaries")
        entries, findings = self.check(content)
        if not any(finding.severity == "error" for finding in findings):
            with self._lock:
                write(path, [replace(entry, file=path.name) for entry in entries])
                self._read.pop(name, None)
        return findings

    def _file(self, name: str) -> Path:
        if name not in self._files:
            raise Refusal(404, "There is no glossary of this name; GET /glossaries lists them")
        return self._files[name]

    def _reading(self, name: str) -> Reading:
        path = self._file(name)
        try:
            found = path.stat()
        except OSError as error:
            raise GlossaryError(path.name, f"cannot be read: {error.strerror}") from None
        stamp = found.st_mtime_ns, found.st_size
        known = self._read.get(name)
        if known is None or known[0] != stamp:
            known = self._read[name] = stamp, read_file(path, self._ready.pair)
        return known[1]

    def _pasted(self, content: bytes) -> Sequence[Entry]:
        if not content:
            return ()
        entries = read_content(content, _PASTED, self._ready.pair).entries
        if len(entries) > _MOST_PASTED:
            raise Refusal(400, f"Invalid request: more than {_MOST_PASTED} terms; make them a glossary")
        if any(entry.regex for entry in entries):
            raise Refusal(400, "Invalid request: terms cannot be regular expressions; a glossary file can")
        return entries


def read_choice(fields: Fields) -> GlossaryChoice:
    """Reads what a request says of glossaries: `glossary` names them ("" for none), `terms` are its own.

    Raises:
        Refusal: it says it in no known way.
    """
    names = None
    if "glossary" in fields:
        names = tuple(name for text in fields.texts("glossary") for name in text.split(",") if name.strip())
        names = tuple(dict.fromkeys(name.strip() for name in names))
    return GlossaryChoice(names, _terms(fields))


def _terms(fields: Fields) -> bytes:
    """Terms as CSV: they come as text, or as a list of objects with the columns of a glossary."""
    values = fields.values.get("terms", ())
    if values and all(isinstance(value, str) for value in values):
        return "\n".join(fields.texts("terms")).encode("utf-8", "replace")
    rows = fields.objects("terms")
    if not rows:
        return b""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(row.get(name, "")) for name in COLUMNS} for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int):
        return str(value)
    raise Refusal(400, "Invalid request: the cells of terms must be texts")


def _named(paths: Sequence[Path]) -> dict[str, Path]:
    """The files by their names without extension; a second of a name has a number."""
    named: dict[str, Path] = {}
    for path in paths:
        name, number = path.stem, 2
        while name in named:
            name, number = f"{path.stem}-{number}", number + 1
        named[name.replace(",", "-")] = path
    return named
