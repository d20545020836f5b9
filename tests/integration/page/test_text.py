"""Somebody types a text and reads its translation."""

from __future__ import annotations

from typing import Any

from tests.helpers.service import RunningService

TEXT = "甲方应付款。\n乙方应在三十日内交货。"


def translate(page: Any, text: str) -> str:
    page.fill("#source", text)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#result:not(.old):not(.busy) .sentence")
    found: str = page.inner_text("#result")
    return found


def test_a_text_is_translated_by_the_button_as_programs_have_it(page: Any, service: RunningService) -> None:
    page.fill("#source", TEXT)
    page.get_by_role("button", name="Translate", exact=True).click()
    page.wait_for_selector("#result .sentence")
    wanted = service.ask("POST", "/translate", {"text": TEXT}).json["translation"]
    assert page.inner_text("#result") == wanted
    assert "30 days" in wanted


def test_terms_of_the_glossary_are_marked_on_both_sides(page: Any) -> None:
    translate(page, f"𠮷𠮷{TEXT}")
    assert page.locator("#source-marks mark.term").all_text_contents() == ["甲方", "乙方"]
    marked = "".join(page.locator("#result mark.term").all_text_contents())
    assert "Party A" in marked and "Party B" in marked
    assert page.locator("#found-list li").count() == 2


def test_what_is_doubted_is_marked_and_told_in_words(page: Any) -> None:
    translate(page, f"{TEXT}\n上周工作回顾")
    doubts = page.locator("#doubts-list li")
    assert doubts.count() == 2
    assert "Major" in doubts.first.inner_text() and "day of the week" in doubts.first.inner_text()
    assert page.locator("#result mark.flag.major").all_text_contents() == ["Monday"]
    assert "2 to look at" in page.inner_text("#said")
    doubts.first.get_by_role("button").click()
    assert page.locator("#result .sentence.shown").inner_text() == "Top Monday"
    assert page.locator("#result mark.shown").inner_text() == "Monday"
    assert page.inner_text("#score-number").endswith("%")
    assert page.inner_text("#score-label") == "Lowest score"


def test_characters_are_counted_as_the_service_counts_them(open_page: Any) -> None:
    page = open_page(may_fail=True)
    page.fill("#source", "𠮷" * 400)
    assert page.inner_text("#count") == "400 of 400 characters"
    page.fill("#source", "𠮷" * 401)
    assert "1 too many" in page.inner_text("#count")
    assert page.get_attribute("#source", "aria-invalid") == "true"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#text-error:not([hidden])")
    assert "400" in page.inner_text("#text-error")


def test_a_source_that_changes_makes_its_translation_old(page: Any) -> None:
    translate(page, TEXT)
    page.locator("#source").press_sequentially("。")
    assert page.locator("#source-marks mark").count() == 0
    assert "changed" in page.inner_text("#said")
    assert "old" in page.get_attribute("#result", "class")
    page.get_by_role("button", name="Clear").click()
    assert page.input_value("#source") == ""


def test_marks_lie_exactly_below_the_words_of_the_source(page: Any) -> None:
    text = "\n".join(
        f"第{n}条 甲方应付款 and some words\tof English，乙方应在三十日内交货。" for n in range(8)
    )
    for width in (390, 700, 1200, 1500):
        page.set_viewport_size({"width": width, "height": 900})
        page.fill("#source", text)
        heights = page.evaluate(
            "['source', 'source-marks'].map((id) => document.getElementById(id).scrollHeight)"
        )
        box, layer = page.locator("#source").bounding_box(), page.locator("#source-marks").bounding_box()
        assert heights[0] == heights[1]
        assert box == layer


def test_a_translation_that_takes_long_can_be_stopped(page: Any) -> None:
    page.route("**/translate", lambda route: None)
    page.fill("#source", TEXT)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.wait_for_selector("#said:text('Stopped')")
    page.unroute("**/translate")
    translate(page, TEXT)


def test_a_service_that_is_gone_is_told_in_words(open_page: Any) -> None:
    page = open_page(may_fail=True)
    page.route("**/translate", lambda route: route.abort())
    page.fill("#source", TEXT)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#text-error:not([hidden])")
    assert "does not answer" in page.inner_text("#text-error")
    assert page.inner_text("#translate-button") == "Translate"


def test_a_text_is_never_markup(page: Any) -> None:
    translate(page, '甲方<img src=x onerror="document.title=1">应付款 <b>粗体</b>')
    assert page.locator("#result img, #result b, #source-marks img, #found img").count() == 0
    assert page.title() == "batchtx"
