"""Packages (XLSX, DOCX) that may be damaged."""

from __future__ import annotations

import io
import zipfile
import zlib

from batchtx.errors import SheetError

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,  # a part that says it is encrypted; NotImplementedError among them
    SyntaxError,
    KeyError,
    IndexError,
    ValueError,
)
"""What libraries raise over a package whose bytes are not what they should be."""


def names_in(sheet: str, data: bytes) -> frozenset[str]:
    """Returns the parts of a package.

    Raises:
        SheetError: it is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return frozenset(package.namelist())
    except DAMAGE as error:
        raise SheetError(sheet, f"is damaged ({error}); save it as CSV (UTF-8) and apply that") from None
