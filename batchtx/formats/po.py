"""PO catalogs: entries without a translation are filled; all others, comments and order stay.

The source of a unit is its msgid, its place is the msgstr. Codes and placeholders of a msgid must stand in
the msgstr, since a program would fail without them: where one does not, the entry is marked as fuzzy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from batchtx.errors import DocumentError
from batchtx.formats.catalog_document import CatalogDocument
from batchtx.formats.catalogs import CatalogOptions
from batchtx.formats.po_entries import CatalogEntry, Reader, Text, encode, with_fuzzy
from batchtx.formats.source import Source
from batchtx.formats.span_document import SpanDocument
from batchtx.formats.spans import Span, Tag, make_span
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import CodeKind, Problem, Unit
from batchtx.text.inline_codes import CODE, code_index
from batchtx.text.literals import literal_spans

_CHARSET = re.compile(rb"Content-Type:[^\"\r\n]*?charset=([\w.:-]+)", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"(\"Content-Type:[^\"\r\n]*?charset=)([\w.:-]+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"(\"Language:)[ \t]*([\w@.-]*)((?:\\n)?\")")
_MIME = re.compile(r"(\"(?:MIME-Version|Content-Type):[^\r\n]*(\r\n|\r|\n))")
_HEADER = re.compile(
    r"""^[ \t]*msgid[ \t]+""[ \t]*(?:\r\n|\r|\n)[ \t]*msgstr[ \t]+(?:"(?:[^"\\\r\n]|\\.)*"\s*+)+""",
    re.MULTILINE,
)
_PLURALS = re.compile(r"(\"Plural-Forms:)[ \t]*nplurals=INTEGER;[ \t]*plural=EXPRESSION;?((?:\\n)?\")")
_PRINTF = (
    r"%(?:\d+\$)?[-+ #0']*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|q|L|j|z|t|I64)?[diouxXeEfFgGaAcsCSpnm@]"
)
_FORMATS = {
    "c-format": _PRINTF,
    "objc-format": _PRINTF,
    "php-format": _PRINTF,
    "python-format": rf"%\(\w+\)[-+ #0]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]|{_PRINTF}",
    "python-brace-format": r"\{[^{}]*\}",
    "perl-brace-format": r"\{\w+\}",
    "csharp-format": r"\{\d+[^{}]*\}",
    "java-format": r"\{\d+[^{}]*\}",
    "qt-format": r"%L?\d{1,2}",
    "qt-plural-format": r"%L?n",
    "ruby-format": r"%[{<]\w+[}>][-+ #0]*\d*(?:\.\d+)?[diouxXeEfgGcs]?",
}
_ANY_FORMAT = (
    r"%\(\w+\)[-+ #0]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]|%\{\w+\}"
    r"|%(?:\d+\$)?[-+#0]*\d*(?:\.\d+)?l{0,2}[diuxXfgcs@](?![A-Za-z])|\$?\{[\w.:!]*\}"
    r"|(?<![\d%])%L?\d{1,2}(?![\d$])"
)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>")
_NAME = re.compile(r"</?([A-Za-z][\w-]*)")
_COMMENT = re.compile(r"^[ \t]*#[^\r\n]*", re.MULTILINE)
_FLAG = re.compile(r"[\w-]+-format")
_TWO_FORMS = "nplurals=2; plural=(n != 1);"
_PLURAL_FORMS = dict.fromkeys(("en", "de", "es", "it", "nl", "pt", "sv", "da", "fi", "el"), _TWO_FORMS) | {
    "fr": "nplurals=2; plural=(n > 1);",
    "zh": "nplurals=1; plural=0;",
    "ja": "nplurals=1; plural=0;",
    "ko": "nplurals=1; plural=0;",
    "vi": "nplurals=1; plural=0;",
}


def open_document(source: Source, options: CatalogOptions, pair: LanguagePair) -> Document:
    """Returns a catalog. Raises DocumentError when it is none."""
    return PoDocument(source, options, pair)


class PoDocument(CatalogDocument):
    """One PO file, which tells its encoding in its header."""

    told_encoding = _CHARSET
    kept_inside = "comments"
    kept_outside = "translated already, or unsure"

    def __init__(
        self,
        source: Source,
        options: CatalogOptions,
        pair: LanguagePair,
        only: frozenset[str] | None = None,
    ) -> None:
        self._contents: list[tuple[object, ...]] = []
        self._patterns: list[re.Pattern[str]] = []
        super().__init__(source, options, pair, only)

    def find(self, text: str) -> Iterator[Span | Problem]:
        """Implements `SpanDocument.find`."""
        if not text.strip():
            return
        self._line_end = "\r\n" if "\r\n" in text else "\n"
        self._wrap = max(map(len, text.splitlines())) <= 80 and '""' in text
        for number, entry in enumerate(Reader(self.name, text).entries()):
            self._contents.append(entry.key)
            if not entry.is_header:
                yield from self._entry_spans(text, entry, f"entry {number}")
        if not self._contents and not text.lstrip().startswith("#"):
            raise DocumentError(self.name, "not a PO file: it has no msgid")

    def check(self, written: SpanDocument) -> None:
        """Implements `SpanDocument.check`; what the entries are must be as it was, too."""
        super().check(written)
        assert isinstance(written, PoDocument)
        if written._contents != self._contents:
            raise DocumentError(self.name, "the output lost an entry; please report this")

    def said(self) -> Sequence[str]:
        """Implements `SpanDocument.said`: a msgstr; the msgid where there is none."""
        return [text or span.unit.text for span, text in zip(self._spans, self._targets, strict=True)]

    def lost_codes(self, written: SpanDocument) -> Iterator[tuple[Span, str]]:
        """Implements `SpanDocument.lost_codes`: placeholders and tags."""
        assert isinstance(written, PoDocument)
        pairs = zip(self._spans, self._patterns, written._targets, strict=True)
        for span, pattern, target in pairs:
            source = _with_codes(span)
            lost = _needed(source, pattern) - _needed(target, pattern)
            tags = Counter(_TAG.findall(source)) - Counter(_TAG.findall(target))
            if target:
                yield from ((span, code) for code in (lost + tags).elements())

    def kept_regions(self) -> Iterator[tuple[int, int, str]]:
        """Implements `SpanDocument.kept_regions`."""
        for match in _COMMENT.finditer(self._text):
            yield *match.span(), "obsolete entries" if match[0].startswith("#~") else "comments"

    def _entry_spans(self, text: str, entry: CatalogEntry, address: str) -> Iterator[Span]:
        targets = entry.targets
        fuzzy = entry.is_fuzzy(text)
        for at, (number, target) in enumerate(targets):
            mine = address if number is None else f"{address}, form {number}"
            unsure = fuzzy and self._options.fill == "unsure"
            wanted = (not target.text or unsure) if self._only is None else mine in self._only
            if wanted:
                span = self._span(text, entry, target, mine, plural=bool(number), first=at == 0)
                if span is not None:
                    self._targets.append(target.text)
                    self._patterns.append(_placeholders(_flags(text, entry)))
                    yield span

    def _span(
        self, text: str, entry: CatalogEntry, target: Text, address: str, *, plural: bool, first: bool
    ) -> Span | None:
        source = entry.texts["msgid_plural" if plural and "msgid_plural" in entry.texts else "msgid"].text
        context = entry.key[0]
        place = f"line {entry.line}" + (f", {context}" if context else "")
        pattern = _placeholders(_flags(text, entry))
        markup = re.compile(f"{_TAG.pattern}|{pattern.pattern}")
        tagger = partial(_tag, literals={source[start:end] for start, end in literal_spans(source)})
        span = make_span(source, (0, len(source)), Unit(address, place, ""), markup, tagger)
        if span is None:
            return None
        start = min([entry.start, *(begin for begin, _ in entry.flags)]) if first else target.start
        while first and start and text[start - 1] in " \t":
            start -= 1
        finish = partial(
            self._written,
            edges=(source[: span.start], source[span.end :]),
            before=text[start : target.start],
            wanted=_needed(source, pattern),
            pattern=pattern,
        )
        bounds = (start, target.end)
        return replace(span, start=start, end=target.end, block=bounds, marks=(), places=(), finish=finish)

    def _written(
        self,
        target: str,
        edges: tuple[str, str],
        before: str,
        wanted: Counter[str],
        pattern: re.Pattern[str],
    ) -> str:
        """The lines of an entry from its flags to its msgstr."""
        whole = self._joined(edges[0], target, edges[1])
        if before:
            unsure = self._options.mark_fuzzy or _needed(whole, pattern) != wanted
            before = with_fuzzy(before, fuzzy=unsure, line_end=self._line_end)
        return before + encode(whole, self._line_end, wrap=self._wrap)

    def _joined(self, before: str, target: str, after: str) -> str:
        """A target between what stood around it, with blanks where the language has them: 进度：%1."""
        if self._pair.spaced and before[-1:].isalnum() and target[:1].isalnum():
            before += " "
        if (
            self._pair.spaced
            and after[:1] in ("%", "{", "$")
            and (target[-1:].isalnum() or target[-1:] in ":,;")
        ):
            target += " "
        return before + target + after

    def _finished(self, text: str) -> str:
        told = _HEADER.sub(lambda match: _with_language(match[0], self._pair), text, count=1)
        return self._in_utf8(told)

    def _in_utf8(self, text: str) -> str:
        return _HEADER.sub(lambda match: _HEADER_CHARSET.sub(r"\g<1>UTF-8", match[0]), text, count=1)


def _with_language(text: str, pair: LanguagePair) -> str:
    """The header tells the language of the translations, and their forms where it told none."""

    def told(match: re.Match[str]) -> str:
        same = match[2].partition("_")[0].partition("-")[0].lower() == pair.target
        return f"{match[1]} {match[2] if same else pair.target}{match[3]}"

    forms = _PLURAL_FORMS.get(pair.target)
    if forms:
        text = _PLURALS.sub(lambda match: f"{match[1]} {forms}{match[2]}", text, count=1)
    if _LANGUAGE.search(text):
        return _LANGUAGE.sub(told, text, count=1)
    return _MIME.sub(rf'"Language: {pair.target}\\n"\2\1', text, count=1)


def _placeholders(flags: str) -> re.Pattern[str]:
    """What fills a text in a program, by the flags of an entry: any kind where they tell none."""
    named = [_FORMATS[flag] for flag in _FLAG.findall(flags) if flag in _FORMATS]
    return re.compile("|".join(f"(?:{one})" for one in (*named, _ANY_FORMAT)))


def _flags(text: str, entry: CatalogEntry) -> str:
    return " ".join(text[start:end] for start, end in entry.flags)


def _with_codes(span: Span) -> str:
    """A source as it stands in the file."""
    return CODE.sub(lambda match: span.originals[code_index(match[0]) or 0], span.unit.text)


def _needed(text: str, pattern: re.Pattern[str]) -> Counter[str]:
    """The placeholders of a text; a doubled sign is none."""
    return Counter(pattern.findall(text.replace("%%", "")))


def _tag(raw: str, literals: set[str]) -> Tag | str:
    """What no model would change stays text; it helps the model to see it."""
    if raw[0] != "<":
        return raw if raw in literals else Tag("point", "", "placeholder")
    name = _NAME.match(raw)
    if raw.endswith("/>") or name is None or name[1].lower() in ("br", "hr", "img"):
        return Tag("point", "", name[1] if name else "tag")
    kind: CodeKind = "close" if raw[1] == "/" else "open"
    return Tag(kind, name[1].lower(), name[1])
