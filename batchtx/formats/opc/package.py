"""The zip package of a DOCX: opened with limits, read part by part, never unpacked to disk."""

from __future__ import annotations

import io
import struct
import weakref
import zipfile
import zlib
from typing import IO, BinaryIO

from lxml import etree

from batchtx.errors import DocumentError
from batchtx.files import OLD_OFFICE_MAGIC, ZIP_MAGIC
from batchtx.formats.opc.limits import Limits
from batchtx.formats.opc.names import Element
from batchtx.formats.source import Source

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_LOCAL_HEADER_BYTES = 30
_CHUNK_BYTES = 256 * 1024
DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # NotImplementedError among them: a compression or version that nobody knows
    ValueError,
    OverflowError,
)
"""What a zip archive raises that is damaged."""

_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SMALL_BYTES = 32 * 1024 * 1024
"""The ratio limit concerns only parts larger than this: blank XML compresses very well."""


class Package:
    """One opened package. Parts are read on demand; nothing is held but the directory."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.document = source.name
        self._file = _open(source, limits)
        weakref.finalize(self, self._file.close)
        try:
            self._zip = zipfile.ZipFile(self._file)
        except DAMAGED as error:
            message = f"not a readable DOCX: the zip archive is damaged or cut short ({error})"
            raise DocumentError(self.document, message) from error
        self.entries = self._zip.infolist()
        for info in self.entries:  # some programs on Windows write word\document.xml
            info.filename = info.filename.replace("\\", "/")
        self._names = {info.filename: info for info in self.entries}
        self._folded = {name.lower(): name for name in self._names}
        self._check(limits)

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    def __contains__(self, part: str) -> bool:
        return part in self._names

    def find(self, part: str) -> str | None:
        """Returns the name as the zip spells it (part names are the same in any case), None when absent."""
        part = part.lstrip("/")
        return part if part in self._names else self._folded.get(part.lower())

    def size_bytes(self, part: str) -> int:
        """Returns the size of a part, unpacked."""
        return self._names[part].file_size

    def read(self, part: str) -> bytes:
        """Returns the content of a part, checked against its CRC. Raises DocumentError when it is damaged."""
        try:
            return self._zip.read(self._names[part])
        except DAMAGED as error:
            message = f"the part is damaged ({error}); open the file in Word, repair and save it"
            raise DocumentError(self.document, message, part) from error

    def stream(self, part: str) -> IO[bytes]:
        """Returns a part as a stream, checked against its CRC at its end. Raises one of `DAMAGED`."""
        return self._zip.open(self._names[part])

    def text(self, part: str) -> str:
        """Returns a part as text, bytes that are no UTF-8 replaced. Raises DocumentError as `read` does."""
        return self.read(part).decode("utf-8", "replace")

    def raw(self, info: zipfile.ZipInfo) -> bytes:
        """Returns the bytes of an entry as they are stored, compressed and unchecked."""
        try:
            self._file.seek(info.header_offset)
            header = self._file.read(_LOCAL_HEADER_BYTES)
            name_bytes, extra_bytes = struct.unpack("<HH", header[26:30])
            self._file.seek(name_bytes + extra_bytes, io.SEEK_CUR)
            content = self._file.read(info.compress_size)
        except DAMAGED as error:
            raise DocumentError(self.document, "the zip archive is damaged", info.filename) from error
        if header[:4] != ZIP_MAGIC or len(content) < info.compress_size:
            raise DocumentError(self.document, "the zip archive is damaged or cut short", info.filename)
        return content

    def true_crc(self, info: zipfile.ZipInfo) -> int:
        """Returns the checksum of an XML entry's content, where the directory may have a wrong one.

        Other entries, and damaged ones, have the directory's word.
        """
        if not info.filename.lower().endswith((".xml", ".rels")) or info.compress_type not in _PLAIN_METHODS:
            return info.CRC
        stored = self.raw(info)
        if info.compress_type == zipfile.ZIP_STORED:
            return zlib.crc32(stored) if len(stored) == info.file_size else info.CRC
        crc, size_bytes = 0, 0
        unpacker = zlib.decompressobj(-15)
        try:
            while chunk := unpacker.decompress(stored, _CHUNK_BYTES):
                crc, size_bytes = zlib.crc32(chunk, crc), size_bytes + len(chunk)
                stored = unpacker.unconsumed_tail
                if size_bytes > info.file_size:
                    break
        except zlib.error:
            return info.CRC
        return crc if size_bytes == info.file_size else info.CRC

    def parse(self, part: str) -> Element:
        """Returns the root element of an XML part.

        Raises:
            DocumentError: it is not well-formed, or has a DTD (which could read files or explode).
        """
        return parse_xml(self.document, part, self.read(part))

    def _check(self, limits: Limits) -> None:
        if len(self._names) != len(self.entries):
            seen: set[str] = set()
            twice = next(i.filename for i in self.entries if i.filename in seen or seen.add(i.filename))  # type: ignore[func-returns-value]
            raise DocumentError(self.document, f"the zip archive holds {twice} twice; it is refused")
        if len(self.entries) > limits.max_entries:
            message = f"{len(self.entries)} parts, more than the limit of {limits.max_entries}"
            raise DocumentError(self.document, message)
        total_bytes = 0
        for info in self.entries:
            total_bytes += info.file_size
            _check_entry(self.document, info, limits)
        if total_bytes > limits.max_total_bytes:
            message = f"{total_bytes} bytes unpacked, more than the limit of {limits.max_total_bytes}"
            raise DocumentError(self.document, message)


def parse_xml(document: str, part: str, content: bytes, program: str = "Word") -> Element:
    """Implements `Package.parse`; `program` is what could repair it."""
    if any(mark in content for mark in _DOCTYPES):
        raise DocumentError(document, "the part has a DTD, which is refused for safety", part)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        strip_cdata=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        fault = " ".join(str(error).split())
        message = f"the XML is not well-formed ({fault}); open the file in {program}, repair and save it"
        if "depth" in str(error):
            message = (
                "its elements are nested more than 2,048 deep (hundreds of tables inside of tables), which "
                "is not read; put the inner tables beside one another"
            )
        raise DocumentError(document, message, part) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentError(document, "the part has a DTD, which is refused for safety", part)
    return root


def serialized(root: Element) -> bytes:
    """Returns an XML part as bytes, in UTF-8."""
    tree = root.getroottree()
    content: bytes = etree.tostring(
        tree, xml_declaration=True, encoding="UTF-8", standalone=tree.docinfo.standalone
    )
    return content


def _check_entry(document: str, info: zipfile.ZipInfo, limits: Limits) -> None:
    if info.flag_bits & 1:
        raise DocumentError(document, "the zip archive is password-protected", info.filename)
    if ".." in info.filename.split("/") or info.filename.startswith("/"):
        raise DocumentError(document, "a part name leads out of the package; it is refused", info.filename)
    if info.file_size > limits.max_part_bytes:
        message = f"{info.file_size} bytes unpacked, more than the limit of {limits.max_part_bytes}"
        raise DocumentError(document, message, info.filename)
    if info.file_size > max(_SMALL_BYTES, info.compress_size * limits.max_ratio):
        message = f"unpacks to more than {limits.max_ratio} times its size, like a zip bomb; it is refused"
        raise DocumentError(document, message, info.filename)


def _open(source: Source, limits: Limits) -> BinaryIO:
    """The file, after a look at what it really is."""
    if source.path is not None:
        file = source.open()
    else:
        with source.opened() as stream:
            content = stream.read(limits.max_total_bytes + 1)
        if len(content) > limits.max_total_bytes:
            raise DocumentError(source.name, f"more than the limit of {limits.max_total_bytes} bytes")
        file = io.BytesIO(content)
    head = file.read(4096)
    problem = _not_a_zip(head, file)
    if problem is not None:
        file.close()
        raise DocumentError(source.name, problem)
    file.seek(0)
    return file


def _not_a_zip(head: bytes, file: BinaryIO) -> str | None:
    """What the file is when it is no zip archive, and the way out."""
    if not head:
        return "the file is empty (0 bytes)"
    if head.startswith(OLD_OFFICE_MAGIC):
        file.seek(0)
        if _ENCRYPTED in file.read(64 * 1024 * 1024):
            return "the document is password-protected; remove the password in Word and try again"
        return "this is an old Word document (.doc) under another name; save it as .docx in Word"
    if head.startswith(b"PK"):
        return None
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if text.startswith(b"{\\rtf"):
        return "this is an RTF file under another name; save it as .docx in Word"
    if text.startswith((b"<!doctype html", b"<html")) or b"<html" in text:
        return "this is an HTML file under another name; save it as .docx in Word"
    if text.startswith(b"<?xml"):
        return "this is an XML file, not a DOCX package; save it as .docx in Word"
    if text.startswith(b"%pdf"):
        return "this is a PDF under another name; convert it to .docx first"
    return "not a DOCX file: it is no zip archive"
