"""How much of a part's text goes to translation, and what stays, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from batchtx.formats.audit import ELSEWHERE, WHOLE, PartCoverage
from batchtx.formats.docx.read.fields import Token
from batchtx.formats.docx.read.inline import InlineUnit
from batchtx.formats.docx.read.text_parts import StoryPart
from batchtx.formats.opc.names import Element, name, tags
from batchtx.text.inline_codes import without_codes

TEXTS = ("w:t", "m:t", "a:t", "c:v", "cx:v", "cx:pt")
"""Elements whose own text is text."""

_REASONS = {
    "field": "field results",
    "hidden text": "hidden text",
    "symbol": "symbols",
    "blank": "blanks to fill in",
    "leader": "dots that lead to a page",
    "phonetic guide": "phonetic guides",
    "deleted text": "deleted text",
    "mark": "punctuation",
    "link": "numbers and addresses",
    "content control": "numbers and addresses",
    "insertion": "numbers and addresses",
    "smart tag": "numbers and addresses",
}


def whole_part(part: StoryPart, root: Element) -> PartCoverage:
    """Returns the count for a part that stays as it is, on purpose."""
    n_found = _text_size(root)
    kept = ((WHOLE.get(part.story, part.story), n_found),) if n_found else ()
    return PartCoverage(part.name, part.story, n_found, 0, kept)


class CoverageCount:
    """Counts while a part is read."""

    def __init__(self, part: StoryPart) -> None:
        self._part = part
        self._n_units = 0
        self._kept: Counter[str] = Counter()

    def add_paragraph(self, pieces: Iterable[Token | InlineUnit]) -> None:
        """Counts a paragraph that was cut."""
        for piece in pieces:
            if isinstance(piece, Token):
                self._add_token(piece)
                continue
            self._n_units += _size(without_codes(piece.text))
            for token in piece.tokens:
                if token is not None:
                    self._add_token(token)

    def add_unit(self, text: str) -> None:
        """Counts a lone text."""
        self._n_units += _size(text)

    def keep(self, element: Element, reason: str) -> None:
        """Counts all text inside an element as staying."""
        self._kept[reason] += _text_size(element)

    def total(self, root: Element) -> PartCoverage:
        """Returns the count for the part with this root."""
        n_found = _text_size(root)
        if self._part.story not in ("chart", "diagram", "properties"):
            formulas = sum(_size(text.text or "") for text in root.iter(*tags("m:t")))
            self._kept["formulas"] += formulas
            self._kept["phonetic guides"] += sum(_text_size(guide) for guide in root.iter(*tags("w:rt")))
        rest = n_found - self._n_units - sum(self._kept.values())
        reason = "other scripts and numbers" if self._part.story in ("chart", "diagram") else ELSEWHERE
        self._kept[reason] += max(0, rest)
        kept = tuple((why, count) for why, count in self._kept.most_common() if count)
        return PartCoverage(self._part.name, self._part.story, n_found, self._n_units, kept)

    def _add_token(self, token: Token) -> None:
        reason = _REASONS.get(token.label, "punctuation" if token.kind == "text" else "")
        if token.label == "deleted text":
            self._kept[reason] += sum(_text_size(atom.element) for atom in token.atoms)
        elif reason:
            self._kept[reason] += sum(
                _size(atom.text or (atom.element.text or "" if name(atom.element) == "w:t" else ""))
                for atom in token.atoms
            )


def _text_size(root: Element) -> int:
    return sum(_size(element.text or "") for element in root.iter(*tags(*TEXTS)))


def _size(text: str) -> int:
    return len(text) - sum(map(str.isspace, text))
