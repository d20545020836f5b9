"""Codes of languages in every spelling, and which language a text is in."""

from __future__ import annotations

import pytest

from batchtx.language.codes import base_language, language_name, spellings
from batchtx.language.detection import detect


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh", "zh"),
        ("ZH", "zh"),
        ("zh-Hans", "zh"),
        ("zh_hans_CN", "zh"),
        ("zh_CN", "zh"),
        ("zho", "zh"),
        ("cmn", "zh"),
        (" en ", "en"),
        ("EN-GB", "en"),
        ("eng", "en"),
        ("ja-JP", "ja"),
        ("zz", "zz"),
        ("zh-Hant", None),
        ("zh_TW", None),
        ("zh-hant-HK", None),
        ("", None),
        ("auto", None),
        ("中文", None),
        ("e", None),
        ("en;q=1", None),
    ],
)
def test_a_code_stands_for_its_language_in_every_spelling(code: str, language: str | None) -> None:
    assert base_language(code) == language


def test_a_language_has_a_name_and_spellings() -> None:
    assert (language_name("zh"), language_name("xx")) == ("Chinese", "xx")
    assert (spellings("zh"), spellings("de")) == (("zh-Hans", "zh"), ("de",))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("请在三十日内付款。", "zh"),
        ("《合同法》第3条 API v2", "zh"),
        ("请联系 customer service 部门的张经理", "zh"),
        ("トヨタ公司在中国的销售额持续增长，达到历史新高水平", "zh"),
        ("お支払いください。", "ja"),
        ("契約書を提出する", "ja"),
        ("안녕하세요", "ko"),
        ("Пожалуйста", "ru"),
        ("Please pay within 30 days.", "en"),
        ("ชำระเงิน", "th"),
    ],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    found = detect(text)
    assert found.language == language
    assert 50 < found.confidence <= 100


@pytest.mark.parametrize("text", ["", "123 — 456", "\U000f0000", "🙂"])
def test_without_letters_nobody_is_sure(text: str) -> None:
    assert detect(text).confidence == 0
