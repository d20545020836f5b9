"""The forms in which browser extensions ask: Immersive Translate, KISS Translator."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from batchtx.language.codes import spellings
from batchtx.language.detection import detect
from batchtx.service.fields import Fields
from batchtx.service.glossaries import read_choice
from batchtx.service.refusal import Refusal
from batchtx.service.routes.asking import Asked, read, unless_gone
from batchtx.service.text_service import AUTO, TextAnswer


async def imme(request: Request) -> Response:
    """Answers POST /imme: {source_lang, target_lang, text_list}."""
    asked = await read(request)
    texts = _texts(asked.fields, "text_list")
    answers = await _translated(request, asked, texts, ("source_lang", "target_lang"))
    found = [
        {"detected_source_lang": spellings(detect(one.source).language)[0], "text": one.target}
        for one in answers
    ]
    return JSONResponse({"translations": found})


async def kiss(request: Request) -> Response:
    """Answers POST /kiss: {texts, from, to}."""
    asked = await read(request)
    texts = _texts(asked.fields, "texts")
    answers = await _translated(request, asked, texts, ("from", "to"))
    found = [{"text": one.target, "src": spellings(detect(one.source).language)[0]} for one in answers]
    return JSONResponse({"translations": found})


def _texts(fields: Fields, name: str) -> list[str]:
    if name not in fields:
        raise Refusal(400, f"Invalid request: missing {name} parameter")
    return fields.texts(name)


async def _translated(
    request: Request, asked: Asked, texts: list[str], names: tuple[str, str]
) -> list[TextAnswer]:
    source, target = (asked.fields.text(name) for name in names)
    direction = asked.service.texts.direction(source or AUTO, target)
    return await unless_gone(
        request, asked.service.texts.translate(texts, direction, read_choice(asked.fields))
    )
