"""What requests are made of: the fields of bodies, in each form in which they may come, and parameters."""

from __future__ import annotations

from typing import Any

from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
from batchtx.service.markup import MARKUP
from batchtx.service.openapi.schemas import COUNT, FLAG, Schema, listing, one_or_all, record, text

_TERM = record(
    "source",
    source=text(minLength=1),
    target=text("targets, the preferred one first, parted by |"),
    dnt=text("yes: the target is the source", enum=["yes", "no", ""]),
    required=text(enum=["yes", "no", ""]),
    note=text(),
)
CHOICE: dict[str, Schema] = {
    "glossary": {
        **one_or_all(text()),
        "description": "names of glossaries, the one that wins first; [] for none",
    },
    "terms": {
        "anyOf": [text("CSV, as a glossary file has it"), listing(_TERM)],
        "description": "terms of this request alone, which win",
    },
}
KEY: dict[str, Schema] = {"api_key": text()}
DETAILS: dict[str, Schema] = {
    "details": {**FLAG, "description": "score, flags and terms, sentence by sentence"}
}

_LANGUAGE = "code of a language in any usual spelling: zh, zh-Hans, zh_CN, en, EN-US"


SOURCE: Schema = text(_LANGUAGE, examples=["auto", DEFAULT_SOURCE])
TARGET: Schema = text(_LANGUAGE, examples=[DEFAULT_TARGET])


def body(schema: Schema, *, forms: bool = True) -> dict[str, Any]:
    """Returns a body of these fields, as JSON and as a form."""
    kinds = ["application/json", *(["application/x-www-form-urlencoded"] if forms else [])]
    return {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}


def upload(required: str, **fields: Schema) -> dict[str, Any]:
    """Returns a multipart body with files."""
    return {"required": True, "content": {"multipart/form-data": {"schema": record(required, **fields)}}}


def in_path(name: str, about: str) -> dict[str, Any]:
    """Returns a part of a path."""
    return {"name": name, "in": "path", "required": True, "description": about, "schema": text(minLength=1)}


FILE: Schema = text("the content of the file", contentMediaType="application/octet-stream")
JOB = [
    in_path("job", "id of the job"),
    {"name": "key", "in": "query", "description": "the secret of the job", "schema": text()},
]

LIBRETRANSLATE = record(
    "q source target",
    q={"anyOf": [text(minLength=1), {**listing(text()), "minItems": 1}]},
    source=SOURCE,
    target=TARGET,
    format=text(enum=["text", MARKUP]),
    alternatives=COUNT | {"maximum": 100},
    **DETAILS,
    **CHOICE,
    **KEY,
)
TEXT = record(
    "text",
    text=text(),
    source_lang=SOURCE,
    target_lang=TARGET,
    **DETAILS,
    **CHOICE,
    **KEY,
)
DEEPL = record(
    "text target_lang",
    text=one_or_all(text()),
    source_lang=SOURCE,
    target_lang=TARGET,
    tag_handling=text(enum=[MARKUP, "xml"]),
    glossary_id=text("name of a glossary"),
    **DETAILS,
)
