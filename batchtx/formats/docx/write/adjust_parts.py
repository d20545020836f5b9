"""What changes in the parts around the text when a document becomes English, and what users should know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.docx.read.index_entries import is_entry
from batchtx.formats.docx.read.style_emphasis import stressing_styles
from batchtx.formats.docx.write.adjust_layout import is_vertical, may_clip
from batchtx.formats.docx.write.adjust_numbering import adjust_numbering
from batchtx.formats.docx.write.adjust_runs import emphasize, english_fonts
from batchtx.formats.opc.names import XML_SPACE, Element, attribute, child, is_on, name, set_attribute, tags
from batchtx.language.pair import LanguagePair

_AUTOMATIC_NAME = re.compile(r"\s*([\u4e00-\u9fff]+)\s*(\d*)\s*$")
_AUTOMATIC_NAMES = {
    "图片": "Picture",
    "图像": "Image",
    "图形": "Graphic",
    "图表": "Chart",
    "文本框": "Text Box",
    "矩形": "Rectangle",
    "椭圆": "Oval",
    "组合": "Group",
    "形状": "Shape",
    "直接连接符": "Straight Connector",
    "直接箭头连接符": "Straight Arrow Connector",
    "截图": "Screenshot",
    "屏幕截图": "Screenshot",
    "艺术字": "WordArt",
    "未命名": "Untitled",
}
_DIRECTIONS = ("w:textDirection", "wps:bodyPr", "v:textbox")
_NOTED = tags("w:trHeight", "w:dataBinding", "w:ruby", "w:instrText", "w:dateFormat", *_DIRECTIONS)
_NARROW = str.maketrans("－—―～（）／　", "---~()/ ")


def adjust_styles(root: Element, options: DocxOptions, pair: LanguagePair) -> bool:
    """Sets language, Latin fonts and emphasis of styles and defaults; returns whether anything changed."""
    changed = False
    for properties, face in list(stressing_styles(root)) if options.emphasis else ():
        emphasize(properties, face)
        changed = True
    for properties in root.iter(*tags("w:rPr")):
        if options.language:
            changed |= _switch_language(child(properties, "w:lang"), pair)
        if options.fonts and child(properties, "w:rFonts") is not None:
            changed |= english_fonts(properties)
    return changed


def adjust_settings(root: Element, options: DocxOptions, pair: LanguagePair) -> bool:
    """Sets the language that theme fonts are chosen for; returns whether anything changed."""
    return options.language and _switch_language(child(root, "w:themeFontLang"), pair)


def _switch_language(language: Element | None, pair: LanguagePair) -> bool:
    """Make the target's what is set to be in the source language; whether it was."""
    value = None if language is None else attribute(language, "val")
    if value is None or value.lower().partition("-")[0] != pair.source.partition("-")[0]:
        return False
    set_attribute(language, "val", pair.locale)
    if pair.east_asian_face:
        set_attribute(language, "eastAsia", pair.locale)
    return True


def adjust_list_numbers(root: Element, options: DocxOptions, pair: LanguagePair) -> bool:
    """Numbers that Word makes by itself; whether anything changed."""
    return options.numbering and adjust_numbering(root)


def adjust_automatic_names(root: Element) -> bool:
    """Puts alternative texts that the program made up ("图片 3") into English, by rule; returns whether any
    changed.
    """
    changed = False
    for element in root.iter(*tags("wp:docPr", "pic:cNvPr")):
        for key in ("descr", "title"):
            match = _AUTOMATIC_NAME.match(element.get(key) or "")
            if match is not None and match[1] in _AUTOMATIC_NAMES:
                element.set(key, f"{_AUTOMATIC_NAMES[match[1]]} {match[2]}".strip())
                changed = True
    return changed


def adjust_page_marks(root: Element, options: DocxOptions, pair: LanguagePair) -> bool:
    """Narrows wide dashes and brackets around page numbers (－ 1 －), which Latin faces lack; returns whether
    any changed.
    """
    changed = False
    if not options.numbering:
        return changed
    for mark in root.iter(*tags("w:fldChar", "w:fldSimple")):
        paragraph = next(mark.iterancestors(*tags("w:p")), None)
        if paragraph is None:
            continue
        texts = list(paragraph.iter(*tags("w:t")))
        if pair.has_source("".join(text.text or "" for text in texts)):
            continue
        for text in texts:
            narrow = (text.text or "").translate(_NARROW)
            if narrow != (text.text or ""):
                text.text = narrow
                text.set(XML_SPACE, "preserve")
                changed = True
    return changed


def settings_notes(root: Element) -> Iterator[str]:
    """Yields what the settings say that a user should know."""
    protection = child(root, "w:documentProtection")
    if protection is not None and attribute(protection, "enforcement") in ("1", "true", "on"):
        yield "the document's editing restrictions stay in force"
    tracked = child(root, "w:trackRevisions")
    if is_on(tracked):
        yield "change tracking stays switched on; the translation itself is not tracked"


def layout_notes(root: Element, options: DocxOptions, pair: LanguagePair) -> Iterator[str]:
    """Yields what in a story may look wrong in English, and what a reader of the result should know."""
    for element in root.iter(*_NOTED):
        short = name(element)
        if short == "w:instrText":
            code = element.text or ""
            if not options.index_entries and is_entry(code) and pair.has_source(code):
                yield "index and table entries (XE, TC) stay; --docx-adjust index-entries translates them"
        elif short == "w:dateFormat":
            if pair.has_source(attribute(element, "val") or ""):
                yield "a date control writes the next date that is picked in the source language's form"
        elif short == "w:trHeight" and attribute(element, "hRule") == "exact" and not options.row_heights:
            yield "rows of exact height may clip English text; --docx-adjust row-heights lets them grow"
        elif short in _DIRECTIONS:
            if is_vertical(element) and not options.direction:
                yield "vertical text is kept vertical; --docx-adjust direction turns it"
            if short == "wps:bodyPr" and may_clip(element) and not options.text_boxes:
                yield "boxes of fixed size may clip English text; --docx-adjust text-boxes lets them grow"
        elif short == "w:ruby":
            yield "phonetic guides are dropped where their text is translated"
        elif short == "w:dataBinding":
            yield "a content control is bound to custom XML: Word may show its stored source text again"
