"""PO: entries without a translation are filled, as polib and the Translate Toolkit read them."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from translate.storage import pypo

from batchtx.errors import DocumentError
from batchtx.formats.catalogs import CatalogOptions
from batchtx.text.inline_codes import CODE
from tests.helpers.formats import opened, shown, units, written

HEAD = (
    'msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n\n'
)
WHOLE = HEAD + (
    '#: a.c:3\n#, c-format\nmsgid "共 %d 个"\nmsgstr ""\n\n'
    '#, fuzzy, c-format\n#| msgid "旧"\nmsgid "打开%s失败\\n"\nmsgstr "old %s\\n"\n\n'
    'msgctxt "菜单"\nmsgid ""\n"第一行 \\"引\\" \\\\ \\t表\\n"\n"第二行 <b>粗</b> 完\\n"\nmsgstr ""\n\n'
    'msgid "已译"\nmsgstr "Done"\n\n'
    'msgid "个苹果"\nmsgid_plural "些苹果"\nmsgstr[0] ""\nmsgstr[1] ""\n\n'
    '#, fuzzy\n#~ msgid "废"\n#~ msgstr ""\n\n'
    'msgid "末"\nmsgstr ""\n'
)
UNSURE = CatalogOptions(fill="unsure")


def english(text: str) -> str:
    return re.sub("[\u4e00-\u9fff]+", "word", text)


def po(content: bytes) -> polib.POFile:
    return polib.pofile(content.decode())


def test_only_entries_without_a_translation_are_read() -> None:
    assert shown("po", WHOLE.encode()) == [
        "共 %d 个",
        '第一行 "引" \\ \t表\n第二行 ⟦1⟧粗⟦/1⟧ 完',
        "个苹果",
        "些苹果",
        "末",
    ]
    places = [unit.place for unit in units("po", WHOLE.encode())]
    assert places == ["line 9", "line 18, 菜单", "line 26", "line 26", "line 35"]


def test_filled_entries_read_as_gettext_reads_them() -> None:
    done = po(written("po", WHOLE.encode(), english))
    before = po(WHOLE.encode())
    assert [entry.msgid for entry in done] == [entry.msgid for entry in before]
    texts = {entry.msgid: entry.msgstr for entry in done if not entry.obsolete}
    assert texts["共 %d 个"] == "word %d word"
    assert texts["打开%s失败\n"] == "old %s\n"
    two_lines = '第一行 "引" \\ \t表\n第二行 <b>粗</b> 完\n'
    assert texts[two_lines] == english(two_lines)
    assert next(entry for entry in done if entry.msgid_plural).msgstr_plural == {0: "word", 1: "word"}
    toolkit = pypo.pofile.parsestring(written("po", WHOLE.encode(), english))
    assert [str(unit.target) for unit in toolkit.units][1] == "word %d word"


def test_what_is_not_filled_stays_byte_for_byte() -> None:
    done = written("po", WHOLE.encode(), english).decode().split("\n\n")
    before = WHOLE.split("\n\n")
    assert [at for at, (one, other) in enumerate(zip(before, done, strict=True)) if one != other] == [
        0, 1, 3, 5, 7
    ]  # fmt: skip


def test_the_header_tells_the_language_and_its_plural_forms() -> None:
    done = po(written("po", WHOLE.encode(), english))
    assert done.metadata["Language"] == "en"
    assert done.metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    told = HEAD.replace('"MIME', '"Language: zh_CN\\n"\n"MIME').replace(
        "nplurals=INTEGER; plural=EXPRESSION", "x"
    )
    done = po(written("po", (told + 'msgid "末"\nmsgstr ""\n').encode(), english))
    assert (done.metadata["Language"], done.metadata["Plural-Forms"]) == ("en", "x;")
    regional = told.replace("zh_CN", "en_GB") + 'msgid "末"\nmsgstr ""\n'
    assert po(written("po", regional.encode(), english)).metadata["Language"] == "en_GB"


def test_unsure_entries_are_filled_on_request_and_lose_their_mark() -> None:
    done = po(written("po", WHOLE.encode(), english, UNSURE))
    entry = next(one for one in done if one.msgid.startswith("打开"))
    assert (entry.msgstr, entry.flags, entry.previous_msgid) == ("word%sword\n", ["c-format"], None)


def test_filled_entries_are_marked_on_request() -> None:
    done = po(written("po", WHOLE.encode(), english, CatalogOptions(mark_fuzzy=True)))
    assert {one.msgid for one in done.fuzzy_entries()} >= {"共 %d 个", "末", "个苹果"}
    assert next(one for one in done if one.msgid == "共 %d 个").flags == ["fuzzy", "c-format"]


@pytest.mark.parametrize(
    ("flag", "text", "lost"),
    [
        ("c-format", "写了 %zu 字节，%1$s", "%zu"),
        ("qt-format", "第%1页，共%2页", "%2"),
        ("python-brace-format", "你好{0[name]!r}吧", "{0[name]!r}"),
        ("", "用户 %(name)s 在", "%(name)s"),
        ("", "共%{count} 个", "%{count}"),
        ("", "进度%1，共%2步", "%2"),
    ],
)
def test_a_translation_without_a_placeholder_is_marked(flag: str, text: str, lost: str) -> None:
    flags = f"#, {flag}\n" if flag else ""
    content = f'{HEAD}{flags}msgid "{text}"\nmsgstr ""\n'.encode()
    kept = po(written("po", content, english))[0]
    assert lost in kept.msgstr
    assert not kept.fuzzy
    gone = po(written("po", content, lambda text: english(CODE.sub("", text).replace(lost, ""))))[0]
    assert gone.fuzzy


def test_a_placeholder_at_an_edge_is_parted_by_a_blank() -> None:
    content = f'{HEAD}#, qt-format\nmsgid "进度：%1"\nmsgstr ""\n\nmsgid "%s完成"\nmsgstr ""\n'.encode()
    texts = {"进度：": "Progress:", "%s完成": "%s done"}
    done = po(written("po", content, lambda text: texts.get(text, "done")))
    assert [entry.msgstr for entry in done] == ["Progress: %1", "%s done"]


def test_an_old_encoding_is_read_by_its_header_and_told_anew() -> None:
    text = WHOLE.replace("UTF-8", "GBK")
    done = written("po", text.encode("gbk"), english)
    assert po(done).metadata["Content-Type"] == "text/plain; charset=UTF-8"
    echoed = written("po", text.encode("gbk"), str).decode()
    assert echoed == text.replace("GBK", "UTF-8")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark_stay(line_end: str, tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + WHOLE.replace("\n", line_end).encode()
    assert written("po", content, str) == content
    done = written("po", content, english)
    assert done.startswith((b"\xef\xbb\xbf#", b"\xef\xbb\xbfmsgid"))
    assert done.count(b"\n") == done.count(line_end.encode())
    document = opened("po", content)
    path = tmp_path / "a.po"
    path.write_bytes(done)
    document.verify(path)


def test_long_translations_are_wrapped_where_the_file_wraps() -> None:
    content = (HEAD + 'msgid "末"\nmsgstr ""\n').encode()
    long = "word " * 40
    done = written("po", content, lambda text: long.strip())
    assert max(map(len, done.decode().splitlines())) <= 80
    assert po(done)[0].msgstr == long.strip()


def test_verify_tells_an_entry_that_is_gone(tmp_path: Path) -> None:
    document, path = opened("po", WHOLE.encode()), tmp_path / "a.po"
    path.write_text(WHOLE.replace("已译", "改了"), encoding="utf-8")
    with pytest.raises(DocumentError):
        document.verify(path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('msgid "a\nmsgstr ""\n', "line 1: .*neither a keyword"),
        ('msgstr "a"\n', "msgstr without a msgid"),
        ('msgid "a"\nmsgid_plural "b"\n', "no msgstr"),
        ('msgid "a"\nmsgstr "x"\nmsgstr "y"\n', "twice"),
        ("hello\n", "neither a keyword"),
        ('msgctxt "a"\n', "no msgid"),
    ],
)
def test_what_is_no_catalog_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        opened("po", text.encode())


def test_an_empty_file_has_no_units() -> None:
    assert units("po", b"") == units("po", b"# only\n") == []
