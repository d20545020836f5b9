"""The page for everybody: checked by axe, used without a mouse, on phones, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from batchtx.checks import CHECKS

PHONE = {"viewport": {"width": 390, "height": 844}}
DESK = {"viewport": {"width": 1360, "height": 900}}
TEXT = "乙方应按期交货。\n周会工作回顾"


def assert_accessible(page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs batchtx[page-test]")
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def translate(page: Any, text: str = TEXT) -> None:
    page.fill("#source", text)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#result:not(.busy) .sentence")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_axe_finds_nothing_in_any_state(
    open_page: Any, tmp_path: Path, language: str, theme: str, size: dict[str, Any]
) -> None:
    page = open_page(locale=language, color_scheme=theme, may_fail=True, **size)
    assert_accessible(page)  # empty
    translate(page)
    assert page.locator("#doubts-list li").count()
    page.locator("#doubts-list button").first.click()
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.exe").write_text(TEXT, encoding="utf-8")
    page.set_input_files("#pick", [tmp_path / "a.txt", tmp_path / "b.exe"])
    page.wait_for_selector(".job[data-state=done]")
    page.wait_for_selector(".job .notice:not([hidden])")
    page.click("#terms-add")
    page.click("summary")
    assert_accessible(page)  # translated, with doubts, documents, an error, terms
    page.locator("#source").press_sequentially("。")
    page.click("#glossaries button")
    page.wait_for_selector("#glossary-rows tbody tr")
    assert_accessible(page)  # a dialog over an old translation


@pytest.mark.parametrize("width", [320, 390, 700, 1000, 1360])
def test_nothing_stands_beside_the_screen(open_page: Any, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    translate(page, "https://example.org/" + "a" * 120 + " 甲方应付款。")
    page.click("#terms-add")
    page.click("summary")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_whole_way_goes_without_a_mouse(page: Any, tmp_path: Path) -> None:
    assert page.evaluate("document.activeElement.id") == "source"
    page.keyboard.type("乙方应按期交货。")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "translate-button"
    page.keyboard.press("Enter")
    page.wait_for_selector("#result .sentence")
    order = [press_tab(page) for _ in range(4)]
    assert order == ["copy-button", "sheet-kind", "pick-button", "SUMMARY"]
    page.keyboard.press("Shift+Tab")
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(tmp_path / "a.txt")
    page.wait_for_selector(".job[data-state=done]")
    assert press_tab(page) == "SUMMARY"
    assert [press_tab(page) for _ in range(4)] == ["A", "A", "BUTTON", "BUTTON"]  # fetch, sheet, back, remove
    page.keyboard.press("Enter")
    page.wait_for_selector(".job", state="detached")
    assert page.evaluate("document.activeElement.id") == "pick-button"


def test_a_dialog_gives_the_focus_back(page: Any) -> None:
    button = page.get_by_role("button", name="Edit terms")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#glossary-rows tbody tr")
    assert page.evaluate("document.activeElement.closest('dialog')?.id") == "glossary-dialog"
    page.keyboard.press("Escape")
    page.wait_for_selector("#glossary-dialog", state="hidden")
    assert button.evaluate("(button) => button === document.activeElement")


def press_tab(page: Any) -> str:
    page.keyboard.press("Tab")
    outline = page.evaluate(
        "(({ outlineStyle: a, outlineWidth: b }) => a + b)(getComputedStyle(document.activeElement))"
    )
    assert outline == "solid3px", "the focus is not to be seen"
    found: str = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return found


def test_results_and_progress_are_spoken(page: Any) -> None:
    live = page.evaluate(
        "[...document.querySelectorAll('[aria-live], [role=status], [role=alert]')].map((one) => one.id)"
    )
    assert {"result", "said", "text-error", "documents-said"} <= set(live)


def test_the_language_is_the_browsers_and_can_be_changed(open_page: Any) -> None:
    page = open_page(locale="zh-CN")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    assert page.inner_text("#translate-button") == "立即翻译"
    translate(page)
    assert "处请核对" in page.inner_text("#said")
    page.click("#language-button")
    assert page.get_attribute("html", "lang") == "en"
    assert page.inner_text("#translate-button") == "Translate"
    assert "to look at" in page.inner_text("#said")
    assert "Major" in page.inner_text("#doubts-list")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.get_attribute("html", "lang") == "en"
    assert (page.get_attribute("#source", "lang"), page.get_attribute("#result", "lang")) == ("zh-Hans", "en")


def test_every_phrase_is_there_in_both_languages(page: Any) -> None:
    keys = page.evaluate(
        """async () => {
          const { en } = await import("/page/js/words-en.js");
          const { zh } = await import("/page/js/words-zh.js");
          return [en, zh].map((table) => Object.entries(table).map(([name, phrase]) =>
            name + " " + [...phrase.matchAll(/\\{\\w+\\}/g)].map(String).sort()).sort());
        }"""
    )
    assert keys[0] == keys[1]
    silent = page.evaluate(
        """async () => {
          const { en } = await import("/page/js/words-en.js");
          return [...document.querySelectorAll("[data-word], [data-word-placeholder]")]
            .map((one) => one.dataset.word ?? one.dataset.wordPlaceholder).filter((name) => !en[name]);
        }"""
    )
    assert silent == []


def test_every_check_has_a_name_for_people(page: Any) -> None:
    names = page.evaluate(
        """async (checks) => {
          document.documentElement.lang = "zh-Hans";
          const { checkName } = await import("/page/js/words-checks.js");
          return checks.map(checkName);
        }""",
        list(CHECKS),
    )
    assert [name for name in names if name.isascii()] == []


def test_the_theme_is_the_systems_and_can_be_changed(open_page: Any) -> None:
    def ground(page: Any) -> str:
        found: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return found

    page = open_page(color_scheme="dark")
    dark = ground(page)
    page.get_by_role("button", name="Light").click()
    light = ground(page)
    assert dark != light
    page.reload()
    assert ground(page) == light
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Dark").click()
    assert ground(page) == dark
