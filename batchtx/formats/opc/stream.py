"""Parts of any size as a stream: checked, decoded, cut into items, never held as a whole."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from batchtx.errors import DocumentError
from batchtx.formats.opc.package import DAMAGED, Package

_CHUNK_BYTES = 256 * 1024
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)")
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class _Refused(Exception):
    """What a part has and should not have."""


def read_chunks(package: Package, part: str) -> Iterator[bytes]:
    """Yields the bytes of a part. Raises DocumentError when it is damaged."""
    try:
        with package.stream(part) as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
    except DAMAGED as error:
        message = f"the part is damaged ({error}); open the file in Office, repair and save it"
        raise DocumentError(package.document, message, part) from error


def check_xml(package: Package, part: str) -> None:
    """Reads a part as XML. Raises DocumentError when it is not well-formed, has a DTD or CDATA sections."""

    def refuse(reason: str) -> None:
        raise _Refused(reason)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: refuse("the part has a DTD, which is refused for safety")
    parser.StartCdataSectionHandler = lambda: refuse(
        "its text is in CDATA sections and stays as it is; save the file again in Office"
    )
    try:
        for chunk in read_chunks(package, part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except _Refused as error:
        raise DocumentError(package.document, str(error), part) from None
    except (expat.ExpatError, ValueError) as error:
        message = f"the XML is not well-formed ({error}); open the file in Office, repair and save it"
        raise DocumentError(package.document, message, part) from error


def file_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Yields the bytes of a file, from its start."""
    file.seek(0)
    while chunk := file.read(_CHUNK_BYTES):
        yield chunk


def read_text(package: Package, part: str, file: IO[bytes] | None = None) -> Iterator[str]:
    """Yields the text of a part of XML, in the encoding that it tells; a byte order mark is left out.

    `file` has the part's new content, where there is one.
    """
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in read_chunks(package, part) if file is None else file_chunks(file):
        if decoder is None:
            bom, name = next(((bom, name) for bom, name in _WIDE if chunk.startswith(bom)), (b"", ""))
            declared = _DECLARED.search(chunk[:1000])
            name = name or (declared[1].decode("ascii") if declared else "utf-8")
            decoder = _decoder(package, part, name)
            chunk = chunk[len(bom) :]
        yield decoder.decode(chunk)
    if decoder is not None:
        yield decoder.decode(b"", True)


def _decoder(package: Package, part: str, name: str) -> codecs.IncrementalDecoder:
    try:
        return codecs.getincrementaldecoder("utf-8-sig" if name.lower() == "utf-8" else name)("replace")
    except LookupError:
        message = f"the part is in an encoding that is not known ({name})"
        raise DocumentError(package.document, message, part) from None


def items(chunks: Iterator[str], pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Cuts a text into (what stands before an item, the item), then (the rest, None).

    An item may be as long as the text; what is waited for doubles each time, so that nothing is read often.
    """
    waiting, wanted, ended = "", 1, False
    while not ended:
        parts = [waiting]
        size = len(waiting)
        while size < wanted and not ended:
            chunk = next(chunks, None)
            ended = chunk is None
            parts.append(chunk or "")
            size += len(chunk or "")
        waiting, done = "".join(parts), 0
        for match in pattern.finditer(waiting):
            yield waiting[done : match.start()], match
            done = match.end()
        waiting = waiting[done:]
        wanted = max(2 * len(waiting), 1)
    yield waiting, None
