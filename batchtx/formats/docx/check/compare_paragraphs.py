"""Compare one paragraph with its translation: marks, enclosures, fields and formatting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from batchtx.formats.docx.read.atoms import Atom, atoms_of
from batchtx.formats.docx.read.index_entries import without_entry_texts
from batchtx.formats.opc.names import Element, name, short_name
from batchtx.text.columns import column_gaps, n_wide_gaps

_IGNORED_ATTRIBUTES = frozenset(["rsidR", "rsidRPr", "rsidP", "rsidDel", "tooltip", "dirty"])
_OBJECTS = frozenset(["w:drawing", "w:pict", "w:object", "mc:AlternateContent", "m:oMath", "m:oMathPara"])
_EMPHASIS = {"bold": "w:b", "italic": "w:i"}


def paragraph_differences(before: Element, after: Element) -> Iterator[str]:
    """Yields what was lost or added, in words for people."""
    old, new = atoms_of(before, hidden=True), atoms_of(after, hidden=True)
    if len(old) == len(new) and all(map(_same, old, new)):
        return
    yield from _counted("mark", *_without_new_breaks(_things(old), _things(new)))
    yield from _counted("enclosure", _enclosures(old), _enclosures(new))
    if _instructions(old) != _instructions(new):
        yield "the instruction of a field was changed"
    yield from _emptied(old, new)
    yield from _looks(old, new)
    if len(column_gaps(_text(old))) > n_wide_gaps(_text(new)):
        yield "a gap between columns was lost"


def _same(one: Atom, other: Atom) -> bool:
    return (one.kind, one.text, one.character_format) == (
        other.kind,
        other.text,
        other.character_format,
    ) and name(one.element) == name(other.element)


def _counted(what: str, old: Counter[str], new: Counter[str]) -> Iterator[str]:
    for key, count in (old - new).items():
        yield f"{what} lost: {key}" + (f" ({count} times)" if count > 1 else "")
    for key, count in (new - old).items():
        yield f"{what} added: {key}" + (f" ({count} times)" if count > 1 else "")


def _without_new_breaks(old: Counter[str], new: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    """Without line breaks and tabs that were added: a person may have written them."""
    plain = ("w:br", "w:tab")
    return old, Counter({key: min(n, old[key]) if key in plain else n for key, n in new.items()})


def _things(atoms: list[Atom]) -> Counter[str]:
    return Counter(
        _key(atom.element)
        for atom in atoms
        if atom.kind in ("opaque", "cut", "field")
        and name(atom.element) not in ("w:t", "w:instrText", "w:ruby")
    )


def _enclosures(atoms: list[Atom]) -> Counter[str]:
    return Counter(_key(atom.element) for atom in atoms if atom.kind == "open")


def _key(element: Element) -> str:
    """A mark by its name and attributes; a drawing by the ids in it."""
    short = name(element)
    if short in _OBJECTS:
        ids = [part.get("id") or "" for part in element.iter() if name(part) == "wp:docPr"]
        return " ".join([short, *ids])
    values = sorted(
        f"{local}={value}"
        for key, value in element.attrib.items()
        if (local := short_name(key).rpartition(":")[2]) not in _IGNORED_ATTRIBUTES
    )
    return " ".join([short, *values])


def _instructions(atoms: list[Atom]) -> Counter[str]:
    """Instructions without spaces and texts of index entries: fields may have changed places."""
    texts = (atom.element.text or "" for atom in atoms if name(atom.element) == "w:instrText")
    return Counter("".join(without_entry_texts("".join(texts)).split()))


def _emptied(old: list[Atom], new: list[Atom]) -> Iterator[str]:
    """Enclosures that had words and have none now."""
    before, after = _inner_words(old), _inner_words(new)
    for key, words in before.items():
        if words and not after.get(key, 1):
            yield f"enclosure lost its text: {key}"
    if _words(old) and not _words(new):
        yield "the text was lost"


def _inner_words(atoms: list[Atom]) -> Counter[str]:
    counted: Counter[str] = Counter()
    stack: list[str] = []
    for atom in atoms:
        if atom.kind == "open":
            stack.append(_key(atom.element))
            counted[stack[-1]] += 0
        elif atom.kind == "close":
            stack.pop()
        elif atom.kind == "text":
            for key in stack:
                counted[key] += sum(map(str.isalnum, atom.text))
    return counted


def _text(atoms: list[Atom]) -> str:
    """The text, with what parts it as a line break."""
    return "".join(atom.text if atom.kind == "text" else "\n" * (atom.kind == "cut") for atom in atoms)


def _words(atoms: list[Atom]) -> int:
    return sum(sum(map(str.isalnum, atom.text)) for atom in atoms if atom.kind == "text")


def _looks(old: list[Atom], new: list[Atom]) -> Iterator[str]:
    """Formattings with words that came or went; emphasis by typeface may have become bold or italic."""
    before, after = _signatures(old), _signatures(new)
    allowed = {
        "|".join(
            sorted(
                [
                    *filter(None, atom.character_format.signature.split("|")),
                    _EMPHASIS[atom.character_format.face],
                ]
            )
        )
        for atom in old
        if atom.kind == "text" and atom.character_format.face in _EMPHASIS
    }
    for signature in sorted(before - after):
        yield f"formatting lost: {signature or 'plain'}"
    for signature in sorted(after - before - allowed):
        yield f"formatting added: {signature or 'plain'}"


def _signatures(atoms: list[Atom]) -> set[str]:
    return {
        atom.character_format.signature
        for atom in atoms
        if atom.kind == "text" and any(map(str.isalnum, atom.text))
    }
