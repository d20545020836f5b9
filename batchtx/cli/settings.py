"""Where the values of options come from, besides the command line."""

from __future__ import annotations

import os
from pathlib import Path

import click

from batchtx.config import ENVIRONMENT_PREFIX, check_environment, read_settings


class SettingsCommand(click.Command):
    """A command whose options may also stand in batchtx.toml and in BATCHTX_* variables."""

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        for option in self._options():
            option.envvar = option.envvar or f"{ENVIRONMENT_PREFIX}{option.name.upper()}"

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """Read the settings first: click takes them as defaults."""
        known = [option.name for option in self._options() if option.name]
        check_environment(os.environ, known)
        settings = read_settings(Path.cwd(), known)
        return super().make_context(info_name, args, parent, default_map=settings, **extra)

    def _options(self) -> list[click.Option]:
        return [p for p in self.params if isinstance(p, click.Option) and p.name not in ("help", "dry_run")]
