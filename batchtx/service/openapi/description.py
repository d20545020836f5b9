"""The whole description."""

from __future__ import annotations

from typing import Any

from batchtx import __version__
from batchtx.service.openapi.document_paths import document_paths
from batchtx.service.openapi.other_paths import other_paths
from batchtx.service.openapi.schemas import SCHEMAS
from batchtx.service.openapi.text_paths import text_paths


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
        "paths": text_paths() | document_paths() | other_paths(),
        "components": {"schemas": SCHEMAS} | ({"securitySchemes": schemes} if needs_key else {}),
    }
    if needs_key:
        found["security"] = [{name: []} for name in schemes]
    return found
