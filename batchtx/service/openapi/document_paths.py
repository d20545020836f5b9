"""Paths for documents: our own, LibreTranslate's and DeepL's."""

from __future__ import annotations

from typing import Any

from batchtx.service.openapi import requests as ask
from batchtx.service.openapi.operations import answers, file, json, operation
from batchtx.service.openapi.schemas import COUNT, record, ref, text

_FIELDS = {"file": ask.FILE, "source": ask.SOURCE, "target": ask.TARGET}
_UPLOAD = ask.upload(
    "file", **_FIELDS, sheet=text("suffix of the review sheet"), glossary=text(), terms=text()
)
_SHEET = ask.upload("file key", file=ask.FILE, key=text("the secret of the job"), reviewer=text())
_WATCH = {"description": "The job whenever it changes", "content": {"text/event-stream": {"schema": {}}}}
_ONE = [ask.in_path("job", "id of the job")]
_STATUS = record(
    "document_id status billed_characters",
    document_id=text(),
    status=text(enum=["queued", "translating", "done", "error"]),
    billed_characters=COUNT,
    seconds_remaining=COUNT,
    error_message=text(),
)


def document_paths() -> dict[str, Any]:
    """Returns the paths for documents."""
    job, gone = json(ref("Document")), answers(json(ref("Success")), 404)
    applied = answers(json(ref("Applied")), 404, 409, 507)
    return {
        "/documents": {"post": operation("Hands a document in", answers(job, 404, 507, code=201), _UPLOAD)},
        "/documents/{job}": {
            "get": operation("How far a document is", answers(job, 404), None, ask.JOB),
            "delete": operation("Breaks a document off, and removes its files", gone, None, ask.JOB),
        },
        "/documents/{job}/events": {
            "get": operation("Progress as server-sent events", answers(_WATCH, 404), None, ask.JOB)
        },
        "/documents/{job}/cancel": {"post": operation("Breaks a document off", gone, None, ask.JOB)},
        "/documents/{job}/result": {
            "get": operation("The translation", answers(file("The file"), 404, 409), None, ask.JOB)
        },
        "/documents/{job}/sheet": {
            "get": operation("The review sheet", answers(file("The sheet"), 404, 409), None, ask.JOB),
            "post": operation("Takes a corrected sheet back", applied, _SHEET, _ONE),
        },
        **_libretranslate(),
        **_deepl(),
    }


def _libretranslate() -> dict[str, Any]:
    told = json(record("translatedFileUrl", translatedFileUrl=text()))
    named = [ask.in_path("name", "as it was told")]
    return {
        "/translate_file": {
            "post": operation(
                "Translates a document while one waits, as LibreTranslate",
                answers(told, 404, 507),
                ask.upload("file source target", **_FIELDS),
            )
        },
        "/download_file/{name}": {
            "get": operation(
                "The translation that /translate_file names",
                answers(file("The file"), 404, 409),
                None,
                named,
            )
        },
    }


def _deepl() -> dict[str, Any]:
    handle = json(record("document_id document_key", document_id=text(), document_key=text()))
    key = ask.body(record("document_key", document_key=text("the secret of the job")))
    upload = ask.upload("file target_lang", file=ask.FILE, target_lang=ask.TARGET, source_lang=ask.SOURCE)

    def told(good: dict[str, Any], *more: int) -> dict[str, Any]:
        return answers(good, 404, *more, error="Message")

    return {
        "/v2/document": {"post": operation("Hands a document in, as DeepL", told(handle, 507), upload)},
        "/v2/document/{job}": {
            "post": operation("How far a document is, as DeepL", told(json(_STATUS)), key, _ONE)
        },
        "/v2/document/{job}/result": {
            "post": operation("The translation, as DeepL", told(file("The file"), 409), key, _ONE)
        },
    }
