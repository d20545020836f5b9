"""The whole description, path by path."""

from __future__ import annotations

from typing import Any

from batchtx import __version__
from batchtx.service.openapi import requests as ask
from batchtx.service.openapi.schemas import COUNT, FLAG, SCHEMAS, Schema, listing, record, ref, text

_REASONS = {
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


def _json(schema: Schema, about: str = "Done") -> dict[str, Any]:
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def _file(about: str) -> dict[str, Any]:
    return {"description": about, "content": {"application/octet-stream": {"schema": {}}}}


def _answers(good: dict[str, Any], *more: int, code: int = 200, error: str = "Error") -> dict[str, Any]:
    bad = sorted({*_USUAL, *more})
    return {str(code): good} | {str(one): _json(ref(error), _REASONS[one]) for one in bad}


def _operation(
    summary: str, answers: dict[str, Any], body: dict[str, Any] | None = None, parameters: Any = ()
) -> dict[str, Any]:
    found: dict[str, Any] = {"summary": summary, "responses": answers}
    if body is not None:
        found["requestBody"] = body
    if parameters:
        found["parameters"] = list(parameters)
    return found


def _texts() -> dict[str, Any]:
    both = {"anyOf": [ref("Translated"), ref("TranslatedText")]}
    detection = record("q", q=text(minLength=1), **ask.KEY)
    suggestion = record(
        "q s source target",
        q=text("the source", minLength=1),
        s=text("its translation", minLength=1),
        source=ask.language("zh"),
        target=ask.language("en"),
    )
    immersive = record(
        "text_list",
        text_list=listing(text()),
        source_lang=ask.language("auto"),
        target_lang=ask.language("en"),
    )
    kiss = record("texts", texts=listing(text()), to=ask.language("en"), **{"from": ask.language("auto")})
    lists = {
        "/imme": (immersive, record("detected_source_lang text", detected_source_lang=text(), text=text())),
        "/kiss": (kiss, record("text src", text=text(), src=text())),
    }
    return {
        "/translate": {
            "post": _operation(
                "Translates texts: LibreTranslate's q, or text",
                _answers(_json(both), 404),
                ask.body({"anyOf": [ask.LIBRETRANSLATE, ask.TEXT]}),
            )
        },
        "/detect": {
            "post": _operation(
                "Tells the language of a text",
                _answers(_json(listing(ref("Detection")))),
                ask.body(detection),
            )
        },
        "/suggest": {
            "post": _operation(
                "Takes a person's translation into the memory",
                _answers(_json(ref("Success"))),
                ask.body(suggestion),
            )
        },
        **{
            path: {
                "post": _operation(
                    "Translates texts for a browser extension",
                    _answers(_json(record("translations", translations=listing(one))), 404, error="Message"),
                    ask.body(fields, forms=False),
                )
            }
            for path, (fields, one) in lists.items()
        },
    }


def _documents() -> dict[str, Any]:
    fields = {"file": ask.FILE, "source": ask.language("auto"), "target": ask.language("en")}
    upload = ask.upload(
        "file", **fields, sheet=text("suffix of the review sheet"), glossary=text(), terms=text()
    )
    sheet = ask.upload("file key", file=ask.FILE, key=text("the secret of the job"), reviewer=text())
    watch = {"description": "The job whenever it changes", "content": {"text/event-stream": {"schema": {}}}}
    job, gone = _json(ref("Document")), _answers(_json(ref("Success")), 404)
    one = [ask.in_path("job", "id of the job")]
    return {
        "/documents": {"post": _operation("Hands a document in", _answers(job, 404, 507, code=201), upload)},
        "/documents/{job}": {
            "get": _operation("How far a document is", _answers(job, 404), None, ask.JOB),
            "delete": _operation("Breaks a document off, and removes its files", gone, None, ask.JOB),
        },
        "/documents/{job}/events": {
            "get": _operation("Progress as server-sent events", _answers(watch, 404), None, ask.JOB)
        },
        "/documents/{job}/cancel": {"post": _operation("Breaks a document off", gone, None, ask.JOB)},
        "/documents/{job}/result": {
            "get": _operation("The translation", _answers(_file("The file"), 404, 409), None, ask.JOB)
        },
        "/documents/{job}/sheet": {
            "get": _operation("The review sheet", _answers(_file("The sheet"), 404, 409), None, ask.JOB),
            "post": _operation(
                "Takes a corrected sheet back", _answers(_json(ref("Applied")), 404, 409, 507), sheet, one
            ),
        },
        "/translate_file": {
            "post": _operation(
                "Translates a document while one waits, as LibreTranslate",
                _answers(_json(record("translatedFileUrl", translatedFileUrl=text())), 404, 507),
                ask.upload("file source target", **fields),
            )
        },
        "/download_file/{name}": {
            "get": _operation(
                "The translation that /translate_file names",
                _answers(_file("The file"), 404, 409),
                None,
                [ask.in_path("name", "as it was told")],
            )
        },
    }


def _deepl() -> dict[str, Any]:
    one = record(
        "detected_source_language text billed_characters",
        detected_source_language=text(),
        text=text(),
        billed_characters=COUNT,
        details=ref("Details"),
    )
    status = record(
        "document_id status billed_characters",
        document_id=text(),
        status=text(enum=["queued", "translating", "done", "error"]),
        billed_characters=COUNT,
        seconds_remaining=COUNT,
        error_message=text(),
    )
    handle = record("document_id document_key", document_id=text(), document_key=text())
    key = ask.body(record("document_key", document_key=text("the secret of the job")))
    upload = ask.upload(
        "file target_lang", file=ask.FILE, target_lang=ask.language("EN-US"), source_lang=ask.language("ZH")
    )
    job = [ask.in_path("job", "id of the document")]
    usage = record("character_count character_limit", character_count=COUNT, character_limit=COUNT)
    languages = listing(record("language name", language=text(), name=text()))
    glossaries = record("glossaries", glossaries=listing(record("glossary_id name entry_count")))
    kind = {"name": "type", "in": "query", "schema": text(enum=["source", "target"])}

    def answers(good: dict[str, Any], *more: int) -> dict[str, Any]:
        return _answers(good, *more, error="Message")

    return {
        "/v2/translate": {
            "post": _operation(
                "Translates texts, as DeepL",
                answers(_json(record("translations", translations=listing(one))), 404),
                ask.body(ask.DEEPL),
            )
        },
        "/v2/document": {
            "post": _operation("Hands a document in, as DeepL", answers(_json(handle), 404, 507), upload)
        },
        "/v2/document/{job}": {
            "post": _operation("How far a document is, as DeepL", answers(_json(status), 404), key, job)
        },
        "/v2/document/{job}/result": {
            "post": _operation("The translation, as DeepL", answers(_file("The file"), 404, 409), key, job)
        },
        "/v2/usage": {"get": _operation("Nothing is billed", answers(_json(usage)))},
        "/v2/languages": {
            "get": _operation("The languages, as DeepL", answers(_json(languages)), None, [kind])
        },
        "/v2/glossaries": {"get": _operation("The glossaries, as DeepL", answers(_json(glossaries)))},
    }


def _rest() -> dict[str, Any]:
    terms = ask.body(record("terms", terms=ask.CHOICE["terms"]), forms=False)
    named = [ask.in_path("name", "name of the glossary")]
    findings = listing(ref("Finding"))
    saved = record("saved findings", saved=FLAG, findings=findings)
    names = record("glossaries editable", glossaries=listing(record("name rows")), editable=FLAG)
    heard = record("text language", text=text(), language=text())
    health = record("status", status=text(enum=["ok", "loading"]))
    plain = {"description": "The figures", "content": {"text/plain": {"schema": text()}}}
    voice = ask.upload("audio", audio=ask.FILE, language=ask.language("zh"))
    save = _answers(_json(saved), 404) | {"422": _json(saved, _REASONS[422])}
    return {
        "/languages": {"get": _operation("The languages", _answers(_json(listing(ref("Language")))))},
        "/frontend/settings": {"get": _operation("What a page may offer", _answers(_json(ref("Settings"))))},
        "/glossaries": {"get": _operation("The glossaries", _answers(_json(names)))},
        "/glossaries/lint": {
            "post": _operation(
                "What is wrong with terms",
                _answers(_json(record("rows findings", rows=COUNT, findings=findings))),
                terms,
            )
        },
        "/glossaries/{name}": {
            "get": _operation(
                "Its rows", _answers(_json(record("name rows", name=text())), 404), None, named
            ),
            "put": _operation("Replaces its rows", save, terms, named),
        },
        "/speech": {"post": _operation("What is said in a WAV", _answers(_json(heard), 404), voice)},
        "/health": {
            "get": _operation(
                "Whether the model is loaded", {"200": _json(health), "503": _json(health, "Not yet")}
            )
        },
        "/metrics": {"get": _operation("Figures for Prometheus", _answers(plain))},
    }


def describe(needs_key: bool) -> dict[str, Any]:
    """Returns the description of the API as OpenAPI 3.1."""
    schemes = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    found: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "batchtx",
            "version": __version__,
            "description": "Texts and documents, translated offline; docs/service.md tells more.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": _texts() | _documents() | _deepl() | _rest(),
        "components": {"schemas": SCHEMAS} | ({"securitySchemes": schemes} if needs_key else {}),
    }
    if needs_key:
        found["security"] = [{name: []} for name in schemes]
    return found
