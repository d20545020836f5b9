"""Subtitles: SRT, WebVTT and ASS. A cue is a unit; numbers, times, positions and styles are not touched.

The lines of a cue are one text, since sentences go across them, and so are cues that hold one sentence; a
target is laid out again in lines that fit a screen. Lines of a dialogue (each begins with a dash) are units
of their own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from batchtx.errors import DocumentError
from batchtx.formats.cue_sentences import Cue, one_text, sentence_runs
from batchtx.formats.encodings import EncodingOptions
from batchtx.formats.source import Source
from batchtx.formats.span_document import SpanDocument
from batchtx.formats.spans import LINE_BREAK, Span, Tag, join_lines, make_span
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import CodeKind, Problem, Unit
from batchtx.text.inline_codes import CODE

LINE_CHARS = 42
"""What broadcasters allow in a line of Latin script."""

_LINE_END = r"\r\n|\n|\r"
_TIME = r"(?:\d+:)?\d{1,2}:\d{1,2}[.,:，．]\d{1,3}"
_TIMES = re.compile(rf"^[ \t]*({_TIME})[ \t]*-->[ \t]*({_TIME})[^\r\n]*$")
_LINES = re.compile(rf"([^\r\n]*)({_LINE_END}|\Z)")
_DASH = re.compile(r"[ \t]*(?:<[^>]*>|\{\\[^}]*\})*[ \t]*[-–—‐]")
_MARKUP = re.compile(
    rf"</?[A-Za-z][^<>\r\n]*>|<{_TIME}>|\{{\\[^{{}}\r\n]*\}}|&(?:lrm|rlm|nbsp);|(?:{_LINE_END})"
)
_ASS_DRAWING = (
    r"\{[^{}\r\n]*\\p[1-9][^{}\r\n]*\}(?:[^{\r\n]|\{(?![^{}\r\n]*\\p0))*(?:\{[^{}\r\n]*\\p0[^{}\r\n]*\})?"
)
_ASS_MARKUP = re.compile(rf"{_ASS_DRAWING}|\{{[^{{}}\r\n]*\}}|\\[Nnh]")
_NAME = re.compile(r"</?([A-Za-z]+)")
_TELLING = frozenset(["v", "lang", "ruby", "rt"])
"""Marks of WebVTT that are more than looks."""

_ASS_TEXT_FIELDS = 10


def open_srt(source: Source, options: EncodingOptions, pair: LanguagePair) -> Document:
    """Returns a SubRip file. Raises DocumentError when it has no cue."""
    return CueDocument(source, options.encoding)


def open_vtt(source: Source, options: EncodingOptions, pair: LanguagePair) -> Document:
    """Returns a WebVTT file. Raises DocumentError when it does not begin with WEBVTT."""
    return VttDocument(source, options.encoding)


def open_ass(source: Source, options: EncodingOptions, pair: LanguagePair) -> Document:
    """Returns an (Advanced) SubStation Alpha file. Raises DocumentError when it has no events."""
    return AssDocument(source, options.encoding)


class _SubtitleDocument(SpanDocument):
    """Subtitles of any kind. `runs`: from which cue on how many hold one sentence; None: as texts tell."""

    def __init__(self, source: Source, encoding: str | None, runs: dict[int, int] | None = None) -> None:
        self._runs = runs
        super().__init__(source, encoding)

    def again(self, source: Source) -> SpanDocument:
        """See `SpanDocument.again`: sentences run over the same cues."""
        return type(self)(source, None, self._runs)

    def _sentences(self, text: str, cues: Sequence[tuple[Cue, Sequence[Span]]]) -> Iterator[Span]:
        """The texts of cues, those that hold one sentence as one."""
        if self._runs is None:
            self._runs = sentence_runs(cues)
        at = 0
        while at < len(cues):
            size = self._runs.get(cues[at][0].number, 1)
            run = cues[at : at + size]
            whole = len(run) == size > 1 and all(len(spans) == 1 for _, spans in run)
            joined = one_text(text, [spans[0] for _, spans in run], run[0][1][0].layout) if whole else None
            if joined is None:
                yield from run[0][1]
                at += 1
                continue
            place = f"{self._called}s {run[0][0].number}–{run[-1][0].number}, {run[0][0].begin}"
            yield replace(joined, unit=replace(joined.unit, place=place))
            at += size

    _called = "cue"


class CueDocument(_SubtitleDocument):
    """SRT: cues begin with their times; their text ends before the number of the next one."""

    kept_inside = "marks and voices"
    kept_outside = "notes and styles"
    _ends_with_blank_line = False
    """Players of SRT show what comes after a blank line too, up to the number of the next cue."""

    _decode: Callable[[str], str] = staticmethod(str)
    _encode: Callable[[str], str] = staticmethod(str)

    def find(self, text: str) -> Iterator[Span | Problem]:
        """Implements `SpanDocument.find`."""
        every = list(self._cues(text))
        if not every and text.strip():
            raise DocumentError(
                self.name, "has no cue (00:00:01,000 --> 00:00:02,000); is this a subtitle file?"
            )
        yield from self._sentences(
            text, [(cue, spans) for cue in every if (spans := self._spans_of(text, cue))]
        )

    def _cues(self, text: str) -> Iterator[Cue]:
        """The cues, or their parts where blank lines part them."""
        number, part = 0, 0
        begin = finish = ""
        start = end = -1
        in_cue = False
        before = (-1, -1)  # the last line of the part and what would be its end without it
        for line in _LINES.finditer(text):
            times = _TIMES.match(line[1])
            if times:
                if start >= 0:  # its last line is the number of this cue
                    is_number = before[0] >= 0 and text[before[0] : end].strip().isdecimal()
                    yield Cue(number, begin, finish, start, before[1] if is_number else end, part + 1)
                number, part, in_cue = number + 1, 0, True
                begin, finish, start, end = times[1], times[2], line.end(), line.end()
                before = (-1, -1)
            elif not line[1].strip():
                if start >= 0:
                    yield Cue(number, begin, finish, start, end, part + 1)
                    part += 1
                start, in_cue = -1, in_cue and not self._ends_with_blank_line
            elif in_cue:
                start, end_before = (line.start(), line.start()) if start < 0 else (start, end)
                before, end = (line.start(1), end_before), line.end(1)
            if line.end() == len(text):
                break
        if start >= 0:
            yield Cue(number, begin, finish, start, end, part + 1)

    def _spans_of(self, text: str, cue: Cue) -> list[Span]:
        """The texts of a cue: one, or one for each line of a dialogue."""
        if cue.start >= cue.end:
            return []
        lines = [line for line in _LINES.finditer(text, cue.start, cue.end) if line.start() < cue.end]
        dialogue = len(lines) > 1 and all(_DASH.match(line[1]) for line in lines)
        bounds = [(cue.start, cue.end)]
        if dialogue:
            bounds = [(line.start(1), min(line.end(1), cue.end)) for line in lines]
        name = f"cue {cue.number}" if cue.part == 1 else f"cue {cue.number}, part {cue.part}"
        found: list[Span] = []
        for number, part in enumerate(bounds, 1):
            span = make_span(
                text,
                part,
                Unit(f"{name}.{number}" if dialogue else name, f"cue {cue.number}, {cue.begin}", ""),
                _MARKUP,
                _tag,
                decode=self._decode,
                encode=self._encode,
                layout=partial(_layout, line_end=lines[0][2] or "\n"),
            )
            if span is not None:
                found.append(join_lines(span))
        return found


class VttDocument(CueDocument):
    """WebVTT: the same with a head, entities, and blocks of notes and styles, which have no times."""

    _ends_with_blank_line = True
    _decode = staticmethod(html.unescape)
    _encode = staticmethod(partial(html.escape, quote=False))

    def find(self, text: str) -> Iterator[Span | Problem]:
        """Implements `SpanDocument.find`."""
        if not text.startswith("WEBVTT"):
            raise DocumentError(self.name, "does not begin with WEBVTT")
        if _TIMES.search(text.replace("\r", "\n")) or "-->" in text:
            yield from super().find(text)


class AssDocument(_SubtitleDocument):
    r"""ASS: the last field of each Dialogue line; \N and {…} are codes, drawings stay."""

    kept_inside = "styles"
    kept_outside = "head, styles and names"
    _called = "line"

    def kept_regions(self) -> Iterator[tuple[int, int, str]]:
        """Implements `SpanDocument.kept_regions`."""
        for match in re.finditer(r"^(?:Comment:|;)[^\r\n]*", self._text, re.MULTILINE):
            yield *match.span(), "comments"

    def find(self, text: str) -> Iterator[Span | Problem]:
        """Implements `SpanDocument.find`."""
        fields = _ASS_TEXT_FIELDS
        number, events = 0, False
        cues: list[tuple[Cue, list[Span]]] = []
        for line in _LINES.finditer(text):
            content = line[1]
            if content.strip().lower() == "[events]":
                events = True
            elif content.lstrip().startswith("["):
                events = events and not content.rstrip().endswith("]")
            elif events and content.lower().startswith("format:"):
                fields = content.count(",") + 1
            elif events and content.lower().startswith("dialogue:"):
                number += 1
                cue = _dialogue(line, number, fields)
                if isinstance(cue, Problem):
                    yield cue
                elif span := self._span(text, cue):
                    cues.append((cue, [span]))
            if line.end() == len(text):
                break
        if not number and "[events]" not in text.lower():
            raise DocumentError(self.name, "has no [Events]; is this an ASS file?")
        yield from self._sentences(text, cues)

    def _span(self, text: str, cue: Cue) -> Span | None:
        place = f"line {cue.number}" + (f", {cue.begin}" if cue.begin else "")
        unit = Unit(f"dialogue {cue.number}", place, "")
        layout = partial(_layout, line_end=r"\N")
        span = make_span(text, (cue.start, cue.end), unit, _ASS_MARKUP, _ass_tag, layout=layout)
        return span and join_lines(span)


def _dialogue(line: re.Match[str], number: int, fields: int) -> Cue | Problem:
    """An event of ASS: its times, where its text stands, and all else that it says as its look."""
    parts = line[1].partition(":")[2].split(",", fields - 1)
    if len(parts) < fields:
        reason = f"has {len(parts)} fields instead of {fields}"
        return Problem(f"dialogue {number}", f"line {number}", reason)
    start = line.end(1) - len(parts[-1])
    begin, finish = (parts[1].strip(), parts[2].strip()) if len(parts) > 3 else ("", "")
    return Cue(number, begin, finish, start, line.end(1), look=",".join((parts[0], *parts[3:-1])))


def _layout(target: str, line_end: str) -> str:
    """A target in as few lines as LINE_CHARS allows, about equally long, parted at blanks."""
    words = target.split(" ")
    sizes = [len(CODE.sub("", word)) for word in words]
    n_lines = -(-(sum(sizes) + len(words) - 1) // LINE_CHARS)
    lines: list[str] = []
    wanted = (sum(sizes) + len(words) - 1) / max(1, n_lines)
    line, size = "", 0
    for word, length in zip(words, sizes, strict=True):
        longer = size + length + 1
        full = longer > LINE_CHARS or (size >= wanted / 2 and longer - wanted > wanted - size)
        if line and full and len(lines) + 1 < max(n_lines, 1) + (longer > LINE_CHARS):
            lines.append(line)
            line, size = word, length
        else:
            line, size = (f"{line} {word}", longer) if line else (word, length)
    lines.append(line)
    return (" " if any(map(_TIMES.match, lines[1:])) else line_end).join(lines)


def _tag(raw: str) -> Tag | str:
    if raw[0] in "\r\n":
        return LINE_BREAK
    if raw[0] != "<" or raw[1].isdigit():
        return Tag("point", "", "mark")
    name = _NAME.match(raw)
    kind: CodeKind = "close" if raw[1] == "/" else "open"
    called = name[1] if name else ""
    return Tag(kind, called, "voice" if called == "v" else "style", format_only=called not in _TELLING)


def _ass_tag(raw: str) -> Tag | str:
    if raw in (r"\N", r"\n"):
        return LINE_BREAK
    return " " if raw == r"\h" else Tag("point", "", "style")
