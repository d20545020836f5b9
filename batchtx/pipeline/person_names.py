"""Room 4½: the persons that a document names in labels, roles and lists, known in all of its segments."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from batchtx.language.pair import LanguagePair
from batchtx.pipeline.reading import Marker
from batchtx.records import Segment
from batchtx.text.inline_codes import strip_codes
from batchtx.text.normalize import normalize

_LOOK_AHEAD = 512
"""So many segments and markers are read before the first goes on: a label may stand below the text."""

_MOST_NAMES = 2000
_LABEL_CHARS = 12
_NOTE = re.compile(r"[（(][^（()）]*[）)]$")
_COLONS = (":", "：")
"""What ends a label whose value is the next segment: in bold type, or in a column of its own."""


def know_persons(
    items: Iterable[Segment | Marker], pair: LanguagePair, *, wanted: bool = True
) -> Iterator[Segment | Marker]:
    """Yields each segment with the names in it that its document has told so far, or soon tells."""
    waiting: deque[Segment | Marker] = deque()
    told: dict[str, None] = {}
    document: str | None = None
    label = ""
    for item in items:
        if not wanted:
            yield item
            continue
        if isinstance(item, Segment):
            if item.document != document:
                while waiting:
                    yield _with_names(waiting.popleft(), told, pair)
                document, told, label = item.document, {}, ""
            plain = _plain(item)
            if len(told) < _MOST_NAMES:
                told.update(dict.fromkeys(pair.rules.persons(f"{label}{plain}")))
            label = _label(item, plain)
        waiting.append(item)
        if len(waiting) > _LOOK_AHEAD:
            yield _with_names(waiting.popleft(), told, pair)
    while waiting:
        yield _with_names(waiting.popleft(), told, pair)


def _label(segment: Segment, plain: str) -> str:
    """What may say of the next segment what it is: a text that ends in a colon, or a short cell."""
    if len(plain) > _LABEL_CHARS:
        return ""
    if plain.endswith(_COLONS):
        return plain
    return f"{_NOTE.sub('', plain)}：" if segment.kind == "cell" else ""


def _with_names(item: Segment | Marker, told: Iterable[str], pair: LanguagePair) -> Segment | Marker:
    if not isinstance(item, Segment):
        return item
    names = [name for name in told if name in item.source]
    if item.kind == "cell" and pair.rules.is_name(plain := _plain(item)):
        names.append(plain)
    return replace(item, persons=tuple(dict.fromkeys(names))) if names else item


def _plain(segment: Segment) -> str:
    return normalize(strip_codes(segment.source)[0])
