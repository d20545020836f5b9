"""The script for lent machines, rehearsed on the CPU: slices, a kill in the middle, what comes back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest
import torch

from batchtx.distill.data.slices import slice_data
from batchtx.distill.recipe import Recipe
from batchtx.distill.release.release import Release, load_network
from batchtx.distill.train.checkpoint import BEST, LAST, load_checkpoint, load_position
from batchtx.distill.train.metrics import METRICS, read_metrics

SCRIPT = Path(__file__).parents[2] / "docs" / "gpu_run.py"
RECIPE = """base = "toy"
[network]
dropout = 0.1
[mle]
evaluate_steps = 15
bleu_segments = 12
checkpoint_s = 0.05
step_tokens = 100
"""
ABSENT = ("ctranslate2", "docx", "multiprocess", "charset_normalizer", "jieba", "subword_nmt", "opencc")
"""What batchtx needs elsewhere, but a lent machine with PyTorch does not have."""


@pytest.fixture
def bare_machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine on which nothing of ours is installed."""
    folder = tmp_path / "absent"
    folder.mkdir()
    for name in ABSENT:
        (folder / f"{name}.py").write_text(f"raise ImportError('{name} is not here')\n", encoding="utf-8")
    return os.environ | {"PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}


@pytest.fixture
def slices(toy_data: Path, tmp_path: Path) -> list[Path]:
    return slice_data(toy_data, tmp_path / "slices", 17_450)


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    path = tmp_path / "rehearsal.toml"
    path.write_text(RECIPE, encoding="utf-8", newline="\n")
    return path


def command(piece: Path, run: Path, out: Path, recipe: Path, *more: str) -> list[str]:
    train = ["--recipe", str(recipe), "--device", "cpu", "--precision", "float32", "--max-epochs", "1"]
    words = [str(piece), str(run), "--out", str(out), *more, "--", *train]
    return [sys.executable, str(SCRIPT), *words]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills a group of processes")
def test_two_slices_with_a_kill_and_a_move_equal_an_unbroken_run(
    slices: list[Path], recipe_file: Path, bare_machine: dict[str, str], tmp_path: Path
) -> None:
    whole, run, moved, out = (tmp_path / name for name in ("whole", "run", "moved", "out"))
    for piece in slices:
        subprocess.run(command(piece, whole, out, recipe_file), env=bare_machine, check=True)
    _kill_after_a_checkpoint(command(slices[0], run, out, recipe_file), bare_machine, run)
    everything = ("--keep", "everything", "--part-bytes", "250000")
    subprocess.run(command(slices[0], run, out, recipe_file, *everything), env=bare_machine, check=True)
    parts = tmp_path / "parts"
    parts.mkdir()
    for first in ("0", "4", "8"):
        shutil.rmtree(out)
        more = (*everything, "--max-s", "0", "--first", first)
        subprocess.run(command(slices[0], run, out, recipe_file, *more), env=bare_machine, check=True)
        for part in out.iterdir():
            assert part.stat().st_size <= 250_000
            shutil.copyfile(part, parts / part.name)
    assert 8 < len(list(parts.iterdir())) <= 12
    last = command(slices[1], moved, out, recipe_file, "--parts", str(parts))
    subprocess.run(last, env=bare_machine, check=True)
    one, other = load_checkpoint(whole / LAST), load_checkpoint(moved / LAST)
    assert one.position.tokens == other.position.tokens
    assert one.best == other.best
    for part in ("weights", "average", "moments"):
        for name, tensor in getattr(one, part).items():
            assert torch.equal(tensor, getattr(other, part)[name]), (part, name)
    losses = [{line["step"]: line["nll"] for line in read_metrics(f, "dev")} for f in (whole, moved)]
    assert losses[0] == {step: losses[1][step] for step in losses[0]}


@pytest.mark.slow
def test_the_average_that_comes_back_can_be_exported_and_is_small(
    slices: list[Path], toy_recipe: Recipe, recipe_file: Path, bare_machine: dict[str, str], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    for weights, folder, seconds in (("average", LAST, "60"), ("best", BEST, "0")):
        out, home = tmp_path / f"{folder}.out", tmp_path / folder
        given = command(slices[0], run, out, recipe_file, "--keep", folder, "--max-s", seconds)
        text = subprocess.run(given, env=bare_machine, check=True, capture_output=True, text=True).stdout
        assert text.startswith("1 parts; ")
        (part,) = out.iterdir()
        with tarfile.open(part) as tar:
            tar.extractall(home, filter="data")
        assert {path.name for path in home.iterdir()} == {folder, METRICS}
        release = Release(slices[0], home, toy_recipe, "0.0.1", "2026-01-01", weights=weights)
        network, position = load_network(release)
        assert position == load_position(run / folder)
        exact, _ = load_network(Release(slices[0], run, toy_recipe, "0", "", weights=weights))
        for one, other in zip(network.parameters(), exact.parameters(), strict=True):
            torch.testing.assert_close(one, other, atol=1e-3, rtol=1e-3)


@pytest.mark.slow
def test_the_time_of_a_piece_is_kept(
    slices: list[Path], recipe_file: Path, bare_machine: dict[str, str], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    given = command(slices[0], run, tmp_path / "out", recipe_file, "--max-s", "0.001")
    subprocess.run([*given, "--total-tokens", "80000"], env=bare_machine, check=True)
    assert load_position(run / LAST).step == 1
    assert load_position(run / LAST).data.startswith("slice 1 of 2 of ")


def _kill_after_a_checkpoint(words: list[str], environment: dict[str, str], run: Path) -> None:
    """SIGKILL to the script and its training, as a machine does that is taken back."""
    process = subprocess.Popen(words, env=environment, start_new_session=True)
    deadline = time.monotonic() + 120
    while not (run / LAST).exists():
        assert time.monotonic() < deadline
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
