"""batchtx apply: a corrected review sheet back into memory and documents."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click

from batchtx.errors import BatchtxError

_FILE = click.Path(path_type=Path)


@click.command(context_settings={"show_default": True})
@click.argument("sheet", type=_FILE)
@click.option("-o", "--output", type=_FILE, help="Folder for the documents.  [default: where they are]")
@click.option("--memory", type=_FILE, help="Translation memory of the run that wrote the sheet.")
@click.option("--reviewer", help="Who corrected the sheet.  [default: your login]")
@click.option("--strict", is_flag=True, help="Refuse the whole sheet when one row is refused.")
@click.option("--force", is_flag=True, help="Overwrite documents that were edited since.")
@click.option("-q", "--quiet", is_flag=True, help="Only problems.")
def apply(
    sheet: Path,
    output: Path | None,
    memory: Path | None,
    reviewer: str | None,
    strict: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Put the corrections of a review sheet into its documents, and remember them.

    Write corrections into the column `correction`; leave it empty where the translation is right.
    Rows may be sorted, deleted or saved by any spreadsheet; rows whose source has changed since are
    refused by number, the others are applied. No model is loaded.
    """
    from batchtx.cli.screen import Screen
    from batchtx.config import default_memory
    from batchtx.memory.store import Store
    from batchtx.pipeline.apply import ApplyOptions, apply_sheet

    path = memory or default_memory(Path.cwd())
    if not path.exists():
        raise BatchtxError(f"{path}: no such memory; name the one of the run with --memory")
    options = ApplyOptions(output, reviewer or _login(), strict, force)
    screen = Screen(quiet=quiet, verbose=False)
    with Store(path) as store:
        applied = apply_sheet(sheet, store, options, screen)
    for line in (*applied.refused, *applied.notes):
        click.echo(f"batchtx: {sheet}: {line}", err=True)
    if not quiet:
        n_written = sum(d.state == "written" for report in applied.reports for d in report.documents)
        click.echo(
            f"corrections  {applied.n_changed} applied, {len(applied.refused)} refused, "
            f"{applied.n_unchanged} rows without change\ndocuments    {n_written} written",
            err=True,
        )
    sys.exit(applied.exit_code)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
