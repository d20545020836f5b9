"""Files that a DOCX embeds and shows as a part of itself (altChunk): HTML, MHT, DOCX, plain text."""

from __future__ import annotations

import email
import email.message
import email.policy
import io
import re
from collections.abc import Callable, Iterator

from batchtx.errors import DocumentError
from batchtx.formats import open_document
from batchtx.formats.audit import PartCoverage
from batchtx.formats.docx.html_chunk import HtmlChunk
from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.docx.read.text_parts import KEPT_CHUNK, StoryPart
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import Problem, Unit, UnitTarget
from batchtx.text.inline_codes import code_fault, without_codes

_MAIL = re.compile(rb"\A\s*(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*(?:MIME-Version|Content-Type):", re.I)
_MOST_NESTED = 3

_Finish = Callable[[list[str]], bytes]
OpenDocx = Callable[[Source, DocxOptions, LanguagePair], Document]


class AltChunk:
    """One embedded file. `units` is complete from the start; then `put` targets in order, then `finish`.

    Stands among the stories of its document and is used as they are.
    """

    n_paragraphs = 0
    n_unreached = 0

    def __init__(
        self,
        document: str,
        part: StoryPart,
        content: bytes,
        options: DocxOptions,
        pair: LanguagePair,
        open_docx: OpenDocx,
    ) -> None:
        self.part = part
        self.translated = False
        self.units: list[Unit] = []
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._document = document
        self._options = options
        self._pair = pair
        self._open_docx = open_docx
        self._targets: list[str] = []
        self._finish: _Finish | None = None
        try:
            self._finish = self._opened(content)
        except DocumentError as error:
            self.problems = [Problem(part.name, part.name, f"{KEPT_CHUNK}: {error.reason}")]
        n_chars = sum(_size(unit.text) for unit in self.units)
        self.coverage = PartCoverage(part.name, part.story, n_chars, n_chars)

    def put(self, target: UnitTarget) -> None:
        """Takes the target of the next unit. Raises DocumentError when its codes are not right."""
        unit = self.units[len(self._targets)]
        fault = code_fault(unit.text, target.text, unit.codes) if target.text != unit.text else None
        if fault is not None:
            raise DocumentError(self._document, f"{fault}; put it back as in the source", target.address)
        self._targets.append(target.text)

    def finish(self, *, translated: bool = False) -> bytes | None:
        """Returns the file with its targets, None when nothing in it changes."""
        changed = any(unit.text != text for unit, text in zip(self.units, self._targets, strict=True))
        if self._finish is None or not changed:
            return None
        self.translated = True
        return self._finish(self._targets)

    def _opened(self, content: bytes) -> _Finish:
        """Read the file, whatever it is; how to write it."""
        name = self.part.name
        head = content[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
        if content.startswith(b"PK"):
            if self._document.count("!") >= _MOST_NESTED:
                raise DocumentError(name, "it is nested too deep")
            source = Source(f"{self._document}!{name}", stream=io.BytesIO(content))
            return self._document_inside(self._open_docx(source, self._options, self._pair))
        if head.startswith(b"{\\rtf"):
            raise DocumentError(name, "it is RTF, which is not read; save the document anew in Word")
        if _MAIL.match(content[:4096]):
            return self._mail(content)
        if head.startswith(b"<"):
            return self._html(HtmlChunk(name, content, self._pair))
        if name.lower().endswith(".txt"):
            source = Source(name, stream=io.BytesIO(content))
            return self._document_inside(open_document("txt", source, FormatChoices(), self._pair))
        raise DocumentError(name, "it is of a kind that is not read; save the document anew in Word")

    def _html(self, chunk: HtmlChunk) -> _Finish:
        self.units += chunk.units
        return chunk.write

    def _mail(self, content: bytes) -> _Finish:
        """HTML in the form of a mail, as Word saves single web pages."""
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        chunks: list[tuple[email.message.Message, HtmlChunk]] = []
        for part in message.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                charset = str(part.get_content_charset() or "")
                charset = "gb18030" if charset in ("gb2312", "gbk") else charset
                chunk = HtmlChunk(f"{self.part.name}!{len(chunks) + 1}", payload, self._pair, charset)
                chunks.append((part, chunk))
                self.units += chunk.units
        if not chunks:
            raise DocumentError(self.part.name, "there is no HTML in it")

        def finish(targets: list[str]) -> bytes:
            done = 0
            for part, chunk in chunks:
                mine = targets[done : done + len(chunk.units)]
                done += len(mine)
                _set_payload(part, chunk.write(mine))
            return message.as_bytes()

        return finish

    def _document_inside(self, document: Document) -> _Finish:
        """A document with a format of its own."""
        addresses: list[str] = []
        for unit in document.units():
            address = f"{self.part.name}!{unit.address}"
            if isinstance(unit, Problem):
                self.problems.append(Problem(address, f"{self.part.name}, {unit.place}", unit.message))
                continue
            addresses.append(unit.address)
            place = f"embedded document, {unit.place}"
            self.units.append(Unit(address, place, unit.text, unit.kind, unit.codes))

        def finish(targets: list[str]) -> bytes:
            output = io.BytesIO()
            document.write(_targets(addresses, targets), output)
            return output.getvalue()

        return finish


def _targets(addresses: list[str], texts: list[str]) -> Iterator[UnitTarget]:
    for address, text in zip(addresses, texts, strict=True):
        yield UnitTarget(address, text)


def _set_payload(part: email.message.Message, content: bytes) -> None:
    """Put the content in, coded as before where that can hold it."""
    coding = str(part.get("Content-Transfer-Encoding", "8bit")).strip().lower()
    if coding in ("quoted-printable", "base64"):
        import base64
        import quopri

        coded = quopri.encodestring(content) if coding == "quoted-printable" else base64.encodebytes(content)
        part.set_payload(coded.decode("ascii"))
        return
    part.set_payload(content.decode("ascii", "surrogateescape"))


def _size(text: str) -> int:
    return sum(not char.isspace() for char in without_codes(text))
