"""The glossaries, for the page: list, read, check, save."""

from __future__ import annotations

from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from batchtx.errors import GlossaryError
from batchtx.glossary.lint import Finding
from batchtx.service.fields import Fields
from batchtx.service.glossaries import read_choice
from batchtx.service.refusal import Refusal
from batchtx.service.routes.asking import read


async def listing(request: Request) -> Response:
    """Answers GET /glossaries."""
    asked = await read(request)
    shelf = asked.service.shelf

    def listed() -> list[dict[str, Any]]:
        return [{"name": name, "rows": len(shelf.rows(name))} for name in shelf.names]

    editable = asked.service.settings.edit_glossaries
    return JSONResponse({"glossaries": await run_sync(listed), "editable": editable})


async def rows(request: Request) -> Response:
    """Answers GET /glossaries/{name}: its rows, by column."""
    asked = await read(request)
    name = request.path_params["name"]
    try:
        found = await run_sync(asked.service.shelf.rows, name)
    except GlossaryError as error:
        raise Refusal(500, str(error)) from None
    return JSONResponse({"name": name, "rows": found})


async def save(request: Request) -> Response:
    """Answers PUT /glossaries/{name}: `terms` replace its rows, unless there is an error in them."""
    asked = await read(request)
    try:
        findings = await run_sync(
            asked.service.shelf.save, request.path_params["name"], _content(asked.fields)
        )
    except GlossaryError as error:
        raise Refusal(400, str(error)) from None
    saved = not any(one.severity == "error" for one in findings)
    return JSONResponse({"saved": saved, "findings": _shown(findings)}, 200 if saved else 422)


async def check(request: Request) -> Response:
    """Answers POST /glossaries/lint: what is wrong with `terms`."""
    asked = await read(request)
    try:
        entries, findings = await run_sync(asked.service.shelf.check, _content(asked.fields))
    except GlossaryError as error:
        raise Refusal(400, str(error)) from None
    return JSONResponse({"rows": len(entries), "findings": _shown(findings)})


def _content(fields: Fields) -> bytes:
    content = read_choice(fields).pasted
    if not content:
        raise Refusal(400, "Invalid request: missing terms parameter")
    return content


def _shown(findings: list[Finding]) -> list[dict[str, Any]]:
    return [
        {"row": one.row, "kind": one.kind, "severity": one.severity, "message": one.message}
        for one in findings
    ]
