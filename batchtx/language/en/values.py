"""The numbers of an English text by value: 1,200, 3.5 million, twenty-three, May, Article IV, 2nd."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from batchtx.text.literals import without_literals

_NUMBER_WORDS = """
zero zeroth, one first, two second, three third, four fourth, five fifth, six sixth, seven seventh,
eight eighth, nine ninth, ten tenth, eleven eleventh, twelve twelfth, thirteen thirteenth,
fourteen fourteenth, fifteen fifteenth, sixteen sixteenth, seventeen seventeenth,
eighteen eighteenth, nineteen nineteenth
"""
_TENS = """
twenty twentieth, thirty thirtieth, forty fortieth, fifty fiftieth, sixty sixtieth, seventy seventieth,
eighty eightieth, ninety ninetieth
"""
_MONTHS = """
january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sep sept,
october oct, november nov, december dec
"""
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
    "decade": 10,
}


def _numbered(words: str, first: int, step: int = 1) -> dict[str, int]:
    """Words of each comma-separated group → first, first + step, …"""
    groups = enumerate(words.split(","))
    return {word: first + step * index for index, group in groups for word in group.split()}


_WORDS = _numbered(_NUMBER_WORDS, 0) | _numbered(_TENS, 20, 10)
_OTHER = """
1 once single annual, 2 twice double doubled doubles both pair couple twofold dual bi binary biannual,
3 thrice triple tripled threefold tri quarterly, 4 quadruple quadrupled,
5 fivefold, 6 semiannual, 7 week weekly,
8 octal,
10 tenfold decimal, 12 midnight noon, 14 fortnight, 16 hexadecimal hex, 100 century centuries,
1/2 half halves, 1/4 quarter quarters
"""
_GROUPS = [group.split() for group in _OTHER.split(",")]
_NAMED = {word: Fraction(group[0]) for group in _GROUPS for word in group[1:]}
_OTHER_WORDS = _NAMED | {word: Fraction(month) for word, month in _numbered(_MONTHS, 1).items()}
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}

_FIGURE = re.compile(
    r"(?<!\d)(?<!\d\.)(\d{1,18}(?:,\d{2,4}){0,6}(?:\.\d{1,18})?|\.\d{1,18})"
    r"(?:\s?(%|‰|per\s?cent)|[\s-](hundred|thousand|million|billion|trillion)s?\b|\s?(k|mn?|bn?|t)\b)?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_AND_A_HALF = re.compile(
    r"\b(\w{1,12})(?:[ -][a-z]{1,12})?[ -]and[ -](?:a|one)[ -]half\b|(?<!\d)(\d{1,3}) ?(?:1/2|½)",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"(?<!\d)(\d{1,4})\s?/\s?(\d{1,4})(?!\d)|\b(\w{1,16})[ -](hal(?:f|ves)|\w{1,16}ths?|thirds?|quarters?)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(\w{1,12}) (?:in|out of) (?:every )?(\w{1,12})\b")
_ARTICLE = re.compile(r"\ban?\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+")
_ROMAN_WORD = re.compile(r"\b[IVXLC]{1,7}\b")
_DECADE = re.compile(r"(?<!\d)(\d{2}|\d{4})['’]?s\b")


@lru_cache(maxsize=1024)
def target_values(text: str) -> frozenset[Fraction]:
    """Returns every value that the figures and number words of a target can stand for."""
    values: set[Fraction] = set()
    for match in _FIGURE.finditer(text):
        values |= _figure(match)
    for match in _DECADE.finditer(text):
        values |= {Fraction(match[1]), Fraction(int(match[1]) % 100)}
    for match in _FRACTION.finditer(text):
        values |= _fraction(match)
    for match in _SHARE.finditer(text):
        values |= _share(match)
    for match in _AND_A_HALF.finditer(text):
        values |= _and_a_half(match)
    if _ARTICLE.search(text):
        values.add(Fraction(1))
    for match in _ROMAN_WORD.finditer(text):
        values.add(Fraction(_roman(match[0])))
    return frozenset(values | _spelled(text))


@lru_cache(maxsize=1024)
def target_figures(text: str) -> tuple[tuple[str, frozenset[Fraction]], ...]:
    """Figures written in digits, URLs and code left out, each with the values it can stand for."""
    text = without_literals(text)
    found = []
    for match in _FIGURE.finditer(text):
        before = text[match.start() - 1 : match.start()]
        values = _figure(match)
        if not before.isalnum() and any(values):  # m2, ext4, zpl1025 are names
            found.append((match[0].strip(), frozenset(values)))
    return tuple(found)


def _figure(match: re.Match[str]) -> set[Fraction]:
    number = (
        Fraction(match[1].replace(",", "").lstrip("0") or "0")
        if "." not in match[1]
        else Fraction(match[1].replace(",", ""))
    )
    values = {number}
    if match[2]:
        values.add(number / (1000 if match[2] == "‰" else 100))
    if match[3]:
        values = {number * _SCALES[match[3].lower()]}  # 20 billion is not 20
    if match[4]:
        values.add(number * _SUFFIXES[match[4].lower()])
    if "," in match[1] and not _GROUPED.fullmatch(match[1]):  # a list: 2,3,5
        values |= {Fraction(part) for part in match[1].split(",") if part.isdigit()}
    return values


def _fraction(match: re.Match[str]) -> set[Fraction]:
    if match[1]:
        return {Fraction(int(match[1]), int(match[2]))} if int(match[2]) else set()
    above = _WORDS.get(match[3].lower(), 1 if match[3].lower() in ("a", "an") else None)
    below_word = match[4].lower().removesuffix("s")
    below = {"half": 2, "halve": 2, "quarter": 4}.get(below_word) or _WORDS.get(below_word)
    return {Fraction(above, below)} if above and below else set()


def _and_a_half(match: re.Match[str]) -> set[Fraction]:
    """An hour and a half, two and a half months, 2½."""
    word = (match[1] or match[2]).lower()
    whole = int(word) if word.isdecimal() else 1 if word in ("a", "an") else _WORDS.get(word)
    return set() if whole is None else {whole + Fraction(1, 2)}


def _share(match: re.Match[str]) -> set[Fraction]:
    above, below = (
        _WORDS.get(word.lower()) or (int(word) if word.isdigit() else 0) for word in match.groups()
    )
    return {Fraction(above, below)} if above and below else set()


def _spelled(text: str) -> set[Fraction]:
    """Number words, alone and added up: "one hundred and twenty-three" gives 123, and 1, 100, 23."""
    values: set[Fraction] = set()
    total = section = 0
    active = False
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word.endswith("ties"):  # in her twenties
            word = f"{word[:-3]}y"
        singular = word.removesuffix("s").removesuffix("th") if word not in _WORDS else word
        if word in _WORDS:
            if active and section % 100 and not (20 <= section % 100 < 100 and _WORDS[word] < 10):
                values.add(Fraction(total + section))
                total = section = 0
            section, active = section + _WORDS[word], True
            values.add(Fraction(_WORDS[word]))
        elif singular in _SCALES:
            scale = _SCALES[singular]
            section = (section or 1) * scale
            if scale > 100:
                total, section = total + section, 0
            active = True
            values.add(Fraction(scale))
        elif word != "and" or not active:
            total, section, active = 0, 0, False
            values |= {_OTHER_WORDS[word]} if word in _OTHER_WORDS else set()
        if active:
            values.add(Fraction(total + section))
    return values


def _roman(word: str) -> int:
    total = 0
    for char, following in zip(word, [*word[1:], ""], strict=True):
        value = _ROMAN[char]
        total += -value if following and _ROMAN[following] > value else value
    return total
