"""Paths for glossaries, voice, and the service itself."""

from __future__ import annotations

from typing import Any

from batchtx.service.openapi import requests as ask
from batchtx.service.openapi.operations import REASONS, answers, json, operation
from batchtx.service.openapi.schemas import COUNT, FLAG, listing, record, ref, text

_FINDINGS = listing(ref("Finding"))
_TERMS = ask.body(record("terms", terms=ask.CHOICE["terms"]), forms=False)
_NAMED = [ask.in_path("name", "name of the glossary")]


def other_paths() -> dict[str, Any]:
    """Returns all paths that are neither for texts nor for documents."""
    return {**_glossaries(), **_deepl(), **_service()}


def _glossaries() -> dict[str, Any]:
    saved = record("saved findings", saved=FLAG, findings=_FINDINGS)
    names = record("glossaries editable", glossaries=listing(record("name rows")), editable=FLAG)
    checked = json(record("rows findings", rows=COUNT, findings=_FINDINGS))
    rows = json(record("name rows", name=text()))
    save = answers(json(saved), 404) | {"422": json(saved, REASONS[422])}
    return {
        "/glossaries": {"get": operation("The glossaries", answers(json(names)))},
        "/glossaries/lint": {"post": operation("What is wrong with terms", answers(checked), _TERMS)},
        "/glossaries/{name}": {
            "get": operation("Its rows", answers(rows, 404), None, _NAMED),
            "put": operation("Replaces its rows", save, _TERMS, _NAMED),
        },
    }


def _deepl() -> dict[str, Any]:
    usage = record("character_count character_limit", character_count=COUNT, character_limit=COUNT)
    languages = listing(record("language name", language=text(), name=text()))
    glossaries = record("glossaries", glossaries=listing(record("glossary_id name entry_count")))
    kind = {"name": "type", "in": "query", "schema": text(enum=["source", "target"])}

    def told(good: dict[str, Any]) -> dict[str, Any]:
        return answers(good, error="Message")

    return {
        "/v2/usage": {"get": operation("Nothing is billed", told(json(usage)))},
        "/v2/languages": {"get": operation("The languages, as DeepL", told(json(languages)), None, [kind])},
        "/v2/glossaries": {"get": operation("The glossaries, as DeepL", told(json(glossaries)))},
    }


def _service() -> dict[str, Any]:
    heard = record("text language", text=text(), language=text())
    health = record("status", status=text(enum=["ok", "loading"]))
    plain = {"description": "The figures", "content": {"text/plain": {"schema": text()}}}
    voice = ask.upload("audio", audio=ask.FILE, language=ask.SOURCE)
    well = {"200": json(health), "503": json(health, "Not yet")}
    return {
        "/frontend/settings": {"get": operation("What a page may offer", answers(json(ref("Settings"))))},
        "/speech": {"post": operation("What is said in a WAV", answers(json(heard), 404), voice)},
        "/health": {"get": operation("Whether the model is loaded", well)},
        "/metrics": {"get": operation("Figures for Prometheus", answers(plain))},
    }
