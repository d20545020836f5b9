"""The phrasebook: whole short texts, and no others."""

import pytest

from batchtx.language.zh.phrasebook import phrase
from batchtx.records import UnitKind
from batchtx.text.inline_codes import code_char


@pytest.mark.parametrize(
    ("source", "kind", "english"),
    [
        ("引言", "heading", "Introduction"),
        ("参考文献", "heading", "References"),
        ("权利和义务", "heading", "Rights and Obligations"),
        ("权利和义务", "cell", "Rights and obligations"),
        ("联系人：", "text", "Contact person:"),
        ("备　注", "cell", "Remarks"),
        ("单价", "cell", "Unit price"),
        ("男", "cell", "Male"),
        (f"{code_char(0)}目录{code_char(1)}", "title", f"{code_char(0)}Contents{code_char(1)}"),
        ("违约责任", "heading", "Liability for Breach of Contract"),
    ],
)
def test_a_label_has_its_translation(source: str, kind: UnitKind, english: str) -> None:
    assert phrase(source, kind) == english


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("上周回顾工作", "heading"),
        ("男", "text"),
        ("双方应当遵守本合同的约定。", "text"),
        (f"目{code_char(0)}录", "title"),
        ("", "text"),
        ("：", "text"),
        ("abc", "cell"),
    ],
)
def test_what_needs_a_translator_has_none(source: str, kind: UnitKind) -> None:
    assert phrase(source, kind) is None


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("甲方（盖章）：", "Party A (seal):"),
        ("授权代表(签字/盖章)", "Authorized representative (signature/seal)"),
        ("签字/日期", "Signature/date"),
        ("客户／乙方", "Customer/Party B"),
        ("姓名/名称", "Name"),
        ("金额（元）", "Amount (yuan)"),
        ("单位：万元", "Unit: 10,000 yuan"),
        ("甲方（云帆）", None),
        ("单位：北京", None),
        ("2024/2025", None),
    ],
)
def test_phrases_may_be_joined(source: str, english: str | None) -> None:
    assert phrase(source, "text") == english


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("上月工作回顾", "Review of last month's work"),
        ("下周工作计划", "Next week's work plan"),
        ("本季度工作安排", "This quarter's work arrangements"),
        ("上周六", None),
        ("下月初", None),
    ],
)
def test_a_heading_may_have_its_time(source: str, english: str | None) -> None:
    assert phrase(source, "text") == english
