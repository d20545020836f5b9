"""A service that really runs, in a process of its own, and one in this process for its parts."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.testclient import TestClient

from batchtx.engines.spec import EngineSpec
from batchtx.pipeline.options import TranslateOptions
from batchtx.service.app import build_app
from batchtx.service.service import Service
from batchtx.service.settings import ServiceSettings
from tests.helpers.command import start

ADDRESS = re.compile(r"serving (http://\S+)")
KEY = "a-key-of-tests"


@dataclass
class Answer:
    """An answer, read to its end."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class RunningService:
    """A service in a process of its own; `log` is what it has written so far."""

    url: str
    process: subprocess.Popen[bytes]
    log: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Sends a dict as JSON, anything else as it is."""
        connection = HTTPConnection(self.host, timeout=60)
        headers = dict(headers or {})
        if isinstance(body, dict | list):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body, headers)
            response: HTTPResponse = connection.getresponse()
            return Answer(response.status, response.read(), {k.lower(): v for k, v in response.getheaders()})
        finally:
            connection.close()

    def upload(self, path: str, name: str, content: bytes, **fields: str) -> Answer:
        """Sends a file with fields, as multipart."""
        body, kind = multipart({"file": (name, content)}, fields)
        return self.ask("POST", path, body, {"Content-Type": kind})

    def wait_until_done(self, job: dict[str, Any], timeout_s: float = 60) -> dict[str, Any]:
        """Waits for the end of a document job."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            status: dict[str, Any] = self.ask("GET", f"/documents/{job['id']}?key={job['key']}").json
            if status["state"] not in ("queued", "translating"):
                return status
            time.sleep(0.05)
        raise AssertionError(f"not done: {status}")

    def wait_until_warm(self) -> None:
        """Waits until the model is loaded."""
        deadline = time.monotonic() + 60
        while self.ask("GET", "/health").status != 200:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def end(self, number: int = signal.SIGINT) -> int:
        """Ends the service by a signal; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def running_service(folder: Path, *options: str | Path, **variables: str) -> Iterator[RunningService]:
    """Starts `batchtx serve` on a free port and waits until it takes requests."""
    process = start("serve", "--port", "0", *map(str, options), cwd=folder, **variables)
    assert process.stderr is not None
    log: list[str] = []
    found = threading.Event()

    def listen() -> None:
        for line in process.stderr or ():
            log.append(line.decode("utf-8", "replace"))
            if ADDRESS.search(log[-1]):
                found.set()
        found.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        assert found.wait(30)
        match = ADDRESS.search("".join(log))
        assert match, "".join(log)
        yield RunningService(match[1].replace("0.0.0.0", "127.0.0.1"), process, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        thread.join()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@contextmanager
def service_here(folder: Path, **settings: Any) -> Iterator[TestClient]:
    """A service in this process whose engine gives texts back; ask it through the client."""
    options = settings.pop("options", None) or TranslateOptions((), engine=EngineSpec("echo", ""), workers=1)
    service = Service(ServiceSettings(options, folder / "data", **settings))
    with TestClient(build_app(service), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


def multipart(files: dict[str, tuple[str, bytes]], fields: dict[str, str]) -> tuple[bytes, str]:
    """A multipart body and its content type."""
    mark = "mark-of-tests"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, (file, content) in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def form(**fields: Any) -> bytes:
    """Fields as a form."""
    return urlencode(fields, doseq=True).encode()
