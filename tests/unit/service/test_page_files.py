"""The files of the page, as they are served and packed."""

from __future__ import annotations

import configparser
import fnmatch
import re
from pathlib import Path

import pytest

from batchtx.service.app import PAGE
from tests.helpers.command import ROOT
from tests.helpers.service import service_here

FILES = sorted(path for path in PAGE.rglob("*") if path.is_file())
NAMES = [path.relative_to(PAGE).as_posix() for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_file_names_no_other_host_and_is_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    hosts = set(re.findall(r"https?://[^\s\"'<)]+", text)) - {"http://www.w3.org/2000/svg"}
    assert hosts == set()
    assert "//cdn" not in text and "@import" not in text
    assert text.count("\n") <= 400


def test_the_page_needs_no_inline_script_or_style_which_its_policy_forbids() -> None:
    text = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text)
    scripts = "".join(path.read_text(encoding="utf-8") for path in FILES if path.suffix == ".js")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", scripts
    )


def test_every_file_that_the_page_names_is_there() -> None:
    named = re.findall(r"/page/([\w./-]+)", (PAGE / "index.html").read_text(encoding="utf-8"))
    modules = [path for path in FILES if path.suffix == ".js"]
    for path in modules:
        named += [
            f"js/{name}" for name in re.findall(r'from "\./([\w-]+\.js)"', path.read_text(encoding="utf-8"))
        ]
        named += re.findall(r'"/page/([\w./-]+)"', path.read_text(encoding="utf-8"))
    assert set(named) <= set(NAMES)
    assert {name for name in NAMES if name != "index.html"} <= set(named), "a file that nobody asks for"


def test_every_file_goes_into_the_wheel() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    patterns = config["options.package_data"]["batchtx"].split()
    left = [name for name in NAMES if not any(_matches(f"service/page/{name}", one) for one in patterns)]
    assert left == []


def _matches(name: str, pattern: str) -> bool:
    """As setuptools matches: a star stays within its folder."""
    return name.count("/") == pattern.count("/") and fnmatch.fnmatch(name, pattern)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("", "text/html"), ("page/js/main.js", "text/javascript"), ("page/page.css", "text/css")],
)
def test_the_page_is_served_as_what_it_is_under_its_policy(tmp_path: Path, name: str, kind: str) -> None:
    with service_here(tmp_path) as client:
        answer = client.get(f"/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert "script-src 'self';" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_the_page_is_below_its_own_name_too(tmp_path: Path) -> None:
    with service_here(tmp_path) as client:
        assert client.get("/page").text == client.get("/").text
        assert client.get("/page/nothing.js").status_code == 404
        assert client.get("/page/..%2f..%2fapp.py").status_code == 404
