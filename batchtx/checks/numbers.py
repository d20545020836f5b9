"""Checks on numbers: figures are what contracts are about."""

from __future__ import annotations

import re
from fractions import Fraction

from batchtx.checks.figure_counts import malformed, said_too_often, said_too_seldom
from batchtx.language.en.values import target_figures, target_values
from batchtx.language.zh.quantities import quantities
from batchtx.language.zh.values import Value, possible_values, source_values
from batchtx.records import Flag, Segment, Severity
from batchtx.text.inline_codes import CODES
from batchtx.text.normalize import normalize
from batchtx.text.spans import Quantity, find_words

_SHOWN = 5
_COSTLY = re.compile(
    r"[\d一二三四五六七八九十百千万亿]\s?(?:元|美元|欧元|港币)|人民币|[¥￥€£]|\$\s?\d|违约金|[%％‰]|百分之|[千万]分之"
    r"|(?:日|天|个月|年|小时|工作日)(?:内|以内|之内)|之日起|届满|期限|截止|[月\d]日?前|日[前止]"
)
"""The source speaks of money, shares or a deadline."""

_CODE = re.compile(f"[{CODES}]")


def numbers_kept(segment: Segment, target: str) -> Flag | None:
    """The numbers of the source, and no others, stand in the target, as often, compared by value.

    三千万 is 30 million, 2023年5月 is May 2023, 百分之五 is 5%, 第三条 is Article III. A number that is
    rightly left out (一次 as "it") is flagged too: a reviewer settles it in a second, while a lost
    figure costs more. Where the source speaks of money or of a deadline the flag is critical.
    """
    whole, source = target, normalize(_CODE.sub("", segment.source))
    target = _CODE.sub("", target)
    by_rule = quantities(source)
    wanted = [*_said_by_rule(source, by_rule), *source_values(_without(source, by_rule))]
    found = target_values(target)
    lost = [value.written for value in wanted if not value.options & found]
    lost += said_too_seldom(wanted, target) if not lost else []
    extra = _unexplained(source, target, wanted)
    extra += malformed(source, target) or said_too_often(wanted, target)
    if not lost and not extra:
        return None
    doubts = [f"not in the target by value: {_shown(lost)}"] * bool(lost)
    doubts += [f"not in the source: {_shown(extra)}"] * bool(extra)
    severity: Severity = "critical" if _COSTLY.search(source) else "major"
    spans = find_words(lost, segment.source), find_words(extra, whole)
    return Flag("numbers", "; ".join(doubts), severity, *spans)


def _said_by_rule(source: str, by_rule: list[Quantity]) -> list[Value]:
    """The numbers that rules read: as the source writes them where English can, else as it says them."""
    values: list[Value] = []
    for quantity in by_rule:
        written = source[quantity.start : quantity.end]
        english = target_values(quantity.target)
        read = [value for value in source_values(written) if value.options & english]
        known = {option for value in read for option in value.options}
        figures = [options for _, options in target_figures(quantity.target)]
        rest = [options for options in figures if not options & known] if len(read) < len(figures) else []
        values += read + [Value(written, _options(options, written)) for options in rest]
        if not read and not figures and english:
            values.append(Value(written, frozenset(english)))
    return values


def _options(options: frozenset[Fraction], written: str) -> frozenset[Fraction]:
    """A figure counts with its unit (3 million), as a share (0.05%), or with its half in words."""
    largest = max(options)
    if largest < 1:
        return frozenset({min(options)})
    whole = {largest - Fraction(1, 2)} if largest.denominator == 2 else set()
    half = {Fraction(1, 2)} if "半" in written else set()
    return frozenset({largest, *whole, *half, *(option for option in options if option < 1)})


def _without(source: str, by_rule: list[Quantity]) -> str:
    for quantity in reversed(by_rule):
        source = f"{source[: quantity.start]} {source[quantity.end :]}"
    return source


def _unexplained(source: str, target: str, wanted: list[Value]) -> list[str]:
    """Figures of the target that no figure or numeral of the source stands behind."""
    known = {option for value in wanted for option in value.options}
    doubtful = [(written, values) for written, values in target_figures(target) if not values & known]
    if not doubtful:
        return []
    possible = possible_values(source)
    for quantity in quantities(source):
        possible |= target_values(quantity.target)
    return [written for written, values in doubtful if not values & possible]


def _shown(numbers: list[str]) -> str:
    return ", ".join(dict.fromkeys(numbers[:_SHOWN]))
