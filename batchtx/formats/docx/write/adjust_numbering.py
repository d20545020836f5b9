"""Automatic numbering in English: 第%1章 is "Chapter %1", Chinese numerals are figures."""

from __future__ import annotations

import re

from batchtx.formats.opc.names import Element, attribute, child, name, set_attribute
from batchtx.text.scripts import has_han

_TO_DECIMAL = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "chineseLegalSimplified",
        "japaneseCounting",
        "japaneseLegal",
        "japaneseDigitalTenThousand",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "taiwaneseDigital",
        "ideographTraditional",
        "ideographZodiac",
        "ideographZodiacTraditional",
        "ideographDigital",
        "ideographLegalTraditional",
        "ideographEnclosedCircle",
        "decimalEnclosedCircleChinese",
        "decimalFullWidth",
        "decimalFullWidth2",
        "koreanDigital",
        "koreanCounting",
        "koreanLegal",
        "koreanDigital2",
    ]
)
_UNITS = {
    "编": "Part",
    "部分": "Part",
    "卷": "Volume",
    "篇": "Part",
    "章": "Chapter",
    "节": "Section",
    "条": "Article",
    "款": "Paragraph",
    "项": "Item",
    "目": "Subitem",
    "课": "Lesson",
    "讲": "Lecture",
    "单元": "Unit",
    "步": "Step",
    "阶段": "Stage",
    "页": "Page",
    "次": "No.",
}
_LABELS = {
    "附件": "Annex",
    "附录": "Appendix",
    "附表": "Schedule",
    "图": "Figure",
    "表": "Table",
    "例": "Example",
    "式": "Equation",
    "公式": "Equation",
    "注": "Note",
    "步骤": "Step",
    "问题": "Question",
    "问": "Question",
    "案例": "Case",
    "实验": "Experiment",
    "任务": "Task",
    "情形": "Case",
    "方案": "Option",
    "项目": "Item",
    "定理": "Theorem",
    "定义": "Definition",
    "引理": "Lemma",
    "续表": "Table (continued)",
    "参考文献": "Reference",
}
_ORDINAL = re.compile(r"第\s*(%\d)\s*([编部分卷篇章节条款项目课讲单元步阶段页次]+)")
_LABEL = re.compile(r"([\u4e00-\u9fff]+)\s*(?=[%(（\[【]?%\d)")
_EAST_ASIAN = re.compile("[\u3000-\u9fff\uff00-\uffef]")
_MARKS = str.maketrans("（）．，：；【】［］—－　", "().,:;[][]--\u3000")


def english_level_text(text: str) -> str:
    """Returns the text of one numbering level in English; levels (%1) stay.

    What has no rule comes back as it was.
    """
    target = _ORDINAL.sub(lambda match: f"{_UNITS.get(match[2], 'No.')} {match[1]}", text)
    target = _LABEL.sub(lambda match: f"{_LABELS[match[1]]} " if match[1] in _LABELS else match[0], target)
    target = re.sub(r"(%\d)\s*、", r"\1.", target)
    target = re.sub(r"^[（(]?(%\d)[）)]$", r"(\1)", target.translate(_MARKS).strip("\u3000"))
    return target if not has_han(target) else text


def adjust_numbering(root: Element) -> bool:
    """Makes every level of a numbering part English; returns whether anything changed."""
    changed = False
    for level in root.iter():
        if name(level) != "w:lvl":
            continue
        changed |= _adjust_level(level)
    return changed


def _adjust_level(level: Element) -> bool:
    text = child(level, "w:lvlText")
    if text is None:
        return False
    before = attribute(text, "val") or ""
    if name_of_bullet(level):
        return False
    changed = _decimal(level)
    after = english_level_text(before) if changed or _EAST_ASIAN.search(before) else before
    if after != before:
        set_attribute(text, "val", _with_space(level, after))
        changed = True
    return changed


def name_of_bullet(level: Element) -> bool:
    """Bullets are symbols, not numbers."""
    form = child(level, "w:numFmt")
    return form is not None and attribute(form, "val") == "bullet"


def _decimal(level: Element) -> bool:
    form = child(level, "w:numFmt")
    if form is None or attribute(form, "val") not in _TO_DECIMAL:
        return False
    set_attribute(form, "val", "decimal")
    return True


def _with_space(level: Element, text: str) -> str:
    """With w:suff "nothing" the text of the paragraph follows at once: Chinese needs no space there."""
    suffix = child(level, "w:suff")
    nothing = suffix is not None and attribute(suffix, "val") == "nothing"
    return text + " " if nothing and not text.endswith(" ") else text
