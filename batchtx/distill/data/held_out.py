"""Sets that are held out by source before training: dev.tsv and test.tsv."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from batchtx.distill.data import pairs as data
from batchtx.distill.data.pairs import SentencePair
from batchtx.distill.recipe import DataRecipe

DEV, TEST = "dev.tsv", "test.tsv"


def write_held_out(files: Mapping[str, Path], folder: Path, recipe: DataRecipe) -> None:
    """Samples both sets, a domain at a time; they share no row."""
    pools: dict[str, list[SentencePair]] = {}
    for name, domain in recipe.held_out:
        if name in files:
            pools.setdefault(domain, []).extend(data.read_pairs(files[name]))
    for name, domain in recipe.held_out_rows:
        if name in files:
            rows = held_out_rows(files[name], recipe)
            pairs = (pair for row, pair in enumerate(data.read_pairs(files[name])) if row in rows)
            pools.setdefault(domain, []).extend(pairs)
    lines: tuple[list[str], list[str]] = ([], [])
    for domain, pool in sorted(pools.items()):
        rng = data.source_random(recipe.seed, domain)
        size = min(recipe.held_out_size, len(pool) // 2)
        for at, pair in enumerate(rng.sample(pool, 2 * size)):
            lines[at % 2].append(f"{domain}\t{pair.source}\t{pair.target}\n")
    for file_name, rows_of_set in zip((DEV, TEST), lines, strict=True):
        (folder / file_name).write_text("".join(rows_of_set), encoding="utf-8", newline="\n")


def held_out_rows(path: Path, recipe: DataRecipe) -> set[int]:
    """Returns row numbers that are held out of a source that is otherwise trained on."""
    name = data.source_name(path)
    if name not in dict(recipe.held_out_rows):
        return set()
    n_rows = sum(1 for _ in data.read_pairs(path))
    rng = data.source_random(recipe.seed, f"{name}/held-out")
    return set(rng.sample(range(n_rows), min(2 * recipe.held_out_size, n_rows // 2)))


def read_held_out(path: Path) -> list[tuple[str, str, str]]:
    """Rows (domain, source, target) of a set."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines]  # type: ignore[misc]
