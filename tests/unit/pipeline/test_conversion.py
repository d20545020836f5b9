"""Documents of older kinds are converted by LibreOffice: here a script with its options stands for it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import openpyxl
import pptx
import pytest

from batchtx.errors import ConfigError, DocumentError
from batchtx.formats import open_document
from batchtx.formats.conversion import Converter, converted_suffix, find_converter
from batchtx.formats.options import FormatChoices
from batchtx.language.zh_en import PAIR
from batchtx.pipeline.jobs import plan_documents
from batchtx.records import Unit
from tests.fixtures_docx import package, paragraph

SCRIPT = """#!/bin/sh
echo "$@" >> "{log}"
while [ $# -gt 1 ]; do
  case "$1" in --outdir) out="$2";; --convert-to) to="$2";; esac
  shift
done
{body}
"""
WORKS = 'mkdir -p "$out"; cp "{made}" "$out/in.$to"; echo "convert $1 -> done"'


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the program; its log tells how it was called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    made = tmp_path / "made.docx"
    made.write_bytes(package(paragraph("第一段。")))
    return install(folder, WORKS.format(made=made))


def install(folder: Path, body: str) -> Path:
    program = folder / "soffice"
    program.write_text(SCRIPT.format(log=folder / "log", body=body), encoding="utf-8")
    program.chmod(0o755)
    return folder


def calls(office: Path) -> list[str]:
    log = office / "log"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "-合同.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    return path


def test_a_document_is_converted_and_stays_beside_its_result(office: Path, old: Path) -> None:
    plan = plan_documents([str(old)], None, None, convert=True)
    job = plan.jobs[0]
    assert plan.sheet == old.with_name("-合同.en.docx.review.csv")
    assert job.source.path == old.with_name("-合同.doc.docx")
    assert (job.format, job.output) == ("docx", old.with_name("-合同.en.docx"))
    assert job.source.path.read_bytes() == (old.parent / "made.docx").read_bytes()
    assert "--headless" in calls(office)[0]
    assert "-env:UserInstallation=file:///" in calls(office)[0]
    assert not list(old.parent.glob(".*.part"))


def test_a_converted_document_is_used_again_until_the_old_one_changes(office: Path, old: Path) -> None:
    for _ in range(2):
        plan_documents([str(old)], None, None, convert=True)
    assert len(calls(office)) == 1
    os.utime(old, (time.time() + 9, time.time() + 9))
    plan_documents([str(old)], None, None, convert=True)
    assert len(calls(office)) == 2


def test_a_folder_is_converted_into_the_folder_of_results(office: Path, tmp_path: Path) -> None:
    folder = tmp_path / "zh" / "sub"
    folder.mkdir(parents=True)
    for name in ("a.doc", "b.xls", "c.ppt", "d.odt", "e.txt", "~$f.doc", ".g.doc", "h.png"):
        (folder / name).write_bytes(b"x")
    plan = plan_documents([str(tmp_path / "zh")], None, None, convert=True)
    assert [(job.format, job.output.name) for job in plan.jobs if job.output] == [
        ("docx", "a.docx"),
        ("xlsx", "b.xlsx"),
        ("pptx", "c.pptx"),
        ("docx", "d.docx"),
        ("txt", "e.txt"),
    ]
    assert (tmp_path / "zh.en" / "sub" / "a.doc.docx").is_file()
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["a.doc", "b.xls", "c.ppt", "d.odt", "e.txt", "~$f.doc", ".g.doc", "h.png"]
    )


def test_without_the_option_nothing_is_converted(office: Path, old: Path) -> None:
    with pytest.raises(ConfigError, match="--convert lets LibreOffice"):
        plan_documents([str(old)], None, None)
    assert not calls(office)


def test_a_document_that_cannot_be_converted_is_one_that_failed(office: Path, old: Path) -> None:
    install(office, 'echo "Error: source file could not be loaded"')
    job = plan_documents([str(old)], None, None, convert=True).jobs[0]
    with pytest.raises(
        DocumentError, match=r"合同\.doc: .*could not convert it: Error: source file"
    ) as caught:
        job.source.open()
    assert "\n" not in str(caught.value)


def test_a_program_that_hangs_is_ended_with_all_it_started(office: Path, old: Path, tmp_path: Path) -> None:
    install(office, f'(sleep 60; touch "{tmp_path}/late") & echo $! > "{tmp_path}/child"; wait')
    start = time.monotonic()
    with pytest.raises(DocumentError, match=r"no answer within 0\.5 s"):
        Converter("soffice", 0.5).convert(old, tmp_path / "x.docx")
    assert time.monotonic() - start < 30
    child = int((tmp_path / "child").read_text())
    assert not running(child)


def running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_without_the_program_the_error_says_how(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(
        ConfigError, match=r"no soffice on PATH; install it .* or save the document as \.docx"
    ):
        plan_documents([str(old)], None, None, convert=True)
    with pytest.raises(ConfigError, match=r"save the document as \.xlsx"):
        find_converter("a.xls")


def test_what_is_converted_to_what() -> None:
    pairs = {
        name: converted_suffix(name) for name in ("a.DOC", "a.rtf", "a.xls", "a.odp", "a.docx", "a.pot", "a")
    }
    assert pairs == {
        "a.DOC": ".docx",
        "a.rtf": ".docx",
        "a.xls": ".xlsx",
        "a.odp": ".pptx",
        "a.docx": "",
        "a.pot": "",
        "a": "",
    }


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize(
    ("kind", "suffix"), [("docx", ".odt"), ("docx", ".doc"), ("xlsx", ".xls"), ("pptx", ".ppt")]
)
def test_libreoffice_itself_converts_there_and_back(kind: str, suffix: str, tmp_path: Path) -> None:
    original = tmp_path / f"原.{kind}"
    if kind == "docx":
        original.write_bytes(package(paragraph("第一段。")))
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        book.active["A1"] = "第一段。"
        book.save(original)
    else:
        deck = pptx.Presentation()
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "第一段。"
        deck.save(original)
    old = tmp_path / f"旧{suffix}"
    find_converter("x").convert(original, old)
    plan = plan_documents([str(old)], tmp_path / "out", None, convert=True)
    document = open_document(plan.jobs[0].format, plan.jobs[0].source, FormatChoices(), PAIR)
    assert "第一段。" in [unit.text for unit in document.units() if isinstance(unit, Unit)]
