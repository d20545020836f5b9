"""Documents of any format in memory: opened, shown, written with other words."""

from __future__ import annotations

import io
from collections.abc import Callable

from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices, FormatOptions
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.protocols import Document
from batchtx.records import Unit, UnitTarget
from batchtx.text.inline_codes import show_codes


def opened(name: str, content: bytes, options: FormatOptions | None = None) -> Document:
    """The document of these bytes."""
    choices = FormatChoices(((name, options),)) if options else FormatChoices()
    return open_document(name, Source(f"a.{name}", stream=io.BytesIO(content)), choices, PAIR)


def units(name: str, content: bytes, options: FormatOptions | None = None) -> list[Unit]:
    """Its units."""
    return [unit for unit in opened(name, content, options).units() if isinstance(unit, Unit)]


def shown(name: str, content: bytes, options: FormatOptions | None = None) -> list[str]:
    """The texts of its units, codes as people see them."""
    return [show_codes(unit.text, unit.codes) for unit in units(name, content, options)]


def written(
    name: str, content: bytes, translate: Callable[[str], str], options: FormatOptions | None = None
) -> bytes:
    """The document with other words, verified as a run does."""
    document, output = opened(name, content, options), io.BytesIO()
    found = [unit for unit in document.units() if isinstance(unit, Unit)]
    document.write([UnitTarget(unit.address, translate(unit.text)) for unit in found], output)
    return output.getvalue()
