"""Small DOCX packages made in memory, part by part, for tests of what no library would write."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from batchtx.files import atomic_output
from batchtx.formats import find_format, open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.protocols import Document
from batchtx.records import Problem, Unit, UnitTarget

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"


def run(text: str, properties: str = "") -> str:
    """A run of text; `properties` is the content of its w:rPr."""
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str, properties: str = "") -> str:
    """A paragraph of runs; plain text becomes a run."""
    inner = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{inner}{''.join(part if part.startswith('<') else run(part) for part in content)}</w:p>"


def field(instruction: str, result: str) -> str:
    """A complex field whose result is given as runs."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def package(
    body: str,
    *,
    parts: dict[str, str | bytes] | None = None,
    relations: dict[str, str] | None = None,
    package_relations: dict[str, str] | None = None,
    namespaces: str = NAMESPACES,
    document_type: str = "document.main",
    main: str = "word/document.xml",
) -> bytes:
    """A DOCX with this body. `parts` are further parts by name; `relations` maps a part (relative to
    word/) to the last word of the relationship type from the main document."""
    entries: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(main, document_type, parts or {}),
        "_rels/.rels": _relations({main: "officeDocument", **(package_relations or {})}),
        main: f"<w:document {namespaces}><w:body>{body}</w:body></w:document>",
    }
    folder, _, file = main.rpartition("/")
    if relations:
        entries[f"{folder}/_rels/{file}.rels"] = _relations(relations)
    entries.update(parts or {})
    return zipped(entries)


def story(tag: str, content: str) -> str:
    """The XML of a header, footer, footnotes or comments part."""
    return f"<w:{tag} {NAMESPACES}>{content}</w:{tag}>"


def zipped(entries: dict[str, str | bytes]) -> bytes:
    """A zip archive with these entries in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def opened(content: bytes, format_name: str = "docx", **choices: object) -> Document:
    """A document opened from bytes; `choices` are the options of its format."""
    options = type(find_format(format_name).default)(**choices)
    source = Source("test", stream=io.BytesIO(content))
    return open_document(format_name, source, FormatChoices(((format_name, options),)), PAIR)


def read(content: bytes, format_name: str = "docx", **choices: object) -> list[Unit]:
    """The units of a document."""
    return [unit for unit in opened(content, format_name, **choices).units() if isinstance(unit, Unit)]


def problems(content: bytes, format_name: str = "docx", **choices: object) -> list[Problem]:
    """The problems of a document."""
    return [unit for unit in opened(content, format_name, **choices).units() if isinstance(unit, Problem)]


def translated(
    content: bytes, targets: dict[str, str], format_name: str = "docx", **choices: object
) -> bytes:
    """The document with some texts replaced, the others as they were."""
    document = opened(content, format_name, **choices)
    output = io.BytesIO()
    document.write(
        (
            UnitTarget(unit.address, targets.get(unit.text, unit.text))
            for unit in document.units()
            if isinstance(unit, Unit)
        ),
        output,
    )
    return output.getvalue()


def written(content: bytes, targets: dict[str, str], path: Path, **choices: object) -> Document:
    """The same to a file, with the document's own check; returns the document."""
    document = opened(content, **choices)
    with atomic_output(path, verify=document.verify) as output:
        document.write(
            (
                UnitTarget(unit.address, targets.get(unit.text, unit.text))
                for unit in document.units()
                if isinstance(unit, Unit)
            ),
            output,
        )
    return document


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a package by name, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body_of(content: bytes, part: str = "word/document.xml") -> str:
    """The XML of a part as text."""
    return parts_of(content)[part].decode("utf-8")


def _content_types(main: str, document_type: str, parts: dict[str, str | bytes]) -> str:
    overrides = {main: _TYPE.format(document_type)}
    for part in parts:
        kind = part.rpartition("/")[2].rstrip("0123456789.xml") or "part"
        if part.startswith("word/") and part.endswith(".xml"):
            overrides[part] = _TYPE.format(kind)
    items = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{items}</Types>"
    )


def _relations(relations: dict[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATION.format(kind)}" Target="{target}"/>'
        for number, (target, kind) in enumerate(relations.items(), 1)
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{namespace}">{items}</Relationships>'
