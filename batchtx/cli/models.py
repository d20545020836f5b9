"""batchtx models: which there are, what one is, getting and converting others."""

from __future__ import annotations

import json
from pathlib import Path

import click

from batchtx.cli.commands import CommandGroup
from batchtx.cli.names import MODEL, DownloadedName
from batchtx.cli.say import say
from batchtx.engines.spec import DEFAULT_MODEL


@click.group(cls=CommandGroup)
def models() -> None:
    """List, show, download and convert translation models."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="The same as a JSON list.")
def list_(as_json: bool) -> None:
    """List the models that come with batchtx, and those that were downloaded."""
    from batchtx.engines.model_files import SHIPPED, downloaded_bundles, shipped_bundles, user_models
    from batchtx.student.bundle import load_bundle

    places = [(SHIPPED, name) for name in shipped_bundles()]
    places += [(user_models(), name) for name in downloaded_bundles()]
    found = [(folder, load_bundle(folder / name, verify=False), name) for folder, name in places]
    facts = [
        {
            "name": name,
            "version": bundle.version,
            "source_language": bundle.source_language,
            "target_language": bundle.target_language,
            "licence": bundle.licence.partition(":")[0],
            "origin": "comes with batchtx" if folder == SHIPPED else bundle.origin,
            "folder": str(folder / name),
        }
        for folder, bundle, name in found
    ]
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for one in facts:
        languages = f"{one['source_language']} → {one['target_language']}"
        say(f"{one['name']}  {one['version']}  {languages}  {one['licence']}  {one['origin']}")


@models.command()
@click.argument("model", type=MODEL, default=DEFAULT_MODEL)
def show(model: str) -> None:
    """Show the card of MODEL (a name or a folder) after checking its files."""
    from batchtx.engines.model_files import bundle_folder, unknown_model
    from batchtx.errors import ModelError
    from batchtx.student.bundle import load_bundle

    folder = bundle_folder(model)
    if folder is None:
        raise ModelError(unknown_model(model))
    bundle = load_bundle(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    say(f"{bundle.name} {bundle.version} in {folder}, {size / 1e6:.1f} MB, all hashes right\n")
    card = folder / "MODEL_CARD.md"
    if card.is_file():
        say(card.read_text(encoding="utf-8"))


@models.command()
@click.argument("model")
@click.option("--name", default="", help="Store it under this name.  [default: its own]")
@click.option("--languages", type=(str, str), help="Of a model of many languages, e.g. zh en.")
@click.option("--compute-type", default="int8", show_default=True, help="int8, float32, int16 …")
@click.option("--sha256", default="", help="What the file behind a URL must be.")
def get(model: str, name: str, languages: tuple[str, str] | None, compute_type: str, sha256: str) -> None:
    """Download MODEL, so that --model finds it.

    MODEL is owner/name on the Hugging Face hub, or an argos package (URL or file). OPUS-MT, NLLB, M2M100 and
    mBART are converted to int8 (needs the extra `torch`); argos packages are ready to run.
    """
    import sys

    from batchtx.engines.get import get_model

    folder = get_model(
        model,
        name=name,
        languages=languages,
        compute_type=compute_type,
        sha256=sha256,
        tell=lambda line: say(line, err=True),
        show=sys.stderr.isatty(),
    )
    say(f"stored: {folder}; use it with: batchtx translate --model {folder.name} …")


@models.command()
@click.argument("name", type=DownloadedName())
def remove(name: str) -> None:
    """Delete the downloaded model NAME."""
    from batchtx.engines.get import remove_model

    remove_model(name)
    say(f"removed: {name}")


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
    say(f"written: {folder}; use it with: batchtx translate --model {folder} …")
