"""HTML: words and visible attributes change, everything else comes back as it was."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchtx.errors import DocumentError
from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.protocols import Document
from batchtx.records import Unit, UnitTarget
from batchtx.text.inline_codes import CODE_BASE, show_codes


def opened(text: str | bytes) -> Document:
    content = text.encode() if isinstance(text, str) else text
    return open_document("html", Source("a.html", stream=io.BytesIO(content)), FormatChoices(), PAIR)


def units(text: str) -> list[Unit]:
    return [unit for unit in opened(text).units() if isinstance(unit, Unit)]


def shown(text: str) -> list[str]:
    return [show_codes(unit.text, unit.codes) for unit in units(text)]


def translated(text: str | bytes, translate: Callable[[str], str]) -> str:
    document, output = opened(text), io.BytesIO()
    found = [unit for unit in document.units() if isinstance(unit, Unit)]
    document.write([UnitTarget(unit.address, translate(unit.text)) for unit in found], output)
    return output.getvalue().decode()


def elements(text: str) -> list[str]:
    return [str(one.tag) for one in lxml.html.document_fromstring(text or "<p>").iter()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>甲</p><div>乙<p>丙</p>丁</div>", ["甲", "乙", "丙", "丁"]),
        ("<p>这是<b>粗</b>与<a href='x'>链</a>。</p>", ["这是⟦1⟧粗⟦/1⟧与⟦3⟧链⟦/3⟧。"]),
        ("<p><strong>全部</strong></p>", ["全部"]),
        ("<li>甲<ul><li>乙</li></ul></li>", ["甲", "乙"]),
        ("<p>一<br>二<br/>三</p>", ["一", "二", "三"]),
        ("<p>甲\n   乙 word\nword</p>", ["甲乙 word word"]),
        ("<p>A &amp; B&nbsp;的 &lt;c&gt; &#20013;</p>", ["A & B\xa0的 <c> 中"]),
        ("<p>用<code>a &lt; b</code>和<kbd>键</kbd></p>", ["用⟦1⟧和"]),
        ("<pre>码</pre><script>'<p>甲</p>'</script><style>/*乙*/</style><textarea>丙</textarea>", ["丙"]),
        ("<p translate=no>不译</p><div class='a notranslate'><p>也不</p></div><p>译</p>", ["译"]),
        ("<p>名<span translate='no'>不译</span>后</p>", ["名", "后"]),
        ("<!-- 注释 --><p>甲<!-- 注 -->乙</p><![CDATA[丙]]>", ["甲⟦1⟧乙"]),
        ("<img alt='图' src='甲.png'><input placeholder=\"填\" value=\"值\">", ["图", "填"]),
        ("<input type='submit' value='交'>", ["交"]),
        (
            "<meta name='description' content='述'><meta name='viewport' content='甲'><title>题</title>",
            ["述", "题"],
        ),
        ("1 < 2 而且 3 > 2", ["1 < 2 而且 3 > 2"]),
        ('<a title="a > b">甲</a>', ["甲", "a > b"]),
        ("<ruby>漢<rp>(</rp><rt>han</rt></ruby>字", ["漢⟦1⟧(⟦2⟧⟦3⟧han⟦4⟧⟦5⟧字"]),
        ("没有标签", ["没有标签"]),
    ],
)
def test_what_is_a_unit_and_what_a_code(text: str, expected: list[str]) -> None:
    found = shown(text)
    if "ruby" in text:
        assert len(found) == 1
    else:
        assert sorted(found) == sorted(expected)
    assert translated(text, str) == text


def test_attributes_inside_of_a_text_change_with_it_and_without_it() -> None:
    text = '<p>见<a href="u" title="提示">此</a>和<img alt="图">。</p>'
    words = {"提示": 'A "hint"', "图": "Picture"}
    alone = translated(text, lambda t: words.get(t, t))
    assert alone == '<p>见<a href="u" title="A &quot;hint&quot;">此</a>和<img alt="Picture">。</p>'
    both = translated(text, lambda t: words.get(t) or f"See {t[1]}it{t[3]} and {t[5]}.")
    assert both == '<p>See <a href="u" title="A &quot;hint&quot;">it</a> and <img alt="Picture">.</p>'


def test_the_page_says_its_language_and_its_encoding() -> None:
    text = '<html lang="zh-CN"><head><meta charset="gb2312"></head><body><p>今天天气很好，我们去公园。</p>'
    written = translated(text.encode("gb18030"), lambda _: "Fine weather.")
    assert written.startswith('<html lang="en"><head><meta charset="utf-8">')
    assert '<html lang="fr">' in translated('<html lang="fr"><p>甲</p>', lambda _: "A")


def test_words_of_a_target_make_no_markup() -> None:
    written = translated("<p title='甲'>乙</p>", lambda _: "a < b & \"c\" 'd' <script>")
    assert elements(written) == elements("<p title=''>x</p>")
    (one,) = lxml.html.fragments_fromstring(written)
    assert one.text == one.get("title") == "a < b & \"c\" 'd' <script>"


@pytest.mark.parametrize(
    "text",
    [
        '<p><a title="提示" href="x">链接</a></p>',
        '<p><img alt="图">文</p>',
        '<p>文<img alt="图"></p>',
        '<p><img alt="图"><a title="题"><img alt="图">文</a><img alt="图"></p><p title="甲">乙</p>',
    ],
)
def test_attributes_at_the_edges_of_a_text_are_verified(text: str, tmp_path: Path) -> None:
    written = translated(text, lambda _: "other words")
    (tmp_path / "b.html").write_text(written, encoding="utf-8")
    document = opened(text)
    assert len(list(document.units())) == written.count("other words")
    document.verify(tmp_path / "b.html")
    (tmp_path / "b.html").write_text(written.replace("</p>", "<hr></p>", 1), encoding="utf-8")
    with pytest.raises(DocumentError):
        document.verify(tmp_path / "b.html")


def test_attributes_without_quotes_get_them_and_other_labels_are_text(tmp_path: Path) -> None:
    text = '<p><img alt=图 src=a.png>文<input type=SUBMIT value=提交><optgroup label="组">'
    written = translated(text, lambda _: 'a "b"')
    quoted = "a &quot;b&quot;"
    assert written == (
        f'<p><img alt="{quoted}" src=a.png>a "b"<input type=SUBMIT value="{quoted}">'
        f'<optgroup label="{quoted}">'
    )
    (tmp_path / "b.html").write_text(written, encoding="utf-8")
    opened(text).verify(tmp_path / "b.html")


def test_verify_finds_a_lost_link_and_a_changed_script(tmp_path: Path) -> None:
    text = "<p>见<a href='u'>此</a>处</p><script>x()</script>"
    good = translated(text, lambda t: f"See {t[1]}this{t[3]}")
    path = tmp_path / "b.html"
    for written in (good, good.replace("x()", "y()"), good.replace("<a href='u'>", "").replace("</a>", "")):
        path.write_text(written, encoding="utf-8")
        if written == good:
            opened(text).verify(path)
        else:
            with pytest.raises(DocumentError):
                opened(text).verify(path)


_MARKUP = ("<p>", "</p>", "<b>", "</b>", "<a href='u' title='题'>", "</a>", "<br>", "<img alt='图'>", "<pre>")
_MORE = (
    "</pre>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<",
    ">",
    "&amp;",
    "&",
    '"',
    "'",
    "<td>",
    "<![CDATA[",
)
_PIECES = st.sampled_from(
    ["甲", "乙 丙", "word", " ", "\n", "<code>", "</code>", "<div translate=no>", "</div>", *_MARKUP, *_MORE]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_anything_comes_back_as_it_was_and_keeps_its_elements(text: str) -> None:
    assert translated(text, str) == text
    assert len(_dense(translated(text, lambda t: f"{t}x"))) >= len(_dense(text))


def _dense(text: str) -> str:
    return "".join(text.split())


def test_texts_of_forms_templates_and_pictures_are_translated() -> None:
    page = (
        "<p>甲</p><textarea rows=2>\n乙 &lt;b>\n丙</textarea><template><p>丁</p></template>"
        "<noscript>戊</noscript><select><option>己</option></select><button>庚</button>"
        "<p>图<svg><title>辛</title><style>.a{壬}</style>"
        "<text>癸<tspan>子</tspan></text></svg>后</p><table summary='丑'></table><xmp><p>寅</p></xmp>"
    )
    assert shown(page) == ["甲", "乙 <b>\n丙", "丁", "戊", "己", "庚", "图⟦1⟧后", "辛", "癸", "子", "丑"]
    done = translated(page.encode(), lambda text: text.replace("辛", "A & B").replace("丙", "<c>"))
    assert "<title>A &amp; B</title><style>.a{壬}</style>" in done
    assert "乙 &lt;b&gt;\n&lt;c&gt;</textarea>" in done


def test_runs_of_blanks_that_do_not_show_are_one() -> None:
    assert [unit.text for unit in units("<p>甲方        乙方，<b>双方 \t  签字</b></p>")] == [
        f"甲方 乙方，{chr(CODE_BASE)}双方 签字{chr(CODE_BASE + 1)}"
    ]
    assert [unit.text for unit in units("<p>日期：&nbsp;&nbsp;&nbsp;&nbsp;日期：</p>")] == [
        "日期：\u00a0\u00a0\u00a0\u00a0日期："
    ]
