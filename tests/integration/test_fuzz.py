"""A few cases of each fuzzer: they find nothing, and find what is planted."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.formats.docx.check.unreached import Reached
from tests.fuzz import docx
from tests.fuzz.__main__ import FUZZERS, faults_of

N_CASES = 12


@pytest.mark.parametrize("name", FUZZERS)
def test_a_few_cases_are_without_fault(name: str) -> None:
    assert [fault for seed in range(1, N_CASES + 1) for fault in faults_of(name, seed)] == []


def test_text_that_is_dropped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was when what followed an element inside of w:t was not read."""
    monkeypatch.setattr("batchtx.formats.docx.story.settle_odd_runs", lambda root: None)
    monkeypatch.setattr(Reached, "others", lambda self, root: iter(()))
    found = [fault for seed in range(1, 30) for fault in docx.check(seed)]
    assert any("is neither in a unit, nor told" in fault for fault in found)
    assert any("coverage knows" in fault for fault in found)


def test_a_fault_is_named_with_its_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FUZZERS, "docx", lambda seed: iter([f"fault {seed}"]))
    assert faults_of("docx", 7) == ["fault 7"]
