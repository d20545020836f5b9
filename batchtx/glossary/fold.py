"""One spelling for what counts as the same in matching: width, case, variants, invisible marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec

from batchtx.text.inline_codes import is_code

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


def fold(text: str) -> str:
    """Returns a text as the matcher compares it: NFKC by character, lower case, codes dropped.

    Traditional characters count as simplified ones where the package opencc is installed.
    """
    return "".join(map(_fold_char, text))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Returns the folded text and, for each of its characters and its end, the offset in `text`."""
    parts: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        folded = _fold_char(char)
        parts.append(folded)
        offsets += [index] * len(folded)
    offsets.append(len(text))
    return "".join(parts), offsets


def has_variants() -> bool:
    """Returns whether traditional and simplified characters are matched alike (opencc is installed)."""
    return find_spec("opencc") is not None


@lru_cache(maxsize=65536)
def _fold_char(char: str) -> str:
    if is_code(char) or char in _INVISIBLE:
        return ""
    folded = unicodedata.normalize("NFKC", char).casefold()
    return "".join(map(_simplified(), folded)) if char >= "\u3400" else folded


@lru_cache(maxsize=1)
def _simplified() -> Callable[[str], str]:
    if not has_variants():
        return str
    import opencc  # type: ignore[import-not-found, unused-ignore]

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert
