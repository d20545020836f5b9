"""The recipes of docs/library.md for Snakemake and DVC, run by those programs; for make see test_make.py."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.helpers.command import ROOT, environment
from tests.helpers.texts import text

PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
SNAKEFILE = re.search(r"```text\n(rule translate:.*?)```", PAGE, re.DOTALL)
DVC_YAML = re.search(r"```yaml\n(stages:.*?)```", PAGE, re.DOTALL)

pytestmark = pytest.mark.slow


def missing(name: str) -> bool:
    return find_spec(name) is None


def module(*arguments: str, folder: Path) -> str:
    bins = f"{Path(sys.executable).parent}:{environment()['PATH']}"
    quiet = {"DVC_NO_ANALYTICS": "1", "PYTHONWARNINGS": "ignore", "PATH": bins, "HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**environment(), **quiet},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.skipif(
    missing("snakemake"), reason="snakemake is not installed: pip install 'batchtx[workflows]'"
)
def test_snakemake_translates_only_the_changed_documents(tmp_path: Path) -> None:
    assert SNAKEFILE is not None
    (tmp_path / "docs").mkdir()
    for name in ("a", "b"):
        (tmp_path / "docs" / f"{name}.txt").write_text(text(3), encoding="utf-8")
    wanted = ["out/a.en.txt", "out/b.en.txt"]
    (tmp_path / "Snakefile").write_text(SNAKEFILE[1].replace("docx", "txt"), encoding="utf-8")
    first = module("snakemake", "--cores", "1", *wanted, folder=tmp_path)
    assert "2 of 2 steps (100%) done" in first
    assert all((tmp_path / name).read_text(encoding="utf-8").isascii() for name in wanted)
    (tmp_path / "docs" / "a.txt").write_text(text(4), encoding="utf-8")
    again = module("snakemake", "--cores", "1", *wanted, folder=tmp_path)
    assert "1 of 1 steps (100%) done" in again
    last = (tmp_path / wanted[0]).read_text(encoding="utf-8")
    assert last != (tmp_path / wanted[1]).read_text(encoding="utf-8")


@pytest.mark.skipif(missing("dvc"), reason="dvc is not installed: pip install 'batchtx[workflows]'")
def test_dvc_repeats_the_stage_only_when_something_changed(tmp_path: Path) -> None:
    assert DVC_YAML is not None
    for name in ("docs", "glossaries"):
        (tmp_path / name).mkdir()
    (tmp_path / "docs" / "a.txt").write_text(text(3), encoding="utf-8")
    (tmp_path / "glossaries" / "terms.csv").write_text("source,target\n甲方,Party A\n", encoding="utf-8")
    (tmp_path / "dvc.yaml").write_text(DVC_YAML[1], encoding="utf-8")
    module("dvc", "init", "--no-scm", "-q", folder=tmp_path)
    module("dvc", "repro", folder=tmp_path)
    report = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert report["exit_code"] == 0
    assert (tmp_path / "out" / "a.txt").is_file()
    assert "up to date" in module("dvc", "repro", folder=tmp_path)
    (tmp_path / "glossaries" / "terms.csv").write_text("source,target\n甲方,Side A\n", encoding="utf-8")
    assert "Running stage" in module("dvc", "repro", folder=tmp_path)
