"""batchtx glossary: check, convert, prove and find terms."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from batchtx.cli.commands import CommandGroup
from batchtx.cli.format_settings import format_option, setting_options
from batchtx.cli.names import DOCUMENT, GLOSSARY
from batchtx.cli.say import say
from batchtx.messages import told

if TYPE_CHECKING:
    from batchtx.formats.options import FormatChoices
    from batchtx.glossary.lint import Finding
    from batchtx.glossary.term_consistency import Inconsistency
    from batchtx.glossary.term_report import Translated
    from batchtx.records import Segment

_FILE = click.Path(path_type=Path)


@click.group(cls=CommandGroup)
def glossary() -> None:
    """Check glossaries, convert them, prove that they were obeyed, find terms for them."""


@glossary.command()
@click.argument("files", nargs=-1, required=True, type=GLOSSARY, metavar="FILE...")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def lint(files: tuple[Path, ...], format_: str) -> None:
    """Say what is wrong with glossaries, alone and together.

    Exit code 1 when there are errors (unreadable, conflict, chinese_target, self_forbidden, cycle,
    damaged); warnings alone give 0.
    """
    from batchtx.glossary.lint import lint_files

    findings = lint_files(files)
    n_errors = sum(finding.severity == "error" for finding in findings)
    if format_ == "json":
        click.echo(json.dumps(_lint_facts(findings), ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            say(f"{finding.severity}: {finding}")
        say(f"{len(files)} files, {n_errors} errors, {len(findings) - n_errors} warnings", err=True)
    sys.exit(1 if n_errors else 0)


@glossary.command()
@click.argument("source", type=GLOSSARY, metavar="IN")
@click.argument("target", type=_FILE, metavar="OUT")
def convert(source: Path, target: Path) -> None:
    """Write the glossary IN as OUT: .csv, .tsv, .tbx (TBX-Basic 3) or .xlsx, whatever IN is.

    OUT is read back and compared before it takes the place of an older file.
    """
    from batchtx.glossary.convert import convert as convert_glossary

    for note in convert_glossary(source, target):
        say(note, err=True)


@glossary.command()
@click.argument("inputs", nargs=-1, required=True, type=DOCUMENT, metavar="SHEET_OR_DOCS...")
@click.option(
    "-g",
    "--glossary",
    "files",
    multiple=True,
    type=GLOSSARY,
    help="Glossary; may be repeated, the first wins.",
)
@click.option("--domain", multiple=True, help="Leave out entries of other domains; may be repeated.")
@click.option("--json", "json_file", type=_FILE, help="Write all figures and misses as JSON.")
@click.option("--fail-under", type=click.FloatRange(0, 100), help="Exit with 1 when fewer percent are used.")
@click.option(
    "--consistency", is_flag=True, help="Also terms without a glossary, translated in several ways."
)
@click.option("--memory", type=_FILE, help="For documents: the memory to look in.  [default: the project's]")
@click.option("--misses", default=100, show_default=True, help="How many misses to show.")
def report(
    inputs: tuple[str, ...],
    files: tuple[Path, ...],
    domain: tuple[str, ...],
    json_file: Path | None,
    fail_under: float | None,
    consistency: bool,
    memory: Path | None,
    misses: int,
) -> None:
    """Count which terms of the glossaries review sheets use, miss, or use against a ban.

    Source documents and folders are looked up in the memory instead. A correction counts instead of
    the translation. A term counts once a segment, as in the WMT
    terminology tasks; plurals and other simple forms count as used.
    """
    from batchtx.glossary.matcher import Matcher
    from batchtx.glossary.table import load
    from batchtx.glossary.term_consistency import find_inconsistencies
    from batchtx.glossary.term_report import measure, to_json
    from batchtx.glossary.term_report_table import lines

    if not files and not consistency:
        raise click.UsageError(told("name a glossary with -g, or ask for --consistency"))
    rows = [row for text in inputs for row in _finished_rows(text, memory)]
    loaded = load(files, domain)
    for note in loaded.notes:
        say(note, err=True)
    measured = measure(rows, Matcher(loaded))
    found = find_inconsistencies(rows) if consistency else []
    for line in (*(lines(measured, misses) if files else ()), *map(str, found)):
        say(line)
    if consistency and not found:
        say("no term is translated in several ways within a document")
    if json_file:
        facts = {**to_json(measured), "inconsistent": [_inconsistency_facts(one) for one in found]}
        json_file.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    success = measured.success
    sys.exit(1 if fail_under is not None and success is not None and success * 100 < fail_under else 0)


@glossary.command()
@click.argument("docs", nargs=-1, required=True, type=DOCUMENT, metavar="DOCS...")
@click.option("-o", "--output", required=True, type=_FILE, help="CSV to write; fill in its column `target`.")
@click.option(
    "-g", "--glossary", "files", multiple=True, type=GLOSSARY, help="Leave out the terms of this one."
)
@click.option("--sheet", type=_FILE, help="Review sheet that shows how terms were translated so far.")
@click.option("--memory", type=_FILE, help="Translation memory to look in.  [default: the project's, if any]")
@click.option("--min-frequency", type=click.IntRange(2), default=3, show_default=True)
@format_option("Read all DOCS as this.", "format_")
@setting_options("field", "encoding")
def mine(
    docs: tuple[str, ...],
    output: Path,
    files: tuple[Path, ...],
    sheet: Path | None,
    memory: Path | None,
    min_frequency: int,
    format_: str | None,
    **settings: Any,
) -> None:
    """Find term candidates in source documents and write them as a CSV to edit.

    A target is proposed only where finished translations leave no doubt; the column `note` says
    why. Delete what is no term, fill in the rest, and use the file with --glossary.
    """
    from batchtx.config import default_memory
    from batchtx.formats import read_choices
    from batchtx.glossary.mine import mine as mine_terms
    from batchtx.glossary.mine import write_mined
    from batchtx.glossary.table import load

    segments = list(_segments(docs, format_, read_choices(settings)))
    path = memory or default_memory(Path.cwd())
    translated = list(_sheet_rows(sheet)) if sheet else _remembered(segments, path)
    terms = mine_terms(
        ((segment.document, segment.source) for segment in segments),
        translated,
        min_frequency=min_frequency,
        known=[entry.source for entry in load(files).entries if not entry.regex],
    )
    write_mined(output, terms)
    n_filled = sum(term.evidence is not None for term in terms)
    say(f"{output}: {len(terms)} candidates, {n_filled} with the translation used so far", err=True)


def _sheet_rows(sheet: Path) -> Iterator[Translated]:
    """The rows of a sheet as they will stand in the documents."""
    from batchtx.glossary.term_report import Translated, hide_codes
    from batchtx.review.corrections import read_sheet

    for row in read_sheet(sheet):
        target = row.correction.strip() or row.translation
        yield Translated(row.document, row.id, hide_codes(row.source), hide_codes(target))


def _finished_rows(text: str, memory: Path | None) -> Iterator[Translated]:
    """The rows of a sheet, or what the memory says for a document or a folder."""
    from batchtx.config import default_memory
    from batchtx.formats import format_of
    from batchtx.formats.options import FormatChoices

    if not Path(text).is_dir() and format_of(text) is None:
        yield from _sheet_rows(Path(text))
        return
    segments = list(_segments((text,), None, FormatChoices()))
    rows = _remembered(segments, memory or default_memory(Path.cwd()))
    say(f"{text}: {len(rows)} of {len(segments)} segments are in the memory", err=True)
    yield from rows


def _segments(docs: Sequence[str], format_name: str | None, choices: FormatChoices) -> Iterator[Segment]:
    """All segments of the documents; what cannot be read is said and passed over."""
    from batchtx.formats import open_document
    from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
    from batchtx.language.pair import find_pair
    from batchtx.pipeline.jobs import plan_documents
    from batchtx.pipeline.reading import DocumentEnd, read_documents
    from batchtx.records import Problem, Segment

    pair = find_pair(DEFAULT_SOURCE, DEFAULT_TARGET)
    stdin = None if sys.stdin is None else sys.stdin.buffer
    plans = [plan_documents((doc,), Path("unwritten"), format_name, stdin=stdin) for doc in docs]
    jobs = [job for plan in plans for job in plan.jobs]
    for item in read_documents(jobs, lambda job: open_document(job.format, job.source, choices, pair), pair):
        if isinstance(item, Segment):
            yield item
        elif isinstance(item, DocumentEnd) and item.error is not None:
            say(f"batchtx: {item.error}", err=True)
        elif isinstance(item, Problem):
            say(f"batchtx: {item.place}: {item.message}", err=True)


def _remembered(segments: Sequence[Segment], path: Path) -> list[Translated]:
    """What the memory says for the segments; nothing where there is no memory."""
    from batchtx.glossary.term_report import Translated
    from batchtx.memory.store import Store
    from batchtx.pipeline.run_plan import remembered

    if not path.exists():
        return []
    with Store(path) as store:
        known, problems = remembered(segments, store)
    for problem in problems:
        say(f"batchtx: {problem}", err=True)
    return [Translated(t.segment.document, t.segment.place, t.segment.source, t.target) for t in known]


def _inconsistency_facts(one: Inconsistency) -> dict[str, object]:
    variants = [{"target": v.target, "places": list(v.places)} for v in one.variants]
    return {"document": one.document, "source": one.source, "variants": variants}


def _lint_facts(findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "errors": sum(finding.severity == "error" for finding in findings),
        "warnings": sum(finding.severity == "warning" for finding in findings),
        "findings": [
            {
                "file": finding.file,
                "row": finding.row,
                "severity": finding.severity,
                "kind": finding.kind,
                "message": finding.message,
            }
            for finding in findings
        ],
    }
