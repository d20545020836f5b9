"""Whether a word is one: the words that open texts use, and what is made of them."""

from __future__ import annotations

import lzma
import re
from functools import cache
from importlib import resources

_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("ier", "y"), ("iest", "y"), ("ily", "y"), ("iness", "y"), ("es", ""),
    ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("ers", ""),
    ("ly", ""), ("ness", ""), ("less", ""), ("able", ""), ("able", "e"), ("ability", "able"),
    ("ization", "ize"), ("isation", "ise"), ("ful", ""),
)  # fmt: skip
_BEGINNINGS = (
    "un", "re", "non", "pre", "co", "sub", "over", "under", "inter", "multi", "micro", "anti", "mis", "semi",
)  # fmt: skip
_BRITISH = re.compile(r"^(\w{3,})is(e|ed|es|er|ers|ing|ation|ations)$")
_LEAST_STEM = 4


def is_english(word: str) -> bool:
    """Returns whether a word in any case is in the list, or is made of one that is: unpaid, invoicing,
    goodness.
    """
    word = word.lower()
    known = _words()
    if word in known or _BRITISH.sub(r"\1iz\2", word) in known:
        return True
    if any(_made_of(word, ending, stem) in known for ending, stem in _ENDINGS if word.endswith(ending)):
        return True
    rest = next((word.removeprefix(one) for one in _BEGINNINGS if word.startswith(one)), "")
    return len(rest) >= _LEAST_STEM and (rest in known or is_english(rest))


def _made_of(word: str, ending: str, stem: str) -> str:
    base = word.removesuffix(ending)
    if len(base) < _LEAST_STEM - 1:
        return ""
    doubled = len(base) > _LEAST_STEM - 1 and base[-1] == base[-2] and ending in ("ed", "ing", "er")
    return base[:-1] if doubled and not stem and base not in _words() else base + stem


@cache
def _words() -> frozenset[str]:
    packed = (resources.files("batchtx.language.en") / "data" / "words.txt.xz").read_bytes()
    return frozenset(lzma.decompress(packed).decode().split("\n"))
