"""How long a user waits before anything happens."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measure_startup(repeat: int) -> dict[str, float]:
    """Measures the median seconds of whole processes: --help, and one sentence through the default
    student.
    """
    with tempfile.TemporaryDirectory(prefix="batchtx-bench-") as folder:
        source = Path(folder) / "one.txt"
        source.write_text("系统将自动保存您的设置。\n", encoding="utf-8")
        commands = {
            "batchtx --help": ["--help"],
            "batchtx translate, one sentence": ["translate", str(source), "--no-memory", "--force", "-q"],
        }
        return {name: _median(arguments, repeat) for name, arguments in commands.items()}


def _median(arguments: list[str], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        started = time.monotonic()
        subprocess.run([sys.executable, "-m", "batchtx", *arguments], check=True, capture_output=True)
        times.append(time.monotonic() - started)
    return statistics.median(times)
