"""Recipes: shipped ones load, a base is changed key by key, mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.distill.recipe import load_recipe
from batchtx.errors import ConfigError


@pytest.mark.parametrize("name", ["toy", "cpu", "gpu"])
def test_shipped_recipes_load(name: str) -> None:
    assert load_recipe(name).network.width > 0


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
