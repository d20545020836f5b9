"""The report page for those who see little, see no colours, or listen (WCAG 2.2, AA)."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from lxml import html

from batchtx.records import SEVERITIES
from batchtx.report.page import _COLOURS, page
from batchtx.report.report import DoubtfulRow, Report
from batchtx.review.sheet import COLUMNS
from tests.unit.report.test_page import report

STYLE = resources.files("batchtx.report").joinpath("report.css").read_text(encoding="utf-8")
VARIABLES = dict(re.findall(r"--([\w-]+): (#[0-9a-fA-F]{3,6})", STYLE))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG: sRGB channels made linear and weighted."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["ink", "soft", "minor", "major", "critical"])
def test_every_colour_of_text_stands_out_from_the_page(name: str) -> None:
    assert contrast(VARIABLES[name], "#fff") >= 4.5


def test_marked_text_stands_out_from_its_mark() -> None:
    (mark,) = re.findall(r"mark \{ background: (#\w+)", STYLE)
    assert contrast(VARIABLES["ink"], mark) >= 4.5


def test_bars_of_charts_stand_out_from_the_page() -> None:
    drawn = set(re.findall(r'fill="(#\w+)"', page(report())))
    assert drawn >= set(_COLOURS.values())
    assert all(contrast(colour, "#fff") >= 3 for colour in drawn)  # 1.4.11: graphics
    assert set(_COLOURS.values()) == {VARIABLES[name] for name in SEVERITIES}


def doubtful(severity: str) -> Report:
    cells = dict.fromkeys(COLUMNS, "") | {"source": "甲方", "translation": "Party A", "severity": severity}
    return report(worst=[DoubtfulRow(cells)], languages=("zh", "en"))


@pytest.mark.parametrize("severity", SEVERITIES)
def test_severity_is_said_in_words_and_by_a_shape(severity: str) -> None:
    tree = html.document_fromstring(page(doubtful(severity)))
    (label,) = tree.xpath("//article//b[@class='severity']")
    shape, word = label.text_content().split()
    assert word == severity
    others = {page(doubtful(one)).split('class="severity">')[1][0] for one in SEVERITIES}
    assert shape in others
    assert len(others) == 3


def test_texts_say_their_language() -> None:
    tree = html.document_fromstring(page(doubtful("major")))
    assert tree.get("lang") == "en"
    (source,) = tree.xpath("//div[@lang='zh']")
    (target,) = tree.xpath("//div[@class='pair']/div[@lang='en']")
    assert (source.text_content(), target.text_content()) == ("甲方", "Party A")


def test_the_page_has_landmarks_and_heads_of_columns() -> None:
    tree = html.document_fromstring(page(doubtful("major")))
    assert [child.tag for child in tree.body] == ["header", "main"]
    assert len(tree.xpath("//h1")) == 1
    assert all(head.get("scope") in ("col", "row") for head in tree.xpath("//th"))


def test_every_chart_has_its_values_as_text() -> None:
    tree = html.document_fromstring(page(report()))
    figures = tree.xpath("//figure")
    assert len(figures) == 4
    for figure in figures:
        assert figure.xpath(".//svg/@aria-label") == [figure.findtext("figcaption")]
        cells = [row.text_content() for row in figure.xpath(".//details//tr")]
        assert cells
        assert len(cells) >= len(figure.xpath(".//rect"))
    scores = figures[0].xpath(".//details//tr")
    assert [row.xpath("./*/text()") for row in scores][3] == ["0.15", "2"]
