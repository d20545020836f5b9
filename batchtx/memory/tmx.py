"""TMX 1.4b, the format in which CAT tools exchange translation memories; read and written as a stream.

Inline codes are written as `<ph x="n"/>`, n counted from 1, and come back as they were. Inline
elements of other tools hold native codes of their documents, not text: they are left out.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from batchtx import __version__
from batchtx.cells import escape, unescape
from batchtx.errors import StoreError
from batchtx.language import ALIASES
from batchtx.memory.store import Correction
from batchtx.text.inline_codes import CODE, code_char, code_index

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Languages = tuple[str, str]

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DATE = "%Y%m%dT%H%M%SZ"
_DOCTYPE = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
_TEXT_INSIDE = frozenset({"hi", "sub"})
_DOCUMENT, _MACHINE = "x-document", "x-machine"


def write_tmx(entries: Iterable[Correction], output: BinaryIO, languages: Languages) -> int:
    """Writes the entries; returns how many these were."""
    from lxml import etree

    header = {
        "creationtool": "batchtx",
        "creationtoolversion": __version__,
        "datatype": "plaintext",
        "segtype": "sentence",
        "adminlang": "en",
        "srclang": languages[0],
        "o-tmf": "batchtx",
    }
    count = 0
    with etree.xmlfile(output, encoding="utf-8") as file:
        file.write_declaration()
        file.write_doctype(_DOCTYPE)
        with file.element("tmx", version="1.4"):
            file.write(etree.Element("header", header), pretty_print=True)
            with file.element("body"):
                for entry in entries:
                    file.write(_unit(entry, languages), pretty_print=True)
                    count += 1
    return count


def read_tmx(path: Path, languages: Languages, lacking: Counter[str] | None = None) -> Iterator[Correction]:
    """Yields the entries that have both languages ("zh" takes zh-CN too), in any namespace.

    `lacking` counts the others by what they have ("zh: found ja, en").

    Raises:
        StoreError: it is no TMX, or damaged; says at which line.
    """
    from lxml import etree

    try:
        with path.open("rb") as file:
            events = etree.iterparse(
                file, tag=("{*}tu", "{*}tmx"), resolve_entities=False, no_network=True, load_dtd=False
            )
            for _, element in events:
                if _local(element) == "tu":
                    entry = _entry(element, languages, Counter() if lacking is None else lacking)
                    if entry is not None:
                        yield entry
                    _forget(element)
            if events.root is None or etree.QName(events.root).localname != "tmx":
                raise StoreError(f"{path}: no TMX file")
    except etree.XMLSyntaxError as error:
        raise StoreError(f"{path}, line {error.lineno}: no TMX file, or damaged ({error.msg})") from None


def _unit(entry: Correction, languages: Languages) -> Element:
    from lxml import etree

    date = time.strftime(_DATE, time.gmtime(entry.made_at))
    unit = etree.Element("tu", creationdate=date, changedate=date)
    if entry.reviewer:
        unit.set("changeid", escape(entry.reviewer))
    for kind, text in ((_DOCUMENT, entry.document), (_MACHINE, entry.machine)):
        if text:
            etree.SubElement(unit, "prop", type=kind).text = escape(CODE.sub("", text))
    for language, text in zip(languages, (entry.source, entry.target), strict=True):
        variant = etree.SubElement(unit, "tuv")
        variant.set(_LANG, language)
        _fill(etree.SubElement(variant, "seg"), text)
    return unit


def _fill(segment: Element, text: str) -> None:
    """Text and codes into a <seg>."""
    from lxml import etree

    done, last = 0, None
    for match in CODE.finditer(text):
        _append(segment, last, escape(text[done : match.start()]))
        last = etree.SubElement(segment, "ph", x=str((code_index(match[0]) or 0) + 1), type="x-batchtx")
        done = match.end()
    _append(segment, last, escape(text[done:]))


def _append(segment: Element, last: Element | None, text: str) -> None:
    if last is None:
        segment.text = text
    else:
        last.tail = text


def _entry(unit: Element, languages: Languages, lacking: Counter[str]) -> Correction | None:
    texts: dict[str, str] = {}
    for variant in unit.iterchildren("{*}tuv"):
        language = _code(variant.get(_LANG) or variant.get("lang") or "")
        segment = variant.find("{*}seg")
        if segment is not None:
            texts.setdefault(language, unescape(_text(segment)))
    source, target = (_in_language(texts, language) for language in languages)
    if not source or not target:
        missing = languages[0] if not source else languages[1]
        lacking[f"{missing} (they have {', '.join(sorted(texts)) or 'no language'})"] += 1
        return None
    props = {prop.get("type"): unescape(prop.text or "") for prop in unit.iterchildren("{*}prop")}
    date = unit.get("changedate") or unit.get("creationdate") or ""
    reviewer = unescape(unit.get("changeid") or unit.get("creationid") or "")
    return Correction(
        source, target, props.get(_MACHINE, ""), reviewer, props.get(_DOCUMENT, ""), _seconds(date)
    )


def _in_language(texts: dict[str, str], language: str) -> str:
    """The text in exactly this language, else in a variety of it: for zh simplified before traditional."""
    language = _code(language)
    if language in texts:
        return texts[language]
    main = language.partition("-")[0]
    found = [name for name in texts if name.partition("-")[0] == main]
    return texts[min(found, key=_rank)] if found else ""


_FIRST, _LAST = frozenset({"hans", "cn", "sg"}), frozenset({"hant", "tw", "hk", "mo"})


def _rank(language: str) -> tuple[int, str]:
    """Order among varieties, whatever their order in the file: simplified script before traditional."""
    parts = set(language.split("-")[1:])
    return 2 if parts & _LAST else 0 if parts & _FIRST else 1, language


def _code(language: str) -> str:
    """One spelling of a language code: zh_CN, ZH-cn, zho, chi and cmn-Hans-CN all begin with zh."""
    main, *rest = language.strip().lower().replace("_", "-").split("-")
    main = next((name for name, others in ALIASES.items() if main in others), main)
    return "-".join([main, *rest])


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: Element) -> str:
    """The text of a <seg>: our codes as characters, foreign codes left out."""
    parts = [element.text or ""]
    for child in element:
        local = _local(child)
        if local == "ph" and child.get("type") == "x-batchtx" and (child.get("x") or "").isdecimal():
            parts.append(code_char(int(child.get("x") or "1") - 1))
        elif local in _TEXT_INSIDE:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _seconds(date: str) -> float:
    try:
        return datetime.strptime(date, _DATE).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def _forget(element: Element) -> None:
    """Free what was read: memory stays flat however large the file is."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
