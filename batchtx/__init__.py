"""batchtx: batch document translation on ordinary CPUs, Chinese to English first.

For programs: `translate`, `Translator`, `translate_files`, `apply`, `verify` (library.py, docs/library.md).
Nothing heavy is loaded before one of them is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from batchtx.formats.audit import Audit
    from batchtx.library import Translator, apply, translate, translate_files, verify
    from batchtx.pipeline.texts import TranslatedText
    from batchtx.records import Flag
    from batchtx.report.report import Report

__version__ = "0.1.0"

_HOMES = {
    "Translator": "batchtx.library",
    "apply": "batchtx.library",
    "translate": "batchtx.library",
    "translate_files": "batchtx.library",
    "verify": "batchtx.library",
    "TranslatedText": "batchtx.pipeline.texts",
    "Flag": "batchtx.records",
    "Report": "batchtx.report.report",
    "Audit": "batchtx.formats.audit",
}

__all__ = [
    "Audit",
    "Flag",
    "Report",
    "TranslatedText",
    "Translator",
    "__version__",
    "apply",
    "translate",
    "translate_files",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Loads a public name from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module 'batchtx' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
