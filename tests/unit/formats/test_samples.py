"""The committed samples are what the script makes, and every one of them can be read and written."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from batchtx.formats import format_of
from batchtx.records import Unit
from tests.fixtures_docx import parts_of, read, translated

SAMPLES = Path(__file__).parents[3] / "samples"
NAMES = sorted(path.name for path in SAMPLES.iterdir() if format_of(path.name))


def units(path: Path) -> list[Unit]:
    fields = {"fields": ("text", "messages[].content")} if path.suffix == ".jsonl" else {}
    return read(path.read_bytes(), format_of(path.name) or "", **fields)


def test_there_is_a_sample_of_every_format() -> None:
    assert {format_of(name) for name in NAMES} == {"txt", "jsonl", "docx"}


def test_the_script_makes_the_committed_samples(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_samples", SAMPLES / "make_samples.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(tmp_path)
    for name in NAMES:
        assert units(tmp_path / name) == units(SAMPLES / name), name


@pytest.mark.parametrize("name", NAMES)
def test_echo_of_a_sample_changes_nothing(name: str) -> None:
    content = (SAMPLES / name).read_bytes()
    result = translated(content, {}, format_of(name) or "")
    if name.endswith(".docx"):
        assert parts_of(result) == parts_of(content)
    else:
        encoding = "gb18030" if "gb18030" in name else "utf-8"
        assert result.decode("utf-8") == content.decode(encoding)
