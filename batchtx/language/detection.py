"""Tells which language a text is in, as far as its script tells; no model is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from batchtx.text.inline_codes import without_codes
from batchtx.text.scripts import HAN

_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f]"),
    "ko": re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]"),
    "zh": re.compile(f"[{HAN}]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e01-\u0e5b]"),
    "en": re.compile("[A-Za-z\u00c0-\u024f]"),
}
_LETTERS_PER_CHARACTER = {"zh": 4, "ja": 3, "ko": 3}
"""A character of these scripts says as much as so many letters."""

_HIRAGANA = re.compile("[\u3041-\u309f]")
_HIRAGANA_SHARE, _KANA_SHARE = 0.1, 0.5
"""Japanese has at least so many of them among its kana and Han characters; Chinese has names in kana."""

_SHARED = {"en": 60.0, "ru": 60.0, "ar": 60.0, "zh": 100.0}
"""Scripts of several languages: the confidence that the most usual one of them is meant, at most."""

_NOTHING = "en"


@dataclass(frozen=True, slots=True)
class Detection:
    """A language and how sure that is, 0 to 100."""

    language: str
    confidence: float


def detect(text: str) -> Detection:
    """Returns the language whose script has most of a text; one without letters is of no confidence."""
    plain = without_codes(text)
    counts = {language: len(pattern.findall(plain)) for language, pattern in _SCRIPTS.items()}
    han, kana = counts["zh"], counts["ja"]
    n_hiragana = len(_HIRAGANA.findall(plain))
    if n_hiragana >= _HIRAGANA_SHARE * (han + kana) or kana >= _KANA_SHARE * (han + kana):
        counts["ja"], counts["zh"] = kana + han, 0
    else:
        counts["ja"], counts["zh"] = 0, kana + han
    weights = {name: count * _LETTERS_PER_CHARACTER.get(name, 1) for name, count in counts.items()}
    total = sum(weights.values())
    if not total:
        return Detection(_NOTHING, 0.0)
    best = max(weights, key=lambda name: weights[name])
    return Detection(best, round(min(_SHARED.get(best, 100.0), 100.0 * weights[best] / total), 1))
