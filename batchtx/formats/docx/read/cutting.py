"""Where a paragraph is cut into units, and what stays outside of them.

Cuts: tabs and line breaks, marks of fields and enclosures that reach beyond, and borders between
formattings where a label or a sentence ends, so that labels keep their character format exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from batchtx.formats.docx.read.atoms import Atom
from batchtx.formats.docx.read.fields import Token
from batchtx.formats.docx.read.formatting import CharacterFormat
from batchtx.formats.docx.read.inline import InlineUnit, inline_unit
from batchtx.language.pair import LanguagePair
from batchtx.text.inline_codes import CODES

ParagraphPart = Token | InlineUnit

_ENDS = re.compile(r"[：:。！？；;][”’」』）)]*\s*$")
_NUMBER_HEAD = re.compile(
    r"^\s*(?:第[0-9〇零一二三四五六七八九十百千]+[编章节条款项]|[（(]?[0-9一二三四五六七八九十]+[)）、．.]?"
    r"|\d+(?:\.\d+)+\.?|\S(?=\s))\s*$"
)
_CAPTION_WORD = re.compile(r"\s*(?:图|表|图表|附图|附表|公式|式|例|Figure|Table)\s*$")
_CONNECTOR = re.compile(r"\s*[-－–—.．]\s*$")
_CODE_CHARS = re.compile(f"([{CODES}]+)")
_LABEL_COLON = re.compile(r"([：:])(\s*)")
_FILL_IN = re.compile(
    r"(_{3,}|(?<![A-Za-z0-9_])_{2}(?![A-Za-z0-9_])|＿{2,}|[.．·]{5,}\s*\d*\Z|…{3,}\s*\d*\Z)"
)
_LEADERS = ".．·…"
"""Dots that lead from an entry of a table of contents to its page."""

_EDGE_SPACE = re.compile(r"^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$")
_COLON_END = re.compile(r"[：:]\s*$")
_LABEL_CHARS = 40
_MAX_LOOKS = 60
"""A stretch with more changes of formatting than this is cut at the next one."""
_PART_OF_SENTENCE = frozenset(["formula", "field"])


def cut_paragraph(tokens: list[Token], pair: LanguagePair, *, emphasis: bool) -> list[ParagraphPart]:
    """Returns the paragraph in order: units, and between them the tokens that stay as they are.

    With `emphasis`, a change of Chinese typeface counts as formatting.
    """
    _settle_faces(tokens, pair, emphasis=emphasis)
    _cut_caption(tokens)
    pieces: list[ParagraphPart] = []
    for part in _parts(list(_prepared(tokens))):
        if isinstance(part, Token):
            pieces.append(part)
        else:
            for chunk in _chunks(part):
                pieces += _trimmed(chunk)
    return pieces


def _cut_caption(tokens: list[Token]) -> None:
    """The numbers of a caption (图 1-2 结构, made by fields) stand apart from its words."""
    texts = [token for token in tokens if token.kind == "text"]
    if not texts or not _CAPTION_WORD.match(texts[0].atoms[0].text):
        return
    n_fields = 0
    for token in tokens:
        if token.kind == "opaque" and token.label == "field" and token.atoms[0].kind == "field":
            token.cut = True
            n_fields += 1
        elif token.kind == "text" and n_fields and _CONNECTOR.match(token.atoms[0].text):
            token.kind, token.label, token.cut = "opaque", "mark", True
        elif token.kind == "text" and token is not texts[0]:
            return


def _settle_faces(tokens: list[Token], pair: LanguagePair, *, emphasis: bool) -> None:
    """Keep the face in a character format only where it stresses something: where it changes within one
    character format."""
    texts = [atom for token in tokens if token.kind == "text" for atom in token.atoms]
    faces: dict[str, set[str]] = {}
    for atom in texts:
        if pair.has_source(atom.text):
            faces.setdefault(atom.character_format.signature, set()).add(atom.character_format.face)
    for atom in texts:
        found = faces.get(atom.character_format.signature, set())
        stressed = emphasis and len(found) > 1 and atom.character_format.face in ("bold", "italic")
        if not stressed and atom.character_format.face:
            atom.character_format = replace(atom.character_format, face="")


def _prepared(tokens: list[Token]) -> Iterator[Token]:
    """Blanks to write on, and characters that would be taken for codes, become opaque items."""
    before = ""
    for token in tokens:
        if token.kind != "text":
            yield token
            before = "" if token.cut else before
            continue
        atom = token.atoms[0]
        for text in _FILL_IN.split(atom.text):
            after_colon = _COLON_END.search(before) is not None
            if _FILL_IN.match(text):
                label = "leader" if text[0] in _LEADERS else "blank"
                yield replace(_text_thing(atom, text, label), cut=after_colon or label == "leader")
            elif text:
                yield from _with_edges(atom, text, after_colon=after_colon)
            before = text or before


def _with_edges(atom: Atom, text: str, *, after_colon: bool) -> Iterator[Token]:
    """The text with its edge spaces apart; where spaces can be seen, they are blanks to fill in."""
    middle = _EDGE_SPACE.sub("", text)
    start = text.find(middle) if middle else len(text)
    blank = _text_thing if atom.character_format.visible_on_blanks else _text
    if start:
        yield replace(blank(atom, text[:start], "blank"), cut=after_colon and blank is _text_thing)
    for part in _CODE_CHARS.split(middle):
        if part:
            yield _text_thing(atom, part, "symbol") if _CODE_CHARS.match(part) else _text(atom, part)
    if text[start + len(middle) :]:
        yield blank(atom, text[start + len(middle) :], "blank")


def _text(atom: Atom, text: str, label: str = "") -> Token:
    return Token("text", [replace(atom, text=text)], label)


def _text_thing(atom: Atom, text: str, label: str) -> Token:
    return Token("opaque", [replace(atom, text=text)], label)


def _parts(tokens: list[Token]) -> Iterator[Token | list[Token]]:
    """Stretches in which everything that opens closes, and the tokens that part them."""
    lonely = _lonely(tokens)
    part: list[Token] = []
    for index, token in enumerate(tokens):
        if token.cut or index in lonely:
            if part:
                yield part
            yield token
            part = []
        else:
            part.append(token)
    if part:
        yield part


def _lonely(tokens: list[Token]) -> set[int]:
    """Starts and ends whose partner stands beyond a cut (or nowhere)."""
    lonely: set[int] = set()
    stack: list[tuple[int, int]] = []
    n_cuts = 0
    for index, token in enumerate(tokens):
        if token.cut:
            n_cuts += 1
        elif token.kind == "open":
            stack.append((index, n_cuts))
        elif token.kind == "close":
            if not stack:
                lonely.add(index)
                continue
            start, cuts_before = stack.pop()
            if cuts_before != n_cuts:
                lonely |= {start, index}
    return lonely | {start for start, _ in stack}


def _chunks(part: list[Token]) -> Iterator[list[Token]]:
    """Cut where the character format changes after a label, a number or a sentence."""
    part = list(_with_colons_apart(part))
    start = depth = n_looks = 0
    after_text = 0
    said = ""
    character_format: CharacterFormat | None = None
    for index, token in enumerate(part):
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if token.kind != "text":
            continue
        text, new = token.atoms[0].text, token.atoms[0].character_format
        if character_format is not None and new != character_format and _has_words(text):
            n_looks += 1
            ends = _ENDS.search(said) or _NUMBER_HEAD.match(said) or n_looks > _MAX_LOOKS
            if depth == 0 and ends and after_text:
                yield part[start:after_text]
                start, n_looks, said = after_text, 0, ""
        if _has_words(text):
            character_format = new
        said = (said + text)[-80:]
        after_text = index + 1 if depth == 0 else 0
    yield part[start:]


def _with_colons_apart(part: list[Token]) -> Iterator[Token]:
    """A colon in another character format than the short label before it belongs to the label, not to
    the text."""
    label = ""
    character_format: CharacterFormat | None = None
    until_stable = False
    for token in part:
        if until_stable or token.kind != "text":
            yield token
            continue
        atom = token.atoms[0]
        if character_format is None or atom.character_format == character_format:
            character_format = atom.character_format
            label += atom.text
            until_stable = len(label) > _LABEL_CHARS
            yield token
            continue
        until_stable = True
        colon = _LABEL_COLON.match(atom.text)
        if colon is None or colon.end() == len(atom.text) or _ENDS.search(label):
            yield token
        else:
            yield _text(atom, colon[1])
            if colon[2]:
                yield _text(atom, colon[2])
            yield _text(atom, atom.text[colon.end() :])


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _trimmed(chunk: list[Token]) -> list[ParagraphPart]:
    """What stands around the text, and the unit in the middle if there is any."""
    first, last = 0, len(chunk)
    front: list[ParagraphPart] = []
    back: list[ParagraphPart] = []
    partners = _partners(chunk)
    while first < last:
        head, tail = chunk[first], chunk[last - 1]
        if head.kind == "open" and not _has_text(chunk[first : partners[first]]):
            front += chunk[first : partners[first] + 1]
            first = partners[first] + 1
        elif head.kind == "open" and partners[first] == last - 1:
            front.append(head)
            back.append(tail)
            first, last = first + 1, last - 1
        elif _is_edge(head) and not _begins_sentence(chunk, first, last):
            front.append(head)
            first += 1
        elif _is_edge(tail):
            back.append(tail)
            last -= 1
        else:
            break
    return [*front, *_inner(chunk[first:last]), *reversed(back)]


def _inner(tokens: list[Token]) -> list[ParagraphPart]:
    if any(token.kind == "text" and _has_words(token.atoms[0].text) for token in tokens):
        return inline_unit(tokens)
    return list(tokens)


def _has_text(tokens: list[Token]) -> bool:
    return any(token.kind == "text" and not _is_edge(token) for token in tokens)


def _is_edge(token: Token) -> bool:
    return token.kind in ("opaque", "drop") or (
        token.kind == "text" and not _EDGE_SPACE.sub("", token.atoms[0].text)
    )


def _begins_sentence(chunk: list[Token], first: int, last: int) -> bool:
    """A formula or number that the sentence begins with, not parted from it by a space."""
    if chunk[first].label not in _PART_OF_SENTENCE or first + 1 >= last:
        return False
    after = chunk[first + 1]
    return after.kind == "text" and not after.atoms[0].text[0].isspace()


def _partners(chunk: list[Token]) -> dict[int, int]:
    """Index of the close token of each open one."""
    partners: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(chunk):
        if token.kind == "open":
            stack.append(index)
        elif token.kind == "close":
            partners[stack.pop()] = index
    return partners
