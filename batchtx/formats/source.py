"""What a document is opened from, and the choices that formats leave to the user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from batchtx.errors import DocumentError

Revisions = Literal["keep-visible", "accept", "reject", "refuse"]
Comments = Literal["translate", "keep"]
AltText = Literal["meaningful", "all", "keep"]

MIB = 1024 * 1024
CHUNK_BYTES = 256 * 1024
"""Bytes read at once from a line format, and the most that detection looks at."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document is read from: a path, or a stream that is read once from its start.

    `name` is what reports and errors show. Exactly one of `path` and `stream` is given.
    """

    name: str
    path: Path | None = None
    stream: BinaryIO | None = None

    def __post_init__(self) -> None:
        if (self.path is None) == (self.stream is None):
            raise ValueError("a Source has either a path or a stream")

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The bytes, from the start; a stream is not closed. Raises DocumentError when unreadable."""
        if self.stream is not None:
            yield self.stream
            return
        with self.open() as file:
            yield file

    def open(self) -> BinaryIO:
        """The file, for the caller to close. Raises DocumentError when unreadable."""
        assert self.path is not None
        try:
            return self.path.open("rb")
        except OSError as error:
            raise DocumentError(self.name, f"cannot be read: {error.strerror or error}") from error

    def size_bytes(self) -> int | None:
        """Size of the file; None for a stream."""
        return None if self.path is None else self.path.stat().st_size


@dataclass(frozen=True, slots=True)
class Limits:
    """What a zip package may hold before it is refused (a zip bomb is small outside, huge inside)."""

    max_entries: int = 20_000
    max_part_bytes: int = 256 * MIB
    max_total_bytes: int = 1024 * MIB
    max_ratio: int = 200


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """The user's choices for reading and writing documents; every format takes what concerns it.

    Lines: `encoding` overrides detection; `txt_wrapped` joins hard-wrapped paragraphs; `fields` are
    JSONL paths ("text", "messages[].content"), "text" when empty; `target_field` writes the
    translation beside the source ("text_en", or "{field}_en" for several fields).

    DOCX, what is translated: `revisions` (tracked changes), `comments`, `hidden` text, `alt_text`
    ("meaningful" leaves file names, paths and automatic names as they are), `properties` (title,
    subject, keywords…), `math_text` (Chinese words inside formulas), `index_entries` (the texts of
    index and table-of-contents entries, which stand inside field codes).

    DOCX, how the English looks: `language` sets w:lang to `target_language`; `fonts` replaces Chinese
    faces in the Latin slot and drops the hint that widens quotation marks; `emphasis` turns emphasis
    by typeface (heiti, kaiti) into bold and italic; `numbering` makes automatic numbers English.
    Off unless asked for, because they change the layout: `row_heights` turns exact row heights into
    minimum ones, `text_boxes` lets boxes grow with their text, `autofit` lets columns follow their words,
    `distribute` centres letter-spread lines,
    `first_line_indent` and `letter_spacing` are taken away, `line_grid` frees lines from the grid for
    Han characters, `direction` turns vertical text: that of cells and text boxes runs upwards, that of
    pages across.
    """

    encoding: str | None = None
    txt_wrapped: bool = False
    fields: tuple[str, ...] = ()
    target_field: str | None = None

    revisions: Revisions = "keep-visible"
    comments: Comments = "translate"
    hidden: bool = False
    alt_text: AltText = "meaningful"
    properties: bool = True
    math_text: bool = False
    index_entries: bool = False

    target_language: str = "en-US"
    language: bool = True
    fonts: bool = True
    emphasis: bool = True
    numbering: bool = True
    row_heights: bool = False
    text_boxes: bool = False
    autofit: bool = False
    distribute: bool = False
    first_line_indent: bool = False
    letter_spacing: bool = False
    line_grid: bool = False
    direction: bool = False

    limits: Limits = Limits()
