"""batchtx translate: documents in, translated documents, review sheet and report out."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from batchtx.cli.settings import SettingsCommand
from batchtx.errors import BatchtxError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batchtx.pipeline.report import Report

_FILE = click.Path(path_type=Path)


@click.command(cls=SettingsCommand, context_settings={"show_default": True})
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    type=_FILE,
    help="File or folder to write to.  [default: docs/ → docs.en/, a.docx → a.en.docx]",
)
@click.option(
    "-g",
    "--glossary",
    multiple=True,
    type=_FILE,
    help="Glossary (CSV, TSV, TBX, XLSX); may be repeated, the first one wins.",
)
@click.option(
    "--glossary-mode",
    type=click.Choice(["require", "prefer", "check-only"]),
    default="require",
    help="Entries that do not say so themselves: insist on them, ask for them, or only report misses.",
)
@click.option(
    "--domain", multiple=True, help="Leave out the glossary's entries of other domains; may be repeated."
)
@click.option(
    "-j", "--workers", type=click.IntRange(1, 512), help="Worker processes.  [default: physical cores]"
)
@click.option("--engine", default="ctranslate2", help="ctranslate2, torch, echo or pseudo.")
@click.option("--model", default="zh-en", help="Name of a shipped model, or a folder.")
@click.option(
    "--beam-size",
    type=click.IntRange(1, 16),
    default=4,
    help="Width of the search: 1 is fastest, 4 translates better.",
)
@click.option("--quantize", is_flag=True, help="Engine torch: int8 layers.")
@click.option(
    "--sheet",
    type=_FILE,
    help="Review sheet: .csv, .tsv, .xlsx, .docx, .xlf (XLIFF 1.2) or .xliff (2.1).  "
    "[default: review.csv beside the output]",
)
@click.option("--no-sheet", is_flag=True, help="Write no review sheet.")
@click.option(
    "--sheet-order", type=click.Choice(["doubt", "document"]), default="doubt", help="Order of its rows."
)
@click.option(
    "--sheet-rows", type=click.Choice(["all", "flagged"]), default="all", help="Which segments it lists."
)
@click.option(
    "--sheet-per",
    type=click.Choice(["run", "document"]),
    default="run",
    help="One sheet, or review.NAME.csv for each document.",
)
@click.option(
    "--sheet-max-rows",
    type=click.IntRange(1),
    help="Split into review-1.csv, review-2.csv … of so many segments.",
)
@click.option(
    "--report",
    multiple=True,
    type=_FILE,
    help="Report of the run: .html a page to read, else JSON; may be repeated.",
)
@click.option(
    "--memory", type=_FILE, help="Translation memory.  [default: .batchtx/memory.sqlite of the project]"
)
@click.option("--no-memory", is_flag=True, help="Remember nothing: no resume, no corrections.")
@click.option("--dry-run", is_flag=True, help="Translate nothing; say what would happen.")
@click.option(
    "--format", "format", type=click.Choice(["txt", "jsonl", "docx"]), help="Read all inputs as this."
)
@click.option(
    "--field",
    multiple=True,
    help='JSONL: field to translate (text, messages[].content, "a.b".c); may be repeated.',
)
@click.option("--target-field", help="JSONL: write the translation to this field instead.")
@click.option("--encoding", help="TXT, JSONL: encoding of the input.  [default: detected]")
@click.option(
    "--txt",
    type=click.Choice(["lines", "wrapped"]),
    default="lines",
    help="TXT: a paragraph a line, or hard-wrapped.",
)
@click.option(
    "--revisions",
    type=click.Choice(["keep-visible", "accept", "reject", "refuse"]),
    default="keep-visible",
    help="DOCX: tracked changes.",
)
@click.option(
    "--comments", type=click.Choice(["translate", "keep"]), default="translate", help="DOCX: comments."
)
@click.option("--hidden", is_flag=True, help="DOCX: translate hidden text too.")
@click.option(
    "--docx-adjust",
    multiple=True,
    metavar="NAME",
    help="DOCX: adjust this (row-heights) or not (no-fonts); may be repeated, see docs/docx.md.",
)
@click.option(
    "--bilingual",
    type=click.Choice(["paragraph", "table"]),
    help="DOCX: also write a review copy with both languages.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["minor", "major", "critical"]),
    help="Exit with 1 when a flag is this severe.",
)
@click.option(
    "--worker-timeout",
    type=click.FloatRange(1),
    default=300.0,
    help="Seconds before a silent worker is replaced.",
)
@click.option(
    "--max-size",
    type=click.IntRange(1),
    default=1024,
    help="DOCX: refuse packages that unpack to more MiB than this.",
)
@click.option("--force", is_flag=True, help="Overwrite outputs that were edited or are not batchtx's own.")
@click.option("-q", "--quiet", is_flag=True, help="Only errors.")
@click.option("-v", "--verbose", is_flag=True, help="Notes per document, and the log.")
def translate(inputs: tuple[str, ...], **options: Any) -> None:
    """Translate files, folders and standard input (-).

    Folders are read recursively and mirrored. Finished segments are remembered, so that the same
    command goes on after an interruption and later runs translate only what changed.

    Every option can also stand in batchtx.toml (workers = 4) or in a variable (BATCHTX_WORKERS=4;
    several files in one variable are separated as in PATH).
    """
    from batchtx.cli.run_setup import open_store, set_up
    from batchtx.cli.screen import Screen
    from batchtx.pipeline.run import new_report, translate_documents

    logging.basicConfig(stream=sys.stderr, level=logging.INFO if options["verbose"] else logging.WARNING)
    signal.signal(signal.SIGTERM, _interrupt)
    run, plan = set_up(inputs, options)
    screen = Screen(quiet=options["quiet"], verbose=options["verbose"])
    screen.notes(plan.notes)
    report = new_report(run, plan.jobs)
    try:
        with open_store(options) as store:
            if options["dry_run"]:
                from batchtx.pipeline.estimate import estimate

                found = estimate(run, plan.jobs, store)
                screen.lines(found.lines)
                sys.exit(1 if found.n_failed else 0)
            with screen:
                translate_documents(run, plan.jobs, store, screen, report)
            if report.interrupted:  # as in cli.main
                signal.signal(signal.SIGINT, signal.SIG_IGN)
    except BatchtxError as error:  # no engine, no memory
        report.failure = str(error)
        click.echo(f"batchtx: {error}", err=True)
    else:
        screen.finish(report)
    report.notes[:0] = plan.notes
    _save_reports(report, options["report"])
    sys.exit(report.exit_code)


def _save_reports(report: Report, paths: Iterable[Path]) -> None:
    """Write the reports; exit when one cannot be written: the documents are written all the same."""
    from batchtx.pipeline.report import save_report

    try:
        for path in paths:
            save_report(report, path)
    except BatchtxError as error:
        click.echo(f"batchtx: {error}", err=True)
        sys.exit(report.exit_code or 1)


def _interrupt(number: int, frame: object) -> NoReturn:
    """A polite kill is an interruption: nothing half-written, resumable."""
    raise KeyboardInterrupt
