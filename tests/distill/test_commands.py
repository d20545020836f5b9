"""The commands, from pairs to a bundle, for a pair of languages that is only a recipe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from batchtx.cli.distill import distill
from batchtx.distill.release.evaluate import BundleTranslator
from batchtx.student.bundle import load_bundle


@pytest.fixture
def reversed_recipe(tmp_path: Path) -> Path:
    """The toy recipe with the languages exchanged."""
    shipped = Path(__file__).parents[2] / "batchtx" / "distill" / "recipes" / "toy.toml"
    text = shipped.read_text(encoding="utf-8")
    text = text.replace('source_language = "zh"', 'source_language = "en"')
    text = text.replace('target_language = "en"', 'target_language = "zh"')
    path = tmp_path / "reversed.toml"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def run(*words: object) -> str:
    result = CliRunner().invoke(distill, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_an_accelerator_takes_one_worker(tmp_path: Path) -> None:
    words = ["train", str(tmp_path), str(tmp_path), "--device", "cuda", "--workers", "2"]
    result = CliRunner().invoke(distill, words)
    assert result.exit_code == 2
    assert "--device cuda takes one worker" in result.output


@pytest.mark.slow
def test_another_language_pair_goes_all_the_way_by_its_recipe(
    reversed_recipe: Path, tmp_path: Path, reversed_pairs_folder: Path
) -> None:
    data, folder, bundle = tmp_path / "data", tmp_path / "run", tmp_path / "en-zh"
    run("prepare", reversed_pairs_folder, data, "--recipe", reversed_recipe)
    run("train", data, folder, "--recipe", reversed_recipe, "--precision", "float32")
    test = data / "test.tsv"
    output = run(
        "export",
        data,
        folder,
        bundle,
        "--recipe",
        reversed_recipe,
        "--version",
        "0.0.1",
        "--held-out",
        test,
    )
    assert "tok:zh" in output
    assert "BLEU" in run("evaluate", bundle, "--held-out", test)
    run("curve", folder, tmp_path / "curve.svg")
    assert (tmp_path / "curve.svg").read_text(encoding="utf-8").count("<polyline") == 2
    manifest = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
    assert (manifest["source_language"], manifest["target_language"]) == ("en", "zh")
    (hypothesis,), _ = BundleTranslator(load_bundle(bundle)).translate(["We like tea every day."])
    assert hypothesis.startswith("我们")
    assert hypothesis.endswith("茶。")
