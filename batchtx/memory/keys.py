"""Under which key a segment is remembered: by content, never by position."""

from __future__ import annotations

import json

from batchtx.records import Segment
from batchtx.text.fingerprint import text_key


def segment_key(segment: Segment, signature: str) -> bytes:
    """Returns 16 bytes that stand for everything a machine translation depends on.

    The source with its inline codes, what kind of unit it is in, the glossary terms found in it (so
    that a changed glossary re-translates only the segments it touches), the persons its document names,
    and the signature of
    engine, model and steps.
    """
    terms = [(t.start, t.end, t.targets, t.case, t.required, t.forbidden, t.use) for t in segment.terms]
    codes = [(c.kind, c.label, c.pair, c.format_only) for c in segment.codes]
    facts = [
        signature,
        segment.source,
        segment.kind,
        codes,
        terms,
        *([segment.persons] if segment.persons else []),
    ]
    return text_key(json.dumps(facts, ensure_ascii=False))


def source_key(source: str) -> bytes:
    """Returns 16 bytes for a source alone: a person's correction holds whatever the engine."""
    return text_key(source)


def output_place_key(output: str, segment: Segment) -> bytes:
    """Returns 16 bytes for one place in one output file, made from this very source."""
    place = [output, segment.address, segment.index, segment.source]
    return text_key(json.dumps(place))


def place_key(segment: Segment) -> bytes:
    """Returns 16 bytes for one place in one document with this very source: a correction made there."""
    place = [segment.document, segment.address, segment.index, segment.source]
    return text_key(json.dumps(place, ensure_ascii=False))
