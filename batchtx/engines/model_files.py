"""Where models are found; light, nothing is loaded."""

from __future__ import annotations

import os
from pathlib import Path

from batchtx.student.bundle import MANIFEST

SHIPPED = Path(__file__).parent.parent / "models"
"""Where the bundles that come with batchtx lie."""


def user_models() -> Path:
    """Returns where downloaded bundles lie: batchtx/models in $XDG_DATA_HOME, else in ~/.local/share."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "batchtx" / "models"


def bundle_folder(model: str) -> Path | None:
    """Returns the bundle that `model` names (a folder, shipped, downloaded); None when it is no bundle."""
    for folder in (Path(model), SHIPPED / model, user_models() / model):
        if (folder / MANIFEST).is_file():
            return folder
    return None


def shipped_bundles() -> list[str]:
    """Returns the names of the bundles that come with batchtx."""
    return _names(SHIPPED)


def downloaded_bundles() -> list[str]:
    """Returns the names of the bundles that `batchtx models get` stored."""
    return _names(user_models())


def unknown_model(model: str) -> str:
    """Returns the sentence for a name that no bundle has."""
    known = ", ".join([*shipped_bundles(), *downloaded_bundles()]) or "none"
    return f'no model "{model}"; there are: {known}; give a folder, or download one: batchtx models get'


def _names(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}"))
