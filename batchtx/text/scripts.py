"""Which characters stand in a text, and whether there is anything to translate."""

from __future__ import annotations

import re

from batchtx.text.inline_codes import without_codes

HAN = (
    "\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002fa1f\U00030000-\U000323af"
)
"""Character class content (no brackets) of Han characters."""

SPACES = " \t\n\r\v\f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Character class content of white space, the ideographic space among them."""

EMOJI = (
    "[\U0001f1e6-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ue000-\uf8ff]"
    "[\ufe0e\ufe0f\u200d\U0001f1e6-\U0001faff\u2600-\u27bf]*"
)
"""Pattern of emoji with what joins and colours them, and of signs of a font's own."""

_HAN = re.compile(f"[{HAN}]")
_KANA = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_LATIN_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?", re.ASCII)
_HAN_PER_WORD = 1.6


def has_han(text: str) -> bool:
    """Tells whether a text has a Han character: for Chinese, whether there is anything to translate.

    Text in another script is left alone: it is copied, not guessed at.
    """
    return _HAN.search(text) is not None


def has_east_asian(text: str) -> bool:
    """Tells whether a text has a Han character or kana."""
    return _HAN.search(text) is not None or _KANA.search(text) is not None


def is_unspaced(char: str) -> bool:
    """Tells whether the character is of a script that writes no spaces between words; "" is not."""
    return bool(char) and has_east_asian(char)


def has_letters(text: str) -> bool:
    """Tells whether a text has a letter of any script; inline codes, marks, digits and symbols do not
    count."""
    return any(char.isalpha() for char in without_codes(text))


def is_han(char: str) -> bool:
    """Returns whether the character is a Han character (〇 and 々 are)."""
    return _HAN.match(char) is not None


def count_han(text: str) -> int:
    """Returns the number of Han characters."""
    return sum(len(run) for run in _HAN_RUN.findall(text))


def count_letters(text: str) -> int:
    """Returns the number of letters that are no Han characters."""
    return sum(char.isalpha() for char in _HAN.sub("", without_codes(text)))


def count_words(text: str) -> int:
    """Returns the number of words for statistics: Han characters divided by 1.6 (rounded up) plus Latin
    words.

    1.6 Han characters an English word is what translators' price lists use; nothing is segmented.
    """
    n_latin = len(_LATIN_WORD.findall(_HAN.sub(" ", text)))
    return -int(-count_han(text) // _HAN_PER_WORD) + n_latin
