"""Voice: what the page records, as text; absent without a model."""

from __future__ import annotations

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from batchtx.language.codes import base_language
from batchtx.service.refusal import Refusal
from batchtx.service.routes.asking import read


async def transcribe(request: Request) -> Response:
    """Answers POST /speech: multipart with `audio`, a WAV; `language` is found out where it is not told."""
    asked = await read(request)
    try:
        transcriber = asked.service.transcriber
        if transcriber is None:
            raise Refusal(404, "There is no voice here; start the service with --speech-model")
        audio = asked.fields.files.get("audio") or asked.fields.files.get("file")
        if audio is None:
            raise Refusal(400, "Invalid request: missing audio parameter")
        told = asked.fields.text("language")
        language = base_language(told) if told else None
        if told and language is None:
            raise Refusal(400, "Invalid request: language is no code of a language")
        text, heard = await run_sync(transcriber.transcribe, await audio.read(), language)
    finally:
        await asked.fields.close()
    return JSONResponse({"text": text, "language": heard})
