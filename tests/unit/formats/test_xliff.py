"""XLIFF as a document: units without a target are filled, as the Translate Toolkit reads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from translate.storage import xliff

from batchtx.errors import DocumentError
from batchtx.formats.catalogs import CatalogOptions
from tests.helpers.formats import opened, shown, units, written

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
OPEN_1 = (
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
    '<file original="a" source-language="zh-CN" datatype="plaintext"><body>\n'
)
CLOSE_1 = "\n</body></file></xliff>\n"
OPEN_2 = '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="zh-CN"><file id="f">\n'
CLOSE_2 = "\n</file></xliff>\n"


def first(units: str) -> bytes:
    return (HEAD + OPEN_1 + units + CLOSE_1).encode()


def second(units: str) -> bytes:
    return (HEAD + OPEN_2 + units + CLOSE_2).encode()


def english(text: str) -> str:
    return re.sub("[\u4e00-\u9fff，。]+", "word", text)


CODES = (
    '<trans-unit id="1">\n  <source>点<g id="1">这里</g>，<x id="2"/>再<bpt id="3">&lt;b></bpt>粗<ept id="3">'
    "&lt;/b></ept>。</source>\n</trans-unit>"
)


def test_inline_elements_are_codes_and_stand_in_the_target() -> None:
    assert shown("xliff", first(CODES)) == ["点⟦1⟧这里⟦/1⟧，⟦3⟧再⟦4⟧粗⟦/4⟧。"]
    done = written("xliff", first(CODES), english).decode()
    target = (
        '<target state="needs-review-translation">word<g id="1">word</g>word<x id="2"/>word'
        '<bpt id="3">&lt;b></bpt>word<ept id="3">&lt;/b></ept>word</target>'
    )
    assert f"</source>\n  {target}\n</trans-unit>" in done
    assert '<file original="a" source-language="zh-CN" datatype="plaintext" target-language="en">' in done
    assert done.replace("\n  " + target, "").replace(' target-language="en"', "").encode() == first(CODES)
    toolkit = xliff.xlifffile.parsestring(done.encode())
    assert str(toolkit.units[0].target).startswith("wordwordword")
    assert toolkit.units[0].isfuzzy()


def test_only_units_without_a_translation_are_read() -> None:
    content = first(
        '<trans-unit id="1"><source>已译</source><target>Done</target>'
        "<alt-trans><source>假</source><target/></alt-trans></trans-unit>"
        '<trans-unit id="2"><source>空</source><target state="new" xml:lang="en"/></trans-unit>'
        '<trans-unit id="3"><source>抄</source><target state="new">抄</target></trans-unit>'
        '<trans-unit id="4" approved="yes"><source>定</source><target></target></trans-unit>'
        '<trans-unit id="5" translate="no"><source>不译</source></trans-unit>'
        '<group translate="no"><trans-unit id="6"><source>不译</source></trans-unit>'
        '<trans-unit id="7" translate="yes"><source>要译</source></trans-unit></group>'
        '<trans-unit id="8"><source>疑</source><target state="needs-adaptation">doubt</target></trans-unit>'
    )
    assert shown("xliff", content) == ["空", "抄", "要译"]
    assert shown("xliff", content, CatalogOptions(fill="unsure")) == ["空", "抄", "要译", "疑"]
    done = written("xliff", content, english).decode()
    assert '<target state="needs-review-translation" xml:lang="en">word</target>' in done
    assert "<target>Done</target>" in done
    assert "<source>定</source><target></target>" in done


def test_parts_of_a_unit_stay_parts() -> None:
    content = first(
        '<trans-unit id="1"><source>一。二。</source><seg-source><mrk mtype="seg" mid="1">一。</mrk>'
        '<mrk mtype="seg" mid="2">二。</mrk></seg-source></trans-unit>'
    )
    done = written("xliff", content, lambda text: text.replace("一。", "One").replace("二。", "Two")).decode()
    assert '<mrk mtype="seg" mid="1">One</mrk><mrk mtype="seg" mid="2">Two</mrk></target>' in done
    outside = written(
        "xliff", content, lambda text: f"{text[0]}One{text[3]}. {text[4]}Two{text[7]}."
    ).decode()
    assert '<mrk mtype="seg" mid="1">One.</mrk> <mrk mtype="seg" mid="2">Two.</mrk></target>' in outside


def test_protected_text_and_comments_and_cdata() -> None:
    content = first(
        '<trans-unit id="1"><source>用<mrk mtype="protected">产品名</mrk>吧<!-- 注 -->'
        "<![CDATA[ <甲> ]]></source></trans-unit>"
    )
    assert shown("xliff", content) == ["用⟦1⟧吧 <甲>"]
    done = written("xliff", content, english).decode()
    assert '>word<mrk mtype="protected">产品名</mrk>word &lt;word&gt;' in done


def test_segments_of_version_2_get_their_state() -> None:
    content = second(
        '<unit id="u"><originalData><data id="d">&lt;b></data></originalData>'
        '<segment id="s"><source>点<pc id="1" dataRefStart="d">这里</pc></source></segment>'
        "<ignorable><source> 。 </source></ignorable>"
        '<segment state="initial"><source>二<sc id="2"/>三<ec startRef="2"/></source>'
        "<target/></segment></unit>"
        '<unit id="v" translate="no"><segment><source>不译</source></segment></unit>'
        '<unit id="w"><segment><source>已译</source><target>Done</target></segment></unit>'
    )
    assert [(unit.place, unit.address) for unit in units("xliff", content)] == [
        ("unit u, segment 1", "unit 1, segment 1"),
        ("unit u, segment 2", "unit 1, segment 2"),
    ]
    done = written("xliff", content, english).decode()
    assert '<segment id="s" state="translated"><source>' in done
    assert '</source><target>word<pc id="1" dataRefStart="d">word</pc></target></segment>' in done
    assert '<target>word<sc id="2"/>word<ec startRef="2"/></target>' in done
    assert 'trgLang="en"' in done
    etree.fromstring(done.encode())


def test_prefixes_line_ends_and_other_encodings() -> None:
    text = first(CODES).decode().replace("\n", "\r\n").replace("UTF-8", "utf-16")
    text = re.sub(r"<(/?)(?=[a-z])", r"<\1x:", text).replace("xmlns=", "xmlns:x=")
    text = text.replace("<x:", "<x:")
    done = written("xliff", text.encode("utf-16"), english).decode()
    assert '<x:target state="needs-review-translation">' in done
    assert 'encoding="UTF-8"' in done
    assert etree.fromstring(done.encode()).tag.endswith("}xliff")


def test_targets_of_another_language_are_not_mixed() -> None:
    content = first(
        '<trans-unit id="1"><source>好</source><target>bon</target></trans-unit>'
        '<trans-unit id="2"><source>空</source></trans-unit>'
    ).replace(b" datatype", b' target-language="fr-FR" datatype')
    with pytest.raises(DocumentError, match=r"its translations are in fr-FR; .*--target-language fr"):
        opened("xliff", content)
    empty = first('<trans-unit id="2"><source>空</source></trans-unit>').replace(
        b" datatype", b' target-language="en-US" datatype'
    )
    assert b'target-language="en-US"' in written("xliff", empty, english)


def test_verify_tells_a_changed_source(tmp_path: Path) -> None:
    document, path = opened("xliff", first(CODES)), tmp_path / "a.xlf"
    path.write_bytes(written("xliff", first(CODES), english))
    document.verify(path)
    path.write_bytes(path.read_bytes().replace("点".encode(), "改".encode()))
    with pytest.raises(DocumentError, match="differs outside of its texts"):
        document.verify(path)
    content = second('<unit id="u"><segment><source>好</source></segment></unit>')
    document = opened("xliff", content)
    path.write_bytes(written("xliff", content, english).replace("好".encode(), "坏".encode()))
    with pytest.raises(DocumentError, match="a source changed"):
        document.verify(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not well-formed"),
        (b"<html/>", "no <xliff>"),
        (HEAD.encode() + b"<!DOCTYPE x [<!ENTITY a 'b'>]><xliff/>", "DTD"),
        (HEAD.encode() + b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><xliff/>", "DTD"),
        (first("<trans-unit id='1'><source>&a;</source></trans-unit>"), "not well-formed"),
        (
            first('<trans-unit id="u1-0123456789ab-0123456789ab"><source>a</source></trans-unit>'),
            "batchtx apply",
        ),
        (first(CODES)[:200], "not well-formed"),
    ],
)
def test_hostile_and_other_files_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        opened("xliff", content)
