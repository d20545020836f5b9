"""Gaps between the columns that somebody set with spaces: "甲方：        乙方：" are two texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from batchtx.text.inline_codes import CODES
from batchtx.text.scripts import HAN

MIN_WIDTH = 4
"""From so many columns on (an ideographic space has two) a run of spaces is set on purpose."""

_RUN = re.compile("[ \u00a0\u2002\u2003\u3000]{2,}")
_CODE = re.compile(f"[{CODES}]+")
_WORD_BEFORE = re.compile(r"\S*$")
_WORD_AFTER = re.compile(r"\w*")
_BEGINS_WORD = re.compile(r"[（(\[【《“\"'#￥¥$]*\w")
_ENDS_LABEL = re.compile(r"[：:]$")
_IS_LABEL = re.compile(r"[^\s：:]{2,12}[：:]")
_LETTER_OF_A_WORD = re.compile(f"[{HAN}]")
_BLANK_BEFORE = re.compile(
    "[年月日时分秒元％%℃份页个条款项名套台件章节号期级倍天岁吨米度]|美元|万元|亿元|人民币|公里|公斤"
)
"""What a blank to fill in stands before: 共    页, 于    年    月    日."""

_DATE_WORD = re.compile("[年月日]")


def gap_width(run: str) -> int:
    """Returns the width of a run of spaces in columns."""
    return sum(2 if char in "\u2003\u3000" else 1 for char in run)


def column_gaps(line: str) -> list[tuple[int, int]]:
    """Returns where the gaps between columns stand in a line, as (start, end).

    A gap has words on both sides, and some Han character stands on one of them. Words spaced out for looks
    (总　　则, 姓    名：), blanks to fill in (共    页, 年    月    日) and aligned code are none.
    """
    return [
        run.span()
        for run in _RUN.finditer(line)
        if gap_width(run[0]) >= MIN_WIDTH and _parts_columns(line[: run.start()], line[run.end() :])
    ]


def n_wide_gaps(text: str) -> int:
    """Returns how many runs of spaces in a text of any language are as wide as a gap between columns."""
    return sum(gap_width(run[0]) >= MIN_WIDTH for run in _RUN.finditer(text.strip()))


def columns(line: str) -> Iterator[tuple[int, int]]:
    """Yields the columns of a line, as (start, end); the gaps stand between them."""
    start = 0
    for gap_start, gap_end in column_gaps(line):
        yield start, gap_start
        start = gap_end
    yield start, len(line)


def _parts_columns(left: str, right: str) -> bool:
    left, right = _CODE.sub("", left).rstrip(), _CODE.sub("", right).lstrip()
    if not left or not _BEGINS_WORD.match(right):
        return False
    before, after = _WORD_BEFORE.search(left), _WORD_AFTER.match(right)
    assert before is not None and after is not None
    if not _LETTER_OF_A_WORD.search(left) and not _LETTER_OF_A_WORD.search(right):
        return False
    if len(before[0]) == 1 and len(after[0]) == 1 and not _ENDS_LABEL.search(left):
        return False  # a word spaced out
    if _IS_LABEL.match(right):
        return True
    return not (_DATE_WORD if _ENDS_LABEL.search(left) else _BLANK_BEFORE).match(right)
