"""batchtx bench: measurements on this machine."""

from __future__ import annotations

import json
from pathlib import Path

import click

_FILE = click.Path(path_type=Path)


@click.group()
def bench() -> None:
    """Measure on this machine: ratios within one run."""


@bench.command()
@click.option("--segments", default=20_000, show_default=True, help="How many segments to translate.")
@click.option("--workers", default="1,2", show_default=True, help="Numbers of workers, separated by commas.")
@click.option("--model", default="zh-en", show_default=True, help="Name of a shipped model, or a folder.")
def throughput(segments: int, workers: str, model: str) -> None:
    """Whole runs against the bare engine: words/s, memory, time to the first translation."""
    from batchtx.bench.machine import machine
    from batchtx.bench.throughput import measure_throughput, table

    numbers = [int(number) for number in workers.split(",")]
    click.echo(f"{machine()}; {segments:,} segments, model {model}\n")
    click.echo(table(measure_throughput(segments, numbers, model)))


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
    "--cases", default="tests/data/placement.tsv", show_default=True, help="Sentences with marks, TSV."
)
@click.option("--model", default="zh-en", show_default=True, help="Name of a shipped model, or a folder.")
@click.option("--wrong", default=0, show_default=True, help="How many misplaced sentences to show.")
def placement(cases: str, model: str, wrong: int) -> None:
    """Do bold, links and notes land on the right words? Judged on a person's translations."""
    from pathlib import Path

    from batchtx.bench.placement import load_cases, measure_placement, table

    scores = measure_placement(load_cases(Path(cases)), model)
    click.echo(f"model {model}\n\n{table(scores)}")
    for wanted, placed in scores[0].wrong[:wrong]:
        click.echo(f"wanted  {wanted}\nplaced  {placed}")


@bench.command()
@click.argument("folder")
@click.option("--limit", default=50, show_default=True, help="How many documents to read.")
@click.option("--whole", is_flag=True, help="Translate them too, to tell the share of reading and writing.")
def docx(folder: str, limit: int, whole: bool) -> None:
    """Reading and writing DOCX alone, without a model: pages/s, and its share of a whole run."""
    from pathlib import Path

    from batchtx.bench.docx import measure_docx, table
    from batchtx.bench.machine import machine

    click.echo(f"{machine()}\n\n{table(measure_docx(Path(folder), limit, whole=whole))}")


@bench.command()
@click.option("--source", required=True, type=_FILE, help="Sentences, one a line; or a TSV with references.")
@click.option("--reference", type=_FILE, help="Their references, one a line.")
@click.option("-g", "--glossary", "files", multiple=True, type=_FILE, help="Proper terms; may be repeated.")
@click.option("--dictionary", type=_FILE, help="Random terms: word, tab, glosses.  [default: mined]")
@click.option("--limit", default=200, show_default=True, help="How many segments with terms to translate.")
@click.option("--per-segment", default=2, show_default=True, help="Random terms in a segment, at most.")
@click.option("--engine", default="ctranslate2", show_default=True)
@click.option("--model", default="zh-en", show_default=True, help="Name of a shipped model, or a folder.")
@click.option("--sizes", default="0,500,50000", show_default=True, help="Glossary sizes to time.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "json_file", type=_FILE, help="Write the figures as JSON.")
def terms(
    source: Path,
    reference: Path | None,
    files: tuple[Path, ...],
    dictionary: Path | None,
    limit: int,
    per_segment: int,
    engine: str,
    model: str,
    sizes: str,
    seed: int,
    json_file: Path | None,
) -> None:
    """Terminology as in the WMT tasks: no terms, proper terms, random terms.

    Terms are such as the reference uses; BLEU and chrF need the extra `distill`. Use sentences that
    the model was not trained on.
    """
    from batchtx.bench.machine import machine
    from batchtx.bench.term_sets import choose, mined_dictionary, read_dictionary, read_pairs, with_terms
    from batchtx.bench.terms import measure_terms, table
    from batchtx.engines.spec import EngineSpec
    from batchtx.errors import ConfigError
    from batchtx.glossary.table import load

    pairs = read_pairs(source, reference)
    words = read_dictionary(dictionary) if dictionary else mined_dictionary(pairs)
    found = with_terms(pairs, load(files), words, per_segment=per_segment, seed=seed)
    chosen = choose(found, limit)
    if not chosen:
        raise ConfigError("no segment holds a term that its reference uses; give another glossary")
    click.echo(f"{machine()}; {len(chosen)} of {len(pairs)} segments, {engine} {model}\n")
    n_terms = [int(number) for number in sizes.split(",") if number]
    measured = measure_terms(chosen, EngineSpec(engine, model), n_terms, seed)
    click.echo(table(measured))
    if json_file:
        json_file.write_text(json.dumps(measured.to_json(), indent=1) + "\n", encoding="utf-8")
