"""A service with a page, and a Chromium that looks at it; skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.service import RunningService, running_service

TERMS = "source,target,case,note\n甲方,Party A,keep,contracts\n乙方,Party B,keep,contracts\n"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_AUDIO = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")

OpenPage = Callable[..., Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser, which is slow to start."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="needs batchtx[page-test]")
    with api.sync_playwright() as playwright:
        own = playwright.chromium.executable_path  # where `playwright install chromium` puts one
        chromium = CHROMIUM or (own if Path(own).exists() else None)
        if chromium is None:
            pytest.skip("needs Chromium: apt install chromium, or playwright install chromium")
        # as root, and in containers, Chromium has no sandbox
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", *_AUDIO])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder = tmp_path_factory.mktemp("page")
    (folder / "terms.csv").write_text(TERMS, encoding="utf-8")
    with running_service(
        folder, "-g", "terms.csv", "-j", "1", "--edit-glossaries", "--max-chars", "400"
    ) as one:
        one.wait_until_warm()
        yield one


@pytest.fixture
def open_page(browser: Any, service: RunningService) -> Iterator[OpenPage]:
    """Opens the page as a browser would; at the end nothing foreign was asked and no script had failed."""
    with ExitStack() as stack:

        def open_page(url: str = service.url, may_fail: bool = False, **options: Any) -> Any:
            context = browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce"} | options)
            stack.callback(context.close)
            faults: list[str] = []
            context.on("request", lambda asked: _note_foreign(asked.url, url, faults))
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.on("filechooser", lambda chooser: None)  # from now on, or one that opens at once is missed
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda said: _note_error(said, may_fail, faults))
            stack.callback(lambda: _none(faults))
            page.goto(url)
            page.wait_for_selector("html[data-ready]")
            return page

        yield open_page


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    return open_page()


def _note_foreign(asked: str, url: str, faults: list[str]) -> None:
    if not asked.startswith((url, "data:", "blob:")):
        faults.append(f"asked {asked}")


def _note_error(said: Any, may_fail: bool, faults: list[str]) -> None:
    """Answers that are errors are written to the console too; a test that wants them says so."""
    if said.type == "error" and not (may_fail and "Failed to load resource" in said.text):
        faults.append(said.text)


def _none(faults: list[str]) -> None:
    assert faults == []
