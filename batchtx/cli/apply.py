"""batchtx apply: corrected review sheets back into memory and documents."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Collection, Iterator
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING

import click

from batchtx.cli.commands import HelpfulCommand
from batchtx.cli.say import say
from batchtx.errors import BatchtxError
from batchtx.files import shown_path

if TYPE_CHECKING:
    from batchtx.review.apply_report import Applied

_MOST_LINES = 20
_FILE = click.Path(path_type=Path)


@click.command(cls=HelpfulCommand, context_settings={"show_default": True})
@click.argument("sheets", type=_FILE, nargs=-1, required=True, metavar="SHEET...")
@click.option("-o", "--output", type=_FILE, help="Folder for the documents.  [default: where they are]")
@click.option("--memory", type=_FILE, help="Translation memory of the run that wrote the sheet.")
@click.option(
    "--reviewer", help="Who corrected the rows that name nobody in `reviewer`.  [default: your login]"
)
@click.option("--strict", is_flag=True, help="Write nothing when one row is refused.")
@click.option("--report", type=_FILE, help="Write what was changed and refused, and why, as JSON.")
@click.option("--force", is_flag=True, help="Overwrite documents that were edited since.")
@click.option("-q", "--quiet", is_flag=True, help="Only problems.")
def apply(
    sheets: tuple[Path, ...],
    output: Path | None,
    memory: Path | None,
    reviewer: str | None,
    strict: bool,
    report: Path | None,
    force: bool,
    quiet: bool,
) -> None:
    """Put the corrections of review sheets into their documents, and remember them.

    A translated DOCX that was edited in Word can stand in place of a sheet: its edits become corrections, and
    it stays as it is.

    CSV, TSV, XLSX, DOCX or XLIFF, as Excel, LibreOffice, Word or a CAT tool saved them; several sheets
    count as one. Write into the column `correction`, in XLIFF into the target; leave what is right as
    it is. Rows may be sorted or deleted; rows whose source has changed since are refused by number,
    the others are applied. No model is loaded.
    """
    from batchtx.cli.progress import ProgressReporter
    from batchtx.config import default_memory
    from batchtx.memory.store import Store
    from batchtx.pipeline.apply import ApplyOptions, apply_sheets
    from batchtx.review.apply_report import save_report

    path = memory or default_memory(Path.cwd())
    if not path.exists():
        raise BatchtxError(f"{path}: no such memory; name the one of the run with --memory")
    options = ApplyOptions(output, reviewer or _login(), strict, force)
    screen = ProgressReporter(quiet=quiet, verbose=False)
    with Store(path) as store:
        applied = apply_sheets(sheets, store, options, screen)
    _tell(applied, quiet=quiet)
    if report is not None:
        save_report(applied, sheets, report)
    sys.exit(applied.exit_code)


def _tell(applied: Applied, *, quiet: bool) -> None:
    """Say what became of the rows: what went wrong always, the counts unless quiet."""
    for line in (*applied.refused, *applied.notes, *_left(applied)):
        say(f"batchtx: {line}", err=True)
    if applied.aborted:
        say(f"batchtx: nothing was written: {len(applied.refused)} rows refused (--strict)", err=True)
    elif not quiet:
        written = [d.output for run in applied.reports for d in run.documents if d.state == "written"]
        say(
            f"corrections  {len(applied.changed) - len(applied.waiting)} applied, "
            f"{len(applied.refused)} refused, {applied.n_unchanged} rows without change"
            f"\ndocuments    {_documents(written, applied)}",
            err=True,
        )


def _documents(written: Collection[str], applied: Applied) -> str:
    taken = [
        shown_path(Path(realpath(path))) for path in applied.taken
    ]  # as a report names them, in any locale
    edited = len(applied.held_outputs) + sum(path not in written for path in taken)
    return f"{len(written)} written" + (f", {edited} left as they were edited" if edited else "")


def _left(applied: Applied) -> Iterator[str]:
    """What did not get into the documents, though no row is to blame."""
    yield from (trouble for run in applied.reports for trouble in run.troubles)
    for change in applied.waiting:
        yield f"{change.row}: remembered, but {change.row.document} could not be written"
    for segment in applied.untranslated[:_MOST_LINES]:
        if segment.document not in applied.failed_documents:
            yield f"{segment.document}, {segment.place}: not translated: neither memory nor sheet has it"
    more = len(applied.untranslated) - _MOST_LINES
    if more > 0:
        yield f"{more} more places are not translated; --report lists them"


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
