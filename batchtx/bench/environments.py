"""A virtual environment for each tool that is raced against, made when it is first needed and kept."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_TORCH = ("torch==2.13.0+cpu", "torch==2.13.0", "torch")
_NEEDS: dict[str, tuple[str, ...]] = {
    "argos": ("argostranslate>=1.11", "argos-translate-files>=1.4"),
    "transformers": ("transformers>=5", "sentencepiece", "sacremoses", "protobuf"),
    "docutranslate": ("docutranslate>=1.7",),
}
_WITH_TORCH = {"argos", "transformers"}
_LIMIT_S = 900.0


class Missing(Exception):
    """A tool cannot be installed here."""


@dataclass(frozen=True, slots=True)
class Environments:
    """The environments below a folder."""

    folder: Path

    def python(self, name: str) -> Path:
        """Returns the interpreter of a tool's environment; makes it first where it is missing.

        Raises:
            Missing: it cannot be made.
        """
        place = self.folder / name
        found = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        mark = place / ".complete"
        if mark.exists():
            return found
        self.folder.mkdir(parents=True, exist_ok=True)
        _run([sys.executable, "-m", "venv", "--clear", str(place)], name)
        install = [str(found), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        if name in _WITH_TORCH:
            _first_that_works([[*install, one] for one in _TORCH], name)
        _run([*install, *_NEEDS[name]], name)
        mark.touch()
        return found


def _first_that_works(commands: list[list[str]], name: str) -> None:
    """The CPU build of torch from wherever it is offered."""
    for command in commands[:-1]:
        if subprocess.run(command, capture_output=True, timeout=_LIMIT_S, check=False).returncode == 0:
            return
    _run(commands[-1], name)


def _run(command: list[str], name: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, check=False)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr[-200:]]
        raise Missing(f"{name} cannot be installed: {said[0]}")
