"""Phrases of English targets, by word stems, to be counted against source terms."""

from __future__ import annotations

import re
from itertools import takewhile

from batchtx.language.en.stems import stem
from batchtx.language.en.stop_words import ENGLISH

Phrase = tuple[str, ...]
"""The stems of 1 to 4 words."""

MAX_WORDS = 4
_WORD = re.compile(r"[^\W_]+(?:['’.&/+#][^\W_]+)*[+#]*")
_BREAK = re.compile(r"[,;:.!?()\[\]“”\"—]+(?=\s|$)|\s[(\[“\"—-]+|\n")


def phrases(target: str) -> dict[Phrase, str]:
    """Returns the phrases of a target with how they are written there; a hyphen is a space, none crosses a
    clause.

    None begins or ends with a function word, is a mere number, or has a word twice.
    """
    found: dict[Phrase, str] = {}
    for clause in _BREAK.split(target):
        matches = list(_WORD.finditer(clause))
        words = [match[0] for match in matches]
        stems = [stem(word) for word in words]
        for start in range(len(words)):
            for end in range(start + 1, min(start + MAX_WORDS, len(words)) + 1):
                phrase = tuple(stems[start:end])
                if len(set(phrase)) < len(phrase):
                    break
                if _counts(words[start].lower()) and _counts(words[end - 1].lower()):
                    found.setdefault(phrase, clause[matches[start].start() : matches[end - 1].end()])
    return found


def contains(longer: Phrase, shorter: Phrase) -> bool:
    """Returns whether the shorter phrase stands in the longer one, word by word."""
    width = len(shorter)
    return any(longer[start : start + width] == shorter for start in range(len(longer) - width + 1))


def same_family(phrase: Phrase, other: Phrase) -> bool:
    """Returns whether each content word of the shorter phrase has a relative in the other.

    Relatives begin alike: with five letters, or with four where one of them is hardly longer
    (define, definition; sign, signature). Rather too many than too few.
    """
    shorter, longer = sorted((phrase, other), key=len)
    return all(any(_relatives(word, one) for one in longer) for word in shorter if _counts(word))


def _relatives(word: str, other: str) -> bool:
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    return word == other or common >= 5 or (common == 4 and min(len(word), len(other)) <= 6)


def _counts(word: str) -> bool:
    return word not in ENGLISH and not word.isdigit()
