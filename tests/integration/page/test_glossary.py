"""Somebody chooses glossaries, edits them, and brings terms of their own."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.service import RunningService, running_service

PAY = "甲方应付款。"
ROWS = "source,target,case,forbidden,domain,note\n甲方,Party A,keep,,law,contracts\n付款,payment|pay,,,,\n"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningService]:
    (tmp_path / "legal.csv").write_text(ROWS, encoding="utf-8")
    with running_service(tmp_path, "-g", "legal.csv", "-j", "1", "--edit-glossaries") as service:
        service.wait_until_warm()
        yield service


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def translated(page: Any, text: str) -> str:
    page.fill("#source", "")
    page.fill("#source", text)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#result:not(.old):not(.busy) .sentence")
    found: str = page.inner_text("#result")
    return found


def test_a_glossary_that_is_not_chosen_is_not_used(page: Any) -> None:
    translated(page, PAY)
    assert page.locator("#source-marks mark.term").first.inner_text() == "甲方"
    page.get_by_role("checkbox", name="legal").uncheck()
    translated(page, PAY)
    assert page.locator("#source-marks mark.term").count() == 0


def test_a_term_of_ones_own_wins_and_stays_after_a_reload(page: Any) -> None:
    page.get_by_role("button", name="Add a row").click()
    page.keyboard.type("甲方")
    page.keyboard.press("Tab")
    page.keyboard.type("The Buyer")
    assert "The Buyer" in translated(page, PAY)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.get_by_label("Translation, row 1").input_value() == "The Buyer"
    page.get_by_role("button", name="Remove row 1").click()
    assert "Party A" in translated(page, PAY)


def test_rows_are_changed_added_and_saved_and_what_is_not_shown_stays(page: Any, tmp_path: Path) -> None:
    page.get_by_role("button", name="Edit legal").click()
    page.get_by_label("Translation, row 2").fill("The Purchaser")
    page.locator("#glossary-add").click()
    page.keyboard.type("乙方")
    page.keyboard.press("Tab")
    page.keyboard.type("The Supplier")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("#glossary-more:text('Saved.')")
    rows = rows_of(tmp_path / "legal.csv")
    assert [row["target"] for row in rows] == ["The Purchaser", "payment|pay", "The Supplier"]
    assert (rows[0]["domain"], rows[0]["case"], rows[0]["note"]) == ("law", "keep", "contracts")
    page.get_by_role("button", name="Close").click()
    assert "3 rows" in page.inner_text("#glossaries")
    assert "The Purchaser" in translated(page, PAY)


def test_a_row_is_found_and_removed(page: Any, tmp_path: Path) -> None:
    page.get_by_role("button", name="Edit legal").click()
    page.get_by_label("Find").fill("payment")
    assert page.locator("#glossary-rows tbody tr").count() == 1
    page.get_by_role("button", name="Remove row 3").click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("#glossary-more:text('Saved.')")
    assert [row["source"] for row in rows_of(tmp_path / "legal.csv")] == ["甲方"]


def test_a_glossary_with_an_error_is_not_saved_and_told_why(open_page: Any, tmp_path: Path) -> None:
    page = open_page(may_fail=True)
    page.get_by_role("button", name="Edit legal").click()
    page.get_by_label("Translation, row 2").fill("甲方")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("#glossary-error:not([hidden])")
    assert "Row 2" in page.inner_text("#glossary-findings")
    assert rows_of(tmp_path / "legal.csv")[0]["target"] == "Party A"


def test_changes_are_not_lost_by_a_slip(page: Any) -> None:
    page.get_by_role("button", name="Edit legal").click()
    page.get_by_label("Translation, row 2").fill("Buyer")
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("button", name="Close").click()
    assert asked and page.get_by_label("Translation, row 2").input_value() == "Buyer"


def test_without_leave_a_glossary_can_only_be_read(open_page: Any, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "legal.csv").write_text(ROWS, encoding="utf-8")
    with running_service(folder, "-g", "legal.csv", "--engine", "echo", "-j", "1", "--data", "data") as fixed:
        page = open_page(fixed.url)
        page.get_by_role("button", name="View legal").click()
        cell = page.get_by_label("Translation, row 2")
        assert cell.input_value() == "Party A" and cell.get_attribute("readonly") is not None
        assert page.get_by_role("button", name="Save").count() == 0
        assert "--edit-glossaries" in page.inner_text("#glossary-dialog-hint")


def test_a_service_without_glossaries_says_so(open_page: Any, tmp_path: Path) -> None:
    folder = tmp_path / "none"
    folder.mkdir()
    with running_service(folder, "--engine", "echo", "-j", "1", "--data", "data") as bare:
        page = open_page(bare.url)
        assert page.locator("#glossaries-none").is_visible()
