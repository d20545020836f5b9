"""What users may choose about a format: a frozen record for each, and the settings that fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """Base of the options of a format. Fields have defaults and hold what JSON can: text, numbers,
    booleans, tuples of them, and frozen records of the same."""

    @property
    def changed(self) -> dict[str, Any]:
        """The fields that differ from the defaults."""
        default = type(self)()
        pairs = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: value for name, value in pairs if value != getattr(default, name)}

    def facts(self) -> dict[str, Any]:
        """Returns the fields for a JSON file."""
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """Reads what `facts` gave; fields that it lacks have their defaults, unknown ones are passed over."""
        return cls(**_known(cls(), facts))


@dataclass(frozen=True, slots=True)
class Setting:
    """One choice as the command line offers it: --NAME, a key of batchtx.toml, BATCHTX_NAME.

    `choices`: one of these texts. `flag`: on or off. `multiple`: may be repeated, a tuple of texts.
    `minimum`: a whole number from here on. Without any of them it is a text.
    """

    name: str
    help: str
    choices: tuple[str, ...] = ()
    flag: bool = False
    multiple: bool = False
    minimum: int | None = None
    default: Any = None
    metavar: str | None = None


@dataclass(frozen=True, slots=True)
class FormatChoices:
    """The options of all formats that were given some; the others have their defaults."""

    records: tuple[tuple[str, FormatOptions], ...] = ()

    def get(self, format_name: str) -> FormatOptions | None:
        """Returns the options of a format, None for its defaults."""
        return dict(self.records).get(format_name)

    def facts(self) -> dict[str, dict[str, Any]]:
        """Returns the options for a JSON file, by format."""
        return {name: options.facts() for name, options in self.records}

    def __str__(self) -> str:
        """What differs from the defaults, as it enters a signature: "docx.hidden=True"."""
        return ",".join(
            f"{name}.{field}={value}"
            for name, options in self.records
            for field, value in options.changed.items()
            if value
        )


def _known(default: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields(default):
        if one.name not in facts:
            continue
        value, usual = facts[one.name], getattr(default, one.name)
        if isinstance(usual, tuple):
            value = tuple(value)
        elif is_dataclass(usual) and not isinstance(usual, type):
            value = type(usual)(**_known(usual, value))
        found[one.name] = value
    return found
