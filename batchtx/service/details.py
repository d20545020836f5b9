"""What is known of a translation besides its text, as JSON: score, doubts, terms, sentence by sentence."""

from __future__ import annotations

from typing import Any

from batchtx.pipeline.texts import TranslatedUnit
from batchtx.records import Flag, Term, Translation
from batchtx.service.text_service import TextAnswer
from batchtx.text.inline_codes import show_codes


def details(answer: TextAnswer) -> dict[str, Any]:
    """Returns what is known of an answer; offsets count characters of Unicode, not units of UTF-16.

    Sentences of a text say where they stand in source and target; those of markup show inline codes as
    ⟦1⟧…⟦/1⟧ and stand in none.
    """
    texts = [unit.as_text() for unit in answer.units]
    scores = [one.score for one in texts if one.score is not None]
    flags = [flag for one in texts for flag in one.flags]
    return {
        "score": _rounded(min(scores, default=None)),
        "origin": texts[0].origin if len(texts) == 1 else "copied" if not texts else "mt",
        "flags": [_flag(flag) for flag in flags],
        "sentences": [one for unit in answer.units for one in _sentences(unit, answer.is_markup)],
    }


def _sentences(unit: TranslatedUnit, is_markup: bool) -> list[dict[str, Any]]:
    found = []
    source_at = target_at = 0
    for translation, gap in zip(unit.translations, unit.plan.gaps, strict=False):
        source_at += len(gap)
        start = unit.target.find(translation.target, target_at)
        start = start if start >= 0 else target_at
        one = _sentence(translation)
        if not is_markup:
            one |= {"source_start": source_at, "target_start": start}
        found.append(one)
        source_at += len(translation.segment.source)
        target_at = start + len(translation.target)
    return found


def _sentence(translation: Translation) -> dict[str, Any]:
    segment = translation.segment
    return {
        "source": show_codes(segment.source, segment.codes) if segment.codes else segment.source,
        "target": show_codes(translation.target, segment.codes) if segment.codes else translation.target,
        "origin": translation.origin,
        "score": _rounded(translation.score),
        "flags": [_flag(flag) for flag in translation.flags],
        "terms": [_term(term) for term in segment.terms],
    }


def _flag(flag: Flag) -> dict[str, Any]:
    return {
        "check": flag.check,
        "message": flag.message,
        "severity": flag.severity,
        "source_spans": [list(span) for span in flag.source_spans],
        "target_spans": [list(span) for span in flag.target_spans],
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "start": term.start,
        "end": term.end,
        "source": term.source,
        "targets": list(term.targets),
        "required": term.required,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
