"""Names to things: built-ins first, installed packages only for names we do not know.

A scan of the entry points of all installed packages costs up to 0.14 s, so it happens only for a
name that is not built in.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from batchtx.errors import UnknownName


def resolve(group: str, name: str, built_in: Mapping[str, str]) -> Any:
    """Returns the object called `name`: a built-in ("module:attribute") or an entry point of
    `batchtx.<group>`.

    Raises:
        UnknownName: nobody provides it; the message names the nearest known one.
    """
    path = built_in.get(name)
    if path is None:
        found = entry_points(group=f"batchtx.{group}", name=name)
        if not found:
            raise UnknownName(unknown_message(group.rstrip("s"), name, list(built_in)))
        entry = next(iter(found))
        try:
            return entry.load()
        except (ImportError, AttributeError) as error:
            package = entry.dist.name if entry.dist is not None else "a package"
            raise UnknownName(
                f'{group.rstrip("s")} "{name}" is provided by {package} as {entry.value}, which cannot be '
                f"loaded ({error}); correct the entry point of the package"
            ) from error
    module, _, attribute = path.partition(":")
    return getattr(import_module(module), attribute)


def unknown_message(kind: str, name: str, known: list[str]) -> str:
    """Returns 'unknown engine "ctransalte2"; did you mean "ctranslate2"? Known: …'."""
    near = difflib.get_close_matches(name, known, n=1)
    hint = f'did you mean "{near[0]}"? ' if near else ""
    return f'unknown {kind} "{name}"; {hint}Known: {", ".join(sorted(known))}'
