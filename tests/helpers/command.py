"""Runs the real command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-m", "batchtx"]


def environment() -> dict[str, str]:
    """This environment without settings of batchtx's own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BATCHTX_")}
    nowhere = str(ROOT / "tests" / "no-such-folder")  # the settings of whoever runs the tests
    return {**clean, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "XDG_CONFIG_HOME": nowhere}


def run(
    *arguments: str | Path, cwd: Path, code: int | None = 0, stdin: bytes | None = None, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run batchtx and check its exit code; None: any."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        timeout=300,
        env={**environment(), **variables},
        check=False,
    )
    if code is not None:
        assert done.returncode == code, f"exit {done.returncode}\n{done.stderr.decode('utf-8', 'replace')}"
    return done


def start(*arguments: str | Path, cwd: Path, **variables: str) -> subprocess.Popen[bytes]:
    """Start batchtx in a process group of its own and go on."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment(), **variables},
        start_new_session=True,
    )
