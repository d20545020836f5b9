"""What users may choose about DOCX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from batchtx.formats.docx.switches import switched
from batchtx.formats.opc.limits import Limits
from batchtx.formats.options import FormatOptions, Setting
from batchtx.formats.source import MIB

Revisions = Literal["keep-visible", "accept", "reject", "refuse"]
Comments = Literal["translate", "keep"]
AltText = Literal["meaningful", "all", "keep"]


@dataclass(frozen=True, slots=True)
class DocxOptions(FormatOptions):
    """The user's choices for reading and writing DOCX.

    What is translated: `revisions` (tracked changes), `comments`, `hidden` text, `alt_text`
    ("meaningful" leaves file names, paths and automatic names as they are), `properties` (title,
    subject, keywords…), `math_text` (Chinese words inside formulas), `index_entries` (the texts of
    index and table-of-contents entries, which stand inside field codes).

    How the English looks: `language` sets w:lang; `fonts` replaces Chinese
    faces in the Latin slot and drops the hint that widens quotation marks; `emphasis` turns emphasis
    by typeface (heiti, kaiti) into bold and italic; `numbering` makes automatic numbers English.
    `ragged_cells` aligns justified text of narrow cells left, `fit_columns` lets the columns of a fixed table
    grow where a word would break.
    Off unless asked for, because they change the layout: `row_heights` turns exact row heights into
    minimum ones, `text_boxes` lets boxes grow with their text, `autofit` lets columns follow their words,
    `distribute` centres letter-spread lines, `first_line_indent` and `letter_spacing` are taken away,
    `line_grid` frees lines from the grid for Han characters, `direction` turns vertical text: that of
    cells and text boxes runs upwards, that of pages across.
    """

    revisions: Revisions = "keep-visible"
    comments: Comments = "translate"
    hidden: bool = False
    alt_text: AltText = "meaningful"
    properties: bool = True
    math_text: bool = False
    index_entries: bool = False

    language: bool = True
    fonts: bool = True
    emphasis: bool = True
    numbering: bool = True
    ragged_cells: bool = True
    fit_columns: bool = True
    row_heights: bool = False
    text_boxes: bool = False
    autofit: bool = False
    distribute: bool = False
    first_line_indent: bool = False
    letter_spacing: bool = False
    line_grid: bool = False
    direction: bool = False

    limits: Limits = field(default_factory=Limits)

    @property
    def changed(self) -> dict[str, Any]:
        """See `FormatOptions`; limits change no output."""
        changed = super(DocxOptions, self).changed
        return {name: value for name, value in changed.items() if name != "limits"}


def without_english_layout(options: DocxOptions) -> DocxOptions:
    """Returns the options for a target that is not set as English is after Chinese."""
    return replace(options, emphasis=False, numbering=False, ragged_cells=False, fit_columns=False)


SETTINGS = (
    Setting(
        "revisions",
        "DOCX: tracked changes.",
        choices=("keep-visible", "accept", "reject", "refuse"),
        default="keep-visible",
    ),
    Setting("comments", "DOCX: comments.", choices=("translate", "keep"), default="translate"),
    Setting("hidden", "DOCX: translate hidden text too.", flag=True),
    Setting(
        "docx_adjust",
        "DOCX: adjust this (row-heights) or not (no-fonts); may be repeated, see docs/docx.md.",
        multiple=True,
        metavar="NAME",
    ),
    Setting("max_size", "DOCX: refuse packages that unpack to more MiB than this.", minimum=1, default=1024),
)


def read_options(values: Mapping[str, Any]) -> DocxOptions:
    """Reads the options from the values of `SETTINGS`.

    Raises:
        ConfigError: no adjustment has such a name.
    """
    given = {name: values[name] for name in ("revisions", "comments", "hidden") if name in values}
    if "max_size" in values:  # the largest part grows with the whole: a quarter of it, as in the defaults
        total = values["max_size"] * MIB
        given["limits"] = Limits(max_total_bytes=total, max_part_bytes=total // 4)
    return DocxOptions(**given, **switched(values.get("docx_adjust", ())))
