"""batchtx info: what is installed and what would be used."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

_LIBRARIES = ("ctranslate2", "sentencepiece", "lxml", "python-docx", "multiprocess", "torch", "transformers")


@click.command()
def info() -> None:
    """Show versions, engines, the default model, cores and the memory file."""
    from batchtx import __version__
    from batchtx.config import available_cores, default_memory
    from batchtx.engines import ENGINES
    from batchtx.engines.identity import describe_engine
    from batchtx.engines.spec import EngineSpec
    from batchtx.errors import ModelError

    memory = default_memory(Path.cwd())
    try:
        model = describe_engine(EngineSpec()).model
    except ModelError as error:
        model = f"not usable: {error}"
    facts = {
        "batchtx": __version__,
        "python": f"{platform.python_version()} on {platform.platform()}",
        "engines": ", ".join(ENGINES),
        "model": model,
        "cores": str(available_cores()),
        "memory": f"{memory} ({f'{memory.stat().st_size:,} bytes' if memory.exists() else 'not yet there'})",
        **{name: _version(name) for name in _LIBRARIES},
    }
    for name, value in facts.items():
        click.echo(f"{name:<14} {value}")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
