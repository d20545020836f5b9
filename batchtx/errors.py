"""The error tree: each error names the thing, the place and the way out.

BatchtxError
├── ConfigError        options, batchtx.toml, BATCHTX_* (exit code 2)
│   └── UnknownName    an engine, model, format, check … that nobody provides
├── DocumentError      one document cannot be read or written; the others go on
├── EngineError        an engine cannot translate
│   └── ModelError     a model folder is missing, damaged or of another kind
├── GlossaryError      a glossary file (exit code 2)
├── SheetError         a review sheet
└── StoreError         the translation memory file

The library raises; only the command line turns an error into one line on stderr.
"""

from __future__ import annotations


class BatchtxError(Exception):
    """Root of everything batchtx raises on purpose."""


class ConfigError(BatchtxError):
    """An option, a key of batchtx.toml or a BATCHTX_* variable is wrong."""


class UnknownName(ConfigError):
    """A name that no built-in and no installed package provides."""


class DocumentError(BatchtxError):
    """One document cannot be read or written.

    Args:
        document: path or name as the user gave it.
        message: what is wrong and what to do about it.
        address: place inside the document, "" for the whole of it.
    """

    def __init__(self, document: str, message: str, address: str = "") -> None:
        place = f", {address}" if address else ""
        super().__init__(f"{document}{place}: {message}")
        self.document = document
        self.address = address
        self.reason = message


class EngineError(BatchtxError):
    """An engine cannot translate."""


class ModelError(EngineError):
    """A model folder is missing, damaged, or not of a kind that batchtx can load."""


class GlossaryError(BatchtxError):
    """A glossary file cannot be used; names the file and, where known, the row (1-based)."""

    def __init__(self, file: str, message: str, row: int | None = None) -> None:
        place = f", row {row}" if row is not None else ""
        super().__init__(f"{file}{place}: {message}")


class SheetError(BatchtxError):
    """A review sheet, or one row of it (1-based, the header is row 1), cannot be used."""

    def __init__(self, sheet: str, message: str, row: int | None = None) -> None:
        place = f", row {row}" if row is not None else ""
        super().__init__(f"{sheet}{place}: {message}")


class StoreError(BatchtxError):
    """The translation memory file cannot be opened, read or written."""
