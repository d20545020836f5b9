"""Glossaries as TBX, the exchange format of term bases (ISO 30042): version 2 and 3, Basic dialect.

A concept entry becomes one row for each of its Chinese terms. Its English terms are the targets,
preferred ones first; deprecated and superseded ones are forbidden. What TBX-Basic has no category
for (case, do not translate, …) stands in `admin` elements of types that begin with `x-batchtx-`:
other programs pass over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batchtx.errors import GlossaryError
from batchtx.language import ALIASES, DEFAULT_SOURCE, DEFAULT_TARGET

COLUMNS = (
    "source",
    "target",
    "case",
    "pos",
    "domain",
    "forbidden",
    "dnt",
    "regex",
    "note",
    "priority",
    "required",
    "boundary",
)
"""The header of the rows, in order."""

_OWN = "x-batchtx-"
_OWN_COLUMNS = ("case", "dnt", "regex", "priority", "required", "boundary")
_NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ENTRIES = frozenset({"conceptEntry", "termEntry"})
_LANGUAGES = frozenset({"langSec", "langSet"})
_TERMS = frozenset({"termSec", "tig", "ntig"})
_STATUS = ("administrativeStatus", "normativeAuthorization")
_CHINESE = ALIASES[DEFAULT_SOURCE]
_ENGLISH = ALIASES[DEFAULT_TARGET]


@dataclass(frozen=True, slots=True)
class Tbx:
    """What a TBX file holds: rows under a header, numbered by the line where the entry begins."""

    rows: tuple[tuple[int, list[str]], ...]
    encoding: str
    root: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    facts: Mapping[str, str]

    @property
    def rank(self) -> int:
        """0 preferred, 1 admitted or unmarked, 2 must not be used."""
        status = next((self.facts[key] for key in _STATUS if key in self.facts), "").lower()
        if status.startswith(("deprecated", "superseded", "forbidden", "not")):
            return 2
        return 0 if status.startswith(("preferred", "standard")) else 1


def read_tbx(data: bytes, name: str) -> Tbx:
    """Returns the entries that have a Chinese and an English term, as rows; others are counted in a note.

    Raises:
        GlossaryError: it is no XML, no TBX, or has no entry with both languages.
    """
    root, encoding = _parsed(data, name)
    if _local(root) not in ("martif", "tbx"):
        raise GlossaryError(name, f"is XML, but not TBX: its root is {_local(root)}, not tbx or martif")
    rows: list[tuple[int, list[str]]] = []
    n_entries = n_left = 0
    languages: dict[str, None] = {}
    for entry in (element for element in root.iter() if _local(element) in _ENTRIES):
        n_entries += 1
        found = list(_entry_rows(entry))
        n_left += not found
        rows += found
        languages.update((_language(part), None) for part in _children(entry, _LANGUAGES))
    if not rows:
        there = ", ".join(languages) or "none"
        raise GlossaryError(name, f"no entry has a Chinese and an English term; languages in it: {there}")
    notes = (f"{name}: {n_left} of {n_entries} entries lack a Chinese or an English term",) if n_left else ()
    return Tbx(((0, list(COLUMNS)), *rows), encoding, _local(root), notes)


def write_tbx(path: Path, rows: Iterable[Mapping[str, str]], language: str = "zh-CN") -> None:
    """Writes rows (column → cell) as TBX-Basic, version 3, one entry a row, in UTF-8."""
    from lxml import etree

    namespaces: Any = {None: _NAMESPACE}
    root = etree.Element(f"{{{_NAMESPACE}}}tbx", nsmap=namespaces, style="dca", type="TBX-Basic")
    root.set(_LANG, DEFAULT_TARGET)
    description = _below(_below(root, "tbxHeader"), "fileDesc")
    _below(_below(description, "sourceDesc"), "p", "made by batchtx")
    body = _below(_below(root, "text"), "body")
    for number, row in enumerate(rows, 1):
        _write_entry(body, number, row, language)
    etree.ElementTree(root).write(str(path), encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _write_entry(body: Any, number: int, row: Mapping[str, str], language: str) -> None:
    entry = _below(body, "conceptEntry")
    entry.set("id", f"c{number}")
    if row.get("domain"):
        _below(entry, "descrip", row["domain"], "subjectField")
    for column in _OWN_COLUMNS:
        if row.get(column):
            _below(entry, "admin", row[column], _OWN + column)
    if row.get("note"):
        _below(entry, "note", row["note"])
    _write_terms(entry, language, [(row["source"], "")], row.get("pos", ""))
    targets = [target for target in row.get("target", "").split("|") if target] or [row["source"]]
    terms = [
        (target, "admittedTerm-admn-sts" if place else "preferredTerm-admn-sts")
        for place, target in enumerate(targets)
    ]
    terms += [(word, "deprecatedTerm-admn-sts") for word in row.get("forbidden", "").split("|") if word]
    _write_terms(entry, DEFAULT_TARGET, terms, "")


def _write_terms(entry: Any, language: str, terms: Sequence[tuple[str, str]], pos: str) -> None:
    section = _below(entry, "langSec")
    section.set(_LANG, language)
    for text, status in terms:
        term = _below(section, "termSec")
        _below(term, "term", text)
        if pos:
            _below(term, "termNote", pos, "partOfSpeech")
        if status:
            _below(term, "termNote", status, "administrativeStatus")


def _below(parent: Any, tag: str, text: str = "", kind: str = "") -> Any:
    from lxml import etree

    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{tag}")
    if text:
        element.text = "".join(char for char in text if char >= " " or char in "\t\n")
    if kind:
        element.set("type", kind)
    return element


def _parsed(data: bytes, name: str) -> tuple[Any, str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise GlossaryError(name, f"is not well-formed XML: {error.msg}", line) from error
    return root, (root.getroottree().docinfo.encoding or "UTF-8").lower()


def _entry_rows(entry: Any) -> Iterator[tuple[int, list[str]]]:
    chinese: list[_Term] = []
    english: list[_Term] = []
    for section in _children(entry, _LANGUAGES):
        language = _language(section).partition("-")[0]
        if language in _CHINESE | _ENGLISH:
            (chinese if language in _CHINESE else english).extend(_terms(section))
    shared = _facts(entry)
    targets = [term.text for term in sorted(english, key=lambda term: term.rank) if term.rank < 2]
    forbidden = [term.text for term in english if term.rank == 2]
    for term in chinese if targets else []:
        cells = {
            "source": term.text,
            "target": "|".join(targets),
            "forbidden": "|".join(forbidden),
            "pos": term.facts.get("partOfSpeech", ""),
            "domain": shared.get("subjectField", ""),
            "note": shared.get("note", ""),
        }
        cells |= {column: shared.get(_OWN + column, "") for column in _OWN_COLUMNS}
        yield int(entry.sourceline or 0), [cells[column] for column in COLUMNS]


def _terms(section: Any) -> Iterator[_Term]:
    for part in _children(section, _TERMS):
        inner = next((group for group in part if _local(group) == "termGrp"), part)
        text = next((" ".join("".join(t.itertext()).split()) for t in inner if _local(t) == "term"), "")
        if text:
            yield _Term(text, {**_facts(part), **_facts(inner)})


def _facts(element: Any) -> dict[str, str]:
    """Data categories right below an element, in either style: `<x type="name">` or `<basic:name>`."""
    facts: dict[str, str] = {}
    for part in element:
        children = part if _local(part).endswith("Grp") and _local(part) != "termGrp" else [part]
        for child in children:
            text = " ".join("".join(child.itertext()).split()) if isinstance(child.tag, str) else ""
            if text:
                facts.setdefault(child.get("type") or _local(child), text)
    return facts


def _children(element: Any, names: frozenset[str]) -> Iterator[Any]:
    return (child for child in element if _local(child) in names)


def _local(element: Any) -> str:
    """The element's name without its namespace; "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _language(section: Any) -> str:
    code = section.get(_LANG) or section.get("lang") or section.get("xml:lang") or ""
    return code.replace("_", "-").lower()
