"""The measurements of the review bench: rankings, the fit, planted errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from batchtx.bench.corpus import segments
from batchtx.bench.planted import KINDS, measure_checks, with_segments
from batchtx.bench.qe_fit import auc, calibration_error, fit_logistic, found_in_top, worst
from batchtx.bench.quality_estimation import Example, Judged, fit, rank, read_set
from batchtx.errors import ConfigError
from batchtx.glossary.table import Entry, Glossary, from_entries
from batchtx.quality.estimate import from_json
from batchtx.records import Outcome, Segment
from tests.helpers.command import run


def test_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    bad = np.array([True, False, True, False])
    # bad 3 and 1 against good 2 and 1: right, right, wrong, tie (half)
    assert auc([3.0, 2.0, 1.0, 1.0], bad) == pytest.approx(2.5 / 4)


def test_counts_the_bad_ones_in_the_top_of_the_list() -> None:
    bad = worst([10.0, 90.0, 20.0, 80.0, 70.0], 0.4)
    assert bad.tolist() == [True, False, True, False, False]
    assert found_in_top([5.0, 4.0, 1.0, 0.0, 0.0], bad, 0.4) == 0.5


def test_calibration_is_perfect_when_the_told_risk_is_the_share() -> None:
    bad = np.array([True, False, False, False])
    assert calibration_error([0.25] * 4, bad) == 0.0
    assert calibration_error([0.75] * 4, bad) == pytest.approx(0.5)


def test_the_fit_finds_the_weights_that_made_the_data() -> None:
    generator = np.random.default_rng(1)
    values = generator.normal(size=(20_000, 2)) * [1.0, 10.0] + [0.0, 5.0]
    risk = 1 / (1 + np.exp(-(-1.0 + 2.0 * values[:, 0] + 0.1 * values[:, 1])))
    bias, weights = fit_logistic(values, generator.random(20_000) < risk)
    assert bias == pytest.approx(-1.0, abs=0.1)
    assert weights == pytest.approx([2.0, 0.1], abs=0.1)


def test_a_fit_ranks_unsure_translations_first() -> None:
    outcomes = [Outcome("A fine word.", -2.0 if n % 5 == 0 else -0.1 - n / 1000) for n in range(100)]
    quality = [5.0 if n % 5 == 0 else 60.0 + n for n in range(100)]
    sources = [Segment("d", str(n), "", 0, "很好的词。") for n in range(100)]
    judged = Judged("toy", ("",) * 100, tuple(sources), tuple(outcomes), tuple(quality))
    ranking = rank(judged, fit([judged], "toy"))
    assert ranking.auc == 1.0
    assert ranking.found == ranking.sheet == 1.0


def test_reads_tables_and_pairs_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("law\t甲方\tParty A\nlaw\t乙方\tParty B\n", encoding="utf-8")
    (tmp_path / "dev.zh").write_text("甲方\n", encoding="utf-8")
    (tmp_path / "dev.en").write_text("Party A\n", encoding="utf-8")
    examples = [Example("甲方", "Party A", "law"), Example("乙方", "Party B", "law")]
    assert read_set(tmp_path / "a.tsv") == examples
    assert read_set(tmp_path / "dev") == [Example("甲方", "Party A")]
    with pytest.raises(ConfigError, match="neither a TSV nor a pair"):
        read_set(tmp_path / "none")


PAIRS = [
    Example(
        "甲方不得在2023年5月1日转让股权（见https://a.b/c）。",
        "Party A shall not transfer the shares on May 1, 2023 (see https://a.b/c).",
    ),
    Example("甲方应支付30元，并通知乙方。", "Party A shall pay 30 yuan and notify Party B of it at once."),
]


def test_finds_every_kind_of_planted_error_and_lets_the_references_pass() -> None:
    glossary = from_entries([Entry("甲方", ("Party A",))])
    scores = measure_checks(with_segments(PAIRS, glossary, 1))
    assert scores.false_flags == {}
    assert {found.name for found in scores.found if found.n_planted} == {kind.name for kind in KINDS}
    missed = [found.name for found in scores.found if found.n_found < found.n_planted]
    assert missed in ([], ["second half cut"])


def test_without_a_place_for_an_error_none_is_planted() -> None:
    scores = measure_checks(with_segments([Example("好", "OK")], Glossary(), 1))
    assert [found.name for found in scores.found if found.n_planted] == []


def test_the_command_shows_both_tables(tmp_path: Path) -> None:
    lines = "".join(f"{pair.source}\t{pair.reference}\n" for pair in PAIRS)
    (tmp_path / "set.tsv").write_text(lines, encoding="utf-8")
    shown = run("bench", "checks", "set.tsv", cwd=tmp_path).stdout.decode()
    assert "| number changed | 2 | 100.0 | numbers |" in shown
    assert "| any | 0.00 |" in shown


def test_fits_and_measures_with_the_shipped_student(tmp_path: Path) -> None:
    pytest.importorskip("sacrebleu")
    lines = [f"{source}\tThe system shall {n} the report.\n" for n, source in enumerate(segments(60))]
    (tmp_path / "set.tsv").write_text("".join(lines), encoding="utf-8")
    command = ("bench", "review", "--fit", "set.tsv", "-o", "fit.json", "set.tsv", "--json", "out.json")
    assert "| set.tsv | 60 |" in run(*command, cwd=tmp_path).stdout.decode()
    (measured,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert 0.5 < measured["auc"] <= 1.0  # it has seen the answers
    from_json((tmp_path / "fit.json").read_text(encoding="utf-8"))


def test_says_when_a_set_is_too_small_to_fit(tmp_path: Path) -> None:
    (tmp_path / "set.tsv").write_text("你好世界\tHello\n", encoding="utf-8")
    done = run("bench", "review", "set.tsv", cwd=tmp_path, code=2)
    assert b"too few" in done.stderr
