"""The entries of a PO file, each with the places of its parts: gettext's own grammar, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from batchtx.errors import DocumentError

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_KEYWORD = re.compile(r"[ \t]*(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?|domain)(?=[ \t\"])")
_STRINGS = re.compile(r'[ \t]*(?:"(?:[^"\\]|\\.)*"[ \t]*)+')
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_TO_ESCAPE = re.compile(r'[\\"\n\t\r\a\b\f\v]')
_ESCAPES = {char: f"\\{letter}" for letter, char in _PLAIN.items()} | {"\\": r"\\", '"': r"\""}
_FUZZY = re.compile(r",[ \t]*fuzzy\b")
_PIECE = re.compile(r"(?:[^\n]*\n|[^\n]+)")
_WORD = re.compile(r"\S*\s*")
_WRAP_CHARS = 76


@dataclass(frozen=True, slots=True)
class Text:
    """A string of an entry: its text, and where it stands, from the first quotation mark to the last."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class CatalogEntry:
    """One entry: where it begins (`flags`: its lines with flags, `start`: its first keyword), its texts by
    keyword, and the line of its msgid."""

    line: int = 0
    start: int = -1
    flags: list[tuple[int, int]] = field(default_factory=list)
    texts: dict[str, Text] = field(default_factory=dict)

    @property
    def targets(self) -> list[tuple[int | None, Text]]:
        """(number of the plural form, text) of each msgstr."""
        return [
            (int(key[7:-1]) if key != "msgstr" else None, text)
            for key, text in self.texts.items()
            if key.startswith("msgstr")
        ]

    @property
    def key(self) -> tuple[str | None, str, str | None]:
        """What tells it from others: context, msgid and plural."""
        texts = {key: text.text for key, text in self.texts.items()}
        return texts.get("msgctxt"), texts["msgid"], texts.get("msgid_plural")

    @property
    def is_header(self) -> bool:
        """Whether it holds what the file says of itself."""
        return self.key == (None, "", None)

    def is_fuzzy(self, text: str) -> bool:
        """Returns whether its flags say that the translation is unsure."""
        return any(_FUZZY.search(text, *bounds) for bounds in self.flags)


class Reader:
    """Reads entries in order. Raises DocumentError at what is no PO, with the line."""

    def __init__(self, document: str, text: str) -> None:
        self._document, self._text = document, text
        self._entry = CatalogEntry()
        self._open: tuple[str, str, int, int] | None = None

    def entries(self) -> Iterator[CatalogEntry]:
        """Yields the entries in order; obsolete ones are passed over."""
        for number, line in enumerate(_LINE.finditer(self._text), 1):
            content = line[1]
            keyword = _KEYWORD.match(content)
            if content.lstrip().startswith("#"):
                yield from self._comment(content, line)
            elif keyword:
                yield from self._begin(keyword[1], number, line.start() + keyword.start(1))
                self._add(line, keyword.end(), number)
            elif content.strip():
                self._add(line, 0, number)
            if line.end() == len(self._text):
                break
        yield from self._finish(number)

    def _comment(self, content: str, line: re.Match[str]) -> Iterator[CatalogEntry]:
        if self._open is not None:
            yield from self._finish(0)
        bare = content.lstrip()
        if bare.startswith("#~"):
            self._entry = CatalogEntry()
        elif bare.startswith("#,"):
            self._entry.flags.append(line.span(1))

    def _begin(self, key: str, number: int, start: int) -> Iterator[CatalogEntry]:
        have = self._entry.texts.keys() | ({self._open[0]} if self._open else set())
        if key == "domain" or key == "msgctxt" or (key == "msgid" and have - {"msgctxt"}):
            if have:
                yield from self._finish(number)
        elif key in have:
            raise self._error(number, f"{key} stands twice in one entry")
        elif key != "msgid" and "msgid" not in have:
            raise self._error(number, f"{key} without a msgid before it")
        self._close()
        if self._entry.start < 0:
            self._entry.start = start
        if key == "msgid":
            self._entry.line = number
        self._open = (key, "", -1, -1)

    def _add(self, line: re.Match[str], at: int, number: int) -> None:
        """Strings of a line, behind its keyword."""
        if self._open is None or _STRINGS.fullmatch(line[1], at) is None:
            raise self._error(number, "neither a keyword nor a string in quotation marks")
        key, text, start, end = self._open
        for string in _STRING.finditer(line[1], at):
            start = line.start() + string.start() if start < 0 else start
            end = line.start() + string.end()
            text += string[1]
        self._open = (key, text, start, end)

    def _close(self) -> None:
        if self._open is not None:
            key, text, start, end = self._open
            if key != "domain":
                self._entry.texts[key] = Text(decode(text), start, end)
            self._open = None

    def _finish(self, number: int) -> Iterator[CatalogEntry]:
        self._close()
        entry, self._entry = self._entry, CatalogEntry()
        if "msgid" in entry.texts:
            if not entry.targets:
                raise self._error(entry.line, "the entry has no msgstr")
            yield entry
        elif entry.texts:
            raise self._error(number, "the entry has no msgid")

    def _error(self, line: int, message: str) -> DocumentError:
        return DocumentError(self._document, f"not a PO file: {message}", f"line {line}")


def decode(raw: str) -> str:
    """Returns the text that a string stands for."""

    def plain(match: re.Match[str]) -> str:
        if match[1] or match[2]:
            return chr(int(match[1], 16) if match[1] else int(match[2], 8))
        return _PLAIN.get(match[3], match[3])

    return _ESCAPE.sub(plain, raw)


def encode(text: str, line_end: str, *, wrap: bool) -> str:
    """Returns a text as strings: one, or one for each line below an empty one, as gettext writes them."""
    pieces = [_escaped(piece) for piece in _PIECE.findall(text)]
    if wrap and any(len(piece) > _WRAP_CHARS for piece in pieces):
        pieces = [part for piece in pieces for part in _wrapped(piece)]
    if len(pieces) < 2:
        return f'"{"".join(pieces)}"'
    return line_end.join(f'"{piece}"' for piece in ("", *pieces))


def with_fuzzy(lines: str, *, fuzzy: bool, line_end: str) -> str:
    """Returns the lines before a msgid with the flag "fuzzy", or without it."""
    flags = re.search(r"^[ \t]*#,", lines, re.MULTILINE)
    if not fuzzy:
        if not re.search(r"(?m)^[ \t]*#,[^\r\n]*\bfuzzy\b", lines):
            return lines
        lines = re.sub(r"(?m)^[ \t]*#\|[^\r\n]*(?:\r\n|\r|\n)", "", lines)
        lines = re.sub(r"(?m)^([ \t]*#,)[ \t]*fuzzy[ \t]*,", r"\1", lines)
        lines = re.sub(r"(?m)^[ \t]*#,[ \t]*fuzzy[ \t]*(?:\r\n|\r|\n)", "", lines)
        return re.sub(r"(?m)^([ \t]*#,[^\r\n]*?),[ \t]*fuzzy\b", r"\1", lines)
    if flags is None:
        return f"#, fuzzy{line_end}{lines}"
    if re.search(r"(?m)^[ \t]*#,[^\r\n]*\bfuzzy\b", lines):
        return lines
    return f"{lines[: flags.end()]} fuzzy,{lines[flags.end() :]}"


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: _ESCAPES[match[0]], text)


def _wrapped(piece: str) -> Iterator[str]:
    """Lines of words; an escape at the end of a line stays with it."""
    line = ""
    for word in _WORD.findall(piece):
        if line and len(line) + len(word) > _WRAP_CHARS:
            yield line
            line = ""
        line += word
    if line:
        yield line
