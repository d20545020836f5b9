"""Names that options take, and that a shell completes: models, engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from batchtx.engines import ENGINES
from batchtx.executors import EXECUTORS
from batchtx.glossary.shipped import find_glossary, shipped_glossaries

DOCUMENT = click.Path(allow_dash=True)
"""A file, a folder, or "-": a shell completes it as a path."""


class ModelName(click.ParamType):  # type: ignore[type-arg]
    """The name of a model, or a folder; which there are is told when one is looked for."""

    name = "text"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Returns the bundles whose names begin so; where none does, the shell offers folders."""
        from batchtx.engines.model_files import downloaded_bundles, shipped_bundles

        names = [name for name in (*shipped_bundles(), *downloaded_bundles()) if name.startswith(incomplete)]
        return [CompletionItem(incomplete, type="dir"), *map(CompletionItem, names)]


class DownloadedName(click.ParamType):  # type: ignore[type-arg]
    """The name of a model that `models get` stored."""

    name = "text"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Returns the stored models whose names begin so."""
        from batchtx.engines.model_files import downloaded_bundles

        return [CompletionItem(name) for name in downloaded_bundles() if name.startswith(incomplete)]


class OneOf(click.ParamType):  # type: ignore[type-arg]
    """One of known names, or one that an installed package provides."""

    name = "text"

    def __init__(self, *known: str) -> None:
        self.known = known

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Returns the known names that begin so."""
        return [CompletionItem(name) for name in self.known if name.startswith(incomplete)]


class GlossaryFile(click.Path):
    """A file, or the name of a glossary that comes with batchtx."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Returns the file that is meant."""
        return find_glossary(Path(str(super().convert(value, param, ctx))))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Returns files, and the names that begin so."""
        names = [name for name in shipped_glossaries() if name.startswith(incomplete)] if incomplete else []
        return [*super().shell_complete(ctx, param, incomplete), *map(CompletionItem, names)]


GLOSSARY = GlossaryFile()
MODEL = ModelName()
ENGINE = OneOf(*ENGINES)
EXECUTOR = OneOf(*EXECUTORS)
