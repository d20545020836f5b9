"""Random DOCX: usual and odd XML around texts whose every character can be traced."""

from __future__ import annotations

import io
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from batchtx.errors import DocumentError
from batchtx.formats.docx.check.audit import audit_documents
from batchtx.formats.docx.check.unreached import count_all_text
from batchtx.formats.docx.document import DocxDocument
from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.opc.package import Package
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.records import Problem, Unit, UnitTarget
from tests.fixtures_docx import package, parts_of, story
from tests.helpers.word_rules import faults

_HAN = re.compile("[\u4e00-\u9fff]+")
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_RELATIONS = "http://schemas.openxmlformats.org/{}/relationships"
_MARKS = ("，", "。", "：", "；", " ", "（", "）", "、", "ABC", "12", "")


class Maker:
    """Makes one package. Texts that are kept on purpose are in `kept`, those for a problem in `odd`."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._next = chance.randrange(0x4E00, 0x9000)
        self._number = 0
        self.kept: set[str] = set()
        self.odd: set[str] = set()
        self.parts: dict[str, str | bytes] = {}
        self.relations: dict[str, str] = {}

    def package(self) -> bytes:
        """The bytes of a DOCX."""
        body = "".join(self._block(0) for _ in range(self._chance.randrange(1, 7)))
        if self._chance.random() < 0.3:
            self.parts["word/header1.xml"] = story("hdr", self._paragraph(0))
            self.relations["header1.xml"] = "header"
        if self._chance.random() < 0.3:
            body += self._chart()
        if self._chance.random() < 0.2:
            body += self._chunk()
        return package(body, parts=self.parts, relations=self.relations)

    def _word(self) -> str:
        """A text with Han characters that nobody else has."""
        size = self._chance.randrange(1, 5)
        word = "".join(chr(0x4E00 + (self._next + n - 0x4E00) % 0x5000) for n in range(size))
        self._next += size
        return word

    def _text(self) -> str:
        return self._word() + self._chance.choice(_MARKS)

    def _keep(self, word: str) -> str:
        self.kept.update(word)
        return word

    def _block(self, depth: int) -> str:
        pick = self._chance.random()
        if pick < 0.15 and depth < 3:
            cells = "".join(
                f"<w:tc>{self._block(depth + 1)}<w:p/></w:tc>" for _ in range(self._chance.randrange(1, 3))
            )
            return f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
        if pick < 0.22 and depth < 3:
            return f"<w:sdt><w:sdtContent>{self._block(depth + 1)}</w:sdtContent></w:sdt>"
        if pick < 0.27:
            inner = self._paragraph(depth)
            return (
                f'<mc:AlternateContent><mc:Choice Requires="w14">{inner}</mc:Choice>'
                f"<mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent>"
            )
        if pick < 0.30:
            word = self._word()
            self.odd.update(word)
            return f"{self._paragraph(depth)}{word}"
        return self._paragraph(depth)

    def _paragraph(self, depth: int) -> str:
        inner = "".join(self._inline(depth) for _ in range(self._chance.randrange(0, 6)))
        return f"<w:p>{inner}</w:p>"

    def _inline(self, depth: int) -> str:
        pick = self._chance.randrange(14)
        if pick == 0:
            return f'<w:hyperlink w:anchor="x">{self._run()}</w:hyperlink>'
        if pick == 1:
            return f'<w:ins w:id="{self._id()}" w:author="x">{self._run()}</w:ins>'
        if pick == 2:
            word = self._keep(self._word())
            return f'<w:del w:id="{self._id()}" w:author="x"><w:r><w:delText>{word}</w:delText></w:r></w:del>'
        if pick == 3:
            inner = self._run()
            other = inner if self._chance.random() < 0.6 else self._run()
            return (
                f'<mc:AlternateContent><mc:Choice Requires="w14">{inner}</mc:Choice>'
                f"<mc:Fallback>{other}</mc:Fallback></mc:AlternateContent>"
            )
        if pick == 4:
            word = self._word()
            return (
                f'<w:r><mc:AlternateContent><mc:Choice Requires="w14"><w:t>{word}</w:t></mc:Choice>'
                f"<mc:Fallback><w:t>{word}</w:t></mc:Fallback></mc:AlternateContent><w:t>{self._text()}</w:t></w:r>"
            )
        if pick == 5 and depth < 2:
            box = self._paragraph(depth + 1)
            shape = f"<v:shape><v:textbox><w:txbxContent>{box}</w:txbxContent></v:textbox></v:shape>"
            return f"<w:r><w:pict>{shape}</w:pict></w:r>"
        if pick == 6:
            word = self._word()
            self.odd.update(word)
            return f'<x:odd xmlns:x="urn:x"><w:r><w:t>{word}</w:t></w:r></x:odd>'
        if pick == 7:
            return self._text()  # bare, in the paragraph
        if pick == 8:
            number = self._id()
            return (
                f'<w:bookmarkStart w:id="{number}" w:name="b{number}"/>{self._run()}'
                f'<w:bookmarkEnd w:id="{number}"/>'
            )
        if pick == 9:
            word = self._keep(self._word())
            return f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{word}</w:t></w:r>"
        return self._run()

    def _id(self) -> int:
        self._number += 1
        return self._number

    def _run(self) -> str:
        look = self._chance.choice(("", "", "<w:rPr><w:b/></w:rPr>", "<w:rPr><w:i/></w:rPr>"))
        return f"<w:r>{look}{self._run_content()}</w:r>"

    def _run_content(self) -> str:
        pick = self._chance.randrange(9)
        text, more = self._text(), self._text()
        if pick == 0:
            return f"<w:t>{text}<w:br/>{more}</w:t>"
        if pick == 1:
            return f"<w:t>{text}<w:t>{more}</w:t>{self._text()}</w:t>"
        if pick == 2:
            return f"{text}<w:t>{more}</w:t>"
        if pick == 3:
            return f"<w:t>{text}</w:t><w:tab/><w:t>{more}</w:t>"
        if pick == 4:
            return f"<w:t>{text}</w:t>{more}"
        if pick == 5:
            return f'<w:t xml:space="preserve"> {text} </w:t>'
        return f"<w:t>{text}</w:t>"

    def _chart(self) -> str:
        drawn = f"<a:p><a:r><a:t>{self._word()}</a:t></a:r></a:p>"
        self.parts["word/charts/chart1.xml"] = (
            f'<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}"><c:tx><c:rich><a:p><a:r><a:t>{self._word()}</a:t>'
            "</a:r></a:p></c:rich></c:tx></c:chartSpace>"
        )
        self.relations["charts/chart1.xml"] = "chart"
        self.parts["word/charts/_rels/chart1.xml.rels"] = (
            f'<Relationships xmlns="{_RELATIONS.format("package/2006")}"><Relationship Id="r1" '
            f'Type="{_RELATIONS.format("officeDocument/2006")}/chartUserShapes" '
            'Target="../drawings/drawing1.xml"/></Relationships>'
        )
        self.parts["word/drawings/drawing1.xml"] = (
            f'<c:userShapes xmlns:c="{_C}" xmlns:a="{_A}">{drawn}</c:userShapes>'
        )
        return ""

    def _chunk(self) -> str:
        html = f"<p>{self._word()}<b>{self._word()}</b><br>{self._word()}</p><ul><li>{self._word()}</li></ul>"
        self.parts["word/chunk.htm"] = f'<meta charset="utf-8">{html}'.encode()
        self.relations["chunk.htm"] = "aFChunk"
        return f'<w:altChunk r:id="rId{len(self.relations)}"/>'


def check(seed: int) -> Iterator[str]:
    """What is wrong with the document of this seed, after it was written with other words."""
    chance = random.Random(seed)
    maker = Maker(chance)
    content = maker.package()
    with tempfile.TemporaryDirectory() as name:
        old, new = Path(name) / "old.docx", Path(name) / "new.docx"
        old.write_bytes(content)
        document = DocxDocument(Source("old.docx", old), DocxOptions(), PAIR)
        read = list(document.units())
        with new.open("wb") as file:
            document.write((UnitTarget(one.address, _latin(one.text)) for one in _units(read)), file)
        document.verify(new)
        yield from _characters(maker, content, new.read_bytes(), read)
        yield from _coverage(old, document)
        audit = audit_documents(old, new, DocxOptions(), PAIR)
        yield from (
            f"verify: {found}" for found in audit.differences if "neither translated" not in found.message
        )
        worse = Counter(faults(new.read_bytes())) - Counter(faults(content))
        yield from (f"Word: {fault}" for fault in worse)
        yield from _identity(content)


def check_damaged(seed: int) -> Iterator[str]:
    """What another error than DocumentError says of a damaged package."""
    chance = random.Random(seed)
    parts = dict(parts_of(Maker(chance).package()))
    victim = chance.choice(list(parts))
    data = bytearray(parts[victim])
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(data))
        if chance.random() < 0.5:
            data[place] = chance.randrange(256)
        else:
            del data[place : place + chance.randrange(1, 20)]
            data = data or bytearray(b" ")
    from tests.fixtures_docx import zipped

    content = zipped({**parts, victim: bytes(data)})
    try:
        document = DocxDocument(Source("x.docx", stream=io.BytesIO(content)), DocxOptions(), PAIR)
        read = list(document.units())
        document.write((UnitTarget(one.address, _latin(one.text)) for one in _units(read)), io.BytesIO())
    except DocumentError:
        return
    except Exception as error:
        yield f"{type(error).__name__}: {error}"


def _units(read: list[Unit | Problem]) -> Iterator[Unit]:
    return (one for one in read if isinstance(one, Unit))


def _latin(text: str) -> str:
    return _HAN.sub(lambda match: "ww" * len(match[0]), text)


def _characters(maker: Maker, old: bytes, new: bytes, read: list[Unit | Problem]) -> Iterator[str]:
    """Each Han character of the original is in a unit, kept on purpose, or told; none stays otherwise."""
    in_units = set("".join(one.text for one in _units(read)))
    told = set("".join(one.message for one in read if isinstance(one, Problem)))
    for char in sorted(_han_of(old)):
        if char not in in_units | told | maker.kept:
            yield f"{char} is neither in a unit, nor told, nor kept on purpose"
    for char in sorted(_han_of(new) - told - maker.kept):
        yield f"{char} stands in the output, and nobody told of it"
    for char in sorted((told | maker.kept) & _han_of(old) - _han_of(new)):
        yield f"{char} was to stay and is gone"


def _han_of(content: bytes) -> set[str]:
    text = "".join(data.decode("utf-8", "replace") for data in parts_of(content).values())
    return set("".join(_HAN.findall(text)))


def _coverage(path: Path, document: DocxDocument) -> Iterator[str]:
    """What the coverage says of each part is what stands in its XML, counted over the bare nodes."""
    package_ = Package(Source("old.docx", path), DocxOptions().limits)
    try:
        for part in document.coverage:
            if part.story in ("embedded", "properties"):
                continue
            counted = count_all_text(package_.parse(part.part), PAIR) - document.unreached[part.part]
            known = part.n_found - part.n_elsewhere
            if counted - known not in (0, document.unreached[part.part] * -1) and counted > part.n_found:
                yield f"{part.part}: coverage knows {part.n_found} characters, there are {counted}"
            if part.n_units + sum(n for _, n in part.kept) != part.n_found:
                yield f"{part.part}: units and kept characters do not make {part.n_found}"
    finally:
        package_.close()


def _identity(content: bytes) -> Iterator[str]:
    """With targets that are the sources every part stays as it was."""
    document = DocxDocument(Source("x", stream=io.BytesIO(content)), DocxOptions(), PAIR)
    output = io.BytesIO()
    units = _units(list(document.units()))
    document.write((UnitTarget(unit.address, unit.text) for unit in units), output)
    changed = [name for name, data in parts_of(output.getvalue()).items() if parts_of(content)[name] != data]
    yield from (f"{name} changed though nothing was translated" for name in changed)
