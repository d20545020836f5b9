"""Documents: handed in, watched, fetched, corrected, and translated while one waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from batchtx.errors import ConfigError, GlossaryError
from batchtx.review.apply_report import Applied
from batchtx.service.fields import Fields
from batchtx.service.glossaries import read_choice
from batchtx.service.jobs.desk import Upload
from batchtx.service.jobs.folder import target_name
from batchtx.service.jobs.record import JobRecord, JobStatus
from batchtx.service.refusal import Refusal
from batchtx.service.routes.asking import Asked, read, service_of, unless_gone
from batchtx.service.service import Service

_TICK_S = 0.25
_STILL_HERE_S = 15.0
_MOST_ROWS = 200


async def create(request: Request) -> Response:
    """Answers POST /documents: multipart with `file`, and what texts have too."""
    asked = await read(request)
    try:
        record, key = await take(asked)
    finally:
        await asked.fields.close()
    status = asked.service.jobs.status(record)
    return JSONResponse(shown(status, asked.service) | {"key": key}, 201)


async def take(asked: Asked) -> tuple[JobRecord, str]:
    """Hands a document in, and returns its job and the secret of it.

    Raises:
        Refusal: the request has no document, or the service does not take it.
    """
    fields = asked.fields
    file = fields.files.get("file")
    if file is None:
        raise Refusal(400, "Invalid request: missing file parameter")
    source, target = _languages(fields)
    asked.service.texts.direction(source, target)
    name = fields.text("filename") or file.filename or ""
    upload = Upload(file.file, name, read_choice(fields), fields.text("sheet"), fields.text("format"))
    try:
        return await run_sync(asked.service.desk.take, upload, asked.client)
    except (GlossaryError, ConfigError) as error:
        raise Refusal(400, f"Invalid request: {error}") from None


async def status(request: Request) -> Response:
    """Answers GET /documents/{job}."""
    service, record = await found(request)
    return JSONResponse(shown(service.jobs.status(record), service))


async def events(request: Request) -> Response:
    """Answers GET /documents/{job}/events: the status whenever it changes, as server-sent events."""
    service, record = await found(request)
    if service.n_streams >= service.settings.limits.events:
        raise Refusal(429, "Too many watch; ask for the status now and then", 2)
    return StreamingResponse(
        _stream(service, record.id), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def cancel(request: Request) -> Response:
    """Answers POST /documents/{job}/cancel."""
    service, record = await found(request)
    await run_sync(service.jobs.cancel, record.id)
    return JSONResponse({"success": True})


async def remove(request: Request) -> Response:
    """Answers DELETE /documents/{job}: broken off, and gone with its files."""
    service, record = await found(request)
    await run_sync(service.jobs.remove, record.id)
    return JSONResponse({"success": True})


async def result(request: Request) -> Response:
    """Answers GET /documents/{job}/result."""
    service, record = await found(request)
    return attachment(service, record)


async def sheet(request: Request) -> Response:
    """Answers GET /documents/{job}/sheet."""
    service, record = await found(request)
    path = await run_sync(service.desk.sheet, record)
    name = f"{target_name(record.name, service.ready.pair.target)}.review{record.sheet}"
    return FileResponse(path, filename=name, media_type="application/octet-stream")


async def correct(request: Request) -> Response:
    """Answers POST /documents/{job}/sheet: a corrected sheet, as `file`."""
    asked = await read(request)
    try:
        record = await run_sync(asked.service.desk.find, _id(request), _key(request, asked.fields))
        file = asked.fields.files.get("file")
        if file is None:
            raise Refusal(400, "Invalid request: missing file parameter")
        reviewer = asked.fields.text("reviewer")[:100]
        applied = await run_sync(asked.service.desk.correct, record, file.file, reviewer)
    finally:
        await asked.fields.close()
    return JSONResponse(_applied(applied))


async def translate_file(request: Request) -> Response:
    """Answers POST /translate_file as LibreTranslate does: when the document is done."""
    asked = await read(request)
    try:
        for name in ("source", "target"):
            if not asked.fields.text(name):
                raise Refusal(400, f"Invalid request: missing {name} parameter")
        record, key = await take(asked)
    finally:
        await asked.fields.close()
    try:
        done = await unless_gone(request, _done(asked.service, record.id))
    except BaseException:
        await run_sync(asked.service.jobs.cancel, record.id)
        raise
    if done.state != "done":
        raise Refusal(500 if done.state == "error" else 503, f"Not translated: {done.error or done.state}")
    url = request.url_for("download_file", name=f"{record.id}.{key}{record.suffix}")
    return JSONResponse({"translatedFileUrl": str(url)})


async def download_file(request: Request) -> Response:
    """Answers GET /download_file/{name}: the secret is a part of the name."""
    service = service_of(request)
    job, _, rest = request.path_params["name"].partition(".")
    record = await run_sync(service.desk.find, job, rest.partition(".")[0])
    return attachment(service, record)


async def found(request: Request) -> tuple[Service, JobRecord]:
    """Returns the job that a path names, to a client that tells its secret.

    Raises:
        Refusal: there is none.
    """
    service = service_of(request)
    return service, await run_sync(service.desk.find, _id(request), _key(request, None))


def attachment(service: Service, record: JobRecord) -> Response:
    """Returns the translation of a job as a file to save.

    Raises:
        Refusal: it is not done.
    """
    name = target_name(record.name, service.ready.pair.target)
    return FileResponse(service.desk.result(record), filename=name, media_type="application/octet-stream")


def shown(status: JobStatus, service: Service) -> dict[str, Any]:
    """Returns what a client sees of a job."""
    record = status.record
    left = status.seconds_left
    ttl_s = service.settings.limits.ttl_s
    return {
        "id": record.id,
        "name": record.name,
        "target_name": target_name(record.name, service.ready.pair.target),
        "format": record.format,
        "sheet": record.sheet,
        "state": record.state,
        "share": round(status.share, 4),
        "seconds_left": None if left is None else round(left, 1),
        "error": record.error,
        "created_at": round(record.created_at, 3),
        "expires_at": round(record.finished_at + ttl_s, 3) if record.finished_at else None,
        "report": json.loads(record.report) if record.report else None,
    }


async def _stream(service: Service, job: str) -> AsyncIterator[str]:
    service.n_streams += 1
    try:
        said, silent_s = "", 0.0
        while not service.leaving:
            record = await run_sync(service.table.find, job)
            if record is None:
                yield "event: removed\ndata: {}\n\n"
                return
            text = json.dumps(shown(service.jobs.status(record), service), ensure_ascii=False)
            if text != said:
                yield f"event: {record.state}\ndata: {text}\n\n"
                said, silent_s = text, 0.0
            elif silent_s >= _STILL_HERE_S:
                yield ": still here\n\n"
                silent_s = 0.0
            if not record.unfinished:
                return
            await asyncio.sleep(_TICK_S)
            silent_s += _TICK_S
    finally:
        service.n_streams -= 1


async def _done(service: Service, job: str) -> JobRecord:
    while True:
        record = await run_sync(service.table.find, job)
        if record is None:
            raise Refusal(404, "The document was removed")
        if not record.unfinished:
            return record
        if service.leaving:
            raise Refusal(503, "The service is going down", 5)
        await asyncio.sleep(0.05)


def _applied(applied: Applied) -> dict[str, Any]:
    return {
        "applied": len(applied.changed),
        "unchanged": applied.n_unchanged,
        "refused": [
            {"row": one.row.number, "id": one.row.id, "reason": one.reason}
            for one in applied.refused[:_MOST_ROWS]
        ],
        "written": sum(one.state == "written" for report in applied.reports for one in report.documents),
        "untranslated": len(applied.untranslated),
    }


def _languages(fields: Fields) -> tuple[str, str]:
    source = fields.text("source") or fields.text("source_lang")
    return source, fields.text("target") or fields.text("target_lang")


def _id(request: Request) -> str:
    return str(request.path_params["job"])


def _key(request: Request, fields: Fields | None) -> str:
    """The secret of a job, from a header, the query or a form."""
    given = request.headers.get("x-document-key") or request.query_params.get("key", "")
    return given or (fields.text("key") if fields is not None else "")
