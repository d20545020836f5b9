"""A connection whose request does not come is closed: uvicorn would wait for its head for ever."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol


def head_timeout(seconds: float) -> type[H11Protocol]:
    """Returns a protocol that waits so long for the head of a request."""
    return type("HeadTimeoutProtocol", (HeadTimeoutProtocol,), {"head_s": seconds})


class HeadTimeoutProtocol(H11Protocol):
    """uvicorn's protocol, with a time for the head of each request."""

    head_s: ClassVar[float] = 20.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait."""
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(self.head_s, self._check_head)

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no more."""
        self._head_timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Takes bytes; the time for a head begins again with each request."""
        super().data_received(data)
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._head_timer.cancel()
        elif self._head_timer.cancelled():
            self._head_timer = self.loop.call_later(self.head_s, self._check_head)

    def _check_head(self) -> None:
        cycle: Any = self.cycle
        if (cycle is None or cycle.response_complete) and not self.transport.is_closing():
            self.transport.close()
