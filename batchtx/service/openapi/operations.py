"""Operations of the description: what is asked, what is answered, what may be wrong."""

from __future__ import annotations

from typing import Any

from batchtx.service.openapi.schemas import Schema, ref

REASONS = {
    400: "The request makes no sense",
    403: "No key, a wrong one, or not allowed here",
    404: "Nothing of this name",
    408: "The body came too slowly",
    409: "The document is not done",
    413: "The body is too large",
    422: "There is an error in it; nothing was saved",
    429: "Too many wait; come back",
    500: "The service is at fault",
    503: "Loading, or going down",
    507: "No room on the disk",
}
_USUAL = (400, 403, 408, 413, 429, 500, 503)


def json(schema: Schema, about: str = "Done") -> dict[str, Any]:
    """Returns an answer in JSON."""
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def file(about: str) -> dict[str, Any]:
    """Returns an answer that is a file."""
    return {"description": about, "content": {"application/octet-stream": {"schema": {}}}}


def answers(good: dict[str, Any], *more: int, code: int = 200, error: str = "Error") -> dict[str, Any]:
    """Returns the answers of an operation: the good one, and all that may be wrong."""
    bad = sorted({*_USUAL, *more})
    return {str(code): good} | {str(one): json(ref(error), REASONS[one]) for one in bad}


def operation(
    summary: str, answers: dict[str, Any], body: dict[str, Any] | None = None, parameters: Any = ()
) -> dict[str, Any]:
    """Returns one way to ask a path."""
    found: dict[str, Any] = {"summary": summary, "responses": answers}
    if body is not None:
        found["requestBody"] = body
    if parameters:
        found["parameters"] = list(parameters)
    return found
