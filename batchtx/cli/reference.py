"""The command line page of the documentation, made from --help (`make docs`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from batchtx.cli import cli


def reference() -> str:
    """Returns docs/cli.md: the help of every command."""
    parts = ["# Command line\n\nMade by `make docs` from `--help`; a test keeps it true.\n"]
    for path, command in _commands(cli, ("batchtx",)):
        context = _context(path, command)
        parts.append(f"\n## {' '.join(path)}\n\n```text\n{command.get_help(context)}\n```\n")
    return "".join(parts)


def _commands(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = _context(path, command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from _commands(child, (*path, name))


def _context(path: tuple[str, ...], command: click.Command) -> click.Context:
    return click.Context(command, info_name=" ".join(path), terminal_width=100, max_content_width=100)


if __name__ == "__main__":
    sys.stdout.write(reference())
