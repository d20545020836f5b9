"""Traces of the source language or of the machine in a target."""

from __future__ import annotations

import re

from batchtx.records import Flag, Segment, Severity
from batchtx.text.literals import literals
from batchtx.text.scripts import HAN
from batchtx.text.spans import find_words

_HAN_RUN = re.compile(f"[{HAN}]+")
_GLOSS = re.compile(rf"\([^()]*[{HAN}][^()]*\)|（[^（）]*[{HAN}][^（）]*）")
_FULLWIDTH = re.compile("[\u3000-\u3003\u3008-\u3020\u30fb\uff01-\uff60\uffe0-\uffe6]")
_UNKNOWN = re.compile(r"⁇|\ufffd|<unk>|⟦[^⟦⟧]{0,8}⟧|▁|</?s>")
_SHOWN = 5


def no_han_left(segment: Segment, target: str) -> Flag | None:
    """No Chinese characters stand in the target, but in terms and literals that must not change.

    A Chinese name given in brackets after its English (a gloss) is right too.
    """
    whole = target
    for kept in _kept_as_is(segment):
        target = target.replace(kept, " ")
    runs = _HAN_RUN.findall(_GLOSS.sub(" ", target))
    if not runs:
        return None
    shown = ", ".join(dict.fromkeys(runs[:_SHOWN]))
    severity: Severity = "major" if sum(map(len, runs)) > 1 else "minor"
    return Flag("leftover_han", f"Chinese left in the target: {shown}", severity, (), find_words(runs, whole))


def no_fullwidth_left(segment: Segment, target: str) -> Flag | None:
    """No Chinese punctuation and no full-width letters stand in the target."""
    whole = target
    for kept in _kept_as_is(segment):
        target = target.replace(kept, " ")
    found = dict.fromkeys(_FULLWIDTH.findall(target))
    if not found:
        return None
    return Flag(
        "fullwidth",
        f"full-width characters left in the target: {' '.join(found)}",
        "minor",
        (),
        find_words(found, whole),
    )


def no_unknown_left(segment: Segment, target: str) -> Flag | None:
    """No sign of the machine stands in the target: unknown characters, marks that nothing replaced."""
    found = [mark for mark in dict.fromkeys(_UNKNOWN.findall(target)) if mark not in segment.source]
    if not found:
        return None
    return Flag(
        "unknown",
        f"characters that the engine could not write or place: {' '.join(found)}",
        "major",
        (),
        find_words(found, target),
    )


def _kept_as_is(segment: Segment) -> list[str]:
    terms = [target for term in segment.terms for target in term.targets]
    return sorted({*literals(segment.source), *terms}, key=len, reverse=True)
