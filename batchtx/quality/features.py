"""What a quality estimate looks at: the model's confidence, lengths and shares, the checks' flags."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from batchtx.records import Flag
from batchtx.text.scripts import count_han

FEATURES = (
    "confidence",
    "probability",
    "length",
    "length_squared",
    "ratio",
    "distinct",
    "word_length",
    "han",
    "punctuation",
    "final_mark",
    "major_flags",
)
"""Names of the values that `features` gives, in its order."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_LATIN = re.compile(r"[A-Za-z]+")
_PUNCTUATION = re.compile("[，、；：（）“”《》]")
_FINAL = "。！？.!?；;：:"
_FLOOR = 0.05


def features(source: str, target: str, confidence: float, flags: Sequence[Flag]) -> tuple[float, ...]:
    """Returns the values behind an estimate, in the order of FEATURES.

    `confidence` is the mean log-probability per target token in nats. Plain arithmetic on lengths
    and shares: some 20 µs, no model.
    """
    words = _WORD.findall(target)
    n_words = max(1, len(words))
    n_han = count_han(source)
    n_chars = max(1, len(source))
    length = math.log(n_chars + 1)
    ratio = math.log(len(words) / max(1, n_han + len(_LATIN.findall(source))) + _FLOOR)
    return (
        confidence,
        math.exp(confidence),
        length,
        length * length,
        ratio,
        len({word.lower() for word in words}) / n_words,
        sum(map(len, words)) / n_words,
        n_han / n_chars,
        len(_PUNCTUATION.findall(source)) / n_chars,
        float(source[-1:] in _FINAL),
        float(sum(flag.severity != "minor" for flag in flags)),
    )
