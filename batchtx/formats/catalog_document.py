"""What documents of sources beside their translations share: PO and XLIFF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from batchtx.formats.catalogs import CatalogOptions
from batchtx.formats.encodings import fitting_encoding
from batchtx.formats.source import Source
from batchtx.formats.span_document import SpanDocument
from batchtx.language.pair import LanguagePair
from batchtx.records import Problem, Unit


class CatalogDocument(SpanDocument):
    """One catalog; see `Document` for the contract. `only`: exactly these units, whatever they hold."""

    two_texts = True
    told_encoding: re.Pattern[bytes]
    """Finds what a file says of its encoding, in its first group."""

    told_within: int | None = None
    """Within so many bytes from its start; None: anywhere."""

    def __init__(
        self,
        source: Source,
        options: CatalogOptions,
        pair: LanguagePair,
        only: frozenset[str] | None = None,
    ) -> None:
        self._options, self._pair, self._only = options, pair, only
        self._targets: list[str] = []
        super().__init__(source, options.encoding)

    def parse(self, content: bytes) -> Sequence[Unit | Problem]:
        """Implements `WholeDocument.parse`: a catalog tells its encoding itself."""
        told = self.told_encoding.search(content[: self.told_within])
        if self._wanted is None and told is not None:
            self._wanted = fitting_encoding(content, told[1].decode("ascii"))
        return super().parse(content)

    def again(self, source: Source) -> Self:
        """Implements `SpanDocument.again`."""
        options = replace(self._options, encoding=None)
        return type(self)(source, options, self._pair, frozenset(self._addresses))
