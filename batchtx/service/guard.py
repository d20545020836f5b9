"""What stands before every request: names of hosts, sizes and times of bodies, headers, counts, the log."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchtx.errors import StoreError
from batchtx.service.gate import Gate
from batchtx.service.limits import Limits
from batchtx.service.metrics import Metrics
from batchtx.service.refusal import BODY, TOO_LARGE, Refusal, refused

logger = logging.getLogger("batchtx.service")

SLOWEST_BYTES_PER_S = 16_000
"""A body may take the time of the limits, and longer as long as it comes faster than this."""

_PASSED_OVER_BYTES, _PASSED_OVER_S = 16 * 1024 * 1024, 3.0
_TELL_FIRST = "tell the key of a large one in a header (Authorization: Bearer KEY)"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}


class Guard:
    """Lets only decent requests through to the app; plain ASGI, so that answers stream."""

    def __init__(self, app: ASGIApp, gate: Gate, limits: Limits, metrics: Metrics) -> None:
        self._app, self._gate, self._limits, self._metrics = app, gate, limits, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.monotonic()
        answer = _Answer(send)
        body = GuardedBody(receive, self._limits, scope)
        try:
            headers = Headers(scope=scope)
            self._gate.check_host(headers)
            self._gate.check_origin(headers)
            body.check_length(headers)
            scope[BODY] = body
            await self._app(scope, body.receive, answer.send)
        except Refusal as refusal:
            await self._refuse(scope, answer, body, refusal)
        except StoreError as error:
            logger.error("%s %s: %s", scope["method"], _route(scope), error)
            await answer.refuse(
                scope, receive, Refusal(500, "The memory fails; the log of the service says why")
            )
        except Exception as error:
            logger.error("%s %s: %s", scope["method"], _route(scope), _kind(error))
            await answer.refuse(
                scope, receive, Refusal(500, "Internal error; the log of the service has its kind")
            )
        finally:
            self._metrics.count(scope["method"], _route(scope), answer.status, time.monotonic() - started)

    async def _refuse(self, scope: Scope, answer: _Answer, body: GuardedBody, refusal: Refusal) -> None:
        if refusal.status == TOO_LARGE:
            await body.pass_over()
        await answer.refuse(scope, body.receive, refusal)


class _Answer:
    """Sends an answer with the headers that every answer has."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def refuse(self, scope: Scope, receive: Receive, refusal: Refusal) -> None:
        """Answers with a refusal, unless an answer has begun."""
        if not self.status:
            await refused(scope["path"], refusal)(scope, receive, self.send)


class GuardedBody:
    """A body that may only be so large and so slow; what is too much is never read."""

    def __init__(self, receive: Receive, limits: Limits, scope: Scope) -> None:
        self._receive, self._limits = receive, limits
        self._most = limits.upload_bytes if _takes_files(scope["path"]) else limits.body_bytes
        self._hint = "the limits of the service say so"
        self._started = 0.0
        self._n_bytes = 0
        self._ended = False

    def check_length(self, headers: Headers) -> None:
        """Raises Refusal when the body says itself that it is too large."""
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > self._most:
            raise self._too_large()

    def of_a_stranger(self, headers: Headers) -> None:
        """Lets no large body in, as nobody knows yet whose it is.

        Raises:
            Refusal: it says itself that it is larger.
        """
        if self._limits.body_bytes < self._most:
            self._most, self._hint = self._limits.body_bytes, _TELL_FIRST
            self.check_length(headers)

    async def receive(self) -> Message:
        """Returns the next piece.

        Raises:
            Refusal: the body is too large, or comes too slowly.
        """
        if self._ended:  # what comes now is that the client leaves
            return await self._receive()
        self._started = self._started or time.monotonic()
        allowed_s = self._limits.body_s + self._n_bytes / SLOWEST_BYTES_PER_S
        try:
            async with asyncio.timeout(self._started + allowed_s - time.monotonic()):
                message = await self._receive()
        except TimeoutError:
            raise Refusal(408, "The body came too slowly") from None
        self._n_bytes += len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        if self._n_bytes > self._most:
            raise self._too_large()
        return message

    async def pass_over(self) -> None:
        """Reads on where not much is left: a client that is cut off while it sends reads no answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PASSED_OVER_S):
                while not self._ended and self._n_bytes < self._most + _PASSED_OVER_BYTES:
                    message = await self._receive()
                    self._n_bytes += len(message.get("body", b""))
                    self._ended = not message.get("more_body", False)

    def _too_large(self) -> Refusal:
        return Refusal(TOO_LARGE, f"The body is larger than {self._most} bytes; {self._hint}")


_WITH_FILES = ("/documents", "/translate_file", "/v2/document", "/speech")


def _takes_files(path: str) -> bool:
    return path.startswith(_WITH_FILES)


def _route(scope: Scope) -> str:
    """The path as the table of routes has it, without what a client has put there."""
    route = scope.get("route")
    return getattr(route, "path", "") or "other"


def _kind(error: Exception) -> str:
    """The kind and place of an error; its message may hold a client's text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""
    return f"{type(error).__name__}{place}"
