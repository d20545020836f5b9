"""Refusals: what a client did wrong or has to wait for, as an answer in the form that its program reads."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

BODY = "batchtx.body"
"""Where the guarded body of a request stands in its scope."""

TOO_LARGE = 413
_SHAPES = (("/v2/", "message"), ("/kiss", "message"), ("/imme", "message"))
"""How programs look for the reason; all others as LibreTranslate tells it."""


class Refusal(Exception):
    """A request that is not answered as it hoped.

    Args:
        status: of HTTP.
        message: what is wrong and what to do about it; none of the client's text.
        retry_after_s: when to come back.
    """

    def __init__(self, status: int, message: str, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.retry_after_s = status, message, retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        """Further headers of the answer."""
        headers = {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}
        return headers | ({"Connection": "close"} if self.status in (408, TOO_LARGE) else {})


def refused(path: str, refusal: Refusal) -> Response:
    """Returns the answer to a request for `path`."""
    word = next((word for start, word in _SHAPES if path.startswith(start)), "error")
    return JSONResponse({word: refusal.message}, refusal.status, headers=refusal.headers)


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answers a refusal; for Starlette's table of handlers."""
    assert isinstance(error, Refusal)
    if error.status == TOO_LARGE:
        await request.scope[BODY].pass_over()
    return refused(request.url.path, error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answers what Starlette refuses itself: no such path, another method."""
    status: int = getattr(error, "status_code", 500)
    headers: Any = getattr(error, "headers", None) or {}
    messages = {404: "Not found", 405: "Method not allowed"}
    refusal = Refusal(status, messages.get(status, "Bad request"))
    response = refused(request.url.path, refusal)
    response.headers.update(headers)
    return response


async def on_fault(request: Request, error: Exception) -> Response:
    """Answers when the service itself is at fault; the log has the kind of error, not the text."""
    return refused(request.url.path, Refusal(500, "Internal error; the log of the service tells its kind"))
