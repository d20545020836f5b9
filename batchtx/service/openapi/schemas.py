"""Schemas of what goes in and comes out."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """Returns a reference to a schema of the table."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(required: str = "", /, **properties: Any) -> Schema:
    """Returns a schema of an object; `required` names its fields, parted by blanks."""
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required.split()
    return schema


def listing(items: Schema) -> Schema:
    """Returns a schema of a list."""
    return {"type": "array", "items": items}


def text(about: str = "", **more: Any) -> Schema:
    """Returns a schema of a text."""
    return {"type": "string", **({"description": about} if about else {}), **more}


def one_or_all(schema: Schema) -> Schema:
    """Returns a schema of what is a list where the texts were one."""
    return {"anyOf": [schema, listing(schema)]}


NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
_SPANS = listing({"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2})

_SENTENCE = record(
    "source target origin score flags terms",
    source=text(),
    target=text(),
    origin=text(),
    score=MAYBE_NUMBER,
    flags=listing(ref("Flag")),
    terms=listing(ref("Term")),
    source_start=COUNT,
    target_start=COUNT,
)

SCHEMAS: dict[str, Schema] = {
    "Error": record("error", error={"anyOf": [text(), record("code message", code=text(), message=text())]}),
    "Message": record("message", message=text("what is wrong and what to do about it")),
    "Success": record("success", success=FLAG),
    "Language": record("code name targets", code=text(), name=text(), targets=listing(text())),
    "Detection": record("confidence language", confidence={**NUMBER, "maximum": 100}, language=text()),
    "Flag": record(
        "check message severity source_spans target_spans",
        check=text("name of the check, docs/quality.md"),
        message=text(),
        severity=text(enum=["minor", "major", "critical"]),
        source_spans=_SPANS,
        target_spans=_SPANS,
    ),
    "Term": record(
        "start end source targets required",
        start=COUNT,
        end=COUNT,
        source=text(),
        targets=listing(text()),
        required=FLAG,
    ),
    "Details": record(
        "score origin flags sentences",
        score=MAYBE_NUMBER,
        origin=text(),
        flags=listing(ref("Flag")),
        sentences=listing(_SENTENCE),
    ),
    "Translated": record(
        "translatedText",
        translatedText=one_or_all(text()),
        detectedLanguage=one_or_all(ref("Detection")),
        alternatives={"type": "array"},
        details=one_or_all(ref("Details")),
    ),
    "TranslatedText": record(
        "translation",
        translation=text(),
        code={"const": 200},
        id=COUNT,
        data=text(),
        alternatives=listing(text()),
        source_lang=text(),
        target_lang=text(),
        method=text(),
        details=ref("Details"),
    ),
    "Document": record(
        "id name target_name format sheet state share seconds_left error created_at expires_at report",
        id=text("32 hexadecimal digits"),
        key=text("the secret of the job, told once"),
        name=text(),
        target_name=text(),
        format=text(),
        sheet=text(),
        state=text(enum=["queued", "translating", "done", "error", "cancelled"]),
        share={**NUMBER, "minimum": 0, "maximum": 1},
        seconds_left=MAYBE_NUMBER,
        error=text(),
        created_at=NUMBER,
        expires_at=MAYBE_NUMBER,
        report={"type": ["object", "null"]},
    ),
    "Applied": record(
        "applied unchanged refused written untranslated",
        applied=COUNT,
        unchanged=COUNT,
        refused=listing(record("row id reason", row=COUNT, id=text(), reason=text())),
        written=COUNT,
        untranslated=COUNT,
    ),
    "Finding": record(
        "row kind severity message",
        row=COUNT,
        kind=text(),
        severity=text(enum=["error", "warning"]),
        message=text(),
    ),
    "Settings": record(
        "apiKeys charLimit filesTranslation frontendTimeout keyRequired language suggestions "
        "supportedFilesFormat batchtx",
        charLimit=COUNT,
        batchtx=record("editGlossaries glossaries speech uploadLimit timeToLive"),
    ),
}
"""By the names under which `ref` finds them."""
