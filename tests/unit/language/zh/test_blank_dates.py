"""Dates to fill in become English by rule, and keep room to write."""

from __future__ import annotations

import pytest

from batchtx.language.zh.blank_dates import blank_date, blank_dates
from batchtx.text.inline_codes import code_char, strip_codes
from batchtx.text.normalize import normalize


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("年　　月　　日", "Year    Month    Day"),
        ("____年__月__日", "____ Year __ Month __ Day"),
        (f"{code_char(0)}年{code_char(1)}月{code_char(2)}日", "{0} Year {1} Month {2} Day"),
        ("2026年　　月　　日", "    Month    Day, 2026"),
        ("出生年月日", None),
        ("年月日", None),
        ("2026年3月　　日", None),
    ],
)
def test_the_date_line_of_a_form_keeps_its_blanks(text: str, target: str | None) -> None:
    codes = [code_char(number) for number in range(3)]
    assert blank_date(text) == (target and target.format(*codes))


@pytest.mark.parametrize(
    ("piece", "dates"),
    [
        ("自{0}年{1}月{2}日起", [("年月日", "Year Month Day")]),
        (
            "签订日期：    年    月    日",
            [("年月日", "Year\u2002\u2002\u2002\u2002Month\u2002\u2002\u2002\u2002Day")],
        ),
        ("自2026年{0}月{1}日起", [("2026年月日", "Month Day, 2026")]),
        ("自____年__月__日起", [("年__月__日", "Year __ Month __ Day")]),
        ("请填写出生年月日", []),
        ("自2026年3月1日起", []),
    ],
)
def test_a_date_to_fill_in_is_found_in_a_sentence(piece: str, dates: list[tuple[str, str]]) -> None:
    piece = piece.format(*(code_char(number) for number in range(3)))
    text = normalize(strip_codes(piece)[0])
    found = blank_dates(piece, text)
    assert [(text[date.start : date.end].replace(" ", ""), date.target) for date in found] == dates
