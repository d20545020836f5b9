"""EPUB: pages in the order of reading, contents and title; everything else stays byte for byte."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from batchtx.errors import DocumentError
from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.protocols import Document
from batchtx.records import Unit, UnitTarget
from tests.helpers.office import archive, book


def opened(content: bytes) -> Document:
    return open_document("epub", Source("a.epub", stream=io.BytesIO(content)), FormatChoices(), PAIR)


def units(content: bytes) -> list[Unit]:
    return [unit for unit in opened(content).units() if isinstance(unit, Unit)]


def test_pages_come_in_the_order_of_reading_then_the_contents() -> None:
    found = {unit.text: unit.place for unit in units(book("<h1>第一章</h1><p>甲</p>", "<p>乙</p>"))}
    assert found["书名"] == "about the book, title"
    assert found["第一章"] == found["甲"] == "page 1 (p1.xhtml), line 1"
    assert found["乙"] == "page 2 (p2.xhtml), line 1"
    assert found["目录 & 页"] == "contents, entry 1"
    assert list(found)[-1] == "目录 & 页"


def test_the_book_and_its_pages_say_their_language_and_the_first_entry_stays_first(tmp_path: Path) -> None:
    content, output = book('<p>见<a href="p2.xhtml">下页</a>。</p>'), io.BytesIO()
    document = opened(content)
    found = [unit for unit in document.units() if isinstance(unit, Unit)]
    document.write([UnitTarget(unit.address, unit.text + " & <x>") for unit in found], output)
    written = zipfile.ZipFile(output)
    assert written.infolist()[0].filename == "mimetype"
    assert "<dc:language>en</dc:language>" in written.read("OEBPS/book.opf").decode()
    page = written.read("OEBPS/Text/p1.xhtml").decode()
    assert '<html lang="en">' in page
    assert '<a href="p2.xhtml">下页</a>。 &amp; &lt;x&gt;</p>' in page
    path = tmp_path / "b.epub"
    path.write_bytes(output.getvalue())
    document.verify(path)


def test_what_is_no_book_or_is_encrypted_is_refused() -> None:
    locked = {"META-INF/encryption.xml": '<e><CipherReference URI="OEBPS/Text/p1.xhtml"/></e>'}
    for content, says in (
        (archive({"a": "b"}), "names no book"),
        (book("<p>甲</p>", extra=locked), "encrypted"),
    ):
        with pytest.raises(DocumentError, match=says):
            opened(content)


def test_a_book_with_single_quotes_and_prefixes_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(book("<p>甲</p>", "<p>乙</p>"))) as whole:
        parts = {name: whole.read(name).decode() for name in whole.namelist()}
    parts["OEBPS/book.opf"] = parts["OEBPS/book.opf"].replace('"', "'")
    parts["META-INF/container.xml"] = parts["META-INF/container.xml"].replace('"', "'")
    parts["OEBPS/toc.ncx"] = '<n:ncx xmlns:n="n"><n:text id="a">目录</n:text></n:ncx>'
    assert [unit.text for unit in units(archive(parts))] == ["书名", "页", "甲", "页", "乙", "目录"]


def test_a_script_without_content_ends_where_it_begins() -> None:
    page = '<p>甲</p><script src="a.js"/><p>乙</p><style/><p>丙</p>'
    assert [unit.text for unit in units(book(page))][2:-1] == ["甲", "乙", "丙"]
