"""Invented words: what a small model makes up where it knows no word."""

from __future__ import annotations

import re

from batchtx.language.en.words import is_english
from batchtx.language.zh.lexicons import is_pinyin
from batchtx.language.zh.rules import by_rule
from batchtx.records import Flag, Segment
from batchtx.text.inline_codes import strip_codes
from batchtx.text.literals import without_literals
from batchtx.text.normalize import normalize
from batchtx.text.spans import find_words

_WORD = re.compile(r"(?<![\w@#/\\.])[A-Za-z][a-z]{3,}(?![\w@/\\])")
_SOUNDS = re.compile(
    "[·•]|[尔斯兹克特姆诺鲁逊茨塔佩顿弗匹切布莱巴拉马里德伊曼卡罗约翰森希迪蒂妮娅奥科比伯沃瓦尼亚洛纳哈贝达丹菲基杰尤加帕皮萨西亚艾阿安埃坎肯库利林路米穆内普齐乔瑟史泰汤托韦温维乌谢休雅扎]{2}"
)
"""Two characters in a row that write the sounds of foreign names."""

_SHOWN = 5


def no_invented_words(segment: Segment, target: str) -> Flag | None:
    """Every word of the target is English, a name in pinyin, or stands in the source, a term or a rule.

    Where the source spells a foreign name, words with a capital may be that name.
    """
    doubtful = [
        word for word in _WORD.findall(without_literals(strip_codes(target)[0])) if not is_english(word)
    ]
    if not doubtful:
        return None
    source = normalize(strip_codes(segment.source)[0])
    given = " ".join([source, *(said for term in segment.terms for said in term.targets)]).lower()
    named = " ".join(one.target for one in by_rule(source, persons=segment.persons)).lower()
    foreign = _SOUNDS.search(source)
    invented = [
        word
        for word in dict.fromkeys(doubtful)
        if word.lower() not in given
        and word.lower() not in named
        and not (word[0].isupper() and (foreign or is_pinyin(word)))
    ]
    if not invented:
        return None
    message = f"no English word, and not in the source: {', '.join(invented[:_SHOWN])}"
    return Flag("invented", message, "major", (), find_words(invented, target))
