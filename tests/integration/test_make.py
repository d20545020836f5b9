"""The pattern rules for content pipelines, with GNU make."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.command import environment
from tests.helpers.texts import text

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make here")

MAKEFILE = """
BATCHTX := {python} -m batchtx
BATCHTX_FLAGS := --engine pseudo -q
include $(shell $(BATCHTX) makefile)
all: a.en.txt b.en.jsonl
"""


def make(folder: Path) -> str:
    done = subprocess.run(
        ["make", "all"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


def test_only_changed_documents_are_translated(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(MAKEFILE.format(python=sys.executable), encoding="utf-8")
    (tmp_path / "a.txt").write_text(text(5), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "甲方付款。"}\n', encoding="utf-8")
    first = make(tmp_path)
    assert "a.txt" in first
    assert "b.jsonl" in first
    assert "Nothing to be done" in make(tmp_path)
    (tmp_path / "a.txt").write_text(text(6), encoding="utf-8")
    later = time.time() + 2
    os.utime(tmp_path / "a.txt", (later, later))
    again = make(tmp_path)
    assert "a.txt" in again
    assert "b.jsonl" not in again


def test_a_touched_but_equal_document_is_up_to_date_for_make_too(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(MAKEFILE.format(python=sys.executable), encoding="utf-8")
    (tmp_path / "a.txt").write_text(text(5), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "甲方付款。"}\n', encoding="utf-8")
    make(tmp_path)
    os.utime(tmp_path / "a.txt")
    make(tmp_path)
    assert "Nothing to be done" in make(tmp_path)
