"""What must not change goes behind marks and comes back exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.language.zh.quantities import quantities
from batchtx.records import Term
from batchtx.text.inline_codes import code_char
from batchtx.text.literals import literals, without_literals
from batchtx.text.protect import MAX_PLACEHOLDERS, Masked, move_terms, protect, restore


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请访问https://a.b/c?d=e查看。", ["https://a.b/c?d=e"]),
        ("（见http://x.y/z）。", ["http://x.y/z"]),
        ("见 http://en.org/A_(b), 然后", ["http://en.org/A_(b)"]),
        ("网址www.example.com。", ["www.example.com"]),
        ("发到 a.b+c@x-y.com.cn，谢谢", ["a.b+c@x-y.com.cn"]),
        ("路径C:\\Users\\a.txt和/usr/local/bin。", ["C:\\Users\\a.txt", "/usr/local/bin"]),
        ("文件./run.sh和src/main/java/A.java", ["./run.sh", "src/main/java/A.java"]),
        ("打开config.yaml文件", ["config.yaml"]),
        ("代码`a b`好", ["`a b`"]),
        ("你好{name}，{{ x }}和${HOME}", ["{name}", "{{ x }}", "${HOME}"]),
        ("共%d个，%s和%(n)s，%1$s", ["%d", "%s", "%(n)s", "%1$s"]),
        ("<b>粗</b>&nbsp;<br/>", ["<b>", "</b>", "&nbsp;", "<br/>"]),
        ("调用foo.bar_baz()和my_var", ["foo.bar_baz()", "my_var"]),
        ("函数getName返回", ["getName"]),
        ("版本v1.2.3和10.0.0.1", ["v1.2.3", "10.0.0.1"]),
        ("提交deadbeef12", ["deadbeef12"]),
        ("用--help或-v", ["--help", "-v"]),
        ("好🎉好", ["🎉"]),
        ("好❤\ufe0f好", ["❤\ufe0f"]),
        ("见[用户手册](docs/用户手册.md)。", ["docs/用户手册.md"]),
        ("见[手册](https://a.cn/手册?q=甲)，[节](#安装)和[甲](乙)", ["https://a.cn/手册?q=甲", "#安装"]),
        (f"甲{code_char(0)}乙", [code_char(0)]),
        ("已有⟦1⟧和⟦", ["⟦1⟧", "⟦"]),
        ("100%可以", []),
        ("3.14和50%", []),
        ("km/h，和/或，2023/05/01", []),
        ("U.S. e.g. iPhone GitHub", []),
        ("a < b 且 c > d", []),
    ],
)
def test_literals_are_found(text: str, found: list[str]) -> None:
    assert literals(text) == found


def test_numbers_are_marked_on_request() -> None:
    masked = protect("共3.5万元，2023年", numbers=True)
    assert masked is not None
    assert (masked.text, masked.originals) == ("共⟦1⟧万元，⟦2⟧年", ("3.5", "2023"))


def test_further_spans_are_kept() -> None:
    masked = protect("微信很好", keep=[(0, 2)])
    assert masked == Masked("⟦1⟧很好", ("微信",), ((0, 2),))


def test_neighbours_share_a_mark_when_there_are_too_many() -> None:
    masked = protect("，".join(f"{{a{n}}}" for n in range(20)) + "好")
    assert masked is not None
    assert masked.text == "⟦1⟧好"


def test_too_many_marks_give_none() -> None:
    assert protect("和很好的".join(f"{{a{n}}}" for n in range(MAX_PLACEHOLDERS + 1))) is None


def restored_text(target: str, masked: Masked) -> str | None:
    restored = restore(target, masked)
    return None if restored is None else restored.text


@given(st.text(max_size=60) | st.text(alphabet="甲⟦⟧12 a.{}%s<b>:/@`\\", max_size=40))
def test_an_echo_gives_the_text_back(text: str) -> None:
    masked = protect(text)
    if masked is not None:
        assert restored_text(masked.text, masked) == text


@given(st.text(alphabet="甲⟦⟧12 a.{}%s<b>:/@`\\", max_size=40), st.text(alphabet="⟦⟧12 a", max_size=20))
def test_any_target_keeps_every_original_or_is_refused(text: str, target: str) -> None:
    masked = protect(text)
    if masked is None:
        return
    restored = restored_text(target, masked)
    if restored is not None:
        assert all(original in restored for original in masked.originals)


MASKED = Masked("看⟦1⟧和⟦2⟧。", ("http://a", "{x}"))


@pytest.mark.parametrize(
    ("target", "restored"),
    [
        ("See ⟦1⟧ and ⟦2⟧.", "See http://a and {x}."),
        ("See⟦1⟧and⟦2⟧.", "See http://a and {x}."),
        ("⟦2⟧,⟦1⟧", "{x}, http://a"),
        ("(⟦1⟧) ⟦ 2 ⟧!", "(http://a) {x}!"),
        ("“⟦1⟧”⟦2⟧", "“http://a” {x}"),
        ("See ⟦1⟧.", None),
        ("See ⟦1⟧ ⟦1⟧ ⟦2⟧.", None),
        ("See ⟦1⟧ ⟦2⟧ ⟦3⟧.", None),
        ("See ⟦1⟧ ⟦2⟧ ⟦.", None),
        ("", None),
    ],
)
def test_marks_come_back_with_english_spaces(target: str, restored: str | None) -> None:
    assert restored_text(target, MASKED) == restored


def test_codes_and_tags_bring_no_spaces() -> None:
    masked = protect(f"<b>粗</b>字{code_char(0)}")
    assert masked is not None
    assert restored_text("⟦1⟧bold⟦2⟧ type⟦3⟧", masked) == f"<b>bold</b> type{code_char(0)}"


def test_terms_move_with_the_marks_and_stay_out_of_them() -> None:
    text = "甲方见https://a.b的合同"
    masked = protect(text)
    assert masked is not None
    terms = [
        Term(0, 2, "甲方", ("Party A",)),
        Term(3, 8, "https", ("x",)),
        Term(15, 17, "合同", ("contract",)),
    ]
    moved = move_terms(terms, masked)
    assert [masked.text[term.start : term.end] for term in moved] == ["甲方", "合同"]


def test_text_without_literals_does_not_grow_together() -> None:
    assert without_literals("1{x}2") == "1\n2"


def test_signs_outside_a_small_vocabulary_go_behind_marks() -> None:
    masked = protect("不要在超过 60 ℃ 的环境中使用")
    assert masked is not None
    assert masked.text == "不要在超过 60 ⟦1⟧ 的环境中使用"
    assert restored_text("Do not use it above 60 ⟦1⟧", masked) == "Do not use it above 60 ℃"


def test_quantities_come_back_in_english_and_other_figures_as_they_are() -> None:
    text = "2024年5月1日起付3台"
    masked = protect(text, rendered=quantities(text), numbers=True)
    assert masked is not None
    assert masked.text == "⟦1⟧起付⟦2⟧台"
    assert masked.originals == ("May 1, 2024", "3")
    assert not masked.verbatim


def test_a_quantity_inside_a_url_is_no_quantity() -> None:
    text = "见`2024年5月1日`"
    masked = protect(text, rendered=quantities(text))
    assert masked is not None
    assert masked.originals == ("`2024年5月1日`",)
