"""Chinese punctuation as English typography."""

from __future__ import annotations

import re

from batchtx.postprocess.masking import OPAQUE, apply_masked, until_stable
from batchtx.records import Segment

_WIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F) if chr(code).isalnum()} | {
    ord(char): ord(char) - 0xFEE0 for char in "％＋－＝＃＆＠＊／＜＞＿＄＼＾｀｛｝｜＂＇．［］"
} | {0x3000: " ", 0xFFE5: "¥", 0xFF61: "。", 0xFF64: "、", 0xFE50: "，", 0xFE52: "。"}  # fmt: skip

_WORDISH = rf"\w%\]\){OPAQUE}"
_AFTER = rf"(?=[\w(\[“‘\"'$¥€£{OPAQUE}])"
_STOPS = {"，": ",", "、": ",", "。": ".", "；": ";", "：": ":", "？": "?", "！": "!"}
_STOP = re.compile(rf"\s*([，、。；：？！])\s*({_AFTER})?")
_NUMBER_COLON = re.compile(r"(?<=\d)：(?=\d)")
_NUMBER_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_OPEN = re.compile(rf"(?<=[{_WORDISH},.;:!?”’])\s*([（【〔《〈「『])\s*|([（【〔《〈「『])\s*")
_CLOSE = re.compile(rf"\s*([）】〕》〉」』])(?:\s*(?=[\w(“‘{OPAQUE}]))?")
_BRACKETS = dict(zip("（【〔《〈「『）】〕》〉」』", "([[“‘“‘)]]”’”’", strict=True))
_TIDY = (
    (re.compile(r"\s*[—―─]{2,}\s*"), "—"),
    (re.compile(r"…{2,}|⋯+"), "..."),
    (re.compile(r"(?<=\d)\s*[～〜]\s*(?=[\d$¥€£])"), "-"),
    (re.compile(r"[～〜]"), "~"),
    (re.compile(r"([.!?])\s*。"), r"\1"),
    (re.compile(r"([,;:])\s*([，、；：])"), r"\1"),
)
_DOUBLED = (
    (re.compile(r"(?<![.\w/\\])\.\.(?=\s|$)|(?<=\w)\.\.(?![.\w/\\])"), "."),
    (re.compile(r",(?:\s*,)+(?!\d)"), ","),
    (re.compile(r"([!?])\.(?=\s|$)"), r"\1"),
    (re.compile(r",\s*\.(?=\s|$)"), "."),
    (re.compile(r";\s*\.(?=\s|$)"), "."),
)
_CHINESE = re.compile("[\u3000-\u3002\u3008-\u301f\uff01-\uff65\uffe5⋯～〜\ufe50-\ufe52]|——|――|──|……")
_ANY_DOUBLED = re.compile(r"\.\.|[,;!?]\s*[,.]")


def english_punctuation(target: str, segment: Segment) -> str:
    """Full-width marks, letters and digits, 《》, ——, …… stand as English writes them.

    《》 and 「」 become quotation marks, —— an em dash without spaces, …… three dots
    (a single … is good English and stays).
    """
    if not _CHINESE.search(target) and not _ANY_DOUBLED.search(target):
        return target
    return until_stable(lambda text: apply_masked(_convert, text, segment.source), target)


def _convert(text: str) -> str:
    if _CHINESE.search(text):
        text = text.translate(_WIDTH)
        for pattern, replacement in _TIDY:
            text = pattern.sub(replacement, text)
        text = _NUMBER_COMMA.sub(",", _NUMBER_COLON.sub(":", text))
        text = _OPEN.sub(_opening, text)
        text = _CLOSE.sub(_closing, text)
        text = _STOP.sub(_stop, text)
    for pattern, replacement in _DOUBLED:
        text = pattern.sub(replacement, text)
    return text


def _stop(match: re.Match[str]) -> str:
    following = match.string[match.end() : match.end() + 1]
    space = " " if following and (match[2] is not None or match[0][-1:].isspace()) else ""
    return f"{_STOPS[match[1]]}{space}"


def _opening(match: re.Match[str]) -> str:
    return f" {_BRACKETS[match[1]]}" if match[1] else _BRACKETS[match[2]]


def _closing(match: re.Match[str]) -> str:
    following = match.string[match.end() : match.end() + 1]
    space = " " if following and re.match(rf"[\w(“‘{OPAQUE}]", following) else ""
    return f"{_BRACKETS[match[1]]}{space}"
