"""The app: which path is answered by what, behind the guard."""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from batchtx.service.guard import Guard
from batchtx.service.refusal import Refusal, on_http_error, on_refusal
from batchtx.service.routes import deepl, documents, extensions, glossaries, libretranslate, speech, state
from batchtx.service.service import Service

PAGE = Path(__file__).with_name("page")
"""The files of the page: index.html at /, all of them below /page."""

mimetypes.add_type("text/javascript", ".js")  # Windows may call it plain text, which no browser runs

Endpoint = Callable[[Request], Awaitable[Response]]


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
        _by_method("/documents/{job}", GET=documents.status, DELETE=documents.remove),
        Route("/documents/{job}/events", documents.events, methods=["GET"]),
        Route("/documents/{job}/cancel", documents.cancel, methods=["POST"]),
        Route("/documents/{job}/result", documents.result, methods=["GET"]),
        _by_method("/documents/{job}/sheet", GET=documents.sheet, POST=documents.correct),
        Route("/glossaries", glossaries.listing, methods=["GET"]),
        Route("/glossaries/lint", glossaries.check, methods=["POST"]),
        _by_method("/glossaries/{name}", GET=glossaries.rows, PUT=glossaries.save),
        Route("/v2/translate", deepl.translate, methods=["POST"]),
        Route("/v2/document", deepl.upload, methods=["POST"]),
        Route("/v2/document/{job}", deepl.status, methods=["POST"]),
        Route("/v2/document/{job}/result", deepl.result, methods=["POST"]),
        Route("/v2/usage", deepl.usage, methods=["GET"]),
        Route("/v2/languages", deepl.languages, methods=["GET"]),
        Route("/v2/glossaries", deepl.glossaries, methods=["GET"]),
        Route("/speech", speech.transcribe, methods=["POST"]),
        Route("/health", state.health, methods=["GET"]),
        Route("/spec", state.spec, methods=["GET"]),
        Route("/metrics", state.metrics, methods=["GET"]),
        Route("/", _index, methods=["GET"]),
        Mount("/page", StaticFiles(directory=PAGE, html=True), name="page"),
    ]


async def _index(request: Request) -> Response:
    """The page itself; what belongs to it is below /page."""
    return FileResponse(PAGE / "index.html")


def _by_method(path: str, **endpoints: Endpoint) -> Route:
    """One route for all methods of a path, so that whoever asks otherwise is told all of them."""

    async def endpoint(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await endpoints[method](request)

    return Route(path, endpoint, methods=list(endpoints))


def _middleware(service: Service) -> list[Middleware]:
    guard = Middleware(Guard, gate=service.gate, limits=service.settings.limits, metrics=service.metrics)
    origins = service.settings.origins
    if not origins:
        return [guard]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Document-Key"],
        max_age=3600,
    )
    return [guard, cors]
