"""What the command line says to people: in their language, on standard output or standard error."""

from __future__ import annotations

import click

from batchtx.messages import told

_NAME = "batchtx: "
_NOTE = "note: "


def say(text: str = "", *, err: bool = False) -> None:
    """Says a text in the language of the user, line by line where it is no one message."""
    click.echo(spoken(text), err=err)


def spoken(text: str) -> str:
    """Returns what `say` says."""
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    if line.startswith(_NOTE):
        return f"{told('note')}: {told(line.removeprefix(_NOTE))}"
    return f"{_NAME}{told(line.removeprefix(_NAME))}" if line.startswith(_NAME) else told(line)
