"""Makes `data/phrasebook.txt.xz`: short texts that have one clear translation.

`python -m batchtx.language.zh.make_phrasebook PAIRS` reads SOURCE.tsv.xz of the sources named here, and
dict-cedict.tsv.xz, from the folder PAIRS. What the office list says stands before what was found.
"""

from __future__ import annotations

import lzma
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCES = (
    "legal-taiwan-laws", "ms-dyn365ops", "ms-projops", "ms-partner", "ms-cinsights", "ms-cinsights-hist",
    "adobe-analytics", "biz-erpnext", "biz-ofbiz", "ui-godot-editor", "d2l-book", "terms-cldr",
    "opensource-guide", "un-sdg", "kubernetes-docs", "github-policies", "nocobase-docs", "med-slicer",
    "medical-openehr", "todogroup", "guide-privacyguides", "book-opensourceway", "course-huggingface",
    "edu-raspberrypi", "edu-raspberrypi2", "gov-housing-bloom", "cncf-glossary", "app-matrix", "app-zulip",
    "app-wikipedia", "app-osm-id",
)  # fmt: skip
"""Sources whose licences allow it (data/README.md)."""

DATA = Path(__file__).with_name("data")
_LIGHT = frozenset(
    ["a", "an", "the", "of", "for", "in", "on", "to", "and", "or", "by", "with", "at", "from", "is", "are"]
)
_ENDINGS = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ments",
    "ment",
    "ies",
    "ied",
    "es",
    "ed",
    "er",
    "ly",
    "al",
    "s",
    "y",
    "e",
)
_HAN = re.compile("[\u4e00-\u9fff]{2,10}")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’&/ -]*[A-Za-z.]")
_NO_PHRASE = re.compile("[了吗呢吧请我你您]|^[在与和及或将被把从对的]|[的和与及或儿]$")
_NO_GLOSS = re.compile(
    r"[()0-9]|variant|surname|abbr|classifier|see |old |erhua|also |fig\.|idiom|lit\.|pr\.|CL:|\bsb\b|sth|"
    r"vulgar|sex"
)
_LEAST_SUPPORT = 0.75
_LONGEST = 8


def main() -> None:
    """Writes the file, and prints how large it is."""
    folder = Path(sys.argv[1])
    dictionary = _Dictionary(folder / "dict-cedict.tsv.xz")
    phrases = dict(dictionary.phrases())
    phrases.update(_from_pairs(folder, dictionary))
    for line in _lines(DATA / "office.tsv"):
        phrase, english = line.split("\t")
        phrases[phrase] = english
    text = "".join(f"{phrase}\t{english}\n" for phrase, english in sorted(phrases.items()))
    packed = lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)
    (DATA / "phrasebook.txt.xz").write_bytes(packed)
    sys.stdout.write(f"{len(phrases):,} phrases, {len(packed):,} bytes\n")


class _Dictionary:
    """CC-CEDICT: what words mean, to tell whether a translation is one."""

    def __init__(self, path: Path) -> None:
        self._glosses: dict[str, list[str]] = defaultdict(list)
        self._names: set[str] = set()
        self._stems: dict[str, set[str]] = defaultdict(set)
        for line in _lines(path):
            phrase, glosses, reading, _ = line.split("\t")
            self._glosses[phrase].append(glosses)
            self._stems[phrase].update(map(_stem, re.findall("[A-Za-z]+", glosses)))
            if reading[:1].isupper():
                self._names.add(phrase)

    def phrases(self) -> Iterator[tuple[str, str]]:
        """Words with one meaning, told in up to four words."""
        for phrase, entries in self._glosses.items():
            if len(entries) > 1 or phrase in self._names or not _HAN.fullmatch(phrase) or phrase[-1] == "儿":
                continue
            glosses = [gloss.strip() for gloss in re.split("[/;]", entries[0])]
            english = glosses[0].removeprefix("to ")
            clear = len(glosses) == 1 or (len(glosses) == 2 and len(phrase) > 2)
            if (
                clear
                and not _NO_GLOSS.search(entries[0])
                and _ENGLISH.fullmatch(english)
                and len(english.split()) < 5
            ):
                yield phrase, _capital(english)

    def supports(self, phrase: str, english: str) -> bool:
        """Whether the English says what the words in the phrase mean; a short one must be a gloss itself."""
        words = [_stem(word) for word in re.findall("[A-Za-z]+", english) if word.lower() not in _LIGHT]
        if len(phrase) < 4:
            return any(set(words) == one for one in self._gloss_stems(phrase))
        pieces = {phrase[a:b] for a in range(len(phrase)) for b in range(a + 1, min(len(phrase), a + 6) + 1)}
        known: set[str] = set().union(*(self._stems.get(piece, set()) for piece in pieces))
        return bool(words) and sum(word in known for word in words) >= _LEAST_SUPPORT * len(words)

    def gloss(self, phrase: str, english: str) -> str:
        """The gloss that says the same, in the dictionary's form: Training rather than Trainings."""
        wanted = {_stem(word) for word in english.split()}
        for glosses in self._glosses.get(phrase, ()):
            for gloss in re.split("[/;]", glosses):
                bare = gloss.strip().removeprefix("to ")
                if _ENGLISH.fullmatch(bare) and {_stem(word) for word in bare.split()} == wanted:
                    return bare
        return english

    def _gloss_stems(self, phrase: str) -> Iterator[set[str]]:
        for glosses in self._glosses.get(phrase, ()):
            for gloss in re.split("[/;]", re.sub(r"\(.*?\)", "", glosses)):
                yield {_stem(word) for word in re.findall("[A-Za-z]+", gloss) if word.lower() not in _LIGHT}


def _from_pairs(folder: Path, dictionary: _Dictionary) -> Iterator[tuple[str, str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for source in SOURCES:
        for line in _lines(folder / f"{source}.tsv.xz"):
            phrase, tab, english = line.partition("\t")
            phrase, english = phrase.strip().rstrip("：:。."), english.strip().rstrip(" .:：")
            fits = _HAN.fullmatch(phrase) and not _NO_PHRASE.search(phrase) and _ENGLISH.fullmatch(english)
            if tab and fits and len(english.split()) <= min(_LONGEST, len(phrase) * 1.2 + 1):
                found[phrase][english] += 1
    for phrase, counts in found.items():
        good = [english for english in counts if dictionary.supports(phrase, english)]
        if good and len({frozenset(map(_stem, english.split())) for english in good}) == 1:
            yield phrase, _sentence_case(dictionary.gloss(phrase, good[0]))


def _sentence_case(english: str) -> str:
    """Title Case and CAPITALS as in a sentence; abbreviations stay."""
    words = english.split()
    shouted = english.isupper() and len(english) > 5
    titled = len(words) > 1 and all(word[0].isupper() or word.lower() in _LIGHT for word in words)
    if shouted:
        return english.capitalize()
    rest = [word if not titled or not word[1:].islower() else word.lower() for word in words[1:]]
    return _capital(" ".join([words[0], *rest]))


def _capital(english: str) -> str:
    return english if re.match("[a-z]+[A-Z]", english) else f"{english[0].upper()}{english[1:]}"


def _stem(word: str) -> str:
    word = word.lower()
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= 3), "")
    return word.removesuffix(ending)


def _lines(path: Path) -> Iterator[str]:
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as file:
            yield from (line.rstrip("\n") for line in file)
    else:
        yield from path.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()
