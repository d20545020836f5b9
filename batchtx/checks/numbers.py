"""Checks on numbers: figures are what contracts are about."""

from __future__ import annotations

import re

from batchtx.language.en.values import target_figures, target_values
from batchtx.language.zh.values import Value, possible_values, source_values
from batchtx.records import Flag, Segment
from batchtx.text.inline_codes import CODES

_SHOWN = 5
_CODE = re.compile(f"[{CODES}]")


def numbers_kept(segment: Segment, target: str) -> Flag | None:
    """The numbers of the source, and no others, stand in the target, compared by value.

    三千万 is 30 million, 2023年5月 is May 2023, 百分之五 is 5%, 第三条 is Article III. A number that is
    rightly left out (一次 as "it") is flagged too: a reviewer settles it in a second, while a lost
    figure costs more.
    """
    source, target = _CODE.sub("", segment.source), _CODE.sub("", target)
    wanted = source_values(source)
    found = target_values(target)
    lost = [value.written for value in wanted if not value.options & found]
    extra = _unexplained(source, target, wanted)
    if not lost and not extra:
        return None
    doubts = [f"not in the target by value: {_shown(lost)}"] * bool(lost)
    doubts += [f"not in the source: {_shown(extra)}"] * bool(extra)
    return Flag("numbers", "; ".join(doubts), "major")


def _unexplained(source: str, target: str, wanted: list[Value]) -> list[str]:
    """Figures of the target that no figure or numeral of the source stands behind."""
    known = {option for value in wanted for option in value.options}
    doubtful = [(written, values) for written, values in target_figures(target) if not values & known]
    if not doubtful:
        return []
    possible = possible_values(source)
    return [written for written, values in doubtful if not values & possible]


def _shown(numbers: list[str]) -> str:
    return ", ".join(dict.fromkeys(numbers[:_SHOWN]))
