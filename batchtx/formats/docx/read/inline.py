"""A stretch of a paragraph as one text with codes, and what each code stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from batchtx.formats.docx.read.fields import Token
from batchtx.formats.docx.read.formatting import PLAIN, CharacterFormat, label_of
from batchtx.formats.opc.names import Element, attribute
from batchtx.records import Code
from batchtx.text.inline_codes import code_char

_PLAIN_SHARE = 4
"""How many times the words of plainer text may be stressed before the stress is the rule."""


@dataclass(frozen=True, slots=True)
class Style:
    """How text is written: its character format, and the run whose properties it takes (None: plain)."""

    character_format: CharacterFormat = PLAIN
    run: Element | None = None


@dataclass(slots=True)
class InlineUnit:
    """One unit of a paragraph.

    `tokens[n]` is what code n puts into the paragraph (None for formatting alone), `styles[n]` the
    style inside an opening code n (None: that of the text around). `original` is the stretch as it
    was, for when nothing changes.
    """

    text: str = ""
    codes: list[Code] = field(default_factory=list)
    tokens: list[Token | None] = field(default_factory=list)
    styles: list[Style | None] = field(default_factory=list)
    base: Style = Style()
    original: list[Token] = field(default_factory=list)


def inline_unit(tokens: list[Token]) -> list[Token | InlineUnit]:
    """Returns the unit of a stretch; before and after it the ends of ranges that cross one another."""
    before, middle, after = _with_ranges(tokens)
    unit = _Builder(middle).build()
    unit.original = middle
    return [*before, unit, *after]


class _Builder:
    """Walks over a stretch once and writes text and codes."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._bases = _bases(tokens)
        self._unit = InlineUnit(base=self._bases[-1])
        self._pieces: list[str] = []
        self._contexts = [self._bases[-1].character_format]
        self._opened: list[int] = []
        self._format: tuple[int, CharacterFormat] | None = None
        self._waiting: list[Token] = []

    def build(self) -> InlineUnit:
        for index, token in enumerate(self._tokens):
            if token.kind == "text":
                self._text(token, index)
            elif token.kind == "opaque":
                self._waiting.append(token)
            elif token.kind == "open":
                self._end_format()
                self._open(token, index)
            elif token.kind == "close":
                self._end_format()
                self._close(token)
        self._end_format()
        self._unit.text = "".join(self._pieces)
        return self._unit

    def _text(self, token: Token, index: int) -> None:
        atom = token.atoms[0]
        character_format = atom.character_format
        if not _weight(atom.text) and not (character_format.visible_on_blanks and atom.text.isspace()):
            character_format = self._format[1] if self._format else self._contexts[-1]
        if self._format is not None and self._format[1] != character_format:
            self._end_format()
        self._let_through()
        if self._format is None and character_format != self._contexts[-1]:
            style = Style(character_format, self._longest(index, character_format))
            label = label_of(character_format, self._contexts[-1])
            number = self._code(Code("open", label, format_only=not character_format.tracked), None, style)
            self._format = (number, character_format)
        self._pieces.append(_one_line(atom.text))

    def _longest(self, index: int, character_format: CharacterFormat) -> Element | None:
        """The run with the most text in the span of one character format that starts here."""
        best, size = None, -1
        for token in self._tokens[index : index + 50]:
            if token.kind in ("open", "close"):
                break
            if token.kind == "text":
                atom = token.atoms[0]
                if atom.character_format != character_format and _weight(atom.text):
                    break
                if atom.character_format == character_format and len(atom.text) > size:
                    best, size = atom.run, len(atom.text)
        return best

    def _open(self, token: Token, index: int) -> None:
        base = self._bases.get(index)
        character_format = self._contexts[-1] if base is None else base.character_format
        self._contexts.append(character_format)
        self._opened.append(self._code(Code("open", token.label), token, base))

    def _close(self, token: Token) -> None:
        self._contexts.pop()
        self._pair(self._opened.pop(), Code("close", token.label), token)

    def _end_format(self) -> None:
        """Close the open formatting span; what waits stands behind it."""
        if self._format is not None:
            opening = self._unit.codes[self._format[0]]
            self._pair(self._format[0], replace(opening, kind="close"), None)
            self._format = None
        self._let_through()

    def _let_through(self) -> None:
        for token in self._waiting:
            self._code(Code("point", token.label), token, None)
        self._waiting.clear()

    def _pair(self, opening: int, closing: Code, token: Token | None) -> None:
        number = self._code(replace(closing, pair=opening), token, None)
        self._unit.codes[opening] = replace(self._unit.codes[opening], pair=number)

    def _code(self, code: Code, token: Token | None, style: Style | None) -> int:
        number = len(self._unit.codes)
        self._unit.codes.append(code)
        self._unit.tokens.append(token)
        self._unit.styles.append(style)
        self._pieces.append(code_char(number))
        return number


def _bases(tokens: list[Token]) -> dict[int, Style]:
    """The main style of the text right inside each opening token, and of the whole (key -1)."""
    weights: dict[int, Counter[CharacterFormat]] = {-1: Counter()}
    marks: Counter[tuple[int, CharacterFormat]] = Counter()
    runs: dict[tuple[int, CharacterFormat], tuple[int, Element]] = {}
    stack = [-1]
    for index, token in enumerate(tokens):
        if token.kind == "open":
            stack.append(stack[-1] if _is_range(token) else index)
        elif token.kind == "close":
            stack.pop()
        elif token.kind == "text":
            atom = token.atoms[0]
            weight = _weight(atom.text)
            marks[stack[-1], atom.character_format] += len(atom.text) - weight
            if weight:
                weights.setdefault(stack[-1], Counter())[atom.character_format] += weight
                known = runs.get((stack[-1], atom.character_format))
                if known is None or weight > known[0]:
                    runs[stack[-1], atom.character_format] = (weight, atom.run)
    if not weights[-1] and len(weights) > 1:
        inner = min(key for key in weights if key >= 0)
        character_format = weights[inner].most_common(1)[0][0]
        weights[-1][character_format] = 1
        runs[-1, character_format] = runs[inner, character_format]
    bases: dict[int, Style] = {}
    for key, counted in weights.items():
        character_format = _main_look(
            counted, {character_format: marks[key, character_format] for character_format in counted}
        )
        bases[key] = Style(character_format, runs[key, character_format][1] if counted else None)
    return bases


def _main_look(
    weights: Mapping[CharacterFormat, int], marks: Mapping[CharacterFormat, int]
) -> CharacterFormat:
    """The character format of most words, or a plainer one when plainer text has a good share of them:
    articles and final marks, which belong to no word of the source, take it.

    Of two with as many words it is the one of the marks between them.
    """
    if not weights:
        return PLAIN
    order = sorted(
        weights,
        key=lambda character_format: (weights[character_format], marks[character_format]),
        reverse=True,
    )
    first = order[0]
    plainer = [character_format for character_format in order if character_format.parts < first.parts]
    share = _PLAIN_SHARE * sum(weights[character_format] for character_format in plainer)
    return plainer[0] if share >= weights[first] else first


def _is_range(token: Token) -> bool:
    return token.atoms[0].range_key is not None


def _weight(text: str) -> int:
    return sum(map(str.isalnum, text))


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ").replace("\t", " ")


def _with_ranges(tokens: list[Token]) -> tuple[list[Token], list[Token], list[Token]]:
    """Pair the marks of ranges (bookmarks, comments) that nest.

    To the edges go those that cross others, empty ones and those that Word set by itself: where
    exactly they stand says nothing.
    """
    ends = {token.atoms[0].range_key: index for index, token in enumerate(tokens) if _marks(token, False)}
    pairs: dict[int, int] = {}
    for index, token in enumerate(tokens):
        if _marks(token, True) and ends.get(token.atoms[0].range_key, -1) > index:
            pairs[index] = ends[token.atoms[0].range_key]
    if not pairs:
        return [], tokens, []
    idle = {start for start, end in pairs.items() if end == start + 1 or _is_automatic(tokens[start])}
    idle |= _crossing(tokens, {start: end for start, end in pairs.items() if start not in idle})
    before = [tokens[start] for start in sorted(idle)]
    after = [tokens[pairs[start]] for start in sorted(idle)]
    moved = idle | {pairs[start] for start in idle}
    closing = {end for start, end in pairs.items() if start not in idle}
    middle: list[Token] = []
    for index, token in enumerate(tokens):
        if index in pairs and index not in idle:
            middle.append(Token("open", token.atoms, token.label))
        elif index in closing:
            middle.append(Token("close", token.atoms, token.label))
        elif index not in moved:
            middle.append(token)
    return before, middle, after


def _is_automatic(token: Token) -> bool:
    """Word's own bookmarks for the place of the last change and for copied text."""
    return (attribute(token.atoms[0].element, "name") or "").startswith(("_GoBack", "OLE_LINK"))


def _marks(token: Token, starts: bool) -> bool:
    atom = token.atoms[0]
    return (
        token.kind == "opaque"
        and len(token.atoms) == 1
        and atom.range_key is not None
        and atom.starts == starts
    )


def _crossing(tokens: list[Token], pairs: dict[int, int]) -> set[int]:
    """Starts of the ranges whose end does not stand where nesting wants it."""
    crossing: set[int] = set()
    partner = {end: start for start, end in pairs.items()}
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if index in pairs or token.kind == "open":
            stack.append(index)
        elif index in partner:
            if stack and stack[-1] == partner[index]:
                stack.pop()
            else:
                crossing.add(partner[index])
                if partner[index] in stack:
                    stack.remove(partner[index])
        elif token.kind == "close":
            while stack and stack[-1] in pairs:
                crossing.add(stack.pop())
            if stack:
                stack.pop()
    return crossing
