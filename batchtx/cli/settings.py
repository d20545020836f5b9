"""Where the values of options come from, besides the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from batchtx.cli.commands import HELP_NAMES, HelpfulCommand
from batchtx.config import ENVIRONMENT_PREFIX, check_environment, read_settings, settings_files
from batchtx.errors import ConfigError
from batchtx.glossary.shipped import find_glossary


class SettingsCommand(HelpfulCommand):
    """A command whose options may also stand in batchtx.toml and in BATCHTX_* variables.

    Args:
        section: the command's own options stand in this table, in variables BATCHTX_<SECTION>_*; "": none.
        shares: the command whose settings hold for this one too, where it has the same options.
    """

    def __init__(  # type: ignore[no-untyped-def]
        self, *args, section: str = "", shares: SettingsCommand | None = None, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self._section = section
        mine = [option.name for option in self._options() if option.name]
        common = [option.name for option in shares._options() if option.name] if shares else mine
        self._known = tuple(common)
        self._own = tuple(name for name in mine if name not in common)
        for option in self._options():
            prefix = f"{section}_" if option.name in self._own and section else ""
            option.envvar = option.envvar or f"{ENVIRONMENT_PREFIX}{prefix}{option.name}".upper()

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """Reads the settings first: click takes them as defaults.

        A shell that completes reads none; what is wrong with them is told after --help had its turn.
        """
        settings: dict[str, Any] = {}
        fault: ConfigError | None = None
        if not extra.get("resilient_parsing"):
            try:
                settings = self._settings()
            except ConfigError as error:
                fault = error
        asks_for_help = any(arg in HELP_NAMES for arg in args[: args.index("--") if "--" in args else None])
        if fault is not None and not asks_for_help:
            raise fault
        return super().make_context(info_name, args, parent, default_map=settings, **extra)

    def _settings(self) -> dict[str, Any]:
        """The checked settings of the user and, over them, of the project.

        Raises:
            ConfigError: a key, a value or a variable is wrong.
        """
        own = [f"{self._section}_{name}" for name in self._own]
        check_environment(os.environ, [*self._known, *own], self._section)
        merged: dict[str, Any] = {}
        for file in reversed(settings_files(Path.cwd())):
            found = read_settings(file, self._known, self._section, self._own)
            for option in self._options():
                if option.name in found:
                    merged[option.name] = _checked(option, found[option.name], file)
        return merged

    def _options(self) -> list[click.Option]:
        return [p for p in self.params if isinstance(p, click.Option) and p.name not in ("help", "dry_run")]


def _checked(option: click.Option, value: Any, file: Path) -> Any:
    """A value of batchtx.toml, with paths made relative to its folder.

    Raises:
        ConfigError: it is not of the option's kind; click would take 2.5 for 2 and [] for a name.
    """
    if option.multiple:
        values = value if isinstance(value, list) else [value]
        return [_checked_one(option, one, file) for one in values]
    return _checked_one(option, value, file)


def _checked_one(option: click.Option, value: Any, file: Path) -> Any:
    kind, wanted = _kind(option)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ConfigError(f"{file}: {option.name} must be {wanted}, not {value!r}")
    try:
        option.type.convert(value, option, None)
    except click.BadParameter as error:
        raise ConfigError(f"{file}: {option.name}: {error.message}") from None
    if not isinstance(option.type, click.Path):
        return value
    beside = file.parent / str(value)
    return (
        str(value)
        if not beside.exists() and find_glossary(Path(str(value))) != Path(str(value))
        else str(beside)
    )


def _kind(option: click.Option) -> tuple[type | tuple[type, ...], str]:
    if option.is_flag:
        return bool, "true or false"
    if isinstance(option.type, click.types.IntParamType):
        return int, "a whole number"
    if isinstance(option.type, click.types.FloatParamType):
        return (int, float), "a number"
    return str, "a text"
