"""batchtx bench: how good translations, terms, places of codes, checks and scores are."""

from __future__ import annotations

import json
from pathlib import Path

import click

from batchtx.cli.commands import HelpfulCommand
from batchtx.cli.names import ENGINE, GLOSSARY
from batchtx.cli.run_options import model_option
from batchtx.engines.spec import DEFAULT_ENGINE, DEFAULT_MODEL

_FILE = click.Path(path_type=Path)


@click.command(cls=HelpfulCommand)
@click.option(
    "--cases", default="tests/data/placement.tsv", show_default=True, help="Sentences with marks, TSV."
)
@model_option
@click.option("--wrong", default=0, show_default=True, help="How many misplaced sentences to show.")
def placement(cases: str, model: str, wrong: int) -> None:
    """Do bold, links and notes land on the right words? Judged on a person's translations."""
    from batchtx.bench.tag_placement import load_cases, measure_placement, table

    scores = measure_placement(load_cases(Path(cases)), model)
    click.echo(f"model {model}\n\n{table(scores)}")
    for wanted, placed in scores[0].wrong[:wrong]:
        click.echo(f"wanted  {wanted}\nplaced  {placed}")


@click.command(cls=HelpfulCommand)
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
@model_option
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


@click.command("term-set", cls=HelpfulCommand)
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


@click.command("seed-table", cls=HelpfulCommand)
@click.argument("pairs", type=_FILE)
@click.option("--teacher", help="Measure it too: a folder, or a transformers name.")
@model_option
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


@click.command("term-speed", cls=HelpfulCommand)
@click.option("--sizes", default="0,500,50000", show_default=True, help="Glossary sizes to compare.")
@click.option("--segments", default=4000, show_default=True, help="How many segments to translate.")
@click.option("--repeat", default=3, show_default=True, help="How often to run each size.")
@model_option
def term_speed(sizes: str, segments: int, repeat: int, model: str) -> None:
    """What a large glossary costs a whole run, in CPU time."""
    from batchtx.bench.machine import machine
    from batchtx.bench.term_speed import measure_runs, table

    click.echo(f"{machine()}; {segments:,} segments, model {model}\n")
    click.echo(table(measure_runs([int(number) for number in sizes.split(",")], segments, repeat, model)))


@click.command(cls=HelpfulCommand)
@click.argument("sets", nargs=-1, type=_FILE, metavar="SET...")
@click.option("--fit", "fit_sets", multiple=True, type=_FILE, help="Fit on this set first; may be repeated.")
@click.option("-o", "--output", type=_FILE, help="Where --fit writes the coefficients.")
@click.option("--coefficients", type=_FILE, help="Measure with these.  [default: the shipped ones]")
@model_option
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


@click.command(cls=HelpfulCommand)
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


@click.command(cls=HelpfulCommand)
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


QUALITY = (placement, terms, term_set_command, seed_table, term_speed, review, checks, office)
"""What `batchtx bench` measures of translations, not of machines."""
