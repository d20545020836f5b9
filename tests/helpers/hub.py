"""A hub on loopback: serves one folder as a model, as far as huggingface_hub asks for it; can break off."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What is served, and what was asked for."""

    name: str
    folder: Path
    url: str = ""
    lie_about: str = ""
    """A file whose told SHA-256 is another one's."""
    break_off: dict[str, int] = field(default_factory=dict)
    """File → after so many bytes the connection ends, once."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(path, Range) of each GET."""


@contextmanager
def serve(hub: Hub) -> Iterator[Hub]:
    """Serves on a free port of loopback."""

    class Handler(_Handler):
        served = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    served: Hub

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _answer(self, *, body: bool) -> None:
        path = urlsplit(self.path).path
        hub = self.served
        if body:
            hub.asked.append((path, self.headers.get("Range", "")))
        if path.startswith(f"/api/models/{hub.name}/"):
            told = _tree(hub) if "/tree/" in path else _info(hub)
            self._send(json.dumps(told).encode(), "application/json", "", body=body)
            return
        name = path.rpartition(f"/{hub.name}/resolve/{REVISION}/")[2] if "/resolve/" in path else path[1:]
        file = hub.folder / name
        if not file.is_file():
            self.send_error(404)
            return
        self._send(file.read_bytes(), "application/octet-stream", name, body=body)

    def _send(self, data: bytes, kind: str, name: str, *, body: bool) -> None:
        start, status = 0, 200
        if (asked := self.headers.get("Range", "")).startswith("bytes="):
            start, status = int(asked[6:].split("-")[0]), 206
        if start >= len(data) and start:
            self.send_error(416)
            return
        self.send_response(status)
        digest = hashlib.sha256(data).hexdigest()
        headers = {"Content-Type": kind, "Content-Length": str(len(data) - start), "ETag": f'"{digest}"'}
        if status == 206:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        for key, value in (headers | {"X-Repo-Commit": REVISION, "Accept-Ranges": "bytes"}).items():
            self.send_header(key, value)
        self.end_headers()
        if body:
            end = self.served.break_off.pop(name, len(data))
            self.wfile.write(data[start:end])
        self.close_connection = True


def _tree(hub: Hub) -> list[dict[str, object]]:
    return [
        {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": "0" * 40}
        for file in sorted(hub.folder.iterdir())
    ]


def _info(hub: Hub) -> dict[str, object]:
    siblings = []
    for file in sorted(hub.folder.iterdir()):
        data = file.read_bytes()
        digest = hashlib.sha256(data).hexdigest() if file.name != hub.lie_about else "0" * 64
        lfs = {"sha256": digest, "size": len(data), "pointerSize": 130}
        entry: dict[str, object] = {"rfilename": file.name, "size": len(data), "blobId": "0" * 40}
        siblings.append(entry | ({"lfs": lfs} if file.suffix == ".safetensors" else {}))
    card = {"license": "cc-by-4.0"}
    return {
        "id": hub.name,
        "sha": REVISION,
        "siblings": siblings,
        "tags": ["license:cc-by-4.0"],
        "cardData": card,
    }
