"""Whether the service is well: for load balancers, containers and Prometheus."""

from __future__ import annotations

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from batchtx.service.metrics import CONTENT_TYPE
from batchtx.service.openapi.description import describe
from batchtx.service.routes.asking import read, service_of


async def health(request: Request) -> Response:
    """Answers GET /health: 200 when the model is loaded, 503 while it loads."""
    service = service_of(request)
    if service.queue.is_warm:
        return JSONResponse({"status": "ok"})
    return JSONResponse({"status": "loading"}, 503, headers={"Retry-After": "1"})


async def spec(request: Request) -> Response:
    """Answers GET /spec: the API as OpenAPI."""
    return JSONResponse(describe(service_of(request).gate.needs_key))


async def metrics(request: Request) -> Response:
    """Answers GET /metrics, with the key where one is needed."""
    asked = await read(request)
    lines = await run_sync(list, asked.service.metric_lines())
    return PlainTextResponse("\n".join(lines) + "\n", media_type=CONTENT_TYPE)
