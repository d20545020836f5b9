"""Somebody brings documents, fetches their translations, and brings a corrected sheet back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from tests.helpers.command import ROOT
from tests.helpers.service import RunningService, running_service
from tests.helpers.texts import sentences

MINUTES = "周例会纪要\n\n甲方应付款。\n乙方应在三十日内交货。\n"
DONE = ".job[data-state=done]"


def write(path: Path, text: str = MINUTES) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def saved(page: Any, name: str) -> tuple[str, bytes]:
    with page.expect_download() as found:
        page.get_by_role("link", name=name).click()
    path = found.value.path()
    return found.value.suggested_filename, Path(path).read_bytes()


def test_a_document_goes_there_and_back_with_its_corrected_sheet(page: Any, tmp_path: Path) -> None:
    page.get_by_label("Review sheet as").select_option("csv")
    page.set_input_files("#pick", write(tmp_path / "纪要.txt"))
    page.wait_for_selector(DONE)
    assert "words in" in page.inner_text(DONE)
    name, content = saved(page, "Download translation: 纪要.txt")
    assert name == "纪要.en.txt" and "Party A" in content.decode()
    name, content = saved(page, "Review sheet: 纪要.txt")
    assert name == "纪要.en.txt.review.csv"
    sheet = write(tmp_path / "corrected.csv", corrected(content, "甲方应付款。", "Party A shall pay."))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Corrected sheet back …: 纪要.txt").click()
    chooser.value.set_files(sheet)
    page.wait_for_selector(".outcome:has-text('1 corrected')")
    assert "Party A shall pay." in saved(page, "Download translation: 纪要.txt")[1].decode()


def corrected(sheet: bytes, source: str, correction: str) -> str:
    rows = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))
    for row in rows:
        if row["source"] == source:
            row["correction"] = correction
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def test_a_file_that_is_no_sheet_is_told_in_words(open_page: Any, tmp_path: Path) -> None:
    page = open_page(may_fail=True)
    page.set_input_files("#pick", write(tmp_path / "a.txt"))
    page.wait_for_selector(DONE)
    page.set_input_files(".job input[type=file]", write(tmp_path / "b.csv", "nothing,of,a,sheet\n"))
    page.wait_for_selector(".job .notice:not([hidden])")
    assert "cannot make sense" in page.inner_text(".job .notice")


def test_several_documents_are_dropped_at_once_and_texts_do_not_wait_for_them(page: Any) -> None:
    """A browser holds six connections to a host; streams of progress must leave some free."""
    page.evaluate(
        """() => {
          const files = new DataTransfer();
          const text = "甲方应付款。\\n乙方应在三十日内交货。\\n";
          for (let n = 0; n < 8; n += 1) files.items.add(new File([text.repeat(50 + n)], `文件${n}.txt`));
          const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
          document.getElementById("drop").dispatchEvent(drop);
        }"""
    )
    page.wait_for_selector(".job >> nth=7")
    page.fill("#source", "甲方应付款。")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#result .sentence")
    page.wait_for_selector(f"{DONE} >> nth=7", timeout=60_000)


def test_progress_is_told_and_a_document_can_be_cancelled(page: Any, tmp_path: Path) -> None:
    text = "\n".join(f"{sentence}{n}" for n in range(40) for sentence in sentences(200))
    page.set_input_files("#pick", write(tmp_path / "long.txt", text))
    page.wait_for_selector(".job-line:has-text('s left')", timeout=60_000)
    bar = page.get_by_role("progressbar", name="Progress of long.txt")
    assert 0 < float(bar.get_attribute("value")) < 1
    page.get_by_role("button", name="Cancel: long.txt").click()
    page.wait_for_selector(".job[data-state=cancelled]")
    assert "Cancelled" in page.inner_text("#documents-said")
    page.get_by_role("button", name="Remove: long.txt").click()
    page.wait_for_selector(".job", state="detached")


def test_a_document_of_an_unknown_kind_is_refused_by_its_name(open_page: Any, tmp_path: Path) -> None:
    page = open_page(may_fail=True)
    page.set_input_files("#pick", [write(tmp_path / "a.exe"), write(tmp_path / "b.txt")])
    refused = page.locator(".job", has_text="a.exe")
    refused.locator(".notice").wait_for()
    assert "format not supported" in refused.inner_text()
    page.wait_for_selector(f"{DONE}:has-text('b.txt')")
    refused.get_by_role("button", name="Remove: a.exe").click()
    refused.wait_for(state="detached")


def test_a_document_that_is_too_large_is_not_even_sent(open_page: Any, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    with running_service(folder, "--engine", "echo", "-j", "1", "--max-upload", "1") as small:
        page = open_page(small.url)
        page.set_input_files("#pick", write(tmp_path / "large.txt", "一" * 400_000))
        page.wait_for_selector(".job[data-state=error]")
        assert "larger than 1 MB" in page.inner_text(".job")


def test_documents_are_still_there_after_a_reload(page: Any) -> None:
    page.set_input_files("#pick", ROOT / "samples" / "采购合同.docx")
    page.wait_for_selector(DONE)
    page.reload()
    page.wait_for_selector(DONE)
    name, content = saved(page, "Download translation: 采购合同.docx")
    assert name == "采购合同.en.docx" and content[:2] == b"PK"


def test_a_document_that_is_gone_leaves_the_list(
    open_page: Any, service: RunningService, tmp_path: Path
) -> None:
    page = open_page(may_fail=True)
    page.set_input_files("#pick", write(tmp_path / "a.txt"))
    page.wait_for_selector(DONE)
    link = page.get_attribute(f"{DONE} a", "href")
    job, _, key = link.removeprefix("/documents/").partition("/result?key=")
    assert service.ask("DELETE", f"/documents/{job}?key={key}").status == 200
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector(".job", state="detached")
