"""The parent's memory does not grow with the input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.command import run

MB = 1_000_000


def peak(folder: Path, name: str, size_bytes: int, line: str) -> int:
    with (folder / name).open("w", encoding="utf-8") as file:
        written = number = 0
        while written < size_bytes:
            number += 1
            written += file.write(line.replace("#", str(number))) * 2
    run(
        "translate",
        name,
        "--engine",
        "echo",
        "--no-memory",
        "--report",
        "r.json",
        "-q",
        cwd=folder,
        code=None,
    )
    return int(json.loads((folder / "r.json").read_text(encoding="utf-8"))["peak_memory_bytes"]["parent"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        '{"id": #, "text": "' + "第#份合同应当在签字之后三十日内生效，并由双方各执一份。" * 8 + '"}\n',
        "{bad line #\n",
    ],
    ids=["good lines", "bad lines"],
)
def test_parent_memory_stays_flat(tmp_path: Path, line: str) -> None:
    small = peak(tmp_path, "small.jsonl", 2 * MB, line)
    large = peak(tmp_path, "large.jsonl", 20 * MB, line)
    assert large - small < 20 * MB


def test_long_lines_with_little_to_translate_are_not_piled_up(tmp_path: Path) -> None:
    line = '{"pad": "' + "x" * 30_000 + '", "text": "第#份合同"}\n'
    small = peak(tmp_path, "small.jsonl", 2 * MB, line)
    large = peak(tmp_path, "large.jsonl", 200 * MB, line)  # 100 MB: Latin letters count twice in `peak`
    assert large - small < 30 * MB
