"""A tiny made-up language pair, prepared and trained once for the session."""

from __future__ import annotations

import itertools
import lzma
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

from batchtx.distill.data.prepare import prepare
from batchtx.distill.recipe import Recipe, load_recipe
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank

SUBJECTS = {"我": "I", "你": "You", "我们": "We", "他们": "They", "老师": "Teachers"}
VERBS = {"喜欢": "like", "买": "buy", "看见": "see", "吃": "eat", "要": "want", "卖": "sell"}
OBJECTS = {"苹果": "apples", "鱼": "fish", "面包": "bread", "茶": "tea", "书": "books", "米": "rice"}
TIMES = {"": "", "今天": " today", "每天": " every day", "晚上": " at night"}


def made_up_pairs() -> list[tuple[str, str]]:
    """All sentences of subject, verb, object and time."""
    return [
        (f"{s}{t}{v}{o}。", f"{SUBJECTS[s]} {VERBS[v]} {OBJECTS[o]}{TIMES[t]}.")
        for s, v, o, t in itertools.product(SUBJECTS, VERBS, OBJECTS, TIMES)
    ]


def write_pairs(folder: Path, pairs: list[tuple[str, str]], name: str = "toy") -> Path:
    """A data folder with one source."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{source}\t{target}\n" for source, target in pairs)
    with lzma.open(folder / f"{name}.tsv.xz", "wt", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    return folder


@pytest.fixture(scope="session")
def pairs() -> list[tuple[str, str]]:
    return made_up_pairs()


@pytest.fixture
def reversed_pairs_folder(tmp_path: Path) -> Path:
    """The same sentences the other way round."""
    return write_pairs(tmp_path / "pairs", [(target, source) for source, target in made_up_pairs()])


@pytest.fixture(scope="session")
def toy_recipe() -> Recipe:
    return load_recipe("toy")


@pytest.fixture(scope="session")
def toy_pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pair files."""
    return write_pairs(tmp_path_factory.mktemp("pairs"), made_up_pairs())


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory: pytest.TempPathFactory, toy_pairs: Path, toy_recipe: Recipe) -> Path:
    """A prepared training folder."""
    folder = tmp_path_factory.mktemp("data")
    prepare(toy_pairs, folder, toy_recipe)
    return folder


@pytest.fixture(scope="session")
def toy_run(tmp_path_factory: pytest.TempPathFactory, toy_data: Path, toy_recipe: Recipe) -> Path:
    """A finished training run."""
    folder = tmp_path_factory.mktemp("run")
    run_ranks(train_rank, 1, TrainingRun(toy_data, folder, toy_recipe, "float32"))
    return folder


@pytest.fixture
def short_recipe(toy_recipe: Recipe) -> Recipe:
    """The toy recipe with so few tokens that the learning rate decays within a few steps."""
    return replace(toy_recipe, mle=replace(toy_recipe.mle, total_tokens=8000))
