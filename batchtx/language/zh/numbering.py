"""Numbering labels (第二条, 一、, 图 1-2, 第 1 页，共 5 页): found at the start of a line, made by rule."""

from __future__ import annotations

import re

from batchtx.language.zh.numerals import NUMERAL, parse_numeral
from batchtx.records import UnitKind
from batchtx.text.inline_codes import CODES
from batchtx.text.scripts import SPACES

_NAMES = {
    "编": "Part", "編": "Part", "部分": "Part", "卷": "Volume", "章": "Chapter", "节": "Section",
    "節": "Section", "条": "Article", "條": "Article", "款": "Paragraph", "项": "Item",
    "項": "Item", "目": "Subitem", "课": "Lesson", "单元": "Unit", "页": "Page",
}  # fmt: skip
_LABELS = {
    "附件": "Annex", "附表": "Schedule", "附录": "Appendix", "附錄": "Appendix", "附图": "Figure",
    "图表": "Chart", "图": "Figure", "圖": "Figure", "表": "Table", "例": "Example", "式": "Equation",
    "公式": "Equation", "步骤": "Step", "注": "Note", "备注": "Note", "方案": "Option",
}  # fmt: skip
_NUM = rf"(?:[{NUMERAL}]{{1,12}}|[0-9０-９]{{1,4}})"
_GAP = f"[{SPACES}]"
_END = re.compile(rf"{_GAP}|[{CODES}]|$")

_LISTED = rf"{_GAP}?(?:第|{_NUM})"
_ARTICLE = re.compile(
    rf"第{_GAP}{{0,2}}({_NUM}){_GAP}{{0,2}}({'|'.join(_NAMES)})(?:之({_NUM}))?((?:[：:]|、(?!{_LISTED}))?)"
)
_FIGURE = rf"([{CODES}{SPACES}0-9０-９]+)"
_PAGES = re.compile(rf"第{_FIGURE}页(?:([{CODES}{SPACES}，,、/／|｜(（]*)共{_FIGURE}页[)）]?)?")
_LABEL = re.compile(
    rf"({'|'.join(sorted(_LABELS, key=len, reverse=True))}){_GAP}?"
    rf"((?:{_NUM}|[A-Z])(?:[-.－—][0-9０-９]{{1,3}}){{0,3}})([：:]?)"
)
_COUNTED = re.compile(rf"({_NUM}|[A-Za-z]|[Ⅰ-Ⅻ]|[ⅰ-ⅻ])(、|．(?![0-9０-９])|\.(?![0-9A-Za-z])|[)）])")
_BRACKETED = re.compile(rf"[(（]{_GAP}?({_NUM}|[A-Za-z]|[Ⅰ-Ⅻ]|[ⅰ-ⅻ]|[ivx]{{1,4}}){_GAP}?[)）]")
_LEVELS = re.compile(r"([1-9１-９][0-9０-９]?(?:[.．][1-9１-９][0-9０-９]?){1,5}[.．]?)(?![0-9０-９])")
_PLAIN = re.compile(r"([0-9]{1,2})")
_SPEAKS_OF_IT = re.compile(
    rf"{_GAP}?(?:[的中是为和与及或、，,里内上下]|所示|显示|展示|描述|给出|列出|说明|表示|概述|总结|汇总|"
    rf"可以|介绍|比较|对比|演示|提供)"
)
_MEASURED = re.compile(
    rf"{_GAP}?(?:[的中和与及或至到倍个元亿万千百%％秒分米年月日天岁吨克升版度位条次]|小时|以[上下]|英寸|"
    rf"公[里斤]|发布|引入|开始)"
)
_CLAUSE_MARK = re.compile("[，。！？；,;]")
_SHORTEST_TITLE = 2
_LONGEST_TITLE = 20
_LIST_GOES_ON = re.compile(rf"{_GAP}?[\w\d]{{1,3}}{_GAP}?、")
_CIRCLED = re.compile("[①-⓿❶-➓㈠-㈩⑴-⒛]")
_LEAD = re.compile(f"[{CODES}{SPACES}]*")
_TRAIL = re.compile(f"[{CODES}]*")
_EDGES = re.compile(rf"^([{CODES}]*)(.*?)([{CODES}]*)$", re.DOTALL)


def label_length(text: str, kind: UnitKind = "text") -> int:
    """Returns the number of characters of the numbering label that the text starts with, 0 when there is
    none.

    Inline codes around the label belong to it. A bare "1.2" or "3" is a label only when a space
    follows, a bare "3" only in headings; 第二条 only when a space, a mark or nothing follows
    (第二条规定 and 第二条、第三条 are running text).
    """
    start = _LEAD.match(text).end()  # type: ignore[union-attr]
    end = _label_end(text, start, kind)
    if end is None:
        return 0
    return _TRAIL.match(text, end).end()  # type: ignore[union-attr]


def translate_label(text: str) -> str | None:
    """Returns a numbering label in English (第二十二条 is "Article 22", 一、 is "1."), None when it is no
    label.

    Inline codes at its edges stay where they are.
    """
    edges = _EDGES.match(text.strip())
    assert edges is not None
    body = edges[2].strip()
    if not body:
        return None
    target = _render(body)
    return None if target is None else f"{edges[1]}{target}{edges[3]}"


def _label_end(text: str, start: int, kind: UnitKind) -> int | None:
    pages = _PAGES.fullmatch(text.rstrip(), start)
    if pages and _pages(pages) is not None:
        return pages.end()
    for pattern in (_ARTICLE, _LABEL):
        match = pattern.match(text, start)
        if match and match[match.lastindex or 0]:
            return match.end()
        if match and _free(text, match.end()):
            running = pattern is _LABEL and _SPEAKS_OF_IT.match(text, match.end())
            return None if running else match.end()
        if match and _is_title(text, start, kind, chapter=pattern is _ARTICLE and match[2] in "章编節节"):
            named = len(text) - match.end() >= _SHORTEST_TITLE
            return match.end() if named and not _SPEAKS_OF_IT.match(text, match.end()) else None
    for pattern in (_COUNTED, _BRACKETED, _CIRCLED):
        match = pattern.match(text, start)
        if match:
            return match.end() if _is_label_mark(text, match) else None
    match = _LEVELS.match(text, start)
    if match and _free(text, match.end()):
        return None if _MEASURED.match(text, match.end()) else match.end()
    match = _PLAIN.match(text, start)
    if match and kind == "heading" and _free(text, match.end()) and match.end() < len(text):
        return match.end()
    return None


def _is_title(text: str, start: int, kind: UnitKind, *, chapter: bool) -> bool:
    """Whether a label may touch its words (第一章总则, 图1系统结构): in headings, captions, short lines."""
    if kind in ("heading", "title", "caption"):
        return True
    return chapter and len(text) - start < _LONGEST_TITLE and not _CLAUSE_MARK.search(text)


def _free(text: str, end: int) -> bool:
    return _END.match(text, end) is not None


def _is_label_mark(text: str, match: re.Match[str]) -> bool:
    """A lone letter with a mark is a label only before a space or Han ("A. 甲方", not "e.g.").

    The first of a list (陆、海、空军) is no label.
    """
    if match[0][-1] == "、" and _LIST_GOES_ON.match(text, match.end()):
        return False
    following = text[match.end() : match.end() + 1]
    if match[0][-1] == ")" and following and (following.isascii() and following.isalnum()):
        return False
    return not (match[0][0].isascii() and match[0][0].isalpha() and following in tuple("，。,.-"))


def _render(body: str) -> str | None:
    match = _PAGES.fullmatch(body)
    if match:
        return _pages(match)
    match = _ARTICLE.fullmatch(body)
    if match:
        number = _number(match[1])
        after = f"-{_number(match[3])}" if match[3] else ""
        return f"{_NAMES[match[2]]} {number}{after}{_colon(match[4])}"
    match = _LABEL.fullmatch(body)
    if match:
        return f"{_LABELS[match[1]]} {_number(match[2])}{_colon(match[3])}"
    match = _COUNTED.fullmatch(body)
    if match:
        mark = ")" if match[2] in ")）" else "."
        return f"{_number(match[1])}{mark}"
    match = _BRACKETED.fullmatch(body)
    if match:
        return f"({_number(match[1])})"
    if _LEVELS.fullmatch(body) or _PLAIN.fullmatch(body):
        return _ascii(body)
    if _CIRCLED.fullmatch(body):
        return f"({ord(body) - 0x321F})" if "㈠" <= body <= "㈩" else body
    return None


def _pages(match: re.Match[str]) -> str | None:
    """A page number as footers have it, its figures often fields; None for a blank form."""
    page, between, count = (_ascii(part or "").strip() for part in match.groups())
    if not page or not (count or match[3] is None):
        return None
    codes = "".join(re.findall(f"[{CODES}]", between))
    return f"Page {page} of {codes}{count}" if count else f"Page {page}"


def _colon(mark: str) -> str:
    return ":" if mark and mark in "：:" else ""


def _number(text: str) -> str:
    text = _ascii(text)
    value = parse_numeral(text)
    if value is not None:
        return str(value)
    head, dash, rest = text.partition("-")
    value = parse_numeral(head)
    return f"{value if value is not None else head}{dash}{rest}"


_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN = dict(zip("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ", _ROMANS, strict=True))


def _ascii(text: str) -> str:
    text = text.translate({0xFF10 + n: 0x30 + n for n in range(10)} | {0xFF0E: ".", 0xFF0D: "-", 0x2014: "-"})
    if text in _ROMAN:
        return _ROMAN[text]
    small = text.upper()
    return _ROMAN[small].lower() if small in _ROMAN else text
