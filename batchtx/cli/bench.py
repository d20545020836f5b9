"""batchtx bench: measurements on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from batchtx.cli.bench_quality import QUALITY
from batchtx.cli.commands import CommandGroup
from batchtx.cli.run_options import model_option
from batchtx.engines.spec import DEFAULT_ENGINE

_FILE = click.Path(path_type=Path)


@click.group(cls=CommandGroup)
def bench() -> None:
    """Measure on this machine: ratios within one run."""


@bench.command()
@click.option("--segments", default=20_000, show_default=True, help="How many segments to translate.")
@click.option("--workers", default="1,2", show_default=True, help="Numbers of workers, separated by commas.")
@model_option
@click.option("--beam-size", default=4, show_default=True, help="Width of the search, of both.")
def throughput(segments: int, workers: str, model: str, beam_size: int) -> None:
    """Whole runs against the bare engine: words/s, memory, time to the first translation."""
    from batchtx.bench.machine import machine
    from batchtx.bench.throughput import measure_throughput, table
    from batchtx.engines.spec import EngineSpec

    numbers = [int(number) for number in workers.split(",")]
    click.echo(f"{machine()}; {segments:,} segments, model {model}, beam {beam_size}\n")
    spec = EngineSpec(model=model, beam_size=beam_size)
    click.echo(table(measure_throughput(segments, numbers, spec)))


@bench.command("scale-out")
@click.option("--measure", default=1000, show_default=True, help="How many documents to measure on.")
@click.option("--documents", default=10_000_000, show_default=True, help="On paper: documents of that kind.")
@click.option("--nodes", default=1000, show_default=True, help="On paper: machines.")
@click.option("--cores", default=8, show_default=True, help="On paper: cores of each.")
def scale_out(measure: int, documents: int, nodes: int, cores: int) -> None:
    """What many machines cost and bring: figures of this one, and the arithmetic."""
    from batchtx.bench.machine import machine
    from batchtx.bench.scale_out import Scale, measure_scale, table

    click.echo(f"{machine()}\n\n{table(measure_scale(measure), Scale(documents, nodes, cores))}")


@bench.command()
@click.argument("pairs", type=_FILE)
@click.option("--reference", type=_FILE, help="Where PAIRS has only sources: their references, one a line.")
@click.option("--learn", default=20_000, show_default=True, help="Made-up sentences to learn the list from.")
@click.option("--per-piece", default=60, show_default=True, help="Target pieces for each source piece.")
@click.option("--limit", default=600, show_default=True, help="How many pairs to measure on.")
@model_option
def shortlist(
    pairs: Path, reference: Path | None, learn: int, per_piece: int, limit: int, model: str
) -> None:
    """Would a lexical shortlist pay? Speed, BLEU, and whether a sentence then says the same in any batch."""
    from batchtx.bench.corpus import segments
    from batchtx.bench.machine import machine
    from batchtx.bench.shortlist import measure_shortlist, table
    from batchtx.bench.term_sets import read_pairs

    found = [(one.source, one.reference) for one in read_pairs(pairs, reference)]
    held_out = found[:limit]
    texts = [*dict.fromkeys(segments(learn)), *(source for source, _ in found[limit : limit + learn])]
    click.echo(f"{machine()}; {len(held_out)} pairs, learned from {len(texts):,} sentences\n")
    click.echo(table(measure_shortlist(texts, held_out, model, per_piece)))


@bench.command()
@click.option("--repeat", default=10, show_default=True, help="How often to start.")
def startup(repeat: int) -> None:
    """How long `batchtx --help` and a first sentence take, start to end."""
    from batchtx.bench.machine import machine
    from batchtx.bench.startup import measure_startup

    click.echo(machine())
    for name, seconds in measure_startup(repeat).items():
        click.echo(f"{name:<40} {seconds:.3f} s")


@bench.command()
@click.option(
    "--segments", default=3000, show_default=True, help="How many segments the fast ones translate."
)
@model_option
@click.option(
    "--checkpoint", type=_FILE, default=Path("checkpoints/zh-en"), help="The model, for transformers."
)
@click.option("--documents", type=_FILE, default=Path("samples"), help="Folder of DOCX documents.")
@click.option(
    "--environments", type=_FILE, help="Where the peers' environments are kept.  [default: a cache]"
)
def peers(segments: int, model: str, checkpoint: Path, documents: Path, environments: Path | None) -> None:
    """The race: argostranslate, transformers, CTranslate2, docutranslate and batchtx, with the same weights.

    Each peer is installed into an environment of its own, from the package registry, the first time (5 GB).
    Speeds are words in a second of processor time, so that neighbours on the machine do not decide.
    """
    from batchtx.bench.environments import Environments
    from batchtx.bench.machine import machine
    from batchtx.bench.peers import Race, race, table

    kept = environments or Path.home() / ".cache" / "batchtx" / "peers"
    found = tuple(sorted(documents.glob("*.docx")))
    what = Race(model, checkpoint, segments, found, Environments(kept))
    rows = race(what, lambda title: click.echo(f"… {title}", err=True))
    click.echo(f"{machine()}; {segments:,} segments, model {model}\n\n{table(rows, len(found))}")


@bench.command()
@click.argument("folder")
@click.option("--limit", default=50, show_default=True, help="How many documents to read.")
@click.option("--whole", is_flag=True, help="Translate them too, to tell the share of reading and writing.")
def docx(folder: str, limit: int, whole: bool) -> None:
    """Reading and writing DOCX alone, without a model: pages/s, and its share of a whole run."""
    from batchtx.bench.docx import measure_docx, table
    from batchtx.bench.machine import machine

    click.echo(f"{machine()}\n\n{table(measure_docx(Path(folder), limit, whole=whole))}")


@bench.command()
@click.argument("names", nargs=-1, metavar="[FORMAT]...")
@click.option("--segments", default=5_000, show_default=True, help="How many sentences a document has.")
@click.option("--whole", is_flag=True, help="Translate them too, to tell the share of reading and writing.")
def formats(names: tuple[str, ...], segments: int, whole: bool) -> None:
    """Reading and writing each format alone, without a model: MB/s, and its share of a whole run."""
    from batchtx.bench.formats import measure_formats, table
    from batchtx.bench.machine import machine
    from batchtx.formats import FORMATS

    click.echo(f"{machine()}; {segments:,} sentences\n")
    click.echo(table(measure_formats(segments, names or tuple(FORMATS), whole=whole)))


@bench.command()
@click.option(
    "--clients", default="1,8,64", show_default=True, help="Numbers of clients, separated by commas."
)
@click.option("--requests", default=256, show_default=True, help="Requests of a round; each has three.")
@click.option("--engine", default=DEFAULT_ENGINE, show_default=True)
@model_option
@click.option("--beam-size", default=4, show_default=True, help="Width of the search, of both.")
@click.option("--memory-requests", default=0, help="Watch the memory along so many requests instead.")
def service(
    clients: str, requests: int, engine: str, model: str, beam_size: int, memory_requests: int
) -> None:
    """The service against the bare worker: requests/s, latencies, what it adds to one sentence."""
    from batchtx.bench.machine import machine
    from batchtx.bench.service import measure_memory, measure_service, memory_table, table
    from batchtx.engines import find_engine
    from batchtx.engines.spec import EngineSpec

    if memory_requests:
        click.echo(f"{machine()}; engine echo\n\n{memory_table(measure_memory(memory_requests))}")
        return
    spec = EngineSpec(engine, model if find_engine(engine).needs_model else "", beam_size=beam_size)
    click.echo(f"{machine()}; {requests} requests a round, {engine} {spec.model}, beam {beam_size}\n")
    click.echo(table(measure_service(spec, [int(number) for number in clients.split(",")], requests)))


for _command in QUALITY:
    bench.add_command(_command)
