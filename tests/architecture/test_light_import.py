"""The command line stays quick: no heavy library before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.helpers.command import ROOT, environment

HEAVY = (
    "torch",
    "transformers",
    "ctranslate2",
    "sentencepiece",
    "docx",
    "lxml",
    "numpy",
    "tqdm",
    "multiprocess",
    "openpyxl",
    "ray",
    "starlette",
    "uvicorn",
)


@pytest.mark.parametrize(
    "statement",
    [
        "import batchtx.cli",
        "import batchtx.pipeline.run, batchtx.pipeline.apply, batchtx.executors.local, batchtx.engines",
        "from click.testing import CliRunner; from batchtx.cli import cli; "
        "CliRunner().invoke(cli, ['--help'])",
        "from click.testing import CliRunner; from batchtx.cli import cli; "
        "CliRunner().invoke(cli, ['translate', '--help'])",
        "from click.testing import CliRunner; from batchtx.cli import cli; "
        "CliRunner().invoke(cli, ['serve', '--help'])",
    ],
)
def test_loads_no_heavy_library(statement: str) -> None:
    script = f"{statement}\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=ROOT,
        check=True,
    )
    assert done.stdout.strip() == "[]"
