"""Texts of many clients wait together, and go to the one worker in one call."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from batchtx.errors import BatchtxError
from batchtx.memory.store import Store
from batchtx.pipeline.setup import Ready
from batchtx.pipeline.texts import TextTranslator, TranslatedUnit, UnitGroup
from batchtx.service.refusal import Refusal
from batchtx.service.settings import ServiceSettings

logger = logging.getLogger(__name__)

_MOST_CHARS = 4_000
"""A call takes so many characters of those that wait. A request with more has a call of its own, between
whose batches the others have their turn."""

_LONGEST_LINGER_S = 0.004
_LINGER_SHARE = 0.1
"""Of the time that the last call took, the worker waits for as many clients as that one had."""

_CLOSING = "The service is going down"

Translated = list[list[TranslatedUnit]]


@dataclass(slots=True)
class _Waiting:
    groups: Sequence[UnitGroup]
    n_chars: int
    done: Future[Translated] = field(default_factory=Future)


class TextQueue:
    """Translates texts in one thread, which holds the model; safe to ask from any thread.

    Each group is translated as it would be alone: what waits beside it changes nothing but the time.
    """

    def __init__(self, settings: ServiceSettings, ready: Ready) -> None:
        self._settings, self._ready = settings, ready
        self._waiting: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="texts", daemon=True)
        self.failure: BatchtxError | None = None
        """Why the model could not be loaded."""

        self.on_failure: Callable[[], None] = lambda: None
        """Is called then."""

        self._long = False
        self.is_warm = False
        self.n_calls = 0
        self.n_groups = 0

    def start(self) -> None:
        """Begins to load the model."""
        self._thread.start()

    @property
    def length(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    async def translate(self, groups: Sequence[UnitGroup]) -> Translated:
        """Returns the translated units of each group.

        Raises:
            Refusal: too many wait, or it took too long.
            BatchtxError: the model or the memory fail.
        """
        limits = self._settings.limits
        one = _Waiting(groups, sum(len(unit.text) for group in groups for unit in group.units))
        with self._changed:
            if self._closed or self.failure is not None:
                raise Refusal(503, _CLOSING, 5)
            if len(self._waiting) >= limits.waiting:
                raise Refusal(429, "Too many requests wait; come back in a moment", 1)
            self._waiting.append(one)
            self._changed.notify()
        try:
            async with asyncio.timeout(limits.request_s):
                return await asyncio.wrap_future(one.done)
        except TimeoutError:
            raise Refusal(503, f"Not translated within {limits.request_s:g} seconds", 5) from None

    def close(self) -> None:
        """Lets the call in hand come to its end, and refuses what waits."""
        with self._changed:
            self._closed = True
            self._refuse_all()
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            with Store(self._settings.memory) as store:
                self._translator = TextTranslator(self._ready, store, between=self._let_others_pass)
                self._translator.warm()
                self.is_warm = True
                self._serve()
        except BatchtxError as error:
            logger.error("the model cannot be used: %s", error)
            self.failure = error
            with self._changed:
                self._refuse_all()
            self.on_failure()

    def _refuse_all(self) -> None:
        for one in self._waiting:
            if one.done.set_running_or_notify_cancel():
                one.done.set_exception(Refusal(503, _CLOSING, 5))
        self._waiting.clear()

    def _serve(self) -> None:
        n_last, last_s = 0, 0.0
        while True:
            batch = self._next_batch(n_last, min(_LONGEST_LINGER_S, last_s * _LINGER_SHARE))
            if batch is None:
                return
            started = time.monotonic()
            self._translate(batch)
            n_last, last_s = len(batch), time.monotonic() - started

    def _next_batch(self, n_expected: int, linger_s: float) -> list[_Waiting] | None:
        """What waits, as much as one call takes; None at the end."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if n_expected > 1:
                self._changed.wait_for(lambda: self._closed or len(self._waiting) >= n_expected, linger_s)
            return None if self._closed else self._taken()

    def _taken(self) -> list[_Waiting]:
        """Takes from the front of the queue what one call takes."""
        batch: list[_Waiting] = []
        n_chars = 0
        while self._waiting and (not batch or n_chars + self._waiting[0].n_chars <= _MOST_CHARS):
            batch.append(self._waiting.popleft())
            n_chars += batch[-1].n_chars
        return [one for one in batch if one.done.set_running_or_notify_cancel()]

    def _let_others_pass(self) -> None:
        """Between two batches of a long request: translates the short ones that have come since."""
        if not self._long:
            return
        with self._changed:
            n_short = next(
                (n for n, one in enumerate(self._waiting) if one.n_chars > _MOST_CHARS), len(self._waiting)
            )
            batch = self._taken() if n_short and not self._closed else []
        if batch:
            self._translate(batch)

    def _translate(self, batch: Sequence[_Waiting]) -> None:
        self.n_calls += 1
        self.n_groups += sum(len(one.groups) for one in batch)
        was_long, self._long = self._long, len(batch) == 1 and batch[0].n_chars > _MOST_CHARS
        try:
            groups = [group for one in batch for group in one.groups]
            found = iter(self._translator.translate_groups(groups))
        except Exception as error:
            if len(batch) == 1:
                batch[0].done.set_exception(error)
                return
            for one in batch:  # who is to blame must not spoil it for others
                self._translate([one])
            return
        finally:
            self._long = was_long
        for one in batch:
            one.done.set_result([next(found) for _ in one.groups])
