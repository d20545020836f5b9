"""Just enough English grammar to recognise a term: plurals, verb endings, articles, capitals."""

from __future__ import annotations

import re
from functools import lru_cache

from batchtx.text.scripts import is_unspaced

_IRREGULAR = {
    "person": ("people", "persons"), "man": ("men",), "woman": ("women",), "child": ("children",),
    "criterion": ("criteria",), "index": ("indices", "indexes"), "matrix": ("matrices",),
    "analysis": ("analyses",), "basis": ("bases",), "datum": ("data",), "appendix": ("appendices",),
    "leave": ("left",), "pay": ("paid",), "make": ("made",), "give": ("given", "gave"),
    "take": ("taken", "took"), "be": ("is", "are", "was", "were", "been", "being"), "buy": ("bought",),
    "sell": ("sold",), "hold": ("held",), "bear": ("borne", "bore"), "write": ("written", "wrote"),
    "run": ("ran",), "bring": ("brought",), "build": ("built",), "send": ("sent",), "keep": ("kept",),
    "medium": ("media",), "schema": ("schemata",), "formula": ("formulae",), "vertex": ("vertices",),
    "life": ("lives",), "shelf": ("shelves",), "half": ("halves",), "proof": ("proofs",),
}  # fmt: skip
_NOUNS = (
    "person man woman child criterion index matrix analysis basis datum appendix medium schema formula "
    "vertex life shelf half"
)
_PLURAL_OF = {noun: _IRREGULAR[noun][0] for noun in _NOUNS.split()}
_PLURALS = frozenset(_PLURAL_OF.values())
_UNCOUNTABLE_TEXT = (
    "information software hardware firmware middleware equipment machinery advice feedback functionality "
    "traffic data staff personnel research evidence progress knowledge safety security waste legislation "
    "litigation storage access authentication confidentiality compliance bandwidth money cash labor labour"
)
_UNCOUNTABLE = frozenset(_UNCOUNTABLE_TEXT.split())
_SPACE = r"(?:\s+|\s*[-‐‑–]\s*)"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TOKEN = re.compile(r"[\s\-‐‑–]+|[^\s\-‐‑–]+")
_ARTICLE = re.compile(r"\b([Aa])n?(\s+[\"“‘'(]?)$")
_SENTENCE_START = re.compile(r"(?:^|[.!?][\"”’)]*\s+)[\"“‘'(\[]*$")
_VOWEL_SOUND = re.compile(
    r"(?:[aeio]|u(?!ni(?!n|m)|s[aeiu]|til|biq|topi|ran|rin|[kt][ei])|ho(?:ur|nest|nor|no[u]r)|heir"
    r"|[AEFHILMNORSX](?=[A-Z0-9]|s?\b)|8|11\b|18\b)"
)
_CONSONANT_O = re.compile(r"(?:one|once|eu|ewe|ouija|U[A-Z])")


@lru_cache(maxsize=8192)
def target_pattern(target: str, *, keep_case: bool = False) -> re.Pattern[str]:
    """Returns a pattern that finds a target and its simple inflections as whole words.

    Space and hyphen count as the same; each word may be plural or singular or take -ed, -ing.
    With `keep_case` the spelling must be exactly the target's (only -s, 's may follow).
    """
    if keep_case:
        body = r"\s+".join(re.escape(word) for word in target.split()) + "(?:['’]?s|es)?"
        return re.compile(_bounded(target, body))
    parts = [
        _SPACE if not token.strip(" \t\u00a0-‐‑–") else _WORD.sub(lambda m: _forms(m[0]), re.escape(token))
        for token in _TOKEN.findall(target.strip())
    ]
    return re.compile(_bounded(target, "".join(parts)), re.IGNORECASE)


def with_article(word: str) -> str:
    """Returns "a" or "an", by the sound that the word starts with."""
    first = word.lstrip("\"'“‘(")
    lowered = first if first[:2].isupper() else first.lower()
    if _CONSONANT_O.match(lowered):
        return "a"
    return "an" if _VOWEL_SOUND.match(lowered) else "a"


def agree_article(before: str, word: str) -> str:
    """Returns the text before a word, its last word a or an as the word asks for."""
    article = _ARTICLE.search(before)
    if article is None:
        return before
    right = with_article(word)
    return before[: article.start()] + (right.capitalize() if article[1] == "A" else right) + article[2]


def starts_sentence(before: str) -> bool:
    """Returns whether a sentence begins after this text."""
    return _SENTENCE_START.search(before) is not None


def capitalized(text: str) -> str:
    """Returns the text with a capital first letter; text that mixes cases (iPhone, eBay) stays."""
    word = _WORD.match(text)
    if not word or any(char.isupper() for char in word[0][1:]):
        return text
    return text[0].upper() + text[1:]


def is_plural(text: str) -> bool:
    """Returns whether the last word looks like a plural noun (services, criteria)."""
    word = _last_word(text)
    return word in _PLURALS or (
        len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    )


def plural(text: str) -> str:
    """Returns the text with its last word in the plural; in "terms of reference" the word before "of"."""
    head, of, rest = text.partition(" of ")
    word = _last_word(head)
    if of:
        return (head if is_plural(head) else plural(head)) + of + rest
    if word in _PLURAL_OF:
        return text[: len(text) - len(word)] + _PLURAL_OF[word]
    if not word.isalpha() or word in _UNCOUNTABLE or text[-1:].isupper():
        return text
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{text[:-1]}ies"
    return text + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _last_word(text: str) -> str:
    return re.split(r"[\s\-]", text.strip())[-1].lower()


def _bounded(target: str, body: str) -> str:
    left = r"(?<![^\W_])" if target[:1].isalnum() and not is_unspaced(target[:1]) else ""
    right = r"(?![^\W_])" if target[-1:].isalnum() and not is_unspaced(target[-1:]) else ""
    return f"{left}{body}{right}"


@lru_cache(maxsize=8192)
def _forms(word: str) -> str:
    """Alternatives of one word as a pattern, longest first; a possessive stays one."""
    if word[-2:].lower() in ("'s", "’s"):
        return f"{re.escape(word[:-2])}['’]s"
    if len(word) < 3:
        return f"{re.escape(word)}(?:['’]?s)?" if len(word) == 2 else re.escape(word)
    lower = word.lower()
    forms = {lower} | set(_IRREGULAR.get(lower, ())) | _regular(lower)
    forms |= {form for single, plurals in _IRREGULAR.items() if lower in plurals for form in (single,)}
    pattern = "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))
    return f"(?:{pattern})(?:['’]s|['’])?"


def _regular(word: str) -> set[str]:
    forms = {f"{word}s", f"{word}es", f"{word}ed", f"{word}ing"}
    if word.endswith("y") and word[-2] not in "aeiou":
        forms |= {f"{word[:-1]}ies", f"{word[:-1]}ied"}
    if word.endswith("e"):
        forms |= {f"{word}d", f"{word[:-1]}ing"}
    if re.search(r"[^aeiou][aeiou][bdglmnprt]$", word):
        forms |= {f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"}
    if word.endswith("ies") and len(word) > 4:
        forms.add(f"{word[:-3]}y")
    elif word.endswith(("ses", "xes", "ches", "shes", "zes")):
        forms |= {word[:-2], word[:-1]}
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        forms.add(word[:-1])
    return forms
