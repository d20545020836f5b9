"""batchtx makefile: where the pattern rules for make are."""

from __future__ import annotations

from pathlib import Path

import click

from batchtx.cli.commands import HelpfulCommand


@click.command(cls=HelpfulCommand)
def makefile() -> None:
    """Print the path of the pattern rules that a Makefile can include.

    \b
    include $(shell batchtx makefile)
    all: contract.en.docx
    """
    click.echo(Path(__file__).parent.parent / "batchtx.mk")
