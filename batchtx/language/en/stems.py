"""Stems of English words: enough to count phrases and to compare names."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Returns a word in lower case without plural -s or possessive; verbs keep their endings."""
    word = re.sub("['’]s?$", "", word.lower())
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
