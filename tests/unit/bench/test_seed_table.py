"""The seed's table is measured on real models in processes of their own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from batchtx.bench.seed_table import SEED, SeedRow, measure_model, table
from batchtx.bench.term_sets import TermPair
from batchtx.cli.bench import bench
from batchtx.errors import EngineError

PAIRS = [
    TermPair("系统将自动保存您的设置。", "The system saves your settings automatically."),
    TermPair("单击“确定”按钮以删除该文件。", "Click OK to delete the file."),
    TermPair("请输入用户名和密码。", "Enter your user name and password."),
]
STUDENT = SeedRow("student", 18.0, 0.005, 25.0, 76.0, 0.3)


def test_the_shipped_student_keeps_the_limits_in_a_process_of_its_own(tmp_path: Path) -> None:
    pytest.importorskip("sacrebleu")
    pairs = tmp_path / "pairs.tsv"
    lines = [f"business\t{pair.source}\t{pair.reference}\n" for pair in PAIRS]
    pairs.write_text("".join(lines), encoding="utf-8")
    result = CliRunner().invoke(bench, ["seed-table", str(pairs)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    (row,) = (line for line in result.output.splitlines() if line.startswith("| zh-en"))
    size, latency, bleu, memory, start = (float(cell) for cell in row.split("|")[2:7])
    assert 10 < size <= 45
    assert 0 < latency <= 0.1
    assert 5 < bleu <= 100
    # Less than this process takes with its test tools, so it is not what was measured.
    assert 20 < memory <= 150
    assert start > latency


def test_a_model_that_does_not_run_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "nothing"}), encoding="utf-8")
    with pytest.raises(EngineError, match=r"it did not run in the engine torch"):
        measure_model(str(tmp_path), PAIRS)


def test_ratios_and_missed_limits_are_worked_out() -> None:
    teacher = SeedRow("teacher", 36.0, 0.05, 25.5, 380.0, 3.0)
    text = table(STUDENT, teacher)
    # 18 / 210, 0.005 / 0.7, none for BLEU, 76 / 680, 0.3 / 5
    assert "| student / seed's student | 0.0857 | 0.00714 |  | 0.112 | 0.06 |" in text
    assert "| student / its teacher | 0.5 | 0.1 | 0.98 | 0.2 | 0.1 |" in text
    assert "The student keeps all limits." in text
    assert "BLEU lost against this teacher: 0.50" in text
    assert "Over the limit: size MB, start s." in table(replace(STUDENT, size_mb=46.0, start_s=1.1))
    assert "Over the limit: size MB, latency s, peak memory MB, start s." in table(SEED)
