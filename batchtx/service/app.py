"""The app: which path is answered by what, behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from batchtx.service.guard import Guard
from batchtx.service.refusal import Refusal, on_http_error, on_refusal
from batchtx.service.routes import deepl, documents, extensions, glossaries, libretranslate, state
from batchtx.service.service import Service

PAGE = Path(__file__).with_name("page")
"""The files of the page, served as they are; index.html at /."""


def build_app(service: Service) -> Starlette:
    """Returns the app of a service, which starts and ends with it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await run_sync(service.start)
        yield
        await run_sync(service.close)

    app = Starlette(
        routes=_routes(),
        middleware=_middleware(service),
        exception_handlers={Refusal: on_refusal, HTTPException: on_http_error},
        lifespan=lifespan,
    )
    app.state.service = service
    return app


def _routes() -> list[BaseRoute]:
    return [
        Route("/translate", libretranslate.translate, methods=["POST"]),
        Route("/detect", libretranslate.detect_language, methods=["POST"]),
        Route("/languages", libretranslate.languages, methods=["GET"]),
        Route("/suggest", libretranslate.suggest, methods=["POST"]),
        Route("/frontend/settings", libretranslate.settings, methods=["GET"]),
        Route("/imme", extensions.imme, methods=["POST"]),
        Route("/kiss", extensions.kiss, methods=["POST"]),
        Route("/translate_file", documents.translate_file, methods=["POST"]),
        Route("/download_file/{name}", documents.download_file, methods=["GET"], name="download_file"),
        Route("/documents", documents.create, methods=["POST"]),
        Route("/documents/{job}", documents.status, methods=["GET"]),
        Route("/documents/{job}", documents.remove, methods=["DELETE"]),
        Route("/documents/{job}/events", documents.events, methods=["GET"]),
        Route("/documents/{job}/cancel", documents.cancel, methods=["POST"]),
        Route("/documents/{job}/result", documents.result, methods=["GET"]),
        Route("/documents/{job}/sheet", documents.sheet, methods=["GET"]),
        Route("/documents/{job}/sheet", documents.correct, methods=["POST"]),
        Route("/glossaries", glossaries.listing, methods=["GET"]),
        Route("/glossaries/lint", glossaries.check, methods=["POST"]),
        Route("/glossaries/{name}", glossaries.rows, methods=["GET"]),
        Route("/glossaries/{name}", glossaries.save, methods=["PUT"]),
        Route("/v2/translate", deepl.translate, methods=["POST"]),
        Route("/v2/document", deepl.upload, methods=["POST"]),
        Route("/v2/document/{job}", deepl.status, methods=["GET", "POST"]),
        Route("/v2/document/{job}/result", deepl.result, methods=["GET", "POST"]),
        Route("/v2/usage", deepl.usage, methods=["GET", "POST"]),
        Route("/v2/languages", deepl.languages, methods=["GET", "POST"]),
        Route("/v2/glossaries", deepl.glossaries, methods=["GET"]),
        Route("/health", state.health, methods=["GET"]),
        Route("/metrics", state.metrics, methods=["GET"]),
        Mount("/", StaticFiles(directory=PAGE, html=True, check_dir=False), name="page"),
    ]


def _middleware(service: Service) -> list[Middleware]:
    guard = Middleware(Guard, gate=service.gate, limits=service.settings.limits, metrics=service.metrics)
    origins = service.settings.origins
    if not origins:
        return [guard]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-API-Key"],
        max_age=3600,
    )
    return [guard, cors]
