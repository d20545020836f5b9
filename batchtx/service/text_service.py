"""Texts of requests, translated as documents are: glossary, rules, steps, checks, memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anyio.to_thread import run_sync

from batchtx.errors import DocumentError, GlossaryError
from batchtx.glossary.matcher import Matcher
from batchtx.language.codes import base_language
from batchtx.language.pair import LanguagePair
from batchtx.pipeline.setup import Ready
from batchtx.pipeline.texts import TranslatedUnit, UnitGroup
from batchtx.service.glossaries import GlossaryChoice, GlossaryShelf
from batchtx.service.limits import Limits
from batchtx.service.markup import Fragment, Markup, read_markup
from batchtx.service.refusal import Refusal
from batchtx.service.text_queue import TextQueue

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """A text, its translation, and what is known of each of its units."""

    source: str
    target: str
    units: tuple[TranslatedUnit, ...]
    is_markup: bool


@dataclass(frozen=True, slots=True)
class Direction:
    """What a request says of languages: whether the source is to be detected, and is the target's own."""

    detects: bool
    same: bool


class TextService:
    """Translates the texts of requests."""

    def __init__(self, ready: Ready, queue: TextQueue, shelf: GlossaryShelf, limits: Limits) -> None:
        self._pair: LanguagePair = ready.pair
        self._queue, self._shelf, self._limits = queue, shelf, limits

    def direction(self, source: str, target: str) -> Direction:
        """Reads the codes of the languages of a request; "" and "auto" are as the model has it.

        Raises:
            Refusal: the model does not know one of them.
        """
        first, last = base_language(self._pair.source), base_language(self._pair.target)
        detects = source.lower() in ("", AUTO)
        given = first if detects else base_language(source)
        wanted = base_language(target) if target else last
        for code, found in ((source, given), (target, wanted)):
            if found not in (first, last):
                raise Refusal(400, f"{_shown(code)} is not supported")
        if (given, wanted) == (first, last):
            return Direction(detects, same=False)
        if given == wanted and not detects:
            return Direction(detects, same=True)
        raise Refusal(400, f"{_shown(target)} is not available as a target language from {_shown(source)}")

    async def translate(
        self,
        texts: Sequence[str],
        direction: Direction,
        choice: GlossaryChoice,
        *,
        markup: Markup = "",
    ) -> list[TextAnswer]:
        """Returns an answer for each text, in order.

        Raises:
            Refusal: there is too much of it, too many wait, or a choice makes no sense.
            BatchtxError: the model or the memory fail.
        """
        self._check_size(texts)
        if direction.same:
            return [TextAnswer(text, text, (), bool(markup)) for text in texts]
        matcher = await self._matcher(choice)
        fragments = await run_sync(self._fragments, texts, markup) if markup else []
        groups = (
            [UnitGroup(fragment.units, matcher) for fragment in fragments]
            if markup
            else [UnitGroup.of_texts([text], matcher) for text in texts]
        )
        found = await self._queue.translate(groups)
        targets = (
            await run_sync(_written, fragments, found) if markup else [units[0].target for units in found]
        )
        return [
            TextAnswer(text, target, tuple(units), bool(markup))
            for text, target, units in zip(texts, targets, found, strict=True)
        ]

    async def _matcher(self, choice: GlossaryChoice) -> Matcher | None:
        if not choice.pasted and not (self._shelf.names if choice.names is None else choice.names):
            return None
        try:
            return (await run_sync(self._shelf.find, choice)).matcher
        except GlossaryError as error:
            raise Refusal(400, f"Invalid request: {error}") from None

    def _check_size(self, texts: Sequence[str]) -> None:
        n_chars = sum(map(len, texts))
        if n_chars > self._limits.text_chars:
            most = self._limits.text_chars
            raise Refusal(400, f"Invalid request: request ({n_chars}) exceeds text limit ({most})")
        if len(texts) > self._limits.texts:
            most = self._limits.texts
            raise Refusal(400, f"Invalid request: request ({len(texts)}) exceeds batch limit ({most})")

    def _fragments(self, texts: Sequence[str], markup: Markup) -> list[Fragment]:
        try:
            return [read_markup(text, markup, self._pair) for text in texts]
        except DocumentError as error:
            raise Refusal(400, f"Invalid request: the markup cannot be read: {error.reason}") from None


def _written(fragments: Sequence[Fragment], found: Sequence[Sequence[TranslatedUnit]]) -> list[str]:
    return [
        fragment.written([unit.target for unit in units])
        for fragment, units in zip(fragments, found, strict=True)
    ]


def _shown(code: str) -> str:
    """A code as it may stand in an answer, whatever a client has sent."""
    return code if code.isprintable() and len(code) <= 20 else "This language"
