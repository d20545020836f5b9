"""batchtx bench: measurements on this machine."""

from __future__ import annotations

import json
from pathlib import Path

import click

from batchtx.cli.commands import CommandGroup
from batchtx.cli.names import ENGINE, GLOSSARY, MODEL
from batchtx.engines.spec import DEFAULT_ENGINE, DEFAULT_MODEL

_FILE = click.Path(path_type=Path)
_MODEL = click.option(
    "--model",
    type=MODEL,
    default=DEFAULT_MODEL,
    show_default=True,
    help="Name of a shipped model, or a folder.",
)


@click.group(cls=CommandGroup)
def bench() -> None:
    """Measure on this machine: ratios within one run."""


@bench.command()
@click.option("--segments", default=20_000, show_default=True, help="How many segments to translate.")
@click.option("--workers", default="1,2", show_default=True, help="Numbers of workers, separated by commas.")
@click.option(
    "--model",
    type=MODEL,
    default=DEFAULT_MODEL,
    show_default=True,
    help="Name of a shipped model, or a folder.",
)
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
@_MODEL
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
    "--cases", default="tests/data/placement.tsv", show_default=True, help="Sentences with marks, TSV."
)
@click.option(
    "--model",
    type=MODEL,
    default=DEFAULT_MODEL,
    show_default=True,
    help="Name of a shipped model, or a folder.",
)
@click.option("--wrong", default=0, show_default=True, help="How many misplaced sentences to show.")
def placement(cases: str, model: str, wrong: int) -> None:
    """Do bold, links and notes land on the right words? Judged on a person's translations."""
    from batchtx.bench.tag_placement import load_cases, measure_placement, table

    scores = measure_placement(load_cases(Path(cases)), model)
    click.echo(f"model {model}\n\n{table(scores)}")
    for wanted, placed in scores[0].wrong[:wrong]:
        click.echo(f"wanted  {wanted}\nplaced  {placed}")


@bench.command()
@click.option(
    "--segments", default=3000, show_default=True, help="How many segments the fast ones translate."
)
@_MODEL
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
@click.option(
    "--terms", "term_set", type=_FILE, help="A file of `bench term-set`: sentences with their terms."
)
@click.option("--source", type=_FILE, help="Sentences, one a line; or a TSV with references.")
@click.option("--reference", type=_FILE, help="Their references, one a line.")
@click.option(
    "-g", "--glossary", "files", multiple=True, type=GLOSSARY, help="Proper terms; may be repeated."
)
@click.option("--dictionary", type=_FILE, help="Random terms: word, tab, glosses.  [default: mined]")
@click.option("--limit", default=200, show_default=True, help="How many segments with terms to translate.")
@click.option("--per-segment", default=2, show_default=True, help="Random terms in a segment, at most.")
@click.option("--engine", type=ENGINE, default=DEFAULT_ENGINE, show_default=True)
@click.option(
    "--model",
    type=MODEL,
    default=DEFAULT_MODEL,
    show_default=True,
    help="Name of a shipped model, or a folder.",
)
@click.option("--sizes", default="0,500,50000", show_default=True, help="Glossary sizes to time.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "json_file", type=_FILE, help="Write the figures as JSON.")
def terms(
    term_set: Path | None,
    source: Path | None,
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

    Terms are such as the reference uses: of a term set, or of glossaries and a dictionary. BLEU and
    chrF need the extra `distill`. Use sentences that the model was not trained on.
    """
    from batchtx.bench.machine import machine
    from batchtx.bench.term_sets import choose, find_pairs, read_term_set
    from batchtx.bench.terms import measure_terms, table
    from batchtx.engines.spec import EngineSpec
    from batchtx.errors import ConfigError

    if term_set:
        pairs = read_term_set(term_set, per_segment=per_segment, seed=seed)
    elif source:
        pairs = find_pairs(source, reference, files, dictionary, per_segment=per_segment, seed=seed)
    else:
        raise ConfigError("name sentences with --source, or a file of `bench term-set` with --terms")
    chosen = choose(pairs, limit)
    if not chosen:
        raise ConfigError("no segment holds a term that its reference uses; give another glossary")
    click.echo(f"{machine()}; {len(chosen)} of {len(pairs)} segments, {engine} {model}\n")
    n_terms = [int(number) for number in sizes.split(",") if number]
    measured = measure_terms(chosen, EngineSpec(engine, model), n_terms, seed)
    click.echo(table(measured))
    if json_file:
        json_file.write_text(json.dumps(measured.to_json(), indent=1) + "\n", encoding="utf-8")


@bench.command("term-set")
@click.argument("pairs", nargs=-1, required=True, type=_FILE, metavar="PAIRS...")
@click.option("-o", "--output", required=True, type=_FILE, help="JSONL to write, for `bench terms --terms`.")
def term_set_command(pairs: tuple[Path, ...], output: Path) -> None:
    """Find the terms of held-out pairs by word alignment, for `bench terms`.

    PAIRS are TSV files whose last two columns are source and reference. Needs the extra `distill`
    and the package eflomal.
    """
    from batchtx.bench.aligned_terms import aligned_terms, write_records
    from batchtx.bench.term_sets import read_pairs

    records = aligned_terms([pair for path in pairs for pair in read_pairs(path, None)])
    write_records(records, output)
    counts = [sum(bool(record[name]) for record in records) for name in ("proper", "random")]
    shown = f"{counts[0]} with proper terms, {counts[1]} with random ones"
    click.echo(f"{output}: {len(records)} segments, {shown}", err=True)


@bench.command("seed-table")
@click.argument("pairs", type=_FILE)
@click.option("--teacher", help="Measure it too: a folder, or a transformers name.")
@click.option(
    "--model",
    type=MODEL,
    default=DEFAULT_MODEL,
    show_default=True,
    help="Name of a shipped model, or a folder.",
)
@click.option("--limit", default=200, show_default=True, help="How many sentences, evenly spread.")
def seed_table(pairs: Path, teacher: str | None, model: str, limit: int) -> None:
    """Size, latency, BLEU-4, memory and start of teacher and student, against the seed's student.

    PAIRS is a TSV whose last two columns are source and reference. Needs the extra `distill`.
    """
    from batchtx.bench.machine import machine
    from batchtx.bench.seed_table import measure_model, table
    from batchtx.bench.term_sets import read_pairs
    from batchtx.errors import ConfigError

    found = read_pairs(pairs, None)
    if not found:
        raise ConfigError(f"{pairs}: no pairs; give a TSV whose last two columns are source and reference")
    chosen = found[:: max(1, len(found) // limit)][:limit]
    click.echo(f"{machine()}; {len(chosen)} sentences of {pairs.name}, one at a time\n")
    rows = [measure_model(name, chosen) for name in (model, teacher) if name]
    click.echo(table(*rows))


@bench.command("term-speed")
@click.option("--sizes", default="0,500,50000", show_default=True, help="Glossary sizes to compare.")
@click.option("--segments", default=4000, show_default=True, help="How many segments to translate.")
@click.option("--repeat", default=3, show_default=True, help="How often to run each size.")
@click.option(
    "--model",
    type=MODEL,
    default=DEFAULT_MODEL,
    show_default=True,
    help="Name of a shipped model, or a folder.",
)
def term_speed(sizes: str, segments: int, repeat: int, model: str) -> None:
    """What a large glossary costs a whole run, in CPU time."""
    from batchtx.bench.machine import machine
    from batchtx.bench.term_speed import measure_runs, table

    click.echo(f"{machine()}; {segments:,} segments, model {model}\n")
    click.echo(table(measure_runs([int(number) for number in sizes.split(",")], segments, repeat, model)))


@bench.command()
@click.argument("sets", nargs=-1, type=_FILE, metavar="SET...")
@click.option("--fit", "fit_sets", multiple=True, type=_FILE, help="Fit on this set first; may be repeated.")
@click.option("-o", "--output", type=_FILE, help="Where --fit writes the coefficients.")
@click.option("--coefficients", type=_FILE, help="Measure with these.  [default: the shipped ones]")
@click.option(
    "--model",
    type=MODEL,
    default=DEFAULT_MODEL,
    show_default=True,
    help="Name of a shipped model, or a folder.",
)
@click.option("--json", "json_file", type=_FILE, help="Write the figures as JSON.")
def review(
    sets: tuple[Path, ...],
    fit_sets: tuple[Path, ...],
    output: Path | None,
    coefficients: Path | None,
    model: str,
    json_file: Path | None,
) -> None:
    """Does the review sheet show bad translations first? Measured on sentences with references.

    A SET is a TSV whose last two columns are source and reference, or X for the files X.zh and
    X.en. Use sentences that the model was not trained on. Needs the extra `distill`.
    """
    from dataclasses import asdict
    from importlib import resources

    from batchtx.bench.quality_estimation import fit, judge, rank, table
    from batchtx.engines.identity import describe_engine
    from batchtx.engines.spec import EngineSpec

    if bool(fit_sets) != bool(output):
        raise click.UsageError("--fit and --output go together")
    spec = EngineSpec(DEFAULT_ENGINE, model)
    name = describe_engine(spec).model
    shipped = resources.files("batchtx.quality") / f"{DEFAULT_MODEL}.json"
    text = (coefficients or shipped).read_text(encoding="utf-8") if not fit_sets else ""
    if fit_sets and output:
        about = f"quality estimate for {name}; made by: batchtx bench review --fit; see docs/quality.md"
        text = fit([judge(path, spec) for path in fit_sets], about)
        output.write_text(text, encoding="utf-8")
    rankings = [rank(judge(path, spec), text) for path in sets]
    if rankings:
        click.echo(f"model {name}\n\n{table(rankings)}")
    if json_file:
        facts = [asdict(ranking) for ranking in rankings]
        json_file.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


@bench.command()
@click.argument("sets", nargs=-1, required=True, type=_FILE, metavar="SET...")
@click.option(
    "-g", "--glossary", "files", multiple=True, type=GLOSSARY, help="Terms to drop; may be repeated."
)
@click.option("--seed", default=1, show_default=True)
def checks(sets: tuple[Path, ...], files: tuple[Path, ...], seed: int) -> None:
    """Do the checks find planted errors, and leave good translations alone? No model is needed.

    A SET is a TSV whose last two columns are source and a person's translation, or X for the files
    X.zh and X.en. Terms come from the glossaries, and from the set itself.
    """
    from batchtx.bench.planted import measure_checks, table, with_segments
    from batchtx.bench.quality_estimation import read_set
    from batchtx.glossary.table import load

    glossary = load(files)
    pairs = [pair for path in sets for pair in with_segments(read_set(path), glossary, seed)]
    click.echo(table(measure_checks(pairs, seed)))


@bench.command()
@click.argument("folder", type=_FILE, default=Path("tests/data/office"), required=False, metavar="[FOLDER]")
@click.option("--wrong", is_flag=True, help="Show what came out wrong.")
def office(folder: Path, wrong: bool) -> None:
    """Amounts, dates, measures and names of office text: do rules say what they should?

    FOLDER has tables of cases: amounts*.tsv, named*.tsv, persons*.tsv.  [default: tests/data/office] No model
    is needed.
    """
    from batchtx.bench.office import (
        measure_persons,
        person_table,
        read_cases,
        read_persons,
        table,
        wrong_cases,
    )  # fmt: skip

    cases = [sorted(folder.glob(pattern)) for pattern in ("amounts*.tsv", "named*.tsv")]
    amounts, names = [path for paths in cases for path in paths], sorted(folder.glob("persons*.tsv"))
    if not amounts and not names:
        raise click.UsageError(f"{folder}: no amounts*.tsv, named*.tsv or persons*.tsv; name their folder")
    click.echo("\n\n".join([*(table(paths) for paths in cases if paths), person_table(names)]))
    for path in amounts if wrong else ():
        for case, said in wrong_cases(read_cases(path)):
            click.echo(f"{case.source}\n  wanted {[sorted(one) for one in case.allowed]}\n  said   {said}")
    for path in names if wrong else ():
        score = measure_persons(read_persons(path))
        click.echo(
            "\n".join([*(f"wrong {one}" for one in score.wrong), *(f"missed {one}" for one in score.missed)])
        )
