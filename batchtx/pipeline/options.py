"""What a run can be told: one typed record, for the command line, a library call or a service."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from batchtx.engines.spec import EngineSpec
from batchtx.executors import DEFAULT_EXECUTOR
from batchtx.formats.options import FormatChoices
from batchtx.records import GlossaryMode, Severity


@dataclass(frozen=True, slots=True)
class TranslateOptions:
    """Everything that `batchtx translate` can be told; the defaults are its own.

    `inputs` are files, folders and "-" for `stdin`; `output` None: beside the inputs. `format`: read all
    inputs as this. `convert`: older kinds by LibreOffice. `executor` does the work, with `address` where
    it has a cluster; `shard`: only this part of the documents (2/8). `workers` None: one for each
    physical core. `sheet` None: review.csv beside the output. `memory` None: the project's; `remember`
    off: none. `bilingual`: also write a copy with both languages where the format can. `force`: overwrite
    outputs that a person edited or that this memory does not know. `reports`: .html a page to read, else
    JSON. `coverage`: notes say what share of each document is translated and why the rest stays; reports ask
    for it too.
    """

    inputs: tuple[str, ...]
    output: Path | None = None
    format: str | None = None
    convert: bool = False
    formats: FormatChoices = field(default_factory=FormatChoices)
    engine: EngineSpec = field(default_factory=EngineSpec)
    executor: str = DEFAULT_EXECUTOR
    address: str = ""
    shard: str = ""
    workers: int | None = None
    worker_timeout_s: float = 300.0
    glossaries: tuple[Path, ...] = ()
    domains: tuple[str, ...] = ()
    glossary_mode: GlossaryMode = "require"
    rules: str = "all"
    sheet: Path | None = None
    with_sheet: bool = True
    sheet_order: Literal["doubt", "document"] = "doubt"
    sheet_rows: Literal["all", "translated", "flagged", "major", "critical"] = "translated"
    sheet_repeats: Literal["once", "all"] = "once"
    sheet_per: Literal["run", "document"] = "run"
    sheet_max_rows: int | None = None
    reports: tuple[Path, ...] = ()
    coverage: bool = False
    memory: Path | None = None
    remember: bool = True
    bilingual: Literal["paragraph", "table"] | None = None
    fail_on: Severity | None = None
    force: bool = False
    stdin: BinaryIO | None = field(default=None, compare=False)
    stdout: BinaryIO | None = field(default=None, compare=False)
