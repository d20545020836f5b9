"""The program of docs/library.md runs, and does what the command line does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.helpers.command import ROOT, environment


def test_the_program_of_the_page_translates_a_folder(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert program is not None
    (tmp_path / "program.py").write_text(program[1], encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("你好，世界。\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["0 ['out/a.txt']"]
    by_library = (tmp_path / "out" / "a.txt").read_bytes()
    command = ["translate", "docs", "-o", "out2", "--engine", "pseudo", "-q"]
    subprocess.run([sys.executable, "-m", "batchtx", *command], cwd=tmp_path, env=environment(), check=True)
    assert (tmp_path / "out2" / "a.txt").read_bytes() == by_library
