"""Terms for the benchmark from the word alignment of held-out pairs, as the WMT terminology tasks do it.

Words (jieba in Chinese) are aligned in both directions by eflomal (Östling and Tiedemann 2016). A term
is a source phrase and a target phrase that are linked word for word in both directions and to nothing
outside. Proper terms end in a noun and have two or more words, or three or more characters; random
terms are single content words. No model and no glossary has a say in which terms are asked for.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from batchtx.bench.term_sets import TermPair
from batchtx.errors import ConfigError
from batchtx.language.en.stems import stem
from batchtx.language.en.stop_words import ENGLISH
from batchtx.language.zh.stop_words import can_be_term
from batchtx.text.normalize import normalize
from batchtx.text.scripts import count_han

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+(?:[.,]\d+)*|[^\s\w]|\w")
_TARGET = re.compile(r"[A-Za-z]+(?:['’ -][A-Za-z]+)*")
_NOUNS = ("n", "vn", "an", "nz", "eng")
_INSIDE = (*_NOUNS, "b", "a", "v", "l", "j")
_CONTENT = (*_NOUNS, "v", "a", "b", "d")
_MAX_SOURCE_WORDS = 4
_MAX_TARGET_WORDS = 4
_MIN_SHARE = 0.25
"""How often a pair of phrases must be linked, among the times its source is linked at all."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A sentence cut into words, each with its place in the text and (Chinese) its part of speech."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    kinds: tuple[str, ...]

    def span(self, first: int, last: int) -> str:
        """The text from word `first` to word `last`, both included."""
        return self.text[self.starts[first] : self.starts[last] + len(self.words[last])]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A linked phrase of one pair; `proper` or else a random word."""

    pair: int
    source: str
    target: str
    proper: bool


def aligned_terms(pairs: Sequence[TermPair]) -> list[dict[str, object]]:
    """Returns the pairs with their terms as records: source, reference, proper and random (source →
    target).
    """
    sources = [_chinese(pair.source) for pair in pairs]
    targets = [_english(pair.reference) for pair in pairs]
    forward, backward = _align(sources, targets)
    phrases = [
        phrase
        for n in range(len(pairs))
        for phrase in _phrases(n, sources[n], targets[n], forward[n], backward[n])
    ]
    linked = Counter(phrase.source for phrase in phrases)
    as_pair = Counter((phrase.source, _stems(phrase.target)) for phrase in phrases)
    kept: list[list[_Phrase]] = [[] for _ in pairs]
    for phrase in phrases:
        times = as_pair[phrase.source, _stems(phrase.target)]
        if times > 1 and times >= _MIN_SHARE * linked[phrase.source]:
            kept[phrase.pair].append(phrase)
    return [_record(pair, own) for pair, own in zip(pairs, kept, strict=True)]


def write_records(records: Sequence[dict[str, object]], path: Path) -> None:
    """Writes one JSON object a line."""
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def _record(pair: TermPair, phrases: Sequence[_Phrase]) -> dict[str, object]:
    """The longest phrases first; none overlaps another of its set, none stands twice in the source."""
    chosen: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for phrase in sorted(phrases, key=lambda phrase: -len(phrase.source)):
        terms = chosen[phrase.proper]
        inside = any(phrase.source in source or source in phrase.source for source in terms)
        if not inside and pair.source.count(phrase.source) == 1:
            terms[phrase.source] = phrase.target
    return {
        "source": pair.source,
        "reference": pair.reference,
        "proper": chosen[True],
        "random": chosen[False],
    }


def _chinese(text: str) -> _Words:
    try:
        import jieba.posseg
    except ModuleNotFoundError as error:
        raise ConfigError("bench term-set needs jieba: pip install 'batchtx[distill]'") from error
    jieba.setLogLevel(logging.WARNING)
    found = [(word.word, word.flag) for word in jieba.posseg.cut(text)]
    starts, at = [], 0
    for word, _ in found:
        starts.append(at)
        at += len(word)
    kept = [n for n, (word, _) in enumerate(found) if word.strip()]
    return _Words(
        text,
        tuple(found[n][0] for n in kept),
        tuple(starts[n] for n in kept),
        tuple(found[n][1] for n in kept),
    )


def _english(text: str) -> _Words:
    matches = list(_WORD.finditer(text))
    return _Words(text, tuple(m[0] for m in matches), tuple(m.start() for m in matches), ())


Links = list[dict[int, set[int]]]
"""For each pair: source word → target words."""


def _align(sources: Sequence[_Words], targets: Sequence[_Words]) -> tuple[Links, Links]:
    with tempfile.TemporaryDirectory() as folder:
        names = {name: Path(folder) / name for name in ("source", "target", "forward", "reverse")}
        _write_words(names["source"], [[normalize(w).lower() for w in s.words] for s in sources])
        _write_words(names["target"], [[stem(w) for w in t.words] for t in targets])
        program = str(Path(sys.executable).parent / "eflomal-align")
        command = [program, "--overwrite", "-s", str(names["source"]), "-t", str(names["target"])]
        files = ["-f", str(names["forward"]), "-r", str(names["reverse"])]
        try:
            subprocess.run([*command, *files], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise ConfigError(f"eflomal failed ({error}); is it installed? pip install eflomal") from error
        return _read_links(names["forward"]), _read_links(names["reverse"])


def _write_words(path: Path, lines: Sequence[Sequence[str]]) -> None:
    text = "".join(" ".join(w.replace(" ", "") or "." for w in words) + "\n" for words in lines)
    path.write_text(text, encoding="utf-8", newline="\n")


def _read_links(path: Path) -> Links:
    found: Links = []
    for line in path.read_text(encoding="ascii").splitlines():
        links: dict[int, set[int]] = {}
        for link in line.split():
            source_at, target_at = link.split("-")
            links.setdefault(int(source_at), set()).add(int(target_at))
        found.append(links)
    return found


def _phrases(
    pair: int,
    source: _Words,
    target: _Words,
    forward: dict[int, set[int]],
    backward: dict[int, set[int]],
) -> Iterator[_Phrase]:
    """Phrases linked in both directions with nothing outside (Och and Ney 2004, section 3.2)."""
    both = {n: forward.get(n, set()) & backward.get(n, set()) for n in range(len(source.words))}
    either = {n: forward.get(n, set()) | backward.get(n, set()) for n in range(len(source.words))}
    for first in range(len(source.words)):
        for last in range(first, min(first + _MAX_SOURCE_WORDS, len(source.words))):
            proper = _is_proper(source, first, last)
            if not proper and not (first == last and _is_content(source, first)):
                continue
            inside = range(first, last + 1)
            if not all(both[n] for n in inside):
                continue
            linked = set().union(*(either[n] for n in inside))
            low, high = min(linked), max(linked)
            if high - low >= _MAX_TARGET_WORDS or any(
                low <= one <= high for n, ones in either.items() if n not in inside for one in ones
            ):
                continue
            text = target.span(low, high)
            if _is_target(target, low, high, text):
                yield _Phrase(pair, source.span(first, last), _lowered(target, low, text), proper)


def _is_proper(source: _Words, first: int, last: int) -> bool:
    kinds = source.kinds[first : last + 1]
    text = source.span(first, last)
    long_enough = (last > first or len(text) > 2) and count_han(text) == len(text)
    return (
        long_enough
        and kinds[-1].startswith(_NOUNS)
        and all(kind.startswith(_INSIDE) for kind in kinds)
        and can_be_term(text)
    )


def _is_content(source: _Words, n: int) -> bool:
    word = source.words[n]
    return count_han(word) == len(word) > 1 and source.kinds[n].startswith(_CONTENT)


def _is_target(target: _Words, low: int, high: int, text: str) -> bool:
    edges = (target.words[low].lower(), target.words[high].lower())
    return len(text) > 2 and bool(_TARGET.fullmatch(text)) and not any(word in ENGLISH for word in edges)


def _lowered(target: _Words, low: int, text: str) -> str:
    """The phrase without the capital that the start of a sentence gave it."""
    starts = low == 0 or target.words[low - 1] in ".!?:"
    return text[0].lower() + text[1:] if starts and text[1:].islower() else text


def _stems(target: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in re.split("[ -]", target))
