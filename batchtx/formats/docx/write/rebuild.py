"""Put a paragraph together again: what stayed, and the units with their targets."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

from batchtx.formats.docx.read.atoms import Atom, content_of, is_property
from batchtx.formats.docx.read.fields import Token
from batchtx.formats.docx.read.inline import InlineUnit, Style
from batchtx.formats.opc.names import XML_SPACE, Element, child, name, sibling_tag
from batchtx.text.control import cleaned
from batchtx.text.inline_codes import CODE_BASE, CODES

_ENGLISH_MARKS = {ord(wide): plain for wide, plain in zip("，。、；：？！（）", ",.,;:?!()", strict=True)}
_ENGLISH_MARKS[ord("\u3000")] = "  "

_NO_SPACE_AFTER = tuple("([{/-")
_BLANK = "_"
"""What a blank to write on is to the text beside it: a word."""

_CODE = re.compile(f"([{CODES}])")

_BREAKS = re.compile(r"([\n\t])")

Adjust = Callable[[Element, Style], None]
"""Changes the properties (w:rPr) of a run that holds translated text; may leave them empty."""


def rebuild(paragraph: Element, pieces: list[Token | InlineUnit], targets: list[str], adjust: Adjust) -> None:
    """Writes the pieces into the paragraph, unit n with target n.

    A unit whose target equals its text is written as it was. Targets must hold the codes as the
    contract says; `code_fault` tells beforehand.
    """
    writer = _Writer(paragraph, adjust)
    writer.clear(pieces)
    left = iter(targets)
    previous: str | None = None
    label: InlineUnit | None = None
    english = False
    for piece in pieces:
        if isinstance(piece, Token):
            if _is_blank(piece):
                if label and previous and not _on_a_line(label) and _touches_blank(previous):
                    writer.space(label)
                writer.token(piece)
                previous = _BLANK
                continue
            writer.token(_english_gap(piece) if english else piece)
            if _is_seen(piece):
                previous = label = None
            continue
        target = next(left)
        apart = previous is not None and _needs_space(previous, target)
        apart = apart and not (previous == _BLANK and _on_a_line(piece))
        if apart and label and (target == piece.text or _on_a_line(piece)):
            writer.space(label)
        if target == piece.text:
            label = None
            for token in piece.original:
                writer.token(token)
        else:
            shown = apart and not (label and _on_a_line(piece))
            writer.unit(piece, f" {target}" if shown else target)
            label = piece
            english = True
        previous = target


class _Writer:
    """Appends to a paragraph, or to the container that is open in it."""

    def __init__(self, paragraph: Element, adjust: Adjust) -> None:
        self._paragraph = paragraph
        self._adjust = adjust
        self._parents = [paragraph]
        self._last: tuple[Element, Element] | None = None
        self._tracked_done: set[int] = set()

    def clear(self, pieces: list[Token | InlineUnit]) -> None:
        """Empty the paragraph and its containers of all but their properties."""
        _empty(self._paragraph)
        for piece in pieces:
            for token in piece.original if isinstance(piece, InlineUnit) else [piece]:
                for atom in token.atoms:
                    if atom.kind == "open":
                        _empty(content_of(atom.element))

    def token(self, token: Token) -> None:
        """Append a token as it was."""
        for atom in token.atoms:
            self._atom(atom)

    def unit(self, unit: InlineUnit, target: str) -> None:
        """Append a unit with its target."""
        styles = [unit.base]
        for number, piece in enumerate(_CODE.split(target)):
            if number % 2 == 0:
                self._text(piece, styles[-1])
                continue
            index = ord(piece) - CODE_BASE
            token = unit.tokens[index]
            if token is not None:
                self.token(token)
            if unit.codes[index].kind == "open":
                styles.append(unit.styles[index] or styles[-1])
            elif unit.codes[index].kind == "close":
                styles.pop()

    def space(self, unit: InlineUnit) -> None:
        """Append a space in the character format of a unit."""
        self._text(" ", unit.base)

    def _text(self, text: str, style: Style) -> None:
        if not text:
            return
        run = self._new_run(style.run)
        properties = child(run, "w:rPr")
        if properties is None:
            properties = run.makeelement(sibling_tag(run, "rPr"))
            run.insert(0, properties)
        if style.character_format.tracked:
            self._keep_tracked_once(properties, style)
        self._adjust(properties, style)
        if not len(properties):
            run.remove(properties)
        self._append_text(run, text)
        self._last = None

    def _keep_tracked_once(self, properties: Element, style: Style) -> None:
        """A tracked change of formatting has an id and stands on one run only."""
        change = child(properties, "w:rPrChange")
        if change is not None and id(style.run) in self._tracked_done:
            properties.remove(change)
        self._tracked_done.add(id(style.run))

    def _new_run(self, like: Element | None) -> Element:
        """A run with the properties of another one, appended here."""
        tag = like.tag if like is not None else _run_tag(self._paragraph)
        run = self._paragraph.makeelement(tag, dict(like.attrib) if like is not None else {})
        properties = None if like is None else child(like, "w:rPr")
        if properties is not None:
            run.append(deepcopy(properties))
        self._parents[-1].append(run)
        return run

    def _append_text(self, run: Element, text: str) -> None:
        """Append text to a run, line breaks and tabs in it as Word has them."""
        for piece in _BREAKS.split(cleaned(text)):
            local = {"\n": "br", "\t": "tab"}.get(piece, "t")
            if not piece:
                continue
            element = run.makeelement(sibling_tag(run, local))
            if local == "t":
                element.text = piece
                element.set(XML_SPACE, "preserve")
            run.append(element)

    def _atom(self, atom: Atom) -> None:
        if atom.kind == "open":
            self._append(atom.element)
            self._parents.append(content_of(atom.element))
        elif atom.kind == "close":
            self._parents.pop()
            self._last = None
        elif atom.run is None:
            self._append(atom.element)
        else:
            self._run_child(atom)

    def _append(self, element: Element) -> None:
        self._parents[-1].append(element)
        self._last = None

    def _run_child(self, atom: Atom) -> None:
        """Append a child of a run; neighbours that were in one run stay in one."""
        if self._last is None or self._last[0] is not atom.run:
            self._last = (atom.run, self._new_run(atom.run))
        run = self._last[1]
        whole_ruby = name(atom.element) == "w:ruby" and atom.text == "".join(_base_texts(atom.element))
        if not atom.text or whole_ruby:
            run.append(atom.element)
        else:
            self._append_text(run, atom.text)


def _run_tag(paragraph: Element) -> str:
    """The tag of a run; `paragraph` may be a branch of mc:AlternateContent, of another namespace."""
    while name(paragraph) in ("mc:Choice", "mc:Fallback", "mc:AlternateContent"):
        paragraph = paragraph.getparent()
    return sibling_tag(paragraph, "r")


def _base_texts(ruby: Element) -> list[str]:
    base = child(ruby, "w:rubyBase")
    return [] if base is None else [part.text or "" for part in base.iter() if name(part) == "w:t"]


def _empty(container: Element) -> None:
    for element in list(container):
        if not is_property(element):
            container.remove(element)


def _is_seen(token: Token) -> bool:
    """A token that parts words by itself: a tab, a break, a space, a picture."""
    if token.kind == "text" or token.cut:
        return True
    return token.kind == "opaque" and token.atoms[0].range_key is None and token.label != "comment"


def _english_gap(token: Token) -> Token:
    """Marks and spaces between two units, in English: a lone ， or a wide space."""
    if token.kind != "text":
        return token
    atom = token.atoms[0]
    return Token("text", [replace(atom, text=atom.text.translate(_ENGLISH_MARKS))])


def _is_blank(token: Token) -> bool:
    """An underlined or underscored place to write on, not the dots of a table of contents."""
    return token.kind == "opaque" and token.label == "blank" and token.atoms[0].text[:1] in " \u3000_＿"


def _on_a_line(unit: InlineUnit) -> bool:
    """Spaces of the unit's own character format are seen: they are part of a blank."""
    return unit.base.character_format.visible_on_blanks


def _touches_blank(text: str) -> bool:
    return text[-1:].isascii() and (text[-1:].isalnum() or text[-1:] in ",.;:)%")


def _needs_space(left: str, right: str) -> bool:
    """Two units of one paragraph follow each other without a space, as Chinese does."""
    first = _CODE.sub("", right)[:1]
    opens = left[-1:].isspace() or (left[-1:] in _NO_SPACE_AFTER)
    starts = first.isascii() and (first.isalnum() or (first == "(" and left == _BLANK))
    return left[-1:].isascii() and not opens and starts
