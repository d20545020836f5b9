"""Review sheets as XLIFF 1.2 and 2.1, for OmegaT and other CAT tools; the target is corrected in place.

A unit's id holds its number, the hash of the source and the hash of the machine's target, so that a
changed target is known as a correction whatever else a tool leaves out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any, BinaryIO

from batchtx import __version__
from batchtx.cells import escape, unescape
from batchtx.errors import SheetError
from batchtx.review.inline import InlineNames, fill, shown_text
from batchtx.review.row import SheetRow
from batchtx.review.sheet import COLUMNS, Languages
from batchtx.text.fingerprint import source_hash

_NS_1 = "urn:oasis:names:tc:xliff:document:1.2"
_NS_2 = "urn:oasis:names:tc:xliff:document:2.0"
_MAP_1: Any = {None: _NS_1}
_MAP_2: Any = {None: _NS_2}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ID = re.compile(r"u\d+-([0-9a-f]{12})-([0-9a-f]{12})")
_OURS = "batchtx "
_PRIORITY = {"critical": "1", "major": "3", "minor": "6"}
_NOTED = ("flags", "terms", "match", "place", "score", "origin")
_MACHINE = "machine"
_APPROVED = frozenset({"final", "signed-off", "reviewed"})


def write_xliff_1(rows: Iterable[Sequence[str]], output: BinaryIO, languages: Languages) -> None:
    """Writes XLIFF 1.2: one <file> a document, one <trans-unit> a segment."""
    source, target = languages
    facts = {"source-language": source, "target-language": target, "datatype": "plaintext"}
    with _root(output, _NS_1, {"version": "1.2"}) as file:
        numbers = count(1)
        for document, group in groupby(_named(rows), key=lambda row: row["document"]):
            with file.element(
                _tag(_NS_1, "file"), {"original": escape(document), **facts, "tool-id": "batchtx"}
            ):
                file.write(_header())
                with file.element(_tag(_NS_1, "body")):
                    for row, number in zip(group, numbers, strict=False):
                        file.write(_unit_1(row, number), "\n")


def write_xliff_2(rows: Iterable[Sequence[str]], output: BinaryIO, languages: Languages) -> None:
    """Writes XLIFF 2.1: one <file> a document, one <unit> with one <segment> a segment."""
    source, target = languages
    with _root(output, _NS_2, {"version": "2.1", "srcLang": source, "trgLang": target}) as file:
        numbers = count(1)
        groups = groupby(_named(rows), key=lambda row: row["document"])
        for n_file, (document, group) in enumerate(groups, 1):
            facts = {"id": f"f{n_file}", "original": escape(document)}
            with file.element(_tag(_NS_2, "file"), facts):
                for row, number in zip(group, numbers, strict=False):
                    file.write(_unit_2(row, number), "\n")


def read_xliff(sheet: str, data: bytes) -> Iterator[SheetRow]:
    """Yields the units of XLIFF 1.2 or 2.x that batchtx wrote, as any tool saved them.

    Raises:
        SheetError: it is no such XLIFF, or no XML.
    """
    from lxml import etree

    parser = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=True
    )
    place = _Place(sheet)
    try:
        for event, element in parser:
            if isinstance(element.tag, str):
                yield from place.units(event, element, etree.QName(element).localname)
    except etree.XMLSyntaxError as error:
        raise SheetError(sheet, f"is no well-formed XLIFF ({error})") from None


@dataclass(slots=True)
class _Place:
    """Where the reader is: in which version, document and unit."""

    sheet: str
    known: bool = False
    document: str = ""
    number: int = 0

    def units(self, event: str, element: Any, name: str) -> Iterator[SheetRow]:
        if event == "start":
            self._start(element, name)
        elif name in ("trans-unit", "unit"):
            self.number += 1
            yield _row(
                self, element, _unit_facts_1(element) if name == "trans-unit" else _unit_facts_2(element)
            )
            element.clear()

    def _start(self, element: Any, name: str) -> None:
        if not self.known:
            if name != "xliff":
                raise SheetError(self.sheet, f"is XML, but <{name}>, no XLIFF")
            if element.getroottree().docinfo.doctype:
                raise SheetError(self.sheet, "has a DOCTYPE, which no XLIFF needs; remove it")
            self.known = True
        if name == "file":
            self.document = unescape(element.get("original", ""))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a unit says, whatever the version."""

    unit_id: str
    row_id: str
    sources: list[Any]
    targets: list[Any]
    notes: list[tuple[str, str]]
    approved: bool


def _row(place: _Place, element: Any, facts: _Facts) -> SheetRow:
    hashes = _ID.fullmatch(facts.unit_id)
    notes = dict(reversed(facts.notes))
    fault = "" if hashes and facts.row_id else "its id is none that batchtx wrote"
    source = target = ""
    try:
        source, target = (_joined(elements) for elements in (facts.sources, facts.targets))
        if hashes and source_hash(target) != hashes[2]:
            source, target = (_joined(elements, indented=True) for elements in (facts.sources, facts.targets))
    except ValueError as error:
        fault = fault or f"its target has {error}"
    changed = bool(fault) or not hashes or source_hash(target) != hashes[2]
    machine = notes.get(_MACHINE, "")
    sure = hashes is not None and source_hash(machine) == hashes[2]  # search-and-replace changes notes too
    return SheetRow(
        sheet=place.sheet,
        number=place.number,
        id=unescape(facts.row_id),
        document=place.document,
        source=source,
        translation=target if not changed else machine if sure else "",
        correction=(target or fault) if changed else "",
        hash=hashes[1] if hashes else "",
        status="approved" if facts.approved and not changed else "",
        comment="\n".join(text for category, text in facts.notes if not category),
        fault=fault,
    )


def _joined(elements: Iterable[Any], *, indented: bool = False) -> str:
    return "".join(shown_text(element, indented=indented) for element in elements)


def _unit_facts_1(unit: Any) -> _Facts:
    targets = _children(unit, "target")
    notes = [(note.get("from", ""), _text(note)) for note in _children(unit, "note")]
    approved = unit.get("approved") == "yes" or any(target.get("state") in _APPROVED for target in targets)
    return _Facts(
        unit_id=unit.get("id", ""),
        row_id=unit.get("resname", ""),
        sources=_children(unit, "source"),
        targets=targets,
        notes=_our_notes(notes),
        approved=approved,
    )


def _unit_facts_2(unit: Any) -> _Facts:
    segments = [child for child in unit if _local(child) in ("segment", "ignorable")]
    notes = unit.iter("{*}note")  # some tools put theirs into the segment
    kept = [segment for segment in segments if _local(segment) == "segment"]
    return _Facts(
        unit_id=unit.get("id", ""),
        row_id=unit.get("name", ""),
        sources=[source for segment in segments for source in _children(segment, "source")],
        targets=[_target_2(segment) for segment in segments if _target_2(segment) is not None],
        notes=_our_notes([(note.get("category", ""), _text(note)) for note in notes]),
        approved=bool(kept) and all(segment.get("state") in _APPROVED for segment in kept),
    )


def _target_2(segment: Any) -> Any:
    """The target; what a tool cut off as ignorable, with no target, stays as in the source."""
    found = _children(segment, "target")
    if not found and _local(segment) == "ignorable":
        found = _children(segment, "source")
    return found[0] if found else None


def _our_notes(notes: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Our notes by their kind; those of others under ""."""
    return [
        (category.removeprefix(_OURS) if category.startswith(_OURS) else "", text) for category, text in notes
    ]


def _unit_1(row: dict[str, str], number: int) -> Any:
    from lxml import etree

    names = InlineNames(_tag(_NS_1, "g"), _tag(_NS_1, "x"))
    unit = etree.Element(_tag(_NS_1, "trans-unit"), {"id": _unit_id(row, number)}, nsmap=_MAP_1)
    unit.set("resname", escape(row["id"]))
    unit.set(_SPACE, "preserve")
    fill(etree.SubElement(unit, _tag(_NS_1, "source")), row["source"], names)
    target = etree.SubElement(unit, _tag(_NS_1, "target"))
    target.set("state", "needs-review-translation" if row["severity"] else "translated")
    fill(target, row["translation"], names)
    for kind, text in _notes(row):
        note = etree.SubElement(unit, _tag(_NS_1, "note"), {"from": f"{_OURS}{kind}", "annotates": "target"})
        note.text = escape(text)
        if kind == "flags":
            note.set("priority", _PRIORITY[row["severity"]])
    return unit


def _unit_2(row: dict[str, str], number: int) -> Any:
    from lxml import etree

    names = InlineNames(_tag(_NS_2, "pc"), _tag(_NS_2, "ph"))
    unit = etree.Element(_tag(_NS_2, "unit"), {"id": _unit_id(row, number)}, nsmap=_MAP_2)
    unit.set("name", escape(row["id"]))
    unit.set(_SPACE, "preserve")
    notes = etree.SubElement(unit, _tag(_NS_2, "notes"))
    for kind, text in _notes(row):
        note = etree.SubElement(notes, _tag(_NS_2, "note"), {"category": f"{_OURS}{kind}"})
        note.set("appliesTo", "target")
        note.text = escape(text)
        if kind == "flags":
            note.set("priority", _PRIORITY[row["severity"]])
    segment = etree.SubElement(unit, _tag(_NS_2, "segment"), {"id": "s", "state": "translated"})
    fill(etree.SubElement(segment, _tag(_NS_2, "source")), row["source"], names)
    fill(etree.SubElement(segment, _tag(_NS_2, "target")), row["translation"], names)
    return unit


def _notes(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What people read beside a segment, the flags first; the machine's version comes back in one, too."""
    yield from ((name, row[name]) for name in _NOTED if row[name])
    yield _MACHINE, row["translation"]


def _unit_id(row: dict[str, str], number: int) -> str:
    return f"u{number}-{row['hash'].removeprefix('h')}-{source_hash(row['translation'])}"


def _header() -> Any:
    from lxml import etree

    header = etree.Element(_tag(_NS_1, "header"), nsmap=_MAP_1)
    facts = {"tool-id": "batchtx", "tool-name": "batchtx", "tool-version": __version__}
    etree.SubElement(header, _tag(_NS_1, "tool"), facts)
    return header


@contextmanager
def _root(output: BinaryIO, namespace: str, facts: dict[str, str]) -> Iterator[Any]:
    """A stream into which the files of the root element are written one by one."""
    from lxml import etree

    with etree.xmlfile(output, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(_tag(namespace, "xliff"), facts, nsmap={None: namespace}):
            yield file


def _named(rows: Iterable[Sequence[str]]) -> Iterator[dict[str, str]]:
    return (dict(zip(COLUMNS, row, strict=True)) for row in rows)


def _children(element: Any, name: str) -> list[Any]:
    return [child for child in element if _local(child) == name]


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: Any) -> str:
    return unescape("".join(element.itertext()))


def _tag(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"
