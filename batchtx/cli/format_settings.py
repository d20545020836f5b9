"""What formats let a user choose, as options of commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from batchtx.formats import FORMATS, built_in_formats
from batchtx.formats.options import Setting

Decorated = Callable[..., Any]


def format_option(help_text: str, *names: str) -> Callable[[Decorated], Decorated]:
    """Returns the option --format; installed packages may have more formats than it shows."""
    return click.option("--format", *names, type=FormatName(), help=help_text)


def setting_names() -> tuple[str, ...]:
    """Returns the names of the options that `setting_options` makes."""
    return tuple({one.name: one for form in built_in_formats() for one in form.settings})


def setting_options(*only: str) -> Callable[[Decorated], Decorated]:
    """Returns the options for the settings of all built-in formats, or only for those named."""
    settings = {one.name: one for form in built_in_formats() for one in form.settings}

    def decorate(command: Decorated) -> Decorated:
        for setting in reversed([one for one in settings.values() if not only or one.name in only]):
            command = _option(setting)(command)
        return command

    return decorate


class FormatName(click.ParamType):  # type: ignore[type-arg]
    """The name of a format; whether anybody has it is told when documents are planned."""

    name = "format"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return f"[{'|'.join(FORMATS)}]"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Returns the built-in formats whose names begin so."""
        return [CompletionItem(name) for name in FORMATS if name.startswith(incomplete)]


def _option(setting: Setting) -> Callable[[Decorated], Decorated]:
    flag = f"--{setting.name.replace('_', '-')}"
    given: dict[str, Any] = {"help": setting.help, "multiple": setting.multiple}
    if setting.metavar:
        given["metavar"] = setting.metavar
    if setting.flag:
        return click.option(flag, is_flag=True, help=setting.help)
    if setting.choices:
        given["type"] = click.Choice(setting.choices)
    elif setting.minimum is not None:
        given["type"] = click.IntRange(setting.minimum)
    if setting.default is not None:
        given["default"] = setting.default
    return click.option(flag, **given)
