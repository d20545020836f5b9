"""Says messages in the language of the user (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), from gettext catalogues.

Errors, notes and flags are finished English texts where they arise, and stay so in memories, JSON and
logs. Only what is shown to a person is put into another language, here: the message is found that the text
was made from ("{path}: no such file or folder"), its values are put into the translation of that. A library
call says everything in English; the command line calls `use_language`. See docs/adr/0009.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

DOMAIN = "batchtx"
LOCALE = Path(__file__).parent / "locale"

_VALUE = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r" (\d+)(?= \(|$)")
_LEAST_LETTERS = 7
"""A message with fewer letters of its own fits anything."""

_MAY_BE_MESSAGES = frozenset(
    (
        *(
            "error",
            "fault",
            "hint",
            "line",
            "message",
            "note",
            "pace",
            "problem",
            "reason",
            "states",
            "strerror",
        ),
        *("taken", "there", "trouble", "wanted", "what", "why", "why_dead", "way_out"),
    )
)
"""Values that may be messages themselves; others are names, texts and figures of the user."""


@dataclass(frozen=True, slots=True)
class _Template:
    """A message with values: how texts that were made from it look, and what it is in the other language."""

    literal: str
    weight: int
    pattern: re.Pattern[str]
    said: str


class Catalogue:
    """The messages of one language."""

    def __init__(self, language: str, said: Mapping[str, str]) -> None:
        self.language = language
        self._said = {key: text for key, text in said.items() if key and text}
        made = (_template(key, text) for key, text in self._said.items() if "\x04" not in key)
        found = [one for one in made if one is not None]
        self._templates = sorted(found, key=lambda one: -one.weight)

    @staticmethod
    def read(path: Path) -> Catalogue:
        """Returns the compiled catalogue in a file (…/zh_CN/LC_MESSAGES/batchtx.mo)."""
        with path.open("rb") as file:
            catalogue: dict[str, str] = vars(gettext.GNUTranslations(file))["_catalog"]
        return Catalogue(path.parts[-3], catalogue)

    def find(self, text: str, context: str = "") -> str | None:
        """Returns the text in this language; None when nobody translated it."""
        key = f"{context}\x04{text}" if context else text
        if key in self._said or context:
            return self._said.get(key)
        return self._made(text) or self._after_a_name(text)

    def words(self, context: str) -> Iterator[tuple[str, str]]:
        """Yields the words of a context with what they are called."""
        for key, said in self._said.items():
            name, mark, word = key.partition("\x04")
            if mark and name == context:
                yield word, said

    def _made(self, text: str) -> str | None:
        for one in self._templates:
            if one.literal in text and (match := one.pattern.fullmatch(text)):
                values = {name: self._value(name, value) for name, value in match.groupdict().items()}
                return one.said.format(**values)
        return None

    def _value(self, name: str, value: str) -> str:
        message = name.rstrip("0123456789") in _MAY_BE_MESSAGES
        return (self.find(value) if message else None) or value

    def _after_a_name(self, text: str) -> str | None:
        """A message behind what it is about: "a.docx, table 2: no such place"."""
        for place in re.finditer(": ", text):
            name, rest = text[: place.end()], text[place.end() :]
            found = self._said.get(rest) or self._made(rest)
            if found is not None:
                return name + found
        return None


def _template(key: str, said: str) -> _Template | None:
    """How texts of a message with values look; None for one without, or that would fit anything."""
    pieces = _VALUE.split(key)
    literals = [piece.replace("{{", "{").replace("}}", "}") for piece in pieces[::2]]
    weight = sum(char.isalpha() for piece in literals for char in piece)
    if len(pieces) == 1 or weight < _LEAST_LETTERS:
        return None
    parts = [
        f"(?P<{piece}>.*?)" if number % 2 else re.escape(literals[number // 2])
        for number, piece in enumerate(pieces)
    ]
    return _Template(max(literals, key=len), weight, re.compile("".join(parts), re.DOTALL), said)


_now: list[Catalogue] = []
"""The catalogue in use; none: English."""


def use_language() -> None:
    """Takes the language of the environment for what is told from now on, by click too."""
    path = gettext.find(DOMAIN, str(LOCALE))
    _now[:] = [Catalogue.read(Path(path))] if path is not None else []
    told.cache_clear()
    if path is not None:
        gettext.bindtextdomain(DOMAIN, str(LOCALE))
        gettext.textdomain(DOMAIN)


def language() -> str:
    """Returns the language of messages as HTML names it."""
    return _now[0].language.replace("_", "-") if _now else "en"


@lru_cache(maxsize=4096)
def told(text: str, context: str = "") -> str:
    """Returns a message in the language of the user; as it is where nobody translated it."""
    return (_now[0].find(text, context) if _now else None) or text


def told_place(place: str) -> str:
    """Returns a place ("table 2, row 3, cell 1") in the language of the user."""
    return ", ".join(map(_told_piece, place.split(", "))) if _now else place


def _told_piece(piece: str) -> str:
    number = _NUMBER.search(piece)
    if number is None:
        return told(piece, context="place")
    words = f"{piece[: number.start()]} {{n}}"
    return told(words, context="place").replace("{n}", number[1]) + piece[number.end() :]


@cache
def known_as(context: str) -> Mapping[str, str]:
    """Returns what the words of a context are called in every language that there is, in lower case."""
    return dict(_known_as(context))


def _known_as(context: str) -> Iterator[tuple[str, str]]:
    for path in sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")):
        for key, said in Catalogue.read(path).words(context):
            yield said.lower(), key
