"""batchtx models: which there are, what one is, and converting others."""

from __future__ import annotations

from pathlib import Path

import click

from batchtx.engines.spec import DEFAULT_MODEL


@click.group()
def models() -> None:
    """List, show and convert translation models."""


@models.command("list")
def list_() -> None:
    """List the models that come with batchtx."""
    from batchtx.engines.model_files import SHIPPED, shipped_bundles
    from batchtx.student.bundle import load_bundle

    for name in shipped_bundles():
        bundle = load_bundle(SHIPPED / name, verify=False)
        languages = f"{bundle.source_language} → {bundle.target_language}"
        click.echo(f"{name}  {bundle.version}  {languages}  {bundle.architecture}")


@models.command()
@click.argument("model", default=DEFAULT_MODEL)
def show(model: str) -> None:
    """Show the card of MODEL (a name or a folder) after checking its files."""
    from batchtx.engines.model_files import bundle_folder, shipped_bundles
    from batchtx.errors import ModelError
    from batchtx.student.bundle import load_bundle

    folder = bundle_folder(model)
    if folder is None:
        raise ModelError(f'no model "{model}"; shipped: {", ".join(shipped_bundles())}; or give a folder')
    bundle = load_bundle(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    click.echo(f"{bundle.name} {bundle.version} in {folder}, {size / 1e6:.1f} MB, all hashes right\n")
    card = folder / "MODEL_CARD.md"
    if card.is_file():
        click.echo(card.read_text(encoding="utf-8"))


@models.command()
@click.argument("source")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--compute-type", default="int8", show_default=True, help="int8, float32, int16 …")
def convert(source: str, target: Path, compute_type: str) -> None:
    """Convert a transformers model (folder or hub name) to a CTranslate2 folder TARGET.

    OPUS-MT and other Marian models keep their SentencePiece models. Needs the extra `torch`.
    """
    from batchtx.engines.convert import convert_transformers

    folder = convert_transformers(source, target, compute_type)
    click.echo(f"written: {folder}; use it with: batchtx translate --model {folder} …")
