"""What strangers may try with a service, and what comes of it."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.helpers.service import KEY, RunningService, multipart, running_service

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder = tmp_path_factory.mktemp("security")
    (folder / "secret.txt").write_text("secret of the server", encoding="utf-8")
    options = ("--engine", "echo", "-j", "1", "--max-upload", "4", "--max-waiting", "1000")
    with running_service(folder, *options) as service:
        service.wait_until_warm()
        yield service


def connected(service: RunningService) -> socket.socket:
    host, _, port = service.host.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=30)


def home_of(service: RunningService) -> Path:
    """The folder in which the service was started."""
    return Path(f"/proc/{service.process.pid}/cwd").resolve()


def until_closed(stream: socket.socket) -> bytes:
    found = b""
    try:
        while piece := stream.recv(65536):
            found += piece
    except ConnectionError:
        pass
    return found


def test_a_page_that_points_its_own_name_here_gets_nothing(service: RunningService) -> None:
    for path in ("/", "/translate", "/languages", "/health", "/spec", "/documents/x"):
        for method in ("GET", "POST", "OPTIONS"):
            answer = service.ask(method, path, headers={"Host": "evil.example:5000"})
            assert answer.status == 403, path
            assert b"host name" in answer.body


def test_a_page_of_another_origin_gets_nothing(service: RunningService) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        answer = service.ask("POST", "/translate", {"text": "a"}, {"Origin": origin})
        assert answer.status == 403
        assert "access-control-allow-origin" not in answer.headers
        before = service.ask("OPTIONS", "/translate", headers={"Origin": origin})
        assert before.status == 403


def test_two_names_of_one_host_are_refused_or_the_first_counts(service: RunningService) -> None:
    with connected(service) as stream:
        stream.sendall(b"GET /languages HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n\r\n")
        assert b" 200 " not in stream.recv(1000).partition(b"\r\n")[0]


@pytest.mark.parametrize(
    "path",
    [
        "/page/../../../secret.txt",
        "/page/..%2f..%2f..%2fsecret.txt",
        "/page/%2e%2e/%2e%2e/secret.txt",
        "/page//etc/passwd",
        "/page/..\\..\\secret.txt",
        "/page/%00",
        "/download_file/..%2f..%2fsecret.txt",
        "/download_file/../secret.txt",
        "/documents/..%2fjobs.sqlite/result",
        "/documents/../jobs.sqlite/result",
        "/glossaries/..%2f..%2fsecret",
        "/v2/document/../../secret.txt/result",
    ],
)
def test_no_path_leads_out(service: RunningService, path: str) -> None:
    with connected(service) as stream:
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = until_closed(stream)
    assert answer.split(b" ")[1] in (b"400", b"404", b"405")
    assert b"secret of the server" not in answer
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "name", ["../../../secret.txt", "/etc/cron.d/x.txt", "..\\..\\x.txt", "x.docx%00.txt", "", "."]
)
def test_the_name_of_an_upload_is_no_path(service: RunningService, name: str) -> None:
    home = home_of(service)
    before = {path for path in home.rglob("*") if ".batchtx" not in path.parts}
    for answer in (
        service.upload("/documents", name, b"text\n"),
        service.upload("/documents", "a.txt", b"text\n", filename=name),
    ):
        if answer.status == 400:
            continue
        assert "/" not in answer.json["name"]
        assert service.wait_until_done(answer.json)["state"] == "done"
    assert {path for path in home.rglob("*") if ".batchtx" not in path.parts} == before
    assert (home / "secret.txt").read_text(encoding="utf-8") == "secret of the server"


def test_a_zip_bomb_is_refused_and_told(service: RunningService) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(600):
                part.write(b"\0" * MIB)
    assert len(bomb.getvalue()) < 4 * MIB
    before = psutil.Process(service.process.pid).memory_info().rss
    for name in ("a.docx", "a.pptx", "a.xlsx", "a.epub"):
        done = service.wait_until_done(service.upload("/documents", name, bomb.getvalue()).json)
        assert done["state"] == "error", name
        assert done["error"]
    assert psutil.Process(service.process.pid).memory_info().rss - before < 200 * MIB
    assert service.ask("POST", "/translate", {"text": "a"}).status == 200


def test_a_document_that_asks_for_files_gets_none(service: RunningService) -> None:
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    page = f'<?xml version="1.0"?>{entity}<html xmlns="http://www.w3.org/1999/xhtml"><p>&e; text</p></html>'
    job = service.upload("/documents", "a.xhtml", page.encode()).json
    service.wait_until_done(job)
    assert b"root:" not in service.ask("GET", f"/documents/{job['id']}/result?key={job['key']}").body


@pytest.mark.parametrize("chunked", [True, False])
@pytest.mark.parametrize("path", ["/translate", "/documents", "/translate_file", "/v2/document", "/speech"])
def test_a_body_of_a_gigabyte_is_cut_off(service: RunningService, path: str, chunked: bool) -> None:
    process = psutil.Process(service.process.pid)
    before = process.memory_info().rss
    kind = "application/x-www-form-urlencoded"
    start = b"q="
    if path != "/translate":
        body, kind = multipart({"file": ("a.txt", b"")}, {})
        start = body[: body.rindex(b"\r\n--")]
    how = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {1024 * MIB}"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n{how}\r\n\r\n"
    n_sent = 0
    with connected(service) as stream:
        stream.sendall(head.encode())
        piece = b"a" * MIB
        try:
            for number in range(1024):
                data = start + piece if number == 0 else piece
                stream.sendall(b"%x\r\n%s\r\n" % (len(data), data) if chunked else data)
                n_sent += len(data)
        except OSError:
            pass
        answer = until_closed(stream)
    assert n_sent < 64 * MIB
    assert not answer or answer.split(b" ")[1] == b"413"
    assert process.memory_info().rss - before < 64 * MIB
    assert service.ask("POST", "/translate", {"text": "a"}).status == 200


def test_slow_heads_and_bodies_are_given_up(tmp_path: Path) -> None:
    with running_service(tmp_path, "--engine", "echo", "-j", "1", "--slow-client", "1") as service:
        service.wait_until_warm()
        head = b"POST /translate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
        for start, said in ((b"", b""), (b"POST /tra", b""), (head, b""), (head + b"\r\n{", b"408")):
            with connected(service) as stream:
                stream.sendall(start)
                started = time.monotonic()
                answer = until_closed(stream)
                assert 0.5 < time.monotonic() - started < 10
                assert said in answer[:20]


def test_a_slow_body_that_comes_byte_by_byte_is_given_up(tmp_path: Path) -> None:
    with running_service(tmp_path, "--engine", "echo", "-j", "1", "--slow-client", "1") as service:
        service.wait_until_warm()
        with connected(service) as stream:
            stream.sendall(b"POST /translate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n\r\n")
            ended = threading.Event()

            def drip() -> None:
                while not ended.wait(0.05):
                    try:
                        stream.sendall(b"a")
                    except OSError:
                        return

            thread = threading.Thread(target=drip)
            thread.start()
            answer = until_closed(stream)
            ended.set()
            thread.join()
        assert answer.split(b" ")[1] == b"408"


def test_five_hundred_at_once_are_all_answered(service: RunningService) -> None:
    def one(number: int) -> str:
        answer = service.ask("POST", "/translate", {"text": f"文 {number}"})
        return answer.json["translation"] if answer.status == 200 else str(answer.status)

    with ThreadPoolExecutor(500) as pool:
        found = list(pool.map(one, range(500)))
    assert found == [f"文 {number}" for number in range(500)]


def test_clients_that_leave_in_the_middle_leave_nothing_behind(service: RunningService) -> None:
    body = json.dumps({"text": "你好" * 500}).encode()
    head = b"POST /translate HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body)
    before = psutil.Process(service.process.pid).num_fds()
    for number in range(100):
        with connected(service) as stream:
            stream.sendall((head + body)[: len(head) + len(body) * (number % 3) // 2])
    for _ in range(100):
        if psutil.Process(service.process.pid).num_fds() <= before + 2:
            break
        time.sleep(0.05)
    assert psutil.Process(service.process.pid).num_fds() <= before + 2
    assert service.ask("POST", "/translate", {"text": "a"}).json == {"translation": "a"}
    assert "Traceback" not in "".join(service.log)


def test_an_upload_that_breaks_off_leaves_no_job(service: RunningService) -> None:
    folder = next(home_of(service).glob(".batchtx/service/jobs"), None)
    before = len(list(folder.iterdir())) if folder else 0
    body, kind = multipart({"file": ("a.txt", b"a" * MIB)}, {})
    length = f"Content-Type: {kind}\r\nContent-Length: {len(body)}"
    head = f"POST /documents HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n"
    with connected(service) as stream:
        stream.sendall(head.encode() + body[: MIB // 2])
    time.sleep(0.2)
    after = len(list(folder.iterdir())) if folder else 0
    assert after == before


def test_too_many_parts_are_refused(service: RunningService) -> None:
    body, kind = multipart({}, {f"f{n}": "" for n in range(3000)})
    assert service.ask("POST", "/translate", body, {"Content-Type": kind}).status == 400
    assert service.ask("POST", "/translate", b"a=&" * 3000).status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"--mark\r\n",
        b"--mark\r\nContent-Disposition: form-data\r\n\r\nx\r\n--mark--\r\n",
        b"\xff\xfe" * 1000,
        b"",
        b'--mark\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nno end',
    ],
)
def test_a_damaged_multipart_is_the_clients_fault(service: RunningService, body: bytes) -> None:
    for kind in (
        "multipart/form-data; boundary=mark",
        "multipart/form-data",
        "multipart/form-data; boundary=",
    ):
        answer = service.ask("POST", "/documents", body, {"Content-Type": kind})
        assert 400 <= answer.status < 500 or answer.status == 201


def test_keys_are_needed_and_wrong_ones_turned_away(tmp_path: Path) -> None:
    with running_service(tmp_path, "--engine", "echo", "-j", "1", BATCHTX_SERVE_API_KEY=KEY) as service:
        for key in ("", KEY[:-1], f"{KEY}x", KEY.upper()):
            assert service.ask("POST", "/translate", {"text": "a", "api_key": key}).status == 403
        assert service.ask("POST", "/translate", {"text": "a", "api_key": KEY}).status == 200
        job = service.ask("POST", "/documents", *_upload_with_key()).json
        assert service.ask("GET", f"/documents/{job['id']}?key={'0' * 32}").status == 404
        assert service.wait_until_done(job)["state"] == "done"
        service.end()
        assert KEY not in "".join(service.log)


def test_a_stranger_uploads_nothing_large(tmp_path: Path) -> None:
    with running_service(tmp_path, "--engine", "echo", "-j", "1", BATCHTX_SERVE_API_KEY=KEY) as service:
        body, kind = multipart({"file": ("a.txt", b"text\n" * 2 * MIB)}, {"api_key": KEY})
        answer = service.ask("POST", "/documents", body, {"Content-Type": kind})
        assert answer.status == 413
        assert "in a header" in answer.json["error"]
        headers = {"Content-Type": kind, "X-API-Key": KEY}
        assert service.ask("POST", "/documents", body, headers).status == 201
        small, kind = multipart({"file": ("a.txt", b"text\n")}, {"api_key": KEY})
        assert service.ask("POST", "/documents", small, {"Content-Type": kind}).status == 201


def _upload_with_key() -> tuple[bytes, dict[str, str]]:
    body, kind = multipart({"file": ("a.txt", b"text\n")}, {})
    return body, {"Content-Type": kind, "Authorization": f"Bearer {KEY}"}


def test_files_are_for_the_user_of_the_service_alone(service: RunningService) -> None:
    assert (home_of(service) / ".batchtx" / "service").stat().st_mode & 0o077 == 0
