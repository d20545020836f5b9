"""Codes of languages as programs write them (zh-Hans, zh_CN, EN-US), and what people call a language."""

from __future__ import annotations

import re

from batchtx.language import ALIASES

_NAMES = {
    "ar": "Arabic",
    "cs": "Czech",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_SPELLINGS = {"zh": ("zh-Hans", "zh")}
"""How a language is written in lists for other programs, the usual way first, where not as it is."""

_OTHER_SCRIPTS = {"zh": frozenset({"hant", "tw", "hk", "mo"})}
"""Subtags that stand for another written form, which is another language to a model."""

_CODE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{1,8})*)")


def base_language(code: str) -> str | None:
    """Returns the language that a code of any spelling stands for; None for no code, or another script."""
    match = _CODE.fullmatch(code.strip())
    if match is None:
        return None
    language = match[1].lower()
    language = next((name for name, others in ALIASES.items() if language in others), language)
    subtags = set(re.split("[-_]", match[2].lower()))
    return None if subtags & _OTHER_SCRIPTS.get(language, frozenset()) else language


def spellings(language: str) -> tuple[str, ...]:
    """Returns how other programs may find a language in a list; the first is what they are told."""
    return _SPELLINGS.get(language, (language,))


def language_name(language: str) -> str:
    """Returns the English name of a language, its code where nobody has noted one."""
    return _NAMES.get(language.partition("-")[0], language)
