"""The settings of a run, and where their values may come from.

Order: command line options > BATCHTX_* variables > batchtx.toml of the project > batchtx.toml of the
user > defaults. The project folder is the nearest folder, from here upwards, that has a batchtx.toml or a
.batchtx folder. The user's file lies in batchtx/ of $XDG_CONFIG_HOME, else of ~/.config.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from batchtx.errors import ConfigError
from batchtx.records import GlossaryMode, Severity
from batchtx.registry import unknown_message

SETTINGS_FILE = "batchtx.toml"
STATE_FOLDER = ".batchtx"
ENVIRONMENT_PREFIX = "BATCHTX_"
SECTIONS = ("serve",)
"""Commands whose own settings stand in a table of batchtx.toml, and in variables with their name."""


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What holds for all documents of a run.

    `sheet` None: no sheet. `force`: overwrite outputs that a person edited or that this memory does not
    know. `bilingual` ("paragraph" or "table"): also write a review copy with both languages beside each
    document whose format can. `n_worst`: how many of the most doubtful segments the report remembers.
    `coverage`: count for each document what share of its text is translated, and why the rest stays.
    """

    workers: int = 1
    glossaries: tuple[Path, ...] = ()
    domains: tuple[str, ...] = ()
    glossary_mode: GlossaryMode = "require"
    sheet: Path | None = None
    sheet_order: Literal["doubt", "document"] = "doubt"
    sheet_rows: Literal["all", "translated", "flagged", "major", "critical"] = "translated"
    sheet_repeats: Literal["once", "all"] = "once"
    sheet_per: Literal["run", "document"] = "run"
    sheet_max_rows: int | None = None
    fail_on: Severity | None = None
    force: bool = False
    bilingual: Literal["paragraph", "table"] | None = None
    n_worst: int = 0
    coverage: bool = False


def project_folder(here: Path) -> Path:
    """Returns the folder whose settings and memory hold for `here`."""
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file() or (folder / STATE_FOLDER).is_dir():
            return folder
    return here


def user_folder() -> Path | None:
    """Returns where the user's own batchtx.toml lies; None when the user has no home."""
    named = os.environ.get("XDG_CONFIG_HOME")
    try:
        base = Path(named) if named else Path.home() / ".config"
    except RuntimeError:
        return None
    return base / "batchtx"


def settings_files(here: Path) -> list[Path]:
    """Returns the files of settings that there are: the project's first, then the user's."""
    folders = [project_folder(here), user_folder()]
    files = [folder / SETTINGS_FILE for folder in folders if folder is not None]
    return [path for path in dict.fromkeys(files) if path.is_file()]


def default_memory(here: Path) -> Path:
    """Returns where the memory is when the command line does not say: BATCHTX_MEMORY, the key `memory` of
    a batchtx.toml (from its folder), or .batchtx/memory.sqlite of the project."""
    if named := os.environ.get(f"{ENVIRONMENT_PREFIX}MEMORY"):
        return here / named
    for path in settings_files(here):
        try:
            named = tomllib.loads(path.read_text(encoding="utf-8")).get("memory")
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue  # `translate` tells what is wrong with it
        if isinstance(named, str):
            return path.parent / named
    return project_folder(here) / STATE_FOLDER / "memory.sqlite"


def read_settings(
    path: Path, known: Iterable[str], section: str = "", own: Iterable[str] = ()
) -> dict[str, Any]:
    """Returns the settings of one batchtx.toml; relative paths in it are the caller's business.

    Those of the table `section`, which may also have the keys `own`, go before the others. Tables of other
    sections are passed over.

    Raises:
        ConfigError: the file cannot be read, or has a key that is not in `known`.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
    tables = {name: settings.pop(name, {}) for name in SECTIONS}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: {name} must be a table: [{name}]")
    names = list(known)
    found = _checked_keys(settings, names, str(path))
    return found | _checked_keys(tables.get(section, {}), [*names, *own], f"{path}, [{section}]")


def _checked_keys(settings: Mapping[str, Any], names: list[str], where: str) -> dict[str, Any]:
    for key in settings:
        if key.replace("-", "_") not in names:
            raise ConfigError(f"{where}: {unknown_message('key', key, names)}")
    return {key.replace("-", "_"): value for key, value in settings.items()}


def check_environment(environment: Mapping[str, str], known: Iterable[str], section: str = "") -> None:
    """Raises ConfigError when a BATCHTX_* variable is none of `known` (names in lower case).

    Variables of sections other than the present one are passed over.
    """
    names = [f"{ENVIRONMENT_PREFIX}{name.upper()}" for name in known]
    others = tuple(f"{ENVIRONMENT_PREFIX}{name.upper()}_" for name in SECTIONS if name != section)
    for key in environment:
        if key.startswith(ENVIRONMENT_PREFIX) and key not in names and not key.startswith(others):
            raise ConfigError(unknown_message("variable", key, names))


def available_cores() -> int:
    """Returns the number of physical cores that this process may use; at least 1.

    Two hardware threads of one core help a decoder little, so siblings count once where Linux
    tells; elsewhere logical cores count.
    """
    try:
        allowed = os.sched_getaffinity(0)
    except AttributeError:
        return max(1, os.cpu_count() or 1)
    cores = {_siblings(number) for number in allowed}
    return max(1, len(cores))


def _siblings(number: int) -> str:
    path = Path(f"/sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list")
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return str(number)
