"""A click group whose commands are imported when they are called, so that --help stays quick."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from batchtx.cli.commands import CommandGroup
from batchtx.errors import BatchtxError


class LazyGroup(CommandGroup):
    """A group of commands given as name → "module:attribute"."""

    def __init__(self, *args: Any, commands_by_path: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._paths = commands_by_path

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns the names in the order of their declaration."""
        return list(self._paths)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command; None for a name that is not there."""
        path = self._paths.get(cmd_name)
        if path is None:
            return None
        module, _, attribute = path.partition(":")
        try:
            command = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("batchtx"):
                raise
            raise BatchtxError(
                f"`batchtx {cmd_name}` needs {error.name}: pip install 'batchtx[distill]'"
            ) from error
        assert isinstance(command, click.Command)
        return command
