"""Paths for texts."""

from __future__ import annotations

from typing import Any

from batchtx.service.openapi import requests as ask
from batchtx.service.openapi.operations import answers, json, operation
from batchtx.service.openapi.schemas import COUNT, Schema, listing, record, ref, text

_DETECT = record("q", q=text(minLength=1), **ask.KEY)
_SUGGEST = record(
    "q s source target",
    q=text("the source", minLength=1),
    s=text("its translation", minLength=1),
    source=ask.SOURCE,
    target=ask.TARGET,
)
_IMME = record("text_list", text_list=listing(text()), source_lang=ask.SOURCE, target_lang=ask.TARGET)
_KISS = record("texts", texts=listing(text()), to=ask.TARGET, **{"from": ask.SOURCE})
_DEEPL = record(
    "detected_source_language text billed_characters",
    detected_source_language=text(),
    text=text(),
    billed_characters=COUNT,
    details=ref("Details"),
)


def text_paths() -> dict[str, Any]:
    """Returns the paths for texts."""
    both = {"anyOf": [ref("Translated"), ref("TranslatedText")]}
    fields = ask.body({"anyOf": [ask.LIBRETRANSLATE, ask.TEXT]})
    found = json(listing(ref("Detection")))
    deepl = answers(json(record("translations", translations=listing(_DEEPL))), 404, error="Message")
    return {
        "/translate": _post(
            "Translates texts: LibreTranslate's q, or text", answers(json(both), 404), fields
        ),
        "/detect": _post("Tells the language of a text", answers(found), ask.body(_DETECT)),
        "/suggest": _post(
            "Takes a person's translation into the memory",
            answers(json(ref("Success"))),
            ask.body(_SUGGEST),
        ),
        "/imme": _extension(
            _IMME, record("detected_source_lang text", detected_source_lang=text(), text=text())
        ),
        "/kiss": _extension(_KISS, record("text src", text=text(), src=text())),
        "/v2/translate": _post("Translates texts, as DeepL", deepl, ask.body(ask.DEEPL)),
        "/languages": {"get": operation("The languages", answers(json(listing(ref("Language")))))},
    }


def _post(summary: str, answers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    return {"post": operation(summary, answers, body)}


def _extension(fields: Schema, one: Schema) -> dict[str, Any]:
    good = json(record("translations", translations=listing(one)))
    body = ask.body(fields, forms=False)
    return _post("Translates texts for a browser extension", answers(good, 404, error="Message"), body)
