"""batchtx translate: documents in, translated documents, review sheet and report out."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from batchtx.cli.format_settings import format_option, setting_names, setting_options
from batchtx.cli.names import DOCUMENT, EXECUTOR
from batchtx.cli.run_options import (
    domain_option,
    engine_option,
    engine_spec,
    glossary_mode_option,
    glossary_option,
    model_option,
    quantize_option,
    worker_timeout_option,
)
from batchtx.cli.say import say
from batchtx.cli.settings import SettingsCommand
from batchtx.errors import BatchtxError
from batchtx.executors import DEFAULT_EXECUTOR, EXECUTORS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batchtx.pipeline.options import TranslateOptions
    from batchtx.report.report import Report

_FILE = click.Path(path_type=Path)
_GROUPS = {
    "Output": ("output", "bilingual", "force", "shard"),
    "Glossary and rules": ("glossary", "glossary_mode", "domain", "rules"),
    "Engine": (
        "workers",
        "executor",
        "address",
        "engine",
        "model",
        "beam_size",
        "source_language",
        "target_language",
        "quantize",
        "worker_timeout",
    ),
    "Review sheet and report": (
        "sheet",
        "no_sheet",
        "sheet_order",
        "sheet_rows",
        "sheet_repeats",
        "sheet_per",
        "sheet_max_rows",
        "report",
        "fail_on",
    ),
    "Memory": ("memory", "no_memory"),
    "Formats": ("format", "convert", *setting_names()),
}


@click.command(cls=SettingsCommand, groups=_GROUPS, context_settings={"show_default": True})
@click.argument("inputs", nargs=-1, required=True, type=DOCUMENT, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    type=_FILE,
    help="File or folder to write to.  [default: docs/ → docs.en/, a.docx → a.en.docx]",
)
@glossary_option
@glossary_mode_option
@click.option(
    "--rules",
    default="all",
    help="What has its English from rules: all, none, or some of amounts, documents, organisations, "
    "parties, places, persons, phrases.",
)
@domain_option
@click.option(
    "-j", "--workers", type=click.IntRange(1, 512), help="Worker processes.  [default: physical cores]"
)
@click.option("--executor", type=EXECUTOR, default=DEFAULT_EXECUTOR, help=f"{', '.join(EXECUTORS)}.")
@click.option(
    "--address",
    default="",
    show_default=False,
    help="Executor ray: of a cluster that runs (auto, HOST:6379).",
)
@engine_option
@model_option
@click.option(
    "--beam-size",
    type=click.IntRange(1, 16),
    default=4,
    help="Width of the search: 1 is fastest, 4 translates better.",
)
@click.option(
    "--source-language",
    default="",
    show_default=False,
    help="Of the documents: zh, ja, en …  [default: the model's]",
)
@click.option(
    "--target-language", default="", show_default=False, help="To translate into.  [default: the model's]"
)
@quantize_option
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
    "--sheet-rows",
    type=click.Choice(["all", "translated", "flagged", "major", "critical"]),
    default="translated",
    help="Which segments it lists: all, not what was only copied, or with a flag (this severe).",
)
@click.option(
    "--sheet-repeats",
    type=click.Choice(["once", "all"]),
    default="once",
    help="Equal rows once (×33), or each at its place.",
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
@click.option("--shard", metavar="I/N", help="Do only this part of the documents (2/8), for job arrays.")
@click.option("--dry-run", is_flag=True, help="Translate nothing; say what would happen.")
@format_option("Read all inputs as this.")
@click.option("--convert", is_flag=True, help="Convert .doc, .xls, .ppt, .odt … by LibreOffice first.")
@setting_options()
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
@worker_timeout_option
@click.option("--force", is_flag=True, help="Overwrite outputs that were edited or are not batchtx's own.")
@click.option("-q", "--quiet", is_flag=True, help="Only errors.")
@click.option("-v", "--verbose", is_flag=True, help="Notes per document, and the log.")
def translate(inputs: tuple[str, ...], **values: Any) -> None:
    """Translate files, folders and standard input (-).

    Folders are read recursively and mirrored. Finished segments are remembered, so that the same
    command goes on after an interruption and later runs translate only what changed.

    Every option can also stand in batchtx.toml of the project folder (workers = 4), in that of the user
    (~/.config/batchtx/batchtx.toml), or in a variable (BATCHTX_WORKERS=4; several files in one variable
    are separated as in PATH).
    """
    from batchtx.cli.progress import ProgressReporter
    from batchtx.pipeline.run import new_report, translate_documents
    from batchtx.pipeline.setup import open_store, set_up, side_files

    logging.basicConfig(stream=sys.stderr, level=logging.INFO if values["verbose"] else logging.WARNING)
    signal.signal(signal.SIGTERM, _interrupt)
    options = side_files(_options(inputs, values), Path.cwd())
    run, plan = set_up(options)
    screen = ProgressReporter(quiet=values["quiet"], verbose=values["verbose"])
    screen.notes(plan.notes)
    report = new_report(run, plan.jobs)
    try:
        with open_store(options, Path.cwd()) as store:
            if values["dry_run"]:
                from batchtx.pipeline.dry_run import estimate

                found = estimate(run, plan.jobs, store)
                screen.lines(found.lines)
                sys.exit(1 if found.n_failed else 0)
            with screen:
                translate_documents(run, plan.jobs, store, screen, report)
            if report.interrupted:  # as in cli.main
                signal.signal(signal.SIGINT, signal.SIG_IGN)
    except BatchtxError as error:  # no engine, no memory
        report.failure = str(error)
        say(f"batchtx: {error}", err=True)
    else:
        screen.finish(report)
    report.notes[:0] = plan.notes
    _save_reports(report, options.reports)
    sys.exit(report.exit_code)


def _save_reports(report: Report, paths: Iterable[Path]) -> None:
    """Write the reports; exit when one cannot be written: the documents are written all the same."""
    from batchtx.report.save import save_report

    try:
        for path in paths:
            save_report(report, path)
    except BatchtxError as error:
        say(f"batchtx: {error}", err=True)
        sys.exit(report.exit_code or 1)


_AS_THEY_ARE = (
    *("output", "format", "convert", "executor", "address", "workers", "glossary_mode", "rules", "sheet"),
    *("sheet_order", "sheet_rows", "sheet_repeats", "sheet_per", "sheet_max_rows"),
    *("memory", "bilingual", "fail_on", "force"),
)
"""Options that are fields of TranslateOptions by the same name."""


def _options(inputs: tuple[str, ...], values: dict[str, Any]) -> TranslateOptions:
    """The values of the command line as a typed record."""
    from batchtx.formats import read_choices
    from batchtx.pipeline.options import TranslateOptions

    return TranslateOptions(
        inputs=inputs,
        formats=read_choices(values),
        engine=engine_spec(values),
        shard=values["shard"] or "",
        worker_timeout_s=values["worker_timeout"],
        glossaries=values["glossary"],
        domains=values["domain"],
        with_sheet=not values["no_sheet"],
        reports=values["report"],
        coverage=values["verbose"],
        remember=not values["no_memory"],
        stdin=None if sys.stdin is None else sys.stdin.buffer,
        stdout=None if sys.stdout is None else sys.stdout.buffer,
        **{name: values[name] for name in _AS_THEY_ARE},
    )


def _interrupt(number: int, frame: object) -> NoReturn:
    """A polite kill is an interruption: nothing half-written, resumable."""
    raise KeyboardInterrupt
