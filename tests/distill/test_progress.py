"""What a user sees while training: a bar on a terminal, readable lines in a pipe, nothing twice."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

WORDS = [sys.executable, "-m", "batchtx.cli.distill", "train"]


def train(data: Path, run: Path, *more: str) -> list[str]:
    options = ["--recipe", "toy", "--precision", "float32", "--max-steps", "40", "--total-tokens", "60000"]
    return [*WORDS, str(data), str(run), *options, *more]


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_pipe_gets_a_line_every_twenty_updates(toy_data: Path, tmp_path: Path, workers: str) -> None:
    given = subprocess.run(
        train(toy_data, tmp_path, "--workers", workers), capture_output=True, text=True, check=True
    )
    lines = [line.partition(" step ")[2] for line in given.stderr.splitlines() if " step " in line]
    assert [line.partition(",")[0] for line in lines] == ["0", "20", "40", "40"]
    assert lines[0] == "0, 0.00 M tokens: mle"
    figures = r"20, 0\.01 M tokens: train loss \d\.\d{3}, \d\.\d{3} nats a token, [\d,]+ tokens/s"
    assert re.fullmatch(figures, lines[1])
    assert re.fullmatch(r"40, 0\.02 M tokens: dev \d\.\d{3} nats a token", lines[3])
    assert "%|" not in given.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "planned", [(), pytest.param(("--planned-s", "500"), marks=pytest.mark.slow)], ids=["tokens", "seconds"]
)
def test_a_terminal_gets_a_bar_of_the_whole_plan(
    toy_data: Path, tmp_path: Path, planned: tuple[str, ...]
) -> None:
    pty = pytest.importorskip("pty")
    termios = pytest.importorskip("termios")
    subprocess.run(train(toy_data, tmp_path), capture_output=True, check=True)
    main, terminal = pty.openpty()
    termios.tcsetwinsize(main, (24, 120))
    process = subprocess.Popen(train(toy_data, tmp_path, *planned), stderr=terminal)
    text = _read_all(main, terminal, process)
    assert process.returncode == 0
    assert re.search(r"mle: +\d+%\|", text)
    assert "/500 s" in text if planned else "/60.0k" in text
    assert re.search(
        r"loss \d\.\d{3}, \d\.\d{3} nats a token" + (r", [\d,]+ tokens/s" if planned else r"\]"), text
    )
    assert "step 80, 0.04 M tokens: dev " in text
    assert "train loss" not in text, "those figures are in the bar"


def _read_all(main: int, terminal: int, process: subprocess.Popen[bytes]) -> str:
    """What a process writes to a terminal, to its end."""
    os.close(terminal)
    parts = []
    try:
        while part := os.read(main, 4096):
            parts.append(part)
    except OSError:  # how Linux says that the other side was closed
        pass
    process.wait()
    os.close(main)
    return b"".join(parts).decode("utf-8")
