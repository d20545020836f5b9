"""batchtx bench: measurements on this machine."""

from __future__ import annotations

import click


@click.group()
def bench() -> None:
    """Measure on this machine: ratios within one run."""


@bench.command()
@click.option("--segments", default=20_000, show_default=True, help="How many segments to translate.")
@click.option("--workers", default="1,2", show_default=True, help="Numbers of workers, separated by commas.")
@click.option("--model", default="zh-en", show_default=True, help="Name of a shipped model, or a folder.")
def throughput(segments: int, workers: str, model: str) -> None:
    """Whole runs against the bare engine: words/s, memory, time to the first translation."""
    from batchtx.bench.machine import machine
    from batchtx.bench.throughput import measure_throughput, table

    numbers = [int(number) for number in workers.split(",")]
    click.echo(f"{machine()}; {segments:,} segments, model {model}\n")
    click.echo(table(measure_throughput(segments, numbers, model)))


@bench.command()
@click.option("--repeat", default=10, show_default=True, help="How often to start.")
def startup(repeat: int) -> None:
    """How long `batchtx --help` and a first sentence take, start to end."""
    from batchtx.bench.machine import machine
    from batchtx.bench.startup import measure_startup

    click.echo(machine())
    for name, seconds in measure_startup(repeat).items():
        click.echo(f"{name:<40} {seconds:.3f} s")
