"""Pictures of the page of `batchtx serve`: `make page-pictures`; they go into docs/, or where -o says.

Needs Chromium (apt install chromium) and the extra `page-test`. A service with the shipped student starts,
a text and two documents are translated, and what a person would see is kept as PNG of few colours.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TEXT = (
    "甲方应在合同签订后三十日内向乙方支付全部款项，共计人民币 1,280,000 元。\n"
    "未经甲方书面同意，乙方不得将本合同转让给第三方。\n\n"
    "请确认手机的蓝牙和定位功能已经打开，并且距离不超过五米。\n"
    "周会工作回顾"
)


@dataclass(frozen=True)
class Picture:
    """What is drawn: the page in a language, a theme and a size."""

    name: str
    language: str
    theme: str
    width: int
    height: int
    documents: bool = False
    edit: bool = False


PICTURES = (
    Picture("page", "en", "light", 1360, 860),
    Picture("page-dark", "zh-CN", "dark", 1360, 1290, documents=True),
    Picture("page-phone", "zh-CN", "light", 390, 1080),
)
MORE = (
    Picture("glossary", "en", "light", 1360, 860, edit=True),
    Picture("glossary-phone", "zh-CN", "dark", 390, 844, edit=True),
    Picture("documents", "en", "light", 1360, 1120, documents=True),
    Picture("documents-phone", "en", "dark", 390, 2600, documents=True),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs")
    parser.add_argument("--all", action="store_true", help="also those that stand on no page")
    parser.add_argument("--engine", default="ctranslate2")
    options = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        print("pictures of the page need chromium: apt install chromium fonts-noto-cjk")
        return 3
    options.output.mkdir(parents=True, exist_ok=True)
    with _service(options.engine) as address, _browser(chromium) as browser:
        for picture in (*PICTURES, *(MORE if options.all else ())):
            path = options.output / f"{picture.name}.png"
            path.write_bytes(_small(_drawn(browser, address, picture)))
            print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return 0


@contextmanager
def _service(engine: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        names = ("legal", "general", "software")
        for name in names:
            shutil.copy(ROOT / "glossaries" / f"{name}.csv", folder)
        command = [sys.executable, "-m", "batchtx", "serve", "--port", "0", "--engine", engine, "-j", "1"]
        command += [part for name in names for part in ("-g", f"{name}.csv")]
        process = subprocess.Popen(
            [*command, "--edit-glossaries"],
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        try:
            assert process.stderr is not None
            found = re.search(r"http://\S+", process.stderr.readline())
            assert found, process.stderr.read()
            yield found[0]
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def _browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def _drawn(browser: Any, address: str, picture: Picture) -> bytes:
    context = browser.new_context(
        locale=picture.language,
        color_scheme=picture.theme,
        viewport={"width": picture.width, "height": picture.height},
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    page.fill("#source", TEXT)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#result .sentence")
    if picture.documents:
        page.set_input_files("#pick", sorted((ROOT / "samples").glob("*.docx")))
        page.wait_for_selector(".job[data-state=done] >> nth=1")
    if picture.edit:
        page.click("#glossaries li:first-child button")
        page.wait_for_selector("#glossary-rows tbody tr")
    page.evaluate("scrollTo(0, 0)")
    shot: bytes = page.screenshot()
    context.close()
    return shot


def _small(png: bytes) -> bytes:
    """The picture in 224 colours of its own: text on calm ground needs no more."""
    from PIL import Image

    out = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(224, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
