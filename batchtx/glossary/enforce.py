"""Putting terms into a target and seeing whether they are there: pure helpers for the worker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from batchtx.language.en.inflect import agree_article, capitalized, starts_sentence, target_pattern
from batchtx.records import Term
from batchtx.text.inline_codes import without_codes
from batchtx.text.protect import MAX_PLACEHOLDERS, Masked, Restored, restore
from batchtx.text.scripts import has_east_asian

_ANNOTATION = re.compile(r"⟦t⟧(.*?)⟦=⟧(.*?)⟦/t⟧", re.DOTALL)
_LOOSE_MARK = re.compile(r"⟦/?t⟧|⟦=⟧")
_TERM_MARK = re.compile(r"⟦\s*(\d{1,3})\s*⟧")


@dataclass(frozen=True, slots=True)
class MaskedTerms:
    """A masked text whose last marks stand for terms: mark number `first`+n is `terms[n]`."""

    masked: Masked
    first: int
    terms: tuple[Term, ...]


def annotate(text: str, terms: Sequence[Term]) -> tuple[str, tuple[Term, ...]]:
    """Returns the source with its terms as `⟦t⟧术语⟦=⟧term⟦/t⟧`, for engines with `inline_terms`.

    Terms must not overlap; their offsets are those of `text` (protect.move_terms after masking), and
    come back as those of their annotations.
    """
    annotated = ""
    moved: list[Term] = []
    done = 0
    for term in sorted(terms, key=lambda term: term.start):
        if term.start < done or term.end > len(text):
            continue
        annotated += text[done : term.start]
        start = len(annotated)
        annotated += f"⟦t⟧{text[term.start : term.end]}⟦=⟧{term.targets[0]}⟦/t⟧"
        moved.append(replace(term, start=start, end=len(annotated)))
        done = term.end
    return annotated + text[done:], tuple(moved)


def strip_annotation(text: str) -> str:
    """Returns a text without term annotations: the source side of each stays, loose marks go."""
    return _LOOSE_MARK.sub("", _ANNOTATION.sub(r"\1", text))


def terms_as_placeholders(masked: Masked, terms: Sequence[Term]) -> MaskedTerms:
    """Puts required terms behind further marks, as far as the 16 marks reach; the rest stays text.

    `terms` have offsets in `masked.text`. The same term twice takes two marks.
    """
    first = len(masked.originals) + 1
    chosen = [t for t in sorted(terms, key=lambda t: t.start) if t.required][: MAX_PLACEHOLDERS - first + 1]
    parts: list[str] = []
    done = 0
    for number, term in enumerate(chosen, first):
        parts += [masked.text[done : term.start], f"⟦{number}⟧"]
        done = term.end
    text = "".join([*parts, masked.text[done:]])
    originals = masked.originals + tuple(term.targets[0] for term in chosen)
    return MaskedTerms(replace(masked, text=text, originals=originals), first, tuple(chosen))


def restore_terms(target: str, masked_terms: MaskedTerms) -> Restored | None:
    """Returns the target with all marks replaced and terms agreeing with their place; None as in restore.

    A term at the start of a sentence gets a capital unless its case is "keep"; a or an before a
    term follows its sound.
    """
    originals = list(masked_terms.masked.originals)
    for match in _TERM_MARK.finditer(target):
        index = int(match[1]) - masked_terms.first
        if not 0 <= index < len(masked_terms.terms):
            continue
        term = masked_terms.terms[index]
        if term.case != "keep" and starts_sentence(target[: match.start()]):
            originals[int(match[1]) - 1] = capitalized(term.targets[0])
    target = _agree_articles(_apart(target, masked_terms), originals, masked_terms.first)
    return restore(target, replace(masked_terms.masked, originals=tuple(originals)))


def missed(terms: Sequence[Term], target: str) -> tuple[Term, ...]:
    """Terms none of whose targets stands in the target; each source term once.

    Simple inflection counts as used. Case counts only for case "keep". A do-not-translate term
    must stand exactly.
    """
    target = without_codes(target)
    seen: dict[str, Term] = {}
    for term in terms:
        if not any(True for _ in occurrences(term, target)):
            seen.setdefault(term.source, term)
    return tuple(seen.values())


def undercounted(terms: Sequence[Term], target: str) -> tuple[tuple[Term, int, int], ...]:
    """Terms that the target uses less often than the source, as (term, in source, in target).

    Advisory: good English says "it" the second time.
    """
    target = without_codes(target)
    needed = Counter(term.targets for term in terms)
    first = {term.targets: term for term in reversed(terms)}
    counted = ((first[t], n, sum(1 for _ in occurrences(first[t], target))) for t, n in needed.items())
    return tuple((term, n, found) for term, n, found in counted if found < n)


def forbidden_used(terms: Sequence[Term], target: str) -> tuple[str, ...]:
    """Returns forbidden targets that the target uses, outside of allowed targets that contain them."""
    target = without_codes(target)
    allowed = [span for term in terms for span in occurrences(term, target)]
    used = []
    for word in dict.fromkeys(word for term in terms for word in term.forbidden):
        for match in target_pattern(word).finditer(target):
            if not any(start <= match.start() and match.end() <= end for start, end in allowed):
                used.append(word)
                break
    return tuple(used)


def occurrences(term: Term, target: str) -> Iterator[tuple[int, int]]:
    """Yields where a target uses a term, as (start, end), overlaps left out."""
    if term.targets == (term.source,):
        pattern = re.compile(re.escape(without_codes(term.source)))
        yield from (match.span() for match in pattern.finditer(target))
        return
    done = 0
    spans = [
        match.span()
        for allowed in term.targets
        for match in target_pattern(allowed, keep_case=term.case == "keep").finditer(target)
    ]
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= done:
            yield start, end
            done = end


def _apart(target: str, masked_terms: MaskedTerms) -> str:
    """Spaces around the marks of terms: Chinese has none there, English words need them."""
    first, terms = masked_terms.first, masked_terms.terms

    def spaced(match: re.Match[str]) -> str:
        index = int(match[1]) - first
        if index < 0 or (index < len(terms) and has_east_asian(terms[index].targets[0])):
            return match[0]
        before, after = target[: match.start()][-1:], target[match.end() :][:1]
        left = " " if before.isalnum() or before == "⟧" else ""
        return left + match[0] + (" " if after.isalnum() else "")

    return _TERM_MARK.sub(spaced, target)


def _agree_articles(target: str, originals: Sequence[str], first: int) -> str:
    parts: list[str] = []
    done = 0
    for match in _TERM_MARK.finditer(target):
        before = target[done : match.start()]
        number = int(match[1])
        if first <= number <= len(originals) and originals[number - 1]:
            before = agree_article(before, originals[number - 1])
        parts += [before, match[0]]
        done = match.end()
    return "".join([*parts, target[done:]])
