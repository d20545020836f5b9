"""The texts of a DOCX paragraph by paragraph, under the addresses that its units begin with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from batchtx.formats.docx.read.atoms import Atom, atoms_of
from batchtx.formats.docx.read.fields import is_opaque_instruction
from batchtx.formats.docx.read.locations import locations_of, style_kinds
from batchtx.formats.docx.read.revisions import accept_revisions, has_revisions
from batchtx.formats.docx.read.text_parts import text_parts
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.names import Element, attribute, name
from batchtx.formats.opc.package import Package
from batchtx.formats.source import Source

_STORIES = frozenset(["body", "header", "footer", "footnotes", "endnotes", "comments"])


def paragraph_texts(path: Path) -> dict[str, dict[str, str]]:
    """Returns the texts by part and by address in the order of the document, tracked changes as accepted.

    Copies in mc:Fallback, which programs write anew as they like, are left out.

    Raises:
        DocumentError: the file is no readable DOCX.
    """
    package = Package(Source(str(path), path), Limits())
    try:
        parts, _ = text_parts(package)
        styles = next((part.name for part in parts if part.story == "styles"), None)
        kinds = style_kinds(package.parse(styles) if styles else None)
        found: dict[str, dict[str, str]] = {}
        for part in parts:
            if part.story not in _STORIES:
                continue
            root = package.parse(part.name)
            if has_revisions(root):
                accept_revisions(root)
            found[part.name] = {
                f"{part.name}#p{place.number}": _text(place.paragraph)
                for place in locations_of(root, part, kinds)
                if not (place.kept or place.branch or place.fallback_of)
            }
        return found
    finally:
        package.close()


def _text(paragraph: Element) -> str:
    atoms = _without_computed(atoms_of(paragraph, hidden=False))
    return "".join(atom.text if atom.kind == "text" else "\n" * (atom.kind == "cut") for atom in atoms)


def _without_computed(atoms: Iterable[Atom]) -> Iterator[Atom]:
    """Leave out the results of fields that programs compute anew (numbers of pages, dates)."""
    fields: list[str] = []
    hidden = 0
    for atom in atoms:
        kind = attribute(atom.element, "fldCharType") if name(atom.element) == "w:fldChar" else None
        if kind == "begin":
            fields.append("")
        elif kind == "separate" and fields:
            hidden += is_opaque_instruction(fields[-1])
        elif kind == "end" and fields:
            hidden = max(0, hidden - is_opaque_instruction(fields.pop()))
        elif name(atom.element) == "w:instrText" and fields:
            fields[-1] += atom.element.text or ""
        elif name(atom.element) == "w:fldSimple":
            step = is_opaque_instruction(attribute(atom.element, "instr") or "")
            hidden += step if atom.kind == "open" else -step
        elif not hidden:
            yield atom
