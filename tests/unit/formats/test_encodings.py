"""Encodings are found from the bytes, or the bytes are refused; nothing is read as mojibake."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.errors import ConfigError, DocumentError
from batchtx.formats.encodings import Encoding, detect, named_encoding, to_utf8
from batchtx.language.zh.likeness import likeness
from tests.fixtures_docx import read

SIMPLIFIED = "第一章 总则\n为了规范合同管理，根据《中华人民共和国民法典》，制定本办法。\n"
TRADITIONAL = "第一章 總則\n為了規範合約管理，根據有關法律，制定本辦法。今天天氣很好，我們去公園走走。\n"


def euc_tw(text: str) -> bytes:
    """EUC-TW, which Python cannot write: its first plane is in the order of Big5's daily-use half."""
    written = bytearray()
    for char in text:
        code = char.encode("big5")
        if len(code) == 1 or code[0] < 0xA4:
            written += b" "
            continue
        cell = code[1] - 0x40 if code[1] < 0x7F else code[1] - 0xA1 + 63
        row, column = divmod((code[0] - 0xA4) * 157 + cell, 94)
        written += bytes((0xC4 + row, 0xA1 + column))
    return bytes(written)


def found(content: bytes) -> str:
    return detect("a.txt", content, whole=True).name


@pytest.mark.parametrize(
    "encoding", ["utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
)
def test_simplified_chinese_is_recognised(encoding: str) -> None:
    expected = {"gbk": "gb18030"}.get(encoding, encoding)
    assert found(SIMPLIFIED.encode(encoding)) == expected


@pytest.mark.parametrize("encoding", ["big5", "cp950", "utf-8"])
def test_traditional_chinese_is_recognised(encoding: str) -> None:
    assert found(TRADITIONAL.encode(encoding)) == {"big5": "cp950"}.get(encoding, encoding)


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(mark: str) -> None:
    encoding = detect("a.txt", SIMPLIFIED.encode(mark), whole=True)
    assert encoding.how == "byte order mark"
    text = b"".join(to_utf8("a.txt", iter([SIMPLIFIED.encode(mark)[encoding.bom_bytes :]]), encoding))
    assert text.decode() == SIMPLIFIED


def test_four_byte_characters_are_gb18030() -> None:
    assert found("用字：𠮷𡈽㐀，测试文本。".encode("gb18030")) == "gb18030"


def test_the_shortest_gbk_word_is_not_taken_for_utf8() -> None:
    assert found("联通".encode("gbk")) == "gb18030"


def test_utf8_with_a_few_bad_bytes_is_not_taken_for_gbk() -> None:
    encoding = detect("a.txt", SIMPLIFIED.encode() + b"\xff\xc3(" + SIMPLIFIED.encode(), whole=True)
    assert (encoding.name, encoding.damaged) == ("utf-8", True)


@pytest.mark.parametrize("text", ["你好\0世界\0\n", "中[[\0[\0[[", "a\0b\0\0c", "key\0value\0\n"])
def test_nul_bytes_in_utf8_do_not_make_it_utf16(text: str) -> None:
    assert found(text.encode()) == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_plain_ascii_in_wide_characters_is_recognised(encoding: str) -> None:
    assert found("Date,Bid,Ask\r\n07/19/2015,1.08\r\n".encode(encoding)) == encoding


def test_a_prefix_may_end_inside_a_character() -> None:
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        content = (SIMPLIFIED * 20).encode(encoding)
        for cut in range(1, 5):
            assert detect("a.txt", content[:-cut], whole=False).name == encoding


def test_euc_tw_is_named_and_refused() -> None:
    with pytest.raises(DocumentError, match="in EUC-TW, which is not supported; convert it with: iconv"):
        detect("a.txt", euc_tw(TRADITIONAL * 3), whole=True)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04rest", "a zip archive"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "an old Office file"),
        (bytes(range(256)) * 16, "a binary file"),
        ("Grüße aus Köln, schöne Größe, süße Äpfel".encode("latin-1"), "not UTF-8"),
    ],
)
def test_what_is_not_chinese_text_is_refused(content: bytes, what: str) -> None:
    with pytest.raises(DocumentError, match=what):
        detect("a.txt", content, whole=True)


def test_a_named_encoding_is_taken_and_its_supersets_too() -> None:
    assert named_encoding("GB2312", b"").name == "gb18030"
    assert named_encoding("big5", b"").name == "cp950"
    assert named_encoding("utf-16", codecs.BOM_UTF16_BE).name == "utf-16-be"
    assert named_encoding("utf8", codecs.BOM_UTF8).bom


def test_an_unknown_encoding_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="--encoding gb9999: unknown; try utf-8"):
        named_encoding("gb9999", b"")
    with pytest.raises(ConfigError, match="unknown"):
        named_encoding("rot13", b"")


def test_bytes_that_do_not_fit_have_their_offset_across_chunks() -> None:
    encoding = Encoding("gb18030", "asked for")
    chunks = iter(["中文".encode("gb18030") + b"\xb0", b"\xff rest"])
    with pytest.raises(DocumentError, match=r"byte 4 \(b0"):
        list(to_utf8("a.txt", chunks, encoding))


def test_real_text_is_more_like_chinese_than_the_same_bytes_read_wrongly() -> None:
    wrong = TRADITIONAL.encode("big5").decode("gb18030", "replace")
    assert likeness(TRADITIONAL) > 0.6 > 0.3 > likeness(wrong)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30))
def test_valid_utf8_is_always_utf8(text: str) -> None:
    assert found(text.encode()) == "utf-8"


@given(st.integers(0, 60), st.integers(1, 60))
def test_any_piece_of_a_gbk_text_reads_back(start: int, length: int) -> None:
    text = (SIMPLIFIED * 2)[start : start + length]
    units = read(text.encode("gb18030"), "txt", encoding="gbk")
    assert all(unit.text in text for unit in units)


LONG = "合同自双方签字之日起生效，有效期为三年。" * 30


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "big5"])
@pytest.mark.parametrize("text", ["这是一段中文内容，请核对", LONG])
def test_a_text_cut_inside_its_last_character_is_told_as_cut(encoding: str, text: str) -> None:
    text = text if encoding != "big5" else "這是一段中文內容，請核對。" * 20
    content = text.encode(encoding)[:-1]
    found = detect("a.txt", content, whole=True)
    assert found.name in ("gb18030", "cp950")
    with pytest.raises(DocumentError, match=r"ends inside a character .* cut short"):
        list(to_utf8("a.txt", iter([content]), found))


@pytest.mark.parametrize("n_bytes", [1, 3, 1000])
def test_the_euro_sign_of_windows_code_page_936_is_read(n_bytes: int) -> None:
    content = "价格为".encode("gbk") + b"\x80" + "100元，请在三日内付款。丂乗".encode("gbk")
    found = detect("a.txt", content, whole=True)
    assert found.name == "gb18030"
    chunks = (content[start : start + n_bytes] for start in range(0, len(content), n_bytes))
    assert b"".join(to_utf8("a.txt", chunks, found)).decode() == "价格为€100元，请在三日内付款。丂乗"
