"""The engine that writes accented Latin words for Han characters: shows what would be translated
and how the layout holds, in a second and without a model.

English takes about 1.7 words' worth of six letters for every two or three Han characters, so each
Han character becomes two or three letters and a run of two makes a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from batchtx.engines.spec import EngineSpec
from batchtx.records import Hypothesis, Link

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007\U00020000-\U0003ffff"
_PAIR = re.compile(f"[{_HAN}]{{1,2}}")
_SYLLABLES = tuple(
    re.findall(
        r"\w+",
        "bá dê fí gól húm jàk kër lín mót nûr pàs qêt rìv sól tùm váw xén yíl zór "
        "ålt éns ìrk ömt ünd bré clö dwí fré glú",
    )
)
_PSEUDO = re.compile(f"(?:{'|'.join(_SYLLABLES)})+")
_PUNCTUATION = str.maketrans("，。！？；：（）、《》“”‘’", ',.!?;:(),""""\'\'')


class PseudoEngine:
    """Every pair of Han characters becomes one accented word, always the same for the same pair."""

    translates = True
    placeholders = True
    inline_terms = False
    max_source_tokens = 1 << 30

    def translate(
        self, sources: Sequence[str], *, beam_size: int = 1, align: bool = False
    ) -> list[Hypothesis]:
        """Returns one pseudo-translation per source, with its exact alignment."""
        return [_pseudo(text, align) for text in sources]

    def count_tokens(self, source: str) -> int:
        """Returns one token per character."""
        return len(source)


def build(spec: EngineSpec) -> PseudoEngine:
    """Returns a pseudo engine; `spec` is not needed."""
    return PseudoEngine()


def _pseudo(source: str, align: bool) -> Hypothesis:
    target: list[str] = []
    links: list[Link] = []
    length = position = 0
    for match in [*_PAIR.finditer(source), None]:
        start, end = match.span() if match else (len(source), len(source))
        for offset in range(position, start):
            if target and source[offset].isalnum() and _PSEUDO.fullmatch(target[-1]):
                target.append(" ")
                length += 1
            links.append(Link(offset, offset + 1, length, length + 1))
            target.append(source[offset].translate(_PUNCTUATION))
            length += 1
        position = end
        if match is None:
            break
        word = "".join(_SYLLABLES[ord(char) % len(_SYLLABLES)] for char in match.group())
        if length and _is_word(target[-1][-1]):
            target.append(" ")
            length += 1
        links.append(Link(start, end, length, length + len(word)))
        target.append(word)
        length += len(word)
    return Hypothesis("".join(target), alignment=tuple(links) if align else None)


def _is_word(char: str) -> bool:
    return char.isalnum() or char in ",.;:!?)"
