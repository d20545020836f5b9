"""batchtx memory: look into the translation memory, exchange it, clean it up."""

from __future__ import annotations

import json
from pathlib import Path

import click

from batchtx.cli.commands import CommandGroup
from batchtx.cli.say import say
from batchtx.errors import BatchtxError
from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
from batchtx.messages import told

_FILE = click.Path(path_type=Path)
_MEMORY = click.option("--memory", type=_FILE, help="Which memory.  [default: the project's]")
_SOURCE = click.option(
    "--source-language", default=DEFAULT_SOURCE, show_default=True, help="TMX: its language code."
)
_TARGET = click.option(
    "--target-language", default=DEFAULT_TARGET, show_default=True, help="TMX: its language code."
)


@click.group(cls=CommandGroup)
def memory() -> None:
    """Look into the translation memory; exchange it with CAT tools; clean it up."""


@memory.command()
@_MEMORY
@click.option("--json", "as_json", is_flag=True, help="The same as a JSON object.")
def stats(memory: Path | None, as_json: bool) -> None:
    """Say how much the memory holds: a person's translations, the machine's, runs."""
    from batchtx.memory.store import Store

    path = _existing(memory)
    with Store(path, renew=False) as store:
        counts = store.count()
    if as_json:
        facts = {
            "memory": str(path),
            "bytes": path.stat().st_size,
            "human": counts.n_human,
            "human_by_document": dict(counts.by_document),
            "machine": counts.n_machine,
            "runs": counts.n_runs,
        }
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    say(f"memory       {path}, {path.stat().st_size / 1e6:,.1f} MB")
    say(f"human        {counts.n_human:,} sources translated by a person")
    for document, count in counts.by_document:
        say(f"             {count:,} {document or '(no name)'}")
    say(f"machine      {counts.n_machine:,} segments, made in {counts.n_runs:,} runs")


@memory.command(name="import")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@_MEMORY
@click.option("--replace", "replace_known", is_flag=True, help="Replace what a person has translated before.")
@_SOURCE
@_TARGET
def import_(
    files: tuple[Path, ...],
    memory: Path | None,
    replace_known: bool,
    source_language: str,
    target_language: str,
) -> None:
    """Take translations by people into the memory: TMX, CSV (columns source, target) or JSONL.

    From then on they win over machine translation wherever the same source stands.
    """
    from batchtx.config import default_memory
    from batchtx.memory.exchange import import_memory
    from batchtx.memory.store import Store

    with Store(memory or default_memory(Path.cwd())) as store:
        for note in store.notes:
            say(f"note: {note}", err=True)
        for path in files:
            done = import_memory(store, path, (source_language, target_language), replace_known=replace_known)
            counts = f"{done.n_new:,} new, {done.n_replaced:,} replaced, {done.n_kept:,} known and kept"
            unusable = f", {done.n_unusable:,} without text" if done.n_unusable else ""
            others = "".join(
                f", {count:,} without {language}" for language, count in done.n_lacking.items() if count
            )
            say(f"{path}: {counts}{unusable}{others}", err=True)


@memory.command()
@click.argument("memories", nargs=-1, required=True, type=_FILE, metavar="MEMORY...")
@_MEMORY
def merge(memories: tuple[Path, ...], memory: Path | None) -> None:
    """Take all that other memories hold into one: those of shards, or of several people.

    Corrections by people go before the machine; of two corrections of one source, and of two machine
    translations, the newer one stays. What differed is said. The same memory twice does no harm.
    """
    from batchtx.config import default_memory
    from batchtx.memory.merge import merge_memory
    from batchtx.memory.store import Store

    with Store(memory or default_memory(Path.cwd())) as store:
        for note in store.notes:
            say(f"note: {note}", err=True)
        for path in memories:
            done = merge_memory(store, path)
            n_new, n_human, n_apart = done.n_segments, done.n_corrections, done.n_segments_apart
            say(f"{path}: {n_new:,} machine segments and {n_human:,} corrections are new", err=True)
            if n_apart:
                say(f"{path}: {n_apart:,} segments are in other words there; the newer ones count", err=True)
            for one in done.conflicts:
                say(f"conflict: {one.source}: {one.kept} (newer) counts, not: {one.dropped}", err=True)


@memory.command()
@click.argument("file", type=_FILE)
@_MEMORY
@_SOURCE
@_TARGET
def export(file: Path, memory: Path | None, source_language: str, target_language: str) -> None:
    """Write all translations by people as FILE: .tmx (TMX 1.4b), .csv or .jsonl.

    Corrections and imported entries, with who made them and when. Machine translations stay: the
    memory does not keep their sources.
    """
    from batchtx.memory.exchange import export_memory
    from batchtx.memory.store import Store

    with Store(_existing(memory), renew=False) as store:
        count = export_memory(store, file, (source_language, target_language))
    say(f"{file}: {count:,} entries", err=True)


@memory.command()
@_MEMORY
@click.option("--older-than", type=click.FloatRange(0), help="Machine translations older than so many days.")
@click.option("--machine", is_flag=True, help="All machine translations.")
@click.option("--imported", metavar="FILE", help="What was imported from the file of this name.")
def prune(memory: Path | None, older_than: float | None, machine: bool, imported: str | None) -> None:
    """Remove what is not needed any more and make the file smaller.

    Corrections are never removed, imports only by --imported. The next run translates again what is
    missing.
    """
    from batchtx.memory.store import Store

    if older_than is None and not machine and imported is None:
        raise click.UsageError(told("say what to remove: --older-than DAYS, --machine or --imported FILE"))
    with Store(_existing(memory), renew=False) as store:
        n_machine = 0
        if machine or older_than is not None:
            n_machine = store.forget_machine(None if machine else older_than)
        n_human = store.forget_import(Path(imported).name) if imported is not None else 0
        store.shrink()
    say(f"removed      {n_machine:,} machine segments, {n_human:,} imported entries", err=True)


def _existing(memory: Path | None) -> Path:
    from batchtx.config import default_memory

    path = memory or default_memory(Path.cwd())
    if not path.exists():
        raise BatchtxError(f"{path}: no such memory; name one with --memory")
    return path
