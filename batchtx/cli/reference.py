"""The pages of the command line, made from --help: docs/cli.md (`make docs`) and man pages (`make man`)."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from batchtx import __version__
from batchtx.cli import cli

_WIDTH = 100
_MAN_WIDTH = 76
_HEADING = re.compile(r"^(?P<head>[A-Z][\w ,]+):$")


def reference() -> str:
    """Returns docs/cli.md: the help of every command."""
    parts = ["# Command line\n\nMade by `make docs` from `--help`; a test keeps it true.\n"]
    for context in _contexts(_context("batchtx", cli, None, _WIDTH)):
        parts.append(f"\n## {context.command_path}\n\n```text\n{context.get_help()}\n```\n")
    return "".join(parts)


def man_pages() -> Iterator[tuple[str, str]]:
    """Yields the name and the roff text of a manual page (section 1) for each command."""
    contexts = list(_contexts(_context("batchtx", cli, None, _MAN_WIDTH)))
    names = [one.command_path.replace(" ", "-") for one in contexts]
    for name, context in zip(names, contexts, strict=True):
        also = [other for other in names if other != name and _related(name, other)]
        yield f"{name}.1", _man_page(name, context, also)


def write_man_pages(folder: Path) -> int:
    """Writes all manual pages into a folder and gives their number."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = dict(man_pages())
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(pages)


def _man_page(name: str, context: click.Context, also: list[str]) -> str:
    short = context.command.get_short_help_str(limit=200).rstrip(".")
    usage, _, body = context.get_help().partition("\n\n")
    day = time.strftime("%Y-%m-%d", time.gmtime(0))  # the same bytes whenever it is made
    lines = [
        f'.TH "{name.upper()}" 1 "{day}" "batchtx {__version__}" "User Commands"',
        ".SH NAME",
        f"{_roff(name)} \\- {_roff(short)}",
        ".SH SYNOPSIS",
        *map(_roff, usage.removeprefix("Usage: ").splitlines()),
        ".SH DESCRIPTION",
        ".nf",
        *_body(body),
        ".fi",
    ]
    if also:
        lines += [".SH SEE ALSO", ", ".join(f"\\fB{_roff(other)}\\fR(1)" for other in also)]
    return "\n".join(lines) + "\n"


def _body(text: str) -> Iterator[str]:
    """The rest of the help: its headings as sections, everything else as it is laid out."""
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading:
            yield from (".fi", f'.SH "{_roff(heading["head"].upper())}"', ".nf")
        else:
            yield _roff(line.removeprefix("  "))


def _roff(line: str) -> str:
    """A line of text as roff: nothing in it is a command or an escape."""
    line = line.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    line = "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in line)
    return f"\\&{line}" if line.startswith((".", "'")) else line


def _related(name: str, other: str) -> bool:
    """Whether one of two commands is the group of the other."""
    return other == name.rpartition("-")[0] or other.rpartition("-")[0] == name


def _contexts(context: click.Context) -> Iterator[click.Context]:
    yield context
    command = context.command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from _contexts(_context(name, child, context, context.terminal_width or _WIDTH))


def _context(name: str, command: click.Command, parent: click.Context | None, width: int) -> click.Context:
    settings = {**command.context_settings, "terminal_width": width, "max_content_width": width}
    return click.Context(command, parent, name, **settings)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--man"]:
        sys.stdout.write(f"{write_man_pages(Path(sys.argv[2]))} pages in {sys.argv[2]}\n")
    else:
        sys.stdout.write(reference())
