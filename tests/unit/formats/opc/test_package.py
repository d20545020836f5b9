"""Packages as they come: what is read, what is refused, and that nothing else changes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from batchtx.errors import DocumentError
from batchtx.formats.opc.limits import Limits
from batchtx.records import UnitTarget
from tests.fixtures_docx import (
    NAMESPACES,
    W,
    body_of,
    opened,
    package,
    paragraph,
    parts_of,
    read,
    run,
    story,
    translated,
    written,
    zipped,
)

HELLO = paragraph("你好")


def with_document(document: str | bytes) -> bytes:
    """The usual package with another main part."""
    return zipped({**parts_of(package("")), "word/document.xml": document})


def refused(content: bytes, reason: str, **choices: object) -> None:
    with pytest.raises(DocumentError, match=reason):
        list(opened(content, **choices).units())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"not a zip at all", "it is no zip archive"),
        (b"<html><body>x</body></html>", "an HTML file under another name"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "an HTML file under another name"),
        (rb"{\rtf1\ansi hello}", "an RTF file under another name"),
        (b"%PDF-1.7", "a PDF under another name"),
        (b"<?xml version='1.0'?><pkg:package/>", "an XML file, not a DOCX package"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"an old Word document \(.doc\)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "password-protected",
        ),
        (package(HELLO)[:200], "the zip archive is damaged or cut short"),
        (b"PK\x03\x04" + b"\xff" * 300, "the zip archive is damaged or cut short"),
        (zipped({"a.txt": "x"}), r"no \[Content_Types\].xml"),
    ],
)
def test_what_is_no_docx_is_named(content: bytes, reason: str) -> None:
    refused(content, reason)


def test_a_package_without_a_word_document_is_refused() -> None:
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    refused(zipped({"[Content_Types].xml": types, "a.xml": "<a/>"}), "holds no Word document")


def test_an_excel_workbook_is_named() -> None:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    refused(
        zipped({**parts_of(package("")), "[Content_Types].xml": types}),
        "an Excel workbook under another name",
    )


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("<w:document", "not well-formed"),
        (f"<w:document {NAMESPACES}><w:body><w:p></w:body></w:document>", "not well-formed"),
        (f"<w:document {NAMESPACES}><w:body>\x0b</w:body></w:document>", "not well-formed"),
        (f'<!DOCTYPE x [<!ENTITY e "x">]><w:document {NAMESPACES}><w:body>&e;</w:body></w:document>', "DTD"),
        (
            f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document {NAMESPACES}/>'.encode(
                "utf-16"
            ),
            "DTD",
        ),
    ],
)
def test_xml_that_is_broken_or_has_a_dtd_is_refused(document: str | bytes, reason: str) -> None:
    refused(with_document(document), f"word/document.xml: .*{reason}")


def test_a_wrong_checksum_of_the_text_is_an_error_and_of_other_parts_is_put_right() -> None:
    content = package(HELLO, parts={"word/theme.xml": "<theme/>"})

    def damaged(name: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            crc = archive.getinfo(name).CRC.to_bytes(4, "little")
        return content.replace(crc, bytes(4))

    refused(damaged("word/document.xml"), "the part is damaged.*Bad CRC-32")
    result = translated(damaged("word/theme.xml"), {"你好": "Hello"})
    assert zipfile.ZipFile(io.BytesIO(result)).testzip() is None
    assert "Hello" in body_of(result)


def test_duplicate_and_dangerous_names_are_refused() -> None:
    buffer = io.BytesIO(package(HELLO))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("word/document.xml", "<x/>")
    refused(buffer.getvalue(), "holds word/document.xml twice")
    refused(zipped({**parts_of(package(HELLO)), "../../evil": "x"}), "leads out of the package")


def test_limits_stop_bombs_and_can_be_raised() -> None:
    content = package(HELLO, parts={"word/media/a.bin": bytes(40_000_000)})
    refused(content, "word/media/a.bin: unpacks to more than 200 times its size")
    assert read(content, limits=Limits(max_ratio=10_000))
    refused(content, "more than the limit of 1000000", limits=Limits(max_part_bytes=1_000_000))
    refused(
        content,
        "bytes unpacked, more than the limit",
        limits=Limits(max_total_bytes=1_000_000, max_ratio=10_000),
    )
    refused(content, "parts, more than the limit of 2", limits=Limits(max_entries=2))


def test_any_prefix_and_the_strict_namespace_are_read() -> None:
    default = f'<document xmlns="{W}"><body><p><r><t>默认</t></r></p></body></document>'
    assert [unit.text for unit in read(with_document(default))] == ["默认"]
    assert "<t xml:space=" in body_of(translated(with_document(default), {"默认": "default"}))
    strict = NAMESPACES.replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    content = package(paragraph(run("严格", "<w:b/>")), namespaces=strict)
    assert '<w:b/><w:lang w:val="en-US"/>' in body_of(translated(content, {"严格": "strict"}))


def test_other_part_names_document_types_and_encodings_are_read() -> None:
    assert read(package(HELLO, main="content/Main.xml", document_type="template.main"))[0].address == (
        "content/Main.xml#p1"
    )
    declared = '<?xml version="1.0" encoding="UTF-16"?>'
    utf16 = f"{declared}<w:document {NAMESPACES}><w:body>{HELLO}</w:body></w:document>"
    assert read(with_document(utf16.encode("utf-16")))[0].text == "你好"


def test_a_missing_package_relationship_is_recovered_from_the_content_types() -> None:
    parts = parts_of(package(HELLO))
    del parts["_rels/.rels"]
    assert read(zipped(dict(parts)))[0].text == "你好"


def test_dangling_relationships_are_no_error() -> None:
    content = package(HELLO, relations={"header9.xml": "header", "NULL": "image"})
    assert [unit.text for unit in read(content)] == ["你好"]


def test_a_damaged_header_is_a_problem_and_the_body_goes_on() -> None:
    content = package(HELLO, parts={"word/header1.xml": "<w:hdr"}, relations={"header1.xml": "header"})
    result = translated(content, {"你好": "Hello"})
    assert parts_of(result)["word/header1.xml"] == b"<w:hdr"
    assert "Hello" in body_of(result)


def test_untouched_parts_are_the_same_bytes_in_the_same_order_and_compression() -> None:
    parts: dict[str, str | bytes] = {"docProps/custom.xml": "<bad:xml", "word/vba.bin": bytes(range(256)) * 9}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (name, content) in enumerate(parts_of(package(HELLO, parts=parts)).items()):
            archive.writestr(name, content, zipfile.ZIP_STORED if number % 2 else zipfile.ZIP_DEFLATED)
    before = zipfile.ZipFile(buffer).infolist()
    result = zipfile.ZipFile(io.BytesIO(translated(buffer.getvalue(), {"你好": "Hello"})))
    assert result.testzip() is None
    assert [(info.filename, info.compress_type, info.date_time) for info in result.infolist()] == [
        (info.filename, info.compress_type, info.date_time) for info in before
    ]
    assert result.read("docProps/custom.xml") == b"<bad:xml"


def test_names_in_chinese_stay() -> None:
    content = package(HELLO, parts={"word/media/图片.png": b"x"})
    assert "word/media/图片.png" in parts_of(translated(content, {"你好": "Hello"}))


def test_a_signature_is_taken_out_only_when_something_changes() -> None:
    signature = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{signature}signature" Target="sig1.xml"/></Relationships>'
    )
    content = package(
        HELLO,
        parts={
            "_xmlsignatures/origin.sigs": b"",
            "_xmlsignatures/_rels/origin.sigs.rels": rels,
            "_xmlsignatures/sig1.xml": "<Signature/>",
        },
        package_relations={"_xmlsignatures/origin.sigs": "digital-signature/origin"},
    )
    assert parts_of(translated(content, {})) == parts_of(content)
    changed = parts_of(translated(content, {"你好": "Hello"}))
    assert not any("signature" in name for name in changed)
    assert b"digital-signature" not in changed["_rels/.rels"]


def test_progress_grows_with_the_units() -> None:
    document = opened(package(HELLO * 100))
    shares = [document.progress() for _ in document.units()]
    assert shares == sorted(shares)
    assert shares[0] < 0.1 < shares[50] < 0.6 < shares[99] < document.progress() == 1


def test_notes_name_what_stays_untranslated(tmp_path: Path) -> None:
    content = package(
        HELLO,
        parts={
            "word/afchunk.htm": b"<p>x</p>",
            "word/settings.xml": story("settings", '<w:documentProtection w:enforcement="1"/>'),
        },
        relations={"afchunk.htm": "aFChunk", "settings.xml": "settings"},
    )
    document = written(content, {"你好": "Hello"}, tmp_path / "out.docx")
    assert document.notes == (
        "an embedded file (altChunk) is kept untranslated",
        "the document's editing restrictions stay in force",
        "coverage: 100.0 % of 2 characters",
    )


def test_the_check_finds_a_lost_paragraph_and_a_changed_part(tmp_path: Path) -> None:
    content = package(HELLO + paragraph("再见"), parts={"word/a.bin": b"1"})
    document = opened(content)
    output = io.BytesIO()
    known = list(document.units())
    document.write([UnitTarget(unit.address, "x") for unit in known], output)
    parts = parts_of(output.getvalue())
    fewer = parts["word/document.xml"].replace(b"<w:p>", b"<w:q>", 1).replace(b"</w:p>", b"</w:q>", 1)
    path = tmp_path / "out.docx"
    path.write_bytes(zipped({**parts, "word/document.xml": fewer}))
    with pytest.raises(DocumentError, match=r"1 paragraphs instead of 2"):
        document.verify(path)
    path.write_bytes(zipped({**parts, "word/a.bin": b"2"}))
    with pytest.raises(DocumentError, match="failed its check"):
        document.verify(path)


def test_names_with_backslashes_are_read_as_paths(tmp_path: Path) -> None:
    parts = parts_of(package(HELLO, parts={"word/a.bin": b"1"}))
    content = zipped({name.replace("/", "\\"): data for name, data in parts.items()})
    document = written(content, {"你好": "Hello"}, tmp_path / "out.docx")
    result = parts_of((tmp_path / "out.docx").read_bytes())
    assert list(result) == list(parts)
    assert b"Hello" in result["word/document.xml"]
    assert document.notes == ("coverage: 100.0 % of 2 characters",)


def test_a_backslash_does_not_lead_out_of_the_package(tmp_path: Path) -> None:
    parts = parts_of(package(HELLO))
    with pytest.raises(DocumentError, match="leads out of the package"):
        opened(zipped({**parts, "word\\..\\..\\evil": b"1"}))
