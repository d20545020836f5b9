"""DeepL's API, version 2: texts and documents, so that its own clients work with `server_url`."""

from __future__ import annotations

from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from batchtx.language.codes import base_language, language_name
from batchtx.language.detection import detect
from batchtx.service.details import details
from batchtx.service.fields import Fields
from batchtx.service.glossaries import GlossaryChoice, read_choice
from batchtx.service.jobs.record import JobRecord, JobState
from batchtx.service.markup import MARKUP, Markup
from batchtx.service.refusal import Refusal
from batchtx.service.routes.asking import Asked, read, unless_gone
from batchtx.service.routes.documents import attachment, take

_STATES: dict[JobState, str] = {
    "queued": "queued",
    "translating": "translating",
    "done": "done",
    "error": "error",
    "cancelled": "error",
}
_MARKUP: dict[str, Markup] = {MARKUP: "page", "xml": "tags"}


async def translate(request: Request) -> Response:
    """Answers POST /v2/translate."""
    asked = await read(request)
    fields = asked.fields
    if "text" not in fields:
        raise Refusal(400, "Parameter 'text' not specified.")
    direction = _direction(asked)
    texts = fields.texts("text")
    markup = _MARKUP.get(fields.text("tag_handling"), "")
    wants_details = fields.flag("details")
    answers = await unless_gone(
        request, asked.service.texts.translate(texts, direction, _choice(fields), markup=markup)
    )
    source = _upper(fields.text("source_lang"))
    found: list[dict[str, Any]] = []
    for answer in answers:
        one = {
            "detected_source_language": source or _upper(detect(answer.source).language),
            "text": answer.target,
            "billed_characters": len(answer.source),
        }
        found.append(one | ({"details": details(answer)} if wants_details else {}))
    return JSONResponse({"translations": found})


async def upload(request: Request) -> Response:
    """Answers POST /v2/document."""
    asked = await read(request)
    try:
        _direction(asked)
        record, key = await take(asked)
    finally:
        await asked.fields.close()
    return JSONResponse({"document_id": record.id, "document_key": key})


async def status(request: Request) -> Response:
    """Answers /v2/document/{job}."""
    asked, record = await _found(request)
    now = asked.service.jobs.status(record)
    found: dict[str, Any] = {
        "document_id": record.id,
        "status": _STATES[record.state],
        "billed_characters": record.n_chars,
    }
    if now.seconds_left is not None:
        found["seconds_remaining"] = round(now.seconds_left)
    if _STATES[record.state] == "error":
        found["error_message"] = record.error or record.state
    return JSONResponse(found)


async def result(request: Request) -> Response:
    """Answers /v2/document/{job}/result."""
    asked, record = await _found(request)
    return attachment(asked.service, record)


async def usage(request: Request) -> Response:
    """Answers /v2/usage: nothing is billed."""
    await read(request)
    return JSONResponse({"character_count": 0, "character_limit": 10**12})


async def languages(request: Request) -> Response:
    """Answers /v2/languages."""
    asked = await read(request)
    pair = asked.service.ready.pair
    kind = asked.fields.text("type", "source")
    if kind not in ("source", "target"):
        raise Refusal(400, "Value for 'type' not supported.")
    if kind == "target":
        code = base_language(pair.target) or pair.target
        return JSONResponse(
            [
                {"language": spelling, "name": language_name(code), "supports_formality": False}
                for spelling in dict.fromkeys((pair.locale.upper(), code.upper()))
            ]
        )
    code = base_language(pair.source) or pair.source
    return JSONResponse([{"language": code.upper(), "name": language_name(code)}])


async def glossaries(request: Request) -> Response:
    """Answers GET /v2/glossaries: those of the service, by name."""
    asked = await read(request)
    pair, shelf = asked.service.ready.pair, asked.service.shelf

    def listed() -> list[dict[str, Any]]:
        return [
            {
                "glossary_id": name,
                "name": name,
                "ready": True,
                "source_lang": pair.source,
                "target_lang": pair.target,
                "creation_time": "1970-01-01T00:00:00.000000Z",
                "entry_count": len(shelf.rows(name)),
            }
            for name in shelf.names
        ]

    return JSONResponse({"glossaries": await run_sync(listed)})


async def _found(request: Request) -> tuple[Asked, JobRecord]:
    asked = await read(request)
    key = asked.fields.text("document_key")
    return asked, await run_sync(asked.service.desk.find, str(request.path_params["job"]), key)


def _direction(asked: Asked) -> Any:
    fields = asked.fields
    if not fields.text("target_lang"):
        raise Refusal(400, "Parameter 'target_lang' not specified.")
    try:
        return asked.service.texts.direction(fields.text("source_lang"), fields.text("target_lang"))
    except Refusal as refusal:
        raise Refusal(400, f"Value for 'target_lang' or 'source_lang': {refusal.message}") from None


def _choice(fields: Fields) -> GlossaryChoice:
    """DeepL's clients name a glossary by its id, which here is its name."""
    if "glossary_id" not in fields:
        return read_choice(fields)
    return GlossaryChoice((fields.text("glossary_id"),), read_choice(fields).pasted)


def _upper(code: str) -> str:
    return (base_language(code) or code).upper()
