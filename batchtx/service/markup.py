"""Texts with markup: a fragment of a page becomes units with inline codes, and a fragment again."""

from __future__ import annotations

import io
from collections.abc import Sequence

from batchtx.formats import open_document
from batchtx.formats.encodings import EncodingOptions
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair
from batchtx.records import Unit, UnitTarget

MARKUP = "html"
"""The format of such texts, as clients call it too."""

_CHOICES = FormatChoices(((MARKUP, EncodingOptions("utf-8")),))


class Fragment:
    """A fragment of a page; what is not text in it stays as it is.

    Raises:
        DocumentError: it cannot be read.
    """

    def __init__(self, text: str, pair: LanguagePair) -> None:
        source = Source("text", stream=io.BytesIO(text.encode("utf-8", "replace")))
        self._document = open_document(MARKUP, source, _CHOICES, pair)
        self.units = tuple(unit for unit in self._document.units() if isinstance(unit, Unit))

    def written(self, targets: Sequence[str]) -> str:
        """Returns the fragment with a target for each unit, in order."""
        output = io.BytesIO()
        pairs = zip(self.units, targets, strict=True)
        self._document.write((UnitTarget(unit.address, target) for unit, target in pairs), output)
        return output.getvalue().decode("utf-8", "replace")
