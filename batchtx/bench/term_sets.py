"""Which terms the terminology benchmark asks for: only such as the reference translation uses.

Proper terms come from glossaries. Random terms, the control of the WMT terminology tasks, are
ordinary words: from a bilingual dictionary, or mined from the pairs themselves (glossary.evidence)
where none is given. A target of the reference can be reached, so a miss is the system's own.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from batchtx.errors import ConfigError, GlossaryError
from batchtx.glossary.candidates import find_candidates
from batchtx.glossary.evidence import EvidenceCorpus, find_target
from batchtx.glossary.matcher import Matcher
from batchtx.glossary.table import Entry, Glossary, from_entries, load
from batchtx.glossary.term_report import Translated
from batchtx.language.en.inflect import target_pattern
from batchtx.language.en.stop_words import ENGLISH
from batchtx.records import Term
from batchtx.text.scripts import count_han

_MAX_GLOSS_WORDS = 3
_PARENTHESIS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_GLOSS = re.compile(r"[A-Za-z][A-Za-z' -]{2,40}")
_PARTICLE = re.compile(r"^(?:to be|to|a|an|the) ")


@dataclass(frozen=True, slots=True)
class TermPair:
    """A source sentence, its reference, and the terms asked for in it (set name → terms)."""

    source: str
    reference: str
    proper: tuple[Term, ...] = ()
    random: tuple[Term, ...] = ()


def read_pairs(source: Path, reference: Path | None) -> list[TermPair]:
    """Returns sentence pairs: two files with a line each, or one TSV whose last two columns they are (.xz
    too).
    """
    if reference is None:
        return [TermPair(row[-2], row[-1]) for row in read_columns(source)]
    lines, references = _read_sentences(source), _read_sentences(reference)
    if len(lines) != len(references):
        raise ConfigError(f"{source} has {len(lines)} lines, {reference} has {len(references)}")
    return [TermPair(s.strip(), r.strip()) for s, r in zip(lines, references, strict=True)]


def read_columns(path: Path) -> list[list[str]]:
    """Returns the cells of a TSV (.xz too), lines with less than two left out."""
    rows = [[cell.strip() for cell in line.split("\t")] for line in _read_sentences(path)]
    return [row for row in rows if len(row) > 1]


def _read_sentences(path: Path) -> list[str]:
    try:
        return read_lines(path)
    except (OSError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise ConfigError(f"{path}: the sentences cannot be read ({error})") from error


def with_terms(
    pairs: Sequence[TermPair], proper: Glossary, words: Glossary, *, per_segment: int, seed: int
) -> list[TermPair]:
    """Returns the pairs with their terms; of random ones at most `per_segment` each, drawn by the seed."""
    generator = random.Random(seed)
    by_glossary, by_words = Matcher(proper), Matcher(words)
    found = []
    for pair in pairs:
        terms = _in_reference(by_glossary, pair)
        others = _in_reference(by_words, pair)
        drawn = generator.sample(others, min(per_segment, len(others)))
        ordered = tuple(sorted(drawn, key=lambda term: term.start))
        found.append(replace(pair, proper=tuple(terms), random=ordered))
    return found


def read_term_set(path: Path, *, per_segment: int, seed: int) -> list[TermPair]:
    """Returns the pairs of a file of `bench term-set`, each with its own terms; random ones drawn by the
    seed.
    """
    generator = random.Random(seed)
    pairs = []
    try:
        for line in read_lines(path):
            facts = json.loads(line)
            words = dict(sorted(facts["random"].items()))
            drawn = generator.sample(list(words), min(per_segment, len(words)))
            proper = _own_terms(facts["source"], facts["proper"])
            own = _own_terms(facts["source"], {word: words[word] for word in drawn})
            pairs.append(TermPair(facts["source"], facts["reference"], proper, own))
    except (OSError, UnicodeDecodeError, ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"{path} is no file of `batchtx bench term-set`: {error!r}") from error
    return pairs


def find_pairs(
    source: Path,
    reference: Path | None,
    glossaries: Sequence[Path],
    dictionary: Path | None,
    *,
    per_segment: int,
    seed: int,
) -> list[TermPair]:
    """Returns sentence pairs with the terms of glossaries (proper) and of a dictionary, else mined
    (random).
    """
    pairs = read_pairs(source, reference)
    words = read_dictionary(dictionary) if dictionary else mined_dictionary(pairs)
    return with_terms(pairs, load(glossaries), words, per_segment=per_segment, seed=seed)


def choose(pairs: Sequence[TermPair], limit: int) -> list[TermPair]:
    """Keeps at most `limit` pairs with terms in their order; those with proper terms come before others."""
    numbers = [n for n, pair in enumerate(pairs) if pair.proper or pair.random]
    chosen = sorted(numbers, key=lambda n: (not pairs[n].proper, n))[:limit]
    return [pairs[n] for n in sorted(chosen)]


def read_dictionary(path: Path) -> Glossary:
    """Returns a bilingual dictionary as a glossary: word, tab, glosses separated by ; , or /.

    More columns and what stands in parentheses do not count, nor do function words and glosses of
    more than three words.
    """
    try:
        lines = read_lines(path)
    except (OSError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise GlossaryError(str(path), f"cannot be read: {error}") from error
    entries = []
    for number, line in enumerate(lines, 1):
        word, _, rest = line.partition("\t")
        glosses = tuple(dict.fromkeys(_glosses(rest.partition("\t")[0])))
        if count_han(word) == len(word) > 1 and glosses:
            entries.append(Entry(word, glosses, file=path.name, row=number))
    if not entries:
        raise GlossaryError(str(path), "has no line of a Chinese word, a tab and English glosses")
    return from_entries(entries)


def mined_dictionary(pairs: Sequence[TermPair]) -> Glossary:
    """Words of the sources with the target that the references leave no doubt about."""
    rows = [Translated("bench", str(n), pair.source, pair.reference) for n, pair in enumerate(pairs)]
    candidates = [c.source for c in find_candidates((row.document, row.source) for row in rows)]
    corpus = EvidenceCorpus(rows, candidates)
    found = [(source, find_target(corpus, source)) for source in candidates if count_han(source)]
    return from_entries(Entry(source, (evidence.target,)) for source, evidence in found if evidence)


def filler(n_terms: int, texts: Sequence[str], seed: int) -> Glossary:
    """Returns made-up terms of the characters of the texts, so that look-ups have work to do, and find
    nothing.
    """
    characters = [chr(0x4E00 + n) for n in range(500)]
    characters += [char for text in texts for char in text if count_han(char)]
    generator = random.Random(seed)
    known = {text[n : n + 3] for text in texts for n in range(len(text) - 2)}
    sources: dict[str, None] = {}
    while len(sources) < n_terms:
        source = "".join(generator.choices(characters, k=generator.randint(3, 6)))
        if source[:3] not in known:
            sources[source] = None
    return from_entries(Entry(source, (f"term {number}",)) for number, source in enumerate(sources))


def _in_reference(matcher: Matcher, pair: TermPair) -> list[Term]:
    """Terms of the source, with just that target that the reference has; the first of each source."""
    found: dict[str, Term] = {}
    for term in matcher.find_terms(pair.source):
        used = next((t for t in term.targets if target_pattern(t).search(pair.reference)), None)
        if used is not None and term.source not in found and used != term.source:
            found[term.source] = replace(term, targets=(used,), forbidden=(), required=True)
    return list(found.values())


def _own_terms(source: str, targets: Mapping[str, str]) -> tuple[Term, ...]:
    entries = [Entry(word, (target,)) for word, target in targets.items()]
    return Matcher(from_entries(entries)).find_terms(source)


def _glosses(cell: str) -> Iterator[str]:
    for part in re.split("[;,/]", _PARENTHESIS.sub("", cell)):
        gloss = _PARTICLE.sub("", part.strip())
        n_words = len(gloss.split())
        if _GLOSS.fullmatch(gloss) and n_words <= _MAX_GLOSS_WORDS and gloss.lower() not in ENGLISH:
            yield gloss


def read_lines(path: Path) -> list[str]:
    """Lines of a text file (.xz too); only a line feed ends one, so that files stay side by side."""
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as file:
            text = file.read()
    else:
        text = path.read_text(encoding="utf-8")
    return text.removesuffix("\n").split("\n") if text else []
