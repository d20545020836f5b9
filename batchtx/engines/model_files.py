"""Where models are found; light, nothing is loaded."""

from __future__ import annotations

from pathlib import Path

from batchtx.student.bundle import MANIFEST

SHIPPED = Path(__file__).parent.parent / "models"
"""Where the bundles that come with batchtx lie."""


def bundle_folder(model: str) -> Path | None:
    """The folder of the bundle that `model` names (shipped, or a folder); None when it is no bundle."""
    for folder in (Path(model), SHIPPED / model):
        if (folder / MANIFEST).is_file():
            return folder
    return None


def shipped_bundles() -> list[str]:
    """Names of the bundles that come with batchtx."""
    return sorted(path.parent.name for path in SHIPPED.glob(f"*/{MANIFEST}"))
