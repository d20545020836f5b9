"""Compare a translated package with its original: structure, marks and formatting, not words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from batchtx.errors import DocumentError
from batchtx.formats.audit import Difference
from batchtx.formats.docx.check.compare_paragraphs import paragraph_differences
from batchtx.formats.docx.read.locations import locations_of
from batchtx.formats.docx.read.odd_runs import settle_odd_runs
from batchtx.formats.docx.read.text_parts import StoryPart, text_parts
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.names import Element, attribute, name, short_name, tags
from batchtx.formats.opc.package import Package
from batchtx.formats.opc.signatures import signature_parts
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair

_UNSEEN = frozenset(["mc:Fallback", "w:rt", "w:del", "w:moveFrom"])
_STORIES = frozenset(["body", "header", "footer", "footnotes", "endnotes", "comments"])
_ADJUSTED = frozenset(["numbering", "styles", "settings", "chart", "diagram", "properties"])
_MAY_CHANGE = frozenset(["w:lang", "w:rFonts", "w:themeFontLang", "w:rPr", "w:b", "w:i", "w:em"])
_BLOCKS = frozenset(
    [
        "w:body",
        "w:p",
        "w:pPr",
        "w:tbl",
        "w:tblPr",
        "w:tblGrid",
        "w:gridCol",
        "w:tr",
        "w:trPr",
        "w:tc",
        "w:tcPr",
        "w:sectPr",
        "w:txbxContent",
        "w:footnote",
        "w:endnote",
        "w:comment",
        "w:sdt",
        "w:sdtPr",
        "w:sdtContent",
    ]
)
_RAGGED = frozenset(["both", "distribute", "left", "center"])
"""Alignments in cells that one another may take the place of (write/fit_tables.py)."""

_PROPERTY_BLOCKS = frozenset(["w:pPr", "w:tblPr", "w:trPr", "w:tcPr", "w:sectPr"])


def compare_documents(
    original: Path, translated: Path, limits: Limits | None = None, pair: LanguagePair | None = None
) -> list[Difference]:
    """Returns what a translation changed that is not text, language, Latin fonts or numbering; empty is good.

    With the `pair` of languages also where a paragraph has fewer words than any translation has.

    Raises:
        DocumentError: one of the files cannot be read.
    """
    before = Package(Source(str(original), original), limits or Limits())
    after = Package(Source(str(translated), translated), limits or Limits())
    try:
        shortened = _shortened(before, after, pair) if pair is not None else ()
        return [*_differences(before, after), *shortened]
    finally:
        before.close()
        after.close()


def _shortened(before: Package, after: Package, pair: LanguagePair) -> Iterator[Difference]:
    """Paragraphs that lost words, told by the letters of their whole XML, not as the reader takes them."""
    for story in text_parts(before)[0]:
        if story.story not in _STORIES or story.name not in after:
            continue
        spots = (
            [spot for spot in locations_of(package.parse(story.name), story, {}) if not spot.branch]
            for package in (before, after)
        )
        for old, new in zip(*spots, strict=False):
            text, target = _all_text(old.paragraph), _all_text(new.paragraph)
            n_letters = sum(map(str.isalnum, target)) + 2 * pair.count_source(target)
            if n_letters < pair.least_letters(text):
                message = f"text is missing: {pair.count_source(text)} characters became {n_letters} letters"
                yield Difference(story.name, old.place, message)


def _all_text(paragraph: Element) -> str:
    """All text inside a paragraph that shows, but that of boxes, whose paragraphs come by themselves."""
    pieces: list[str] = []
    for element in paragraph.iter(*tags("w:t")):
        owner = next((above for above in element.iterancestors() if name(above) == "w:p"), None)
        if owner is paragraph and not any(name(above) in _UNSEEN for above in element.iterancestors()):
            pieces.append("".join(element.itertext()) if name(element.getparent()) != "w:t" else "")
    return "".join(pieces)


def _differences(before: Package, after: Package) -> Iterator[Difference]:
    signed = signature_parts(before)
    if signed and signature_parts(after):
        signed = frozenset()
    names = [info.filename for info in before.entries if not info.is_dir()]
    for part in names:
        if part not in after and part not in signed:
            yield Difference(part, "", "the part is missing")
    for info in after.entries:
        if info.filename not in before:
            yield Difference(info.filename, "", "the part was added")
    stories = {part.name: part for part in text_parts(before)[0]}
    for part in names:
        if part in after and part not in signed:
            yield from _part_differences(before, after, part, stories.get(part), signed=bool(signed))


def _part_differences(
    before: Package, after: Package, part: str, story: StoryPart | None, *, signed: bool
) -> Iterator[Difference]:
    try:
        same = before.read(part) == after.read(part)
    except DocumentError:
        old = next(info for info in before.entries if info.filename == part)
        new = next(info for info in after.entries if info.filename == part)
        same = before.raw(old) == after.raw(new)
    if same or (signed and part in ("[Content_Types].xml", "_rels/.rels")):
        return
    if story is not None and story.story == "embedded":
        return
    if story is None or story.story not in _STORIES | _ADJUSTED:
        yield Difference(part, "", "the part was changed, and it holds no text to translate")
        return
    old_root, new_root = before.parse(part), after.parse(part)
    if story.story in _STORIES:
        yield from _story_differences(part, story, old_root, new_root)
    elif _skeleton(old_root) != _skeleton(new_root):
        yield Difference(part, "", "elements were lost or added")


def _story_differences(part: str, story: StoryPart, old: Element, new: Element) -> Iterator[Difference]:
    settle_odd_runs(old)
    settle_odd_runs(new)
    lost = Counter(_blocks(old))
    lost.subtract(Counter(_blocks(new)))
    for (short, _), count in lost.items():
        if count > 0:
            yield Difference(part, "", f"{count} × {short} was lost or changed")
    old_spots, new_spots = locations_of(old, story, {}), locations_of(new, story, {})
    if len(old_spots) != len(new_spots):
        yield Difference(part, "", f"{len(new_spots)} paragraphs instead of {len(old_spots)}")
        return
    for before, after in zip(old_spots, new_spots, strict=True):
        for message in paragraph_differences(before.paragraph, after.paragraph):
            yield Difference(part, before.place, message)


def _blocks(root: Element) -> Iterator[tuple[str, str]]:
    """The block elements in order, with their properties spelled out."""
    for element in root.iter():
        short = name(element)
        if short in _PROPERTY_BLOCKS:
            yield short, "|".join(_spelled(element))
        elif short in _BLOCKS:
            yield short, ""


def _spelled(properties: Element) -> Iterator[str]:
    in_cell = next(properties.iterancestors(*tags("w:tc")), None) is not None
    for element in properties.iter():
        short = name(element)
        if short == "w:tblLayout" or (in_cell and short == "w:jc" and attribute(element, "val") in _RAGGED):
            continue
        if short not in _MAY_CHANGE:
            values = sorted(f"{short_name(key)}={value}" for key, value in element.attrib.items())
            yield short + ",".join(values)


def _skeleton(root: Element) -> Counter[str]:
    """How many elements of each kind there are, but for those that translation may add or take away."""
    return Counter(name(element) for element in root.iter() if name(element) not in _MAY_CHANGE)
