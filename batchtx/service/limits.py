"""What the service takes at most, of anybody."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServiceLimits:
    """Limits of requests, jobs and disk.

    Args:
        text_chars: characters of all texts of a request.
        texts: texts of a request.
        body_bytes: body of a request with texts, glossary rows or a sheet of corrections.
        upload_bytes: body of a request with a document.
        parts: parts of a multipart body, fields of a form.
        waiting: requests with texts that may wait at once; more are told to come back.
        body_s: seconds that a body may take to arrive.
        request_s: seconds that a text may wait for its translation.
        head_s: seconds that the head of a request may take to arrive.
        connections: open connections; more are told to come back.
        jobs: unfinished document jobs.
        client_jobs: unfinished document jobs of one client.
        disk_bytes: what documents, results and sheets may take together.
        ttl_s: after so many seconds a finished job and its files are removed.
        events: streams of progress that may be open at once.
    """

    text_chars: int = 20_000
    texts: int = 1_000
    body_bytes: int = 8 * MIB
    upload_bytes: int = 100 * MIB
    parts: int = 2_000
    waiting: int = 512
    body_s: float = 30.0
    request_s: float = 300.0
    head_s: float = 30.0
    connections: int = 1_000
    jobs: int = 100
    client_jobs: int = 20
    disk_bytes: int = 10 * 1024 * MIB
    ttl_s: float = 24 * 3600.0
    events: int = 200
