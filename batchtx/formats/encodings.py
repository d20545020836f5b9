"""Which encoding a text is in, and its bytes as UTF-8: strictly, with the offset of what does not fit.

Detection looks at a bounded prefix; everything after it is decoded strictly in the encoding found,
so that a wrong guess ends in an error that names the byte, never in mojibake.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from batchtx.errors import ConfigError, DocumentError
from batchtx.files import OLD_OFFICE_MAGIC, ZIP_MAGIC
from batchtx.formats.options import FormatOptions, Setting
from batchtx.language.zh.likeness import likeness

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MAGIC = (
    (ZIP_MAGIC, "a zip archive (perhaps a .docx or .xlsx)"),
    (OLD_OFFICE_MAGIC, "an old Office file (.doc, .xls)"),
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
)
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950", "utf_8_sig": "utf-8"}
_ENOUGH = 0.3
"""Least likeness to Chinese for a legacy encoding to be believed."""


_WITH_EURO = frozenset(["gb18030", "gbk", "cp936"])


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding and how it was found: "byte order mark", "valid UTF-8", "most like Chinese"…

    `confidence` is 0 to 1. `bom_bytes` of the input are skipped; `bom` tells that the input was
    UTF-8 with a byte order mark, which the output keeps. `damaged`: UTF-8 but for a few bytes.
    """

    name: str
    how: str
    confidence: float = 1.0
    bom_bytes: int = 0
    damaged: bool = False

    @property
    def bom(self) -> bool:
        return self.name == "utf-8" and self.bom_bytes > 0

    def note(self) -> str:
        """Returns one line for the report."""
        sure = "" if self.confidence >= 0.9 else f", confidence {self.confidence:.0%}"
        return f"encoding: {self.name} ({self.how}{sure})"


ENCODING = Setting("encoding", "Text formats: encoding of the input.  [default: detected]")


def read_encoding(values: Mapping[str, Any]) -> str | None:
    """Reads the encoding from the values of settings. Raises ConfigError for one that nobody knows."""
    name: str | None = values.get("encoding")
    if name is not None:
        named_encoding(name, b"")
    return name


@dataclass(frozen=True, slots=True)
class EncodingOptions(FormatOptions):
    """Options of a format that has no others: `encoding` overrides detection."""

    encoding: str | None = None


def read_encoding_options(values: Mapping[str, Any]) -> EncodingOptions:
    """Reads the options from the values of the settings. Raises ConfigError for an unknown encoding."""
    return EncodingOptions(read_encoding(values))


def named_encoding(name: str, prefix: bytes) -> Encoding:
    """Returns the encoding a user asked for. Raises ConfigError when Python knows none of that name."""
    try:
        info = codecs.lookup(name)
        "".encode(info.name)
    except LookupError:
        raise ConfigError(f"--encoding {name}: unknown; try utf-8, gb18030, big5 or utf-16") from None
    plain = info.name.replace("-", "_")
    wanted = _SUPERSETS.get(plain, info.name)
    for bom, owner in _BOMS:
        if prefix.startswith(bom) and (owner == wanted or owner.startswith(wanted + "-")):
            return Encoding(owner, "asked for", bom_bytes=len(bom))
    if wanted in ("utf-16", "utf-32"):
        wanted += "-le"
    return Encoding(wanted, "asked for")


def fitting_encoding(content: bytes, charset: str) -> str | None:
    """Returns the encoding that a file tells, where it is none that detection is sure of, and fits."""
    if not content.isascii() and _utf8_error(content, whole=True) is None:
        return None  # what a file says of itself is wrong more often than this is by chance
    try:
        encoding = named_encoding(charset, content)
        content[encoding.bom_bytes :].decode(encoding.name)
    except (ConfigError, UnicodeDecodeError):
        return None
    return charset if encoding.name not in ("utf-8", "ascii") else None


def detect(document: str, prefix: bytes, *, whole: bool) -> Encoding:
    """Returns the encoding of a text that starts with `prefix` (the `whole` of it, or cut anywhere).

    Raises:
        DocumentError: the bytes are not text, or text in an encoding that Python cannot read.
    """
    for bom, name in _BOMS:
        if prefix.startswith(bom):
            return Encoding(name, "byte order mark", bom_bytes=len(bom))
    for magic, what in _MAGIC:
        if prefix.startswith(magic):
            raise DocumentError(document, f"this is {what}, not a text file")
    error = _utf8_error(prefix, whole=whole)
    if error is None:
        wide = _wide(prefix, whole=whole) if _every_other_nul(prefix) else None
        if wide is not None:
            return wide
        _refuse_binary(document, prefix)
        how = "plain ASCII" if prefix.isascii() else "valid UTF-8"
        return Encoding("utf-8", how)
    if _nearly_utf8(prefix, error):
        return Encoding("utf-8", "UTF-8 with damaged bytes", damaged=True)
    return _legacy(document, prefix, error, whole=whole)


def enough(prefix: bytes) -> bool:
    """Returns whether more bytes would not change what `detect` says: so far this is UTF-8 beyond ASCII,
    or marked.
    """
    if prefix.startswith(tuple(bom for bom, _ in _BOMS)):
        return len(prefix) >= 4
    error = _utf8_error(prefix, whole=False)
    return error is None and b"\0" not in prefix and not prefix.isascii()


def to_utf8(document: str, chunks: Iterator[bytes], encoding: Encoding) -> Iterator[bytes]:
    """Yields the chunks after the byte order mark, as UTF-8; UTF-8 itself passes unchecked (lines check it).

    Raises:
        DocumentError: bytes that do not fit the encoding; the message has their offset.
    """
    if encoding.name == "utf-8":
        yield from chunks
        return
    decoder = _decoder(encoding.name)
    offset = encoding.bom_bytes
    for chunk in chunks:
        yield _decoded(document, decoder, chunk, offset, encoding, final=False)
        offset += len(chunk)
    yield _decoded(document, decoder, b"", offset, encoding, final=True)


def _euro(error: UnicodeError) -> tuple[str, int]:
    """Read 0x80 as Windows does in its Chinese code page 936; no character of GB 18030 begins with it."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


codecs.register_error("batchtx.euro", _euro)


def _decoder(name: str) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(name)("batchtx.euro" if name in _WITH_EURO else "strict")


def bad_bytes(
    document: str, offset: int, wrong: bytes, encoding: Encoding, address: str = "", *, cut: bool = False
) -> DocumentError:
    """Returns the error for bytes that do not fit."""
    shown = " ".join(f"{byte:02x}" for byte in wrong[:4])
    if cut:
        message = (
            f"ends inside a character (byte {offset}, {shown}, in {encoding.name}): the file was cut short"
        )
        return DocumentError(document, f"{message}; get the whole of it, or take the last byte away", address)
    hint = (
        "repair the file, or name its encoding with --encoding"
        if encoding.how != "asked for"
        else "leave --encoding out to have it detected, or name another one"
    )
    message = f"byte {offset} ({shown}) does not fit {encoding.name} ({encoding.how}); {hint}"
    return DocumentError(document, message, address)


def _decoded(
    document: str,
    decoder: codecs.IncrementalDecoder,
    chunk: bytes,
    offset: int,
    encoding: Encoding,
    *,
    final: bool,
) -> bytes:
    waiting = len(decoder.getstate()[0])
    try:
        return decoder.decode(chunk, final).encode("utf-8")
    except UnicodeDecodeError as error:
        wrong = error.object[error.start : error.end]
        cut = final and error.end == len(error.object)
        raise bad_bytes(document, offset - waiting + error.start, wrong, encoding, cut=cut) from None
    except UnicodeEncodeError as error:  # utf-16 codecs never pass lone surrogates, others might
        raise bad_bytes(document, offset, b"", encoding) from error


def _utf8_error(prefix: bytes, *, whole: bool) -> UnicodeDecodeError | None:
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(prefix, whole)
    except UnicodeDecodeError as error:
        return error
    return None


def _nearly_utf8(prefix: bytes, error: UnicodeDecodeError) -> bool:
    """Far more good three-byte sequences than bad bytes: no other encoding looks like that by chance."""
    if error.reason == "unexpected end of data" and prefix[: error.start].isascii():
        return len(prefix) - error.start >= 2
    text = prefix.decode("utf-8", "replace")
    good = sum(1 for char in text if char >= "\u0800" and char != "\ufffd")
    return good > 2 * text.count("\ufffd")


def _every_other_nul(prefix: bytes) -> bool:
    """ASCII in UTF-16 or UTF-32: many NUL bytes, all on the same side of what they belong to."""
    if not prefix.isascii():
        return False
    fewer, more = sorted((prefix[::2].count(0), prefix[1::2].count(0)))
    half = len(prefix) / 2
    return more > 0.7 * half and (fewer == 0 or fewer > 0.4 * half)


def _wide(prefix: bytes, *, whole: bool) -> Encoding | None:
    """UTF-16 or UTF-32 without a mark: told by where the NUL bytes stand and by what comes out."""
    found: list[tuple[float, str]] = []
    for name, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        if whole and len(prefix) % width:
            continue
        try:
            text = codecs.getincrementaldecoder(name)("strict").decode(prefix, whole)
        except UnicodeDecodeError:
            continue
        controls = sum(1 for char in text if char < " " and char not in "\t\r\n")
        plain = sum(1 for char in text if char < "\x7f")
        if not controls and (plain or likeness(text) > _ENOUGH):
            share = sum(max(0.0, likeness(char)) for char in text[:2000]) / max(1, len(text[:2000]))
            found.append((share, name))
    if not found:
        return None
    share, name = max(found)
    return Encoding(name, "place of NUL bytes", min(1.0, share + 0.2)) if share > _ENOUGH else None


def _legacy(document: str, prefix: bytes, error: UnicodeDecodeError, *, whole: bool) -> Encoding:
    """GB 18030, Big5, UTF-16 or EUC-TW, whichever gives the most Chinese text."""
    found: list[tuple[float, str]] = []
    for name in ("gb18030", "cp950", "big5hkscs"):
        try:  # a text that is cut inside its last character is told of when it is read
            text = _decoder(name).decode(prefix)
        except UnicodeDecodeError:
            continue
        found.append((likeness(text) - (0.001 if name == "big5hkscs" else 0), name))
    taiwan = _euc_tw(prefix)
    if taiwan is not None:
        found.append((likeness(taiwan), "euc-tw"))
    wide = _wide(prefix, whole=whole)
    score, name = max(found, default=(0.0, ""))
    if wide is not None and (b"\0" in prefix or score < _ENOUGH):
        return wide
    _refuse_binary(document, prefix)
    if score < _ENOUGH and not (name == "gb18030" and score > 0 and len(prefix) < 64):
        wrong = " ".join(f"{byte:02x}" for byte in prefix[error.start : error.end])
        message = (
            f"not UTF-8 (byte {error.start} is {wrong}), and not like Chinese in GB 18030 or Big5; "
            "convert it to UTF-8, or name its encoding with --encoding"
        )
        raise DocumentError(document, message)
    if name == "euc-tw":
        message = "the text is in EUC-TW, which is not supported; convert it with: iconv -f EUC-TW -t UTF-8"
        raise DocumentError(document, message)
    second = max((other for other, label in found if label[:3] != name[:3]), default=0.0)
    return Encoding(name, "most like Chinese", min(1.0, 0.5 + score - max(0.0, second)))


def _euc_tw(prefix: bytes) -> str | None:
    """EUC-TW read by way of Big5, whose daily-use half is in the order of CNS 11643 plane 1."""
    chars: list[str] = []
    position = 0
    while position < len(prefix) - 1 and len(chars) < 4000:
        lead, trail = prefix[position], prefix[position + 1]
        if lead < 0x80:
            position += 1
        elif lead == 0x8E:
            position += 4
        elif lead < 0xA1 or trail < 0xA1:
            return None
        else:
            position += 2
            chars.append(_cns_char(lead, trail))
    return "".join(chars)


def _cns_char(lead: int, trail: int) -> str:
    if lead < 0xC4:
        return "，" if (lead, trail) in ((0xA1, 0xA2), (0xA1, 0xA3), (0xA1, 0xA4)) else "\u2027"
    row, cell = divmod((lead - 0xC4) * 94 + trail - 0xA1, 157)
    low = 0x40 + cell if cell < 63 else 0xA1 + cell - 63
    return bytes((0xA4 + row, low)).decode("big5", "replace")


def _refuse_binary(document: str, prefix: bytes) -> None:
    """Text has next to no control characters; a NUL here and there is let through."""
    controls = sum(prefix.count(bytes((code,))) for code in (*range(9), *range(14, 27), *range(28, 32)))
    if controls > 8 and controls * 50 > len(prefix):
        raise DocumentError(document, "this is a binary file, not text")
