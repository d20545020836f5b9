"""Recipes: shipped ones load, a base is changed key by key, mistakes are named."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import torch

from batchtx.distill.nets.network import Network
from batchtx.distill.nets.networks import build_lstm
from batchtx.distill.recipe import load_recipe
from batchtx.errors import ConfigError

RECIPES = sorted(path.stem for path in files("batchtx.distill").joinpath("recipes").iterdir())


@pytest.mark.parametrize("name", RECIPES)
def test_shipped_recipes_build_students_below_80_million_parameters(name: str) -> None:
    shape = load_recipe(name).network
    with torch.device("meta"):
        if shape.architecture == "lstm":
            network: torch.nn.Module = build_lstm(shape, 24_000, 12_000)
        else:
            network = Network(shape, 24_000, 12_000)
    assert sum(p.numel() for p in network.parameters()) < 80e6


def test_there_are_recipes_for_every_width_and_for_a_deep_encoder() -> None:
    shapes = {name: load_recipe(name).network for name in RECIPES}
    assert {shapes[name].width for name in ("cpu", "gpu", "gpu-512")} == {256, 384, 512}
    deep = shapes["cpu-deep"]
    assert (deep.encoder_layers, deep.decoder_layers, deep.pre_norm) == (12, 1, True)


def test_a_recipe_changes_only_the_keys_that_it_names() -> None:
    base, changed = load_recipe("cpu"), load_recipe("gpu")
    assert (base.network.width, changed.network.width) == (256, 384)
    assert changed.network.heads == base.network.heads
    assert changed.data == base.data


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('base = "toy"\n[network]\nwidht = 3\n', r"\[network\]: unknown key 'widht'"),
        ('name = "x"\n', r"missing .* required"),
        ('base = "nowhere"\n', r"nowhere: no such recipe"),
    ],
)
def test_a_mistake_is_named(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8", newline="\n")
    with pytest.raises(ConfigError, match=message):
        load_recipe(str(path))


def test_the_first_matching_weight_counts() -> None:
    data = load_recipe("cpu").data
    assert data.weight("ms-dotnet-mt") == 0.35
    assert data.weight("tatoeba") == 2.0
    assert data.weight("never-named") == 1.0
    assert data.cap("legal-taiwan-laws") == 80_000
    assert data.cap("tatoeba") is None
