"""What goes to the model: one spelling for what looks the same, nothing that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from batchtx.text.scripts import EMOJI, HAN, SPACES

_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e01ef"
)
_DROPPED = re.compile(
    rf"({EMOJI})|\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_INVISIBLE}]"
)
_RADICALS = re.compile("[\u2e80-\u2fd5]")
_SPACE_RUN = re.compile(f"[{SPACES}]+")
_LETTER_SPACED = re.compile(f"(?<![{HAN}])[{HAN}](?:[{SPACES}]+[{HAN}])+(?![{HAN}]|[{SPACES}]+[{HAN}])")
_SYMBOLS = "％＋－＝＃＆＠＊／＜＞＿＄＼＾｀｛｝｜"
_WIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F) if chr(code).isalnum()} | {
    ord(char): ord(char) - 0xFEE0 for char in _SYMBOLS
}


@lru_cache(maxsize=4096)
def normalize(text: str) -> str:
    """Returns a source as the model should see it; the document keeps its own spelling.

    Cached: each attempt and several checks ask for the sources of a batch.

    NFC, full-width letters, digits and technical symbols in ASCII, white space collapsed,
    letter-spaced words joined, controls and invisible characters dropped. Full-width punctuation,
    traditional characters, emoji and inline codes stay. Idempotent.
    """
    text = _DROPPED.sub(r"\1", text).translate(_WIDTH)
    text = _RADICALS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = unicodedata.normalize("NFC", text)
    return _SPACE_RUN.sub(" ", join_letter_spaced(text)).strip()


def join_letter_spaced(text: str) -> str:
    """Words that were spaced out for looks, joined: 总　　则 is 总则.

    Only single Han characters with spaces between all of them count: 中国 北京 stays.
    """
    return _LETTER_SPACED.sub(lambda match: _SPACE_RUN.sub("", match[0]), text)
