"""Slices hold each pair once, are as small as asked, and are trained on one after the other."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from batchtx.cli.distill import distill
from batchtx.distill.data import pairs as data
from batchtx.distill.data.slices import slice_data
from batchtx.distill.folders import write_json
from batchtx.distill.recipe import Recipe
from batchtx.distill.train.checkpoint import LAST, load_position
from batchtx.distill.train.metrics import read_metrics
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank
from batchtx.errors import ConfigError

MAX_BYTES = 19_400


@pytest.fixture(scope="module")
def linked(toy_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy data in two sources of different weight, with made-up links."""
    folder = tmp_path_factory.mktemp("linked")
    for path in toy_data.iterdir():
        (folder / path.name).symlink_to(path)
    (folder / "encoded").unlink()
    (folder / "manifest.json").unlink()
    (folder / "encoded").mkdir()
    pairs = sorted(_pairs(data.load_corpus(toy_data)))
    manifest = data.read_manifest(toy_data)
    entries = []
    for name, some, rate in (("many", pairs[:-5], 1.0), ("few", pairs[-5:], 2.0)):
        data.save_encoded(folder / "encoded" / f"{name}.npz", [(list(s), list(t)) for s, t in some])
        entries.append(manifest["sources"][0] | {"name": name, "rate": rate, "n_kept": len(some)})
    write_json(folder / "manifest.json", manifest | {"sources": entries})
    corpus = data.load_corpus(folder)
    np.save(folder / data.LINKS, (corpus.target_ids % 7).astype(np.int16))
    return folder


@pytest.fixture(scope="module")
def slices(linked: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return slice_data(linked, tmp_path_factory.mktemp("out") / "slices", MAX_BYTES)


def test_slices_hold_each_pair_once_with_its_weight_and_links(linked: Path, slices: list[Path]) -> None:
    assert [path.name for path in slices] == ["slice-1-of-2", "slice-2-of-2"]
    whole, parts = data.load_corpus(linked), [data.load_corpus(path) for path in slices]
    assert sorted(chain.from_iterable(map(_pairs, parts))) == sorted(_pairs(whole))
    assert abs(len(parts[0]) - len(parts[1])) <= 1
    for part, path in zip(parts, slices, strict=True):
        assert part.links is not None
        assert (part.links == part.target_ids % 7).all()
        few, many = (int((part.rate == rate).sum()) for rate in (2.0, 1.0))
        kept = {entry["name"]: entry["n_kept"] for entry in data.read_manifest(path)["sources"]}
        assert kept == {"many": many, "few": few}
        assert few in (2, 3)


def test_slices_by_weight_hold_what_an_epoch_sees(linked: Path, slices: list[Path], tmp_path: Path) -> None:
    manifest = data.read_manifest(linked)
    half = [entry | {"rate": 0.5} if entry["name"] == "many" else entry for entry in manifest["sources"]]
    folder = tmp_path / "data"
    folder.mkdir()
    for path in linked.iterdir():
        (folder / path.name).symlink_to(path)
    (folder / "manifest.json").unlink()
    write_json(folder / "manifest.json", manifest | {"sources": half})
    (light,) = slice_data(folder, tmp_path / "slices", 2 * MAX_BYTES, by_weight=True)
    counts = {
        entry["name"]: (entry["n_kept"], entry["rate"]) for entry in data.read_manifest(light)["sources"]
    }
    n_many = next(entry["n_kept"] for entry in manifest["sources"] if entry["name"] == "many")
    assert counts == {"many": (round(n_many / 2), 1.0), "few": (5, 2.0)}
    kept, whole = _pairs(data.load_corpus(light)), _pairs(data.load_corpus(linked))
    assert set(kept) < set(whole)
    assert len(kept) == len(set(kept))


def test_a_slice_is_as_small_as_asked(slices: list[Path]) -> None:
    sizes = [sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) for path in slices]
    assert max(sizes) <= MAX_BYTES < sum(sizes)


def test_cutting_again_gives_the_same_bytes(linked: Path, slices: list[Path], tmp_path: Path) -> None:
    for one, other in zip(slices, slice_data(linked, tmp_path / "again", MAX_BYTES), strict=True):
        for path in one.rglob("*.*"):
            assert path.read_bytes() == (other / path.relative_to(one)).read_bytes(), path


def test_the_command_names_the_slices_and_refuses_what_it_cannot_cut(linked: Path, tmp_path: Path) -> None:
    def cut(folder: str, megabytes: str) -> object:
        words = ["slice", str(linked), str(tmp_path / folder), "--megabytes", megabytes]
        return CliRunner().invoke(distill, words)

    assert len(cut("a", "0.0194").output.splitlines()) == 2  # type: ignore[attr-defined]
    assert "stands there already" in str(cut("a", "0.0194").exception)  # type: ignore[attr-defined]
    assert "alone take" in str(cut("b", "0.001").exception)  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_each_slice_is_passed_once_and_the_next_one_follows(
    slices: list[Path], toy_recipe: Recipe, tmp_path: Path
) -> None:
    n_steps = []
    for path in (*slices, slices[0]):
        for _ in range(2):  # the second time nothing is left to do
            run_ranks(train_rank, 1, TrainingRun(path, tmp_path, toy_recipe, "float32", max_epochs=1))
        n_steps.append(load_position(tmp_path / LAST).step)
    position = load_position(tmp_path / LAST)
    assert (position.epoch, position.next_step, position.passes) == (3, 0, 1)
    assert position.data == data.slice_name(slices[0])
    assert position.tokens == sum(_tokens_of_a_pass(path) for path in (*slices, slices[0]))
    assert [line["data"] for line in read_metrics(tmp_path, "start")] == [
        data.slice_name(path) for path in (*slices, slices[0])
    ]
    assert n_steps[0] < n_steps[1] < n_steps[2]


def test_a_slice_is_not_left_in_the_middle(slices: list[Path], toy_recipe: Recipe, tmp_path: Path) -> None:
    run_ranks(train_rank, 1, TrainingRun(slices[0], tmp_path, toy_recipe, "float32", max_steps=2))
    with pytest.raises(
        ConfigError, match=r"in the middle of slice 1 of 2 .* finish that with --max-epochs 1"
    ):
        run_ranks(train_rank, 1, TrainingRun(slices[1], tmp_path, toy_recipe, "float32"))


def _pairs(corpus: data.Corpus) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [
        (
            tuple(corpus.source_ids[corpus.source_offsets[at] : corpus.source_offsets[at + 1]].tolist()),
            tuple(corpus.target_ids[corpus.target_offsets[at] : corpus.target_offsets[at + 1]].tolist()),
        )
        for at in range(len(corpus))
    ]


def _tokens_of_a_pass(path: Path) -> int:
    corpus = data.load_corpus(path)
    return int((np.diff(corpus.target_offsets) * corpus.rate).sum())
