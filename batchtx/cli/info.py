"""batchtx info: what is installed and what would be used."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click

from batchtx.cli.commands import HelpfulCommand
from batchtx.cli.say import say

_LIBRARIES = ("ctranslate2", "sentencepiece", "lxml", "python-docx", "multiprocess", "torch", "transformers")


@click.command(cls=HelpfulCommand)
@click.option("--json", "as_json", is_flag=True, help="The same as a JSON object.")
def info(as_json: bool) -> None:
    """Show versions, engines, the default model, cores and the memory file."""
    from batchtx import __version__
    from batchtx.config import available_cores, default_memory, settings_files
    from batchtx.engines import ENGINES
    from batchtx.engines.identity import describe_engine
    from batchtx.engines.spec import EngineSpec
    from batchtx.errors import ModelError

    memory = default_memory(Path.cwd())
    try:
        model = describe_engine(EngineSpec()).model
    except ModelError as error:
        model = f"not usable: {error}"
    facts: dict[str, Any] = {
        "batchtx": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "engines": list(ENGINES),
        "model": model,
        "cores": available_cores(),
        "settings": [str(path) for path in settings_files(Path.cwd())],
        "memory": str(memory),
        "memory_bytes": memory.stat().st_size if memory.exists() else None,
        "libraries": {name: _version(name) for name in _LIBRARIES},
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for name, value in _shown(facts):
        say(f"{name:<14} {value}")


def _shown(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    size = facts["memory_bytes"]
    yield "batchtx", facts["batchtx"]
    yield "python", f"{facts['python']} on {facts['platform']}"
    yield "engines", ", ".join(facts["engines"])
    yield "model", facts["model"]
    yield "cores", str(facts["cores"])
    yield "settings", ", ".join(facts["settings"]) or "none"
    yield "memory", f"{facts['memory']} ({'not yet there' if size is None else f'{size:,} bytes'})"
    for name, found in facts["libraries"].items():
        yield name, found or "not installed"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
