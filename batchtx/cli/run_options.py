"""Options that commands share which translate, and the engine that they describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from batchtx.cli.names import ENGINE, GLOSSARY, MODEL
from batchtx.engines import ENGINES
from batchtx.engines.spec import DEFAULT_ENGINE, DEFAULT_MODEL

if TYPE_CHECKING:
    from batchtx.engines.spec import EngineSpec

glossary_option = click.option(
    "-g",
    "--glossary",
    multiple=True,
    type=GLOSSARY,
    help="Glossary (CSV, TSV, TBX, XLSX), or a name: general, legal, finance, software; "
    "may be repeated, the first one wins.",
)
glossary_mode_option = click.option(
    "--glossary-mode",
    type=click.Choice(["require", "prefer", "check-only"]),
    default="require",
    help="Entries that do not say so themselves: insist on them, ask for them, or only report misses.",
)
domain_option = click.option(
    "--domain", multiple=True, help="Leave out the glossary's entries of other domains; may be repeated."
)
engine_option = click.option("--engine", type=ENGINE, default=DEFAULT_ENGINE, help=f"{', '.join(ENGINES)}.")
model_option = click.option(
    "--model",
    type=MODEL,
    default=DEFAULT_MODEL,
    show_default=True,
    help="Name of a shipped model, or a folder.",
)
quantize_option = click.option("--quantize", is_flag=True, help="Engine torch: int8 layers.")
worker_timeout_option = click.option(
    "--worker-timeout",
    type=click.FloatRange(1),
    default=300.0,
    help="Seconds before a silent worker is replaced.",
)


def engine_spec(values: Mapping[str, Any]) -> EngineSpec:
    """Returns the engine of the options --engine, --model, --beam-size and their like."""
    from batchtx.engines.spec import EngineSpec

    return EngineSpec(
        values["engine"],
        values["model"],
        quantize=values["quantize"],
        beam_size=values["beam_size"],
        source_language=values["source_language"],
        target_language=values["target_language"],
    )
