"""Reports to files: a page where the name says HTML, else JSON."""

from __future__ import annotations

from pathlib import Path

from batchtx.errors import BatchtxError
from batchtx.files import atomic_output
from batchtx.report.page import page
from batchtx.report.report import Report


def is_page(path: Path) -> bool:
    """Returns whether the report with this name is a page to read, not JSON."""
    return path.suffix.lower() in (".html", ".htm")


def save_report(report: Report, path: Path) -> None:
    """Writes the report, as a page or as JSON; raises BatchtxError when it cannot be written."""
    if is_page(path):
        save_text(page(report), path)
    else:
        save_text(report.to_json(), path)


def save_text(text: str, path: Path) -> None:
    """Writes a report, whole or not at all; raises BatchtxError when it cannot be written."""
    content = text.encode("utf-8", "backslashreplace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            path.write_bytes(content)  # into a pipe
            return
        with atomic_output(path) as file:
            file.write(content)
    except OSError as error:
        raise BatchtxError(f"{path}: the report cannot be written ({error.strerror})") from None
