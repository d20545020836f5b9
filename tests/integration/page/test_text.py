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
    translate(page, "乙方应在三十日内交货。\n周会工作回顾")
    doubts = page.locator("#doubts-list li")
    assert doubts.count() == 2
    assert "Major" in doubts.first.inner_text() and "day of the week" in doubts.first.inner_text()
    assert page.locator("#result mark.flag.major").all_text_contents() == ["Monday"]
    assert "2 to look at" in page.inner_text("#said")
    doubts.first.get_by_role("button").click()
    assert page.locator("#result .sentence.shown").inner_text() == "Monday will look back"
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


def test_marks_of_every_kind_stand_where_the_service_says(page: Any) -> None:
    """Offsets count characters, not units of UTF-16; what is marked twice shows the worse of both."""
    source, target = "𠮷甲方付款，乙方收款。", "𠮷 Party A pays. 𠮷 The buyer gets."

    def flag(check: str, severity: str, spans: list[list[int]], sources: list[list[int]]) -> dict[str, Any]:
        told = {"check": check, "severity": severity, "message": f"about {check}"}
        return {**told, "source_spans": sources, "target_spans": spans}

    def sentence(at: list[int], texts: list[str], flags: Any, term: Any) -> dict[str, Any]:
        places = {"source_start": at[0], "target_start": at[1], "source": texts[0], "target": texts[1]}
        return {**places, "origin": "mt", "score": 0.5, "flags": flags, "terms": [term]}

    def term(start: int, end: int, text: str, translation: str) -> dict[str, Any]:
        return {"start": start, "end": end, "source": text, "targets": [translation], "required": True}

    first = [flag("numbers", "critical", [[2, 9]], []), flag("other_check", "minor", [[8, 14]], [])]
    second = [flag("term_missed", "major", [], [[1, 3]])]
    sentences = [
        sentence([0, 0], [source[:6], target[:15]], first, term(1, 3, "甲方", "Party A")),
        sentence([5, 16], [source[5:], target[16:]], second, term(1, 3, "乙方", "the seller")),
    ]
    flags = [*first, *second]
    answer = {"translatedText": target, "details": {"score": 0.5, "flags": flags, "sentences": sentences}}
    page.route("**/translate", lambda route: route.fulfill(json=answer))
    translate(page, source)
    assert page.locator("#source-marks mark.term").all_text_contents() == ["甲方", "乙方"]
    assert page.locator("#source-marks mark.major").all_text_contents() == ["乙方"]
    assert "".join(page.locator("#result mark.term").all_text_contents()) == "Party A"
    assert "".join(page.locator("#result mark.critical").all_text_contents()) == "Party A"
    assert page.locator("#result mark.minor").all_text_contents() == [" pays"]
    order = page.locator("#doubts-list .severity").all_text_contents()
    assert order == ["■Critical", "▲Major", "○Minor"]
    assert "other check" in page.inner_text("#doubts-list")
    assert page.locator("#found-list li").all_inner_texts()[1].endswith("not in the translation")


def test_a_text_is_never_markup(page: Any) -> None:
    translate(page, '甲方<img src=x onerror="document.title=1">应付款 <b>粗体</b>')
    assert page.locator("#result img, #result b, #source-marks img, #found img").count() == 0
    assert page.title() == "batchtx"
