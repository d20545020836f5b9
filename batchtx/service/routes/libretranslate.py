"""LibreTranslate's API, and on its path the forms of other programs: {"text"} and DeepLX."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from batchtx.language.codes import spellings
from batchtx.language.detection import detect
from batchtx.service.details import details
from batchtx.service.fields import Fields
from batchtx.service.glossaries import read_choice
from batchtx.service.markup import MARKUP, Markup
from batchtx.service.refusal import Refusal
from batchtx.service.routes.asking import Asked, read, service_of, unless_gone
from batchtx.service.text_service import AUTO, TextAnswer

_PLAIN = "text"


async def translate(request: Request) -> Response:
    """Answers POST /translate, whatever program asks."""
    if "api-version" in request.query_params:
        return _azure()
    asked = await read(request)
    fields = asked.fields
    if fields.is_list:
        return _azure()
    if any(fields.values.get("q", ())) or ("q" in fields.listed and fields.texts("q")):
        return await _libretranslate(request, asked)
    if "text" in fields:
        return await _text(request, asked)
    raise Refusal(400, "Invalid request: missing q parameter")


async def _libretranslate(request: Request, asked: Asked) -> Response:
    fields = asked.fields
    for name in ("source", "target"):
        if not fields.text(name):
            raise Refusal(400, f"Invalid request: missing {name} parameter")
    direction = asked.service.texts.direction(fields.text("source"), fields.text("target"))
    texts = fields.texts("q")
    many = "q" in fields.listed or len(texts) > 1
    markup = _markup(fields)
    n_alternatives = fields.number("alternatives")
    wants_details = fields.flag("details")
    answers = await unless_gone(
        request, asked.service.texts.translate(texts, direction, read_choice(fields), markup=markup)
    )
    found: dict[str, Any] = {"translatedText": _one_or_all([one.target for one in answers], many)}
    if direction.detects:
        found["detectedLanguage"] = _one_or_all([detected(text) for text in texts], many)
    if n_alternatives:
        found["alternatives"] = _one_or_all([[] for _ in texts], many)
    if wants_details:
        found["details"] = _one_or_all([details(one) for one in answers], many)
    return JSONResponse(found)


async def _text(request: Request, asked: Asked) -> Response:
    """The form {"text"} → {"translation"}; with the names of languages as DeepLX has them, its fields too."""
    fields = asked.fields
    text = fields.text("text")
    source, target = fields.text("source_lang", AUTO), fields.text("target_lang")
    direction = asked.service.texts.direction(source, target)
    answers: list[TextAnswer] = await unless_gone(
        request, asked.service.texts.translate([text], direction, read_choice(fields))
    )
    found: dict[str, Any] = {"translation": answers[0].target}
    if "target_lang" in fields or "source_lang" in fields:
        found |= {
            "code": 200,
            "id": secrets.randbelow(10**10),
            "data": answers[0].target,
            "alternatives": [],
            "source_lang": (detect(text).language if direction.detects else source).upper(),
            "target_lang": target.upper(),
            "method": "Free",
        }
    if fields.flag("details"):
        found["details"] = details(answers[0])
    return JSONResponse(found)


async def detect_language(request: Request) -> Response:
    """Answers POST /detect."""
    asked = await read(request)
    if not any(asked.fields.values.get("q", ())):
        raise Refusal(400, "Invalid request: missing q parameter")
    return JSONResponse([detected("\n".join(asked.fields.texts("q"))[:10_000])])


async def languages(request: Request) -> Response:
    """Answers GET /languages."""
    return JSONResponse(service_of(request).languages())


async def suggest(request: Request) -> Response:
    """Answers POST /suggest: a person's translation, which counts from now on."""
    asked = await read(request)
    fields = asked.fields
    if not asked.service.settings.suggestions:
        raise Refusal(403, "Suggestions are disabled on this server")
    for name in ("q", "s", "source", "target"):
        if not fields.text(name):
            raise Refusal(400, f"Invalid request: missing {name} parameter")
    direction = asked.service.texts.direction(fields.text("source"), fields.text("target"))
    if not direction.same:
        await asked.service.suggest(fields.text("q"), fields.text("s"), asked.client)
    return JSONResponse({"success": True})


async def settings(request: Request) -> Response:
    """Answers GET /frontend/settings: what a page may offer."""
    return JSONResponse(service_of(request).frontend_settings())


def detected(text: str) -> dict[str, Any]:
    """Returns the language of a text as LibreTranslate tells it."""
    found = detect(text)
    return {"confidence": found.confidence, "language": spellings(found.language)[0]}


def _markup(fields: Fields) -> Markup:
    form = fields.text("format", _PLAIN) or _PLAIN
    if form not in (_PLAIN, MARKUP):
        raise Refusal(400, f"{form if form.isalnum() and len(form) < 20 else 'This'} format is not supported")
    return "page" if form == MARKUP else ""


def _one_or_all(values: list[Any], many: bool) -> Any:
    return values if many else values[0]


def _azure() -> Response:
    """What the clients of Azure's Translator understand: the same path, another API."""
    message = "This is no Azure Translator; ask in LibreTranslate's or DeepL's way (GET /spec)"
    return JSONResponse({"error": {"code": "400000", "message": message}}, 400)
