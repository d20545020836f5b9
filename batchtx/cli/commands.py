"""What all commands do alike: -h, examples atop their help, options in groups, hints for misspelt names."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import click

from batchtx.cells import display_width
from batchtx.cli.examples import EXAMPLES
from batchtx.messages import told

_COLUMN = 40
HELP_NAMES = ("-h", "--help")


class _Helpful(click.Command):
    """Help that begins with examples, also for -h."""

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        """Returns the names of the option that shows the help."""
        return list(HELP_NAMES)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the first paragraph, the examples, and the other paragraphs."""
        first, _, rest = inspect.cleandoc(self.help or "").partition("\n\n")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(first)
        _write_examples(EXAMPLES.get(_path(ctx), ()), formatter)
        if rest:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(rest)


class HelpfulCommand(_Helpful):
    """A command whose help begins with examples and shows its options by group.

    Args:
        groups: heading → names of options; the others stand under "Options", at the end.
    """

    def __init__(self, *args: Any, groups: Mapping[str, Sequence[str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = dict(groups or {})

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the options, each under the heading of its group."""
        left = {param.name: param for param in self.get_params(ctx) if isinstance(param, click.Option)}
        named = [(head, [left.pop(name) for name in names]) for head, names in self.groups.items()]
        for head, options in [*named, ("Options", list(left.values()))]:
            records = [record for one in options if (record := one.get_help_record(ctx)) is not None]
            if records:
                with formatter.section(head):
                    formatter.write_dl(records)


class CommandGroup(_Helpful, click.Group):
    """A group of commands that names the nearest one for a name that is not there."""

    command_class = HelpfulCommand
    group_class = type

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command that the first argument names.

        Raises:
            click.UsageError: there is none; the message has the nearest name.
        """
        name = args[0]
        is_option = name.startswith("-") and len(name) > 1
        if self.get_command(ctx, name) is None and not ctx.resilient_parsing and not is_option:
            ctx.fail(told(_unknown_command(name, self.list_commands(ctx))))
        return super().resolve_command(ctx, args)


def _unknown_command(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    near = near or [one for one in known if name and one.startswith(name)][:1]
    hint = f' Did you mean "{near[0]}"?' if near else f" There are: {', '.join(known)}."
    return f'No such command "{name}".{hint}'


def _path(ctx: click.Context) -> str:
    """The names of a command and its groups, without the program's."""
    names: list[str] = []
    while ctx.parent is not None:
        names.insert(0, ctx.info_name or "")
        ctx = ctx.parent
    return " ".join(names)


def _write_examples(examples: Sequence[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    if not examples:
        return
    with formatter.section("Examples"):
        room = formatter.width - formatter.current_indent
        width = max(
            map(display_width, (line for line, _ in examples if display_width(line) <= _COLUMN)), default=0
        )
        for line, about in examples:
            gap = " " * max(0, width - display_width(line))
            for shown in _example(line, gap, about, room):
                formatter.write(f"{'':>{formatter.current_indent}}{shown}\n")


def _example(line: str, gap: str, about: str, room: int) -> tuple[str, ...]:
    """What it is for behind the line, or above it where there is no room."""
    if not about:
        return (line,)
    whole = f"{line}{gap}  # {about}"
    return (whole,) if display_width(whole) <= room else (f"# {about}", line)
