"""The glossaries that come with batchtx: found by name, `-g legal`, wherever batchtx is installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_FOLDERS = (_PACKAGE / "glossaries", _PACKAGE.parent / "glossaries")
"""In the package where it is installed, beside it in a working tree."""


def shipped_glossaries() -> dict[str, Path]:
    """Returns the glossaries that come with batchtx by name."""
    folder = next((one for one in _FOLDERS if (one / "general.csv").is_file()), None)
    return {path.stem: path for path in sorted(folder.glob("*.csv"))} if folder is not None else {}


def find_glossary(path: Path) -> Path:
    """Returns the file that a user means: what stands there, else the shipped one of this name."""
    if path.exists() or path.parent != Path() or path.suffix:
        return path
    return shipped_glossaries().get(path.name, path)
