"""How often a number stands in source and target: one said three times, one of two equal shares lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from batchtx.language.en.values import target_figures, target_values
from batchtx.language.zh.values import Value

_MALFORMED = re.compile(
    r"(?<![\d.,])\d+\.\d+(?:\.\d+)+(?![\d.])|(?<![\d.,])\d{1,3}(?:,\d{3})*,(?:\d{4,}|\d{1,2}(?![\d,]))\d*"
)
_DIGIT = re.compile(r"\d")
_LEAST_LOST = 10
_LEAST_ONE_MORE = 100
_YEARS = frozenset(range(1900, 2101))


def malformed(source: str, target: str) -> list[str]:
    """Figures that nobody writes, and that are not the source's: 576000000.00000.00, 12,0000."""
    return [match[0] for match in _MALFORMED.finditer(target) if match[0] not in source]


def said_too_often(wanted: Iterable[Value], target: str) -> list[str]:
    """Figures that stand in the target more often than their numbers in the source.

    One time more is English at times (a year, a small number); for a large number it is not.
    """
    in_source = Counter(option for value in wanted for option in value.options)
    in_target, written = _figures(target)
    return [
        f"{written[value]} ({n} times)"
        for value, n in in_target.items()
        if 0 < in_source[value] < n - _allowed(value)
    ]


def said_too_seldom(wanted: Iterable[Value], target: str) -> list[str]:
    """Numbers that the source says several times, and the target less often."""
    in_target, _ = _figures(target)
    lost = []
    values = [value for value in wanted if max(value.options) >= _LEAST_LOST]
    for options, n in Counter(value.options for value in values).items():
        found = sum(in_target[option] for option in options)
        if not (n > 1 and 0 < found < n) or any(one in _YEARS for one in options):
            continue
        if not options & target_values(_DIGIT.sub("", target)):  # no number word says it
            written = next(value.written for value in values if value.options == options)
            lost.append(f"{written} ({n} times, {found} in the target)")
    return lost


def _allowed(value: Fraction) -> int:
    return 0 if value >= _LEAST_ONE_MORE and value not in _YEARS else 1


def _figures(target: str) -> tuple[Counter[Fraction], dict[Fraction, str]]:
    figures = [(max(values), written) for written, values in target_figures(target)]
    return Counter(value for value, _ in figures), dict(figures)
