"""The container file: linted, and its steps run in a clean folder, since no engine is needed for that."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.helpers.command import ROOT
from tests.helpers.service import KEY

HADOLINT = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))


@dataclass
class Stage:
    """One stage of the file: its name, and its instructions in order."""

    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> list[str]:
        return [text for name, text in self.steps if name == instruction]


def stages() -> list[Stage]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found: list[Stage] = []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found.append(Stage(rest.partition(" AS ")[2]))
        elif found:
            found[-1].steps.append((name, rest))
    return found


def variables(stage: Stage) -> dict[str, str]:
    return dict(pair.split("=", 1) for text in stage.all("ENV") for pair in shlex.split(text))


def test_the_container_runs_as_nobody_and_tells_its_health() -> None:
    *_, last = stages()
    (user,) = last.all("USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert json.loads(last.all("VOLUME")[0]) == ["/data"]
    (health,) = last.all("HEALTHCHECK")
    assert "/health" in health and "CMD [" in health
    assert variables(last)["BATCHTX_SERVE_HOST"] == "0.0.0.0"
    assert variables(last)["BATCHTX_SERVE_DATA"].startswith("/data")
    assert json.loads(last.all("ENTRYPOINT")[0]) + json.loads(last.all("CMD")[0]) == ["batchtx", "serve"]


def test_the_container_holds_no_secret_and_nothing_but_what_it_needs() -> None:
    build, last = stages()
    assert not any("KEY" in name or "TOKEN" in name for name in variables(last))
    assert not [text for stage in (build, last) for text in stage.all("ADD")]
    assert [text for text in last.all("COPY") if text.startswith("--from=build")]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    for source in copied(build) + copied(last):
        assert source in allowed and (ROOT / source).exists()
    assert "*" in ignored


def copied(stage: Stage) -> list[str]:
    """What comes from the folder itself."""
    texts = [text for text in stage.all("COPY") if not text.startswith("--from")]
    return [source for text in texts for source in text.split()[:-1]]


@pytest.mark.skipif(HADOLINT is None, reason="needs hadolint: batchtx[page-test]")
def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        [str(HADOLINT), "--no-color", str(ROOT / "Dockerfile")], capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (0, "")


@dataclass
class Container:
    """What the steps have made: a virtual environment as /opt/batchtx, a folder as /data."""

    root: Path

    def inside(self, text: str) -> str:
        """Names of the container as names here; another service may have port 5000."""
        text = text.replace("/opt/batchtx", str(self.root / "opt")).replace("/data", str(self.root / "data"))
        return text.replace("/glossaries", str(self.root / "glossaries"))

    def variables(self, port: int) -> dict[str, str]:
        found = {name: self.inside(value) for name, value in variables(stages()[-1]).items()}
        found["PATH"] = found["PATH"].replace("$PATH", os.environ["PATH"])
        return {**found, "BATCHTX_SERVE_PORT": str(port), "LANG": "C.UTF-8"}

    def start(self, port: int, **more: str) -> subprocess.Popen[str]:
        *_, last = stages()
        command = json.loads(last.all("ENTRYPOINT")[0]) + json.loads(last.all("CMD")[0])
        environment = self.variables(port) | more
        program = shutil.which(command[0], path=environment["PATH"].partition(os.pathsep)[0])
        assert program
        return subprocess.Popen(
            [program, *command[1:]],
            cwd=self.root / "data",
            env=environment,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def is_healthy(self, port: int) -> bool:
        (health,) = stages()[-1].all("HEALTHCHECK")
        command = json.loads(health[health.index("CMD [") + 4 :])
        done = subprocess.run(command, env=self.variables(port), capture_output=True, cwd=self.root / "data")
        return done.returncode == 0


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Container:
    """Runs the steps of the build stage in a folder that has only what they copy."""
    root = tmp_path_factory.mktemp("container")
    container = Container(root)
    build, last = stages()
    source = root / "src"
    source.mkdir()
    (root / "data").mkdir()
    ignored = [
        line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split() if line[0] not in "!#"
    ]
    patterns = [line.removeprefix("**/") for line in ignored if line != "*"]

    def leave_out(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if any(fnmatch(name, pattern) for pattern in patterns)}

    for name in copied(build):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=leave_out)
        else:
            shutil.copy(ROOT / name, source)
    for name in copied(last):
        shutil.copytree(ROOT / name, root / name)
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "BATCHTX", "VIRTUAL"))
    }
    for command in build.all("RUN"):
        done = subprocess.run(
            ["sh", "-c", container.inside(command)],
            cwd=source,
            env=clean,
            capture_output=True,
            encoding="utf-8",
            timeout=900,
        )
        assert done.returncode == 0, done.stderr
    shutil.rmtree(source)  # the second stage has it no more
    return container


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        found: int = listener.getsockname()[1]
    yield found


@pytest.mark.slow
def test_the_service_of_the_container_refuses_to_start_without_a_key(container: Container, port: int) -> None:
    process = container.start(port)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2 and "--api-key" in said


@pytest.mark.slow
def test_the_service_of_the_container_is_healthy_and_translates_for_whoever_has_the_key(
    container: Container, port: int
) -> None:
    terms = container.inside("/glossaries/legal.csv")
    process = container.start(port, BATCHTX_SERVE_API_KEY=KEY, BATCHTX_GLOSSARY=terms)
    try:
        deadline = time.monotonic() + 60
        while not container.is_healthy(port):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.2)
        assert ask(port, {"X-API-Key": KEY}) == (200, {"translation": "Party A should pay."})
        assert ask(port, {})[0] == 403
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/page/js/main.js")
        assert connection.getresponse().status == 200
        connection.close()
        assert (container.root / "data" / "service" / "memory.sqlite").exists()
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert not container.is_healthy(port)


def ask(port: int, headers: dict[str, str]) -> tuple[int, object]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/translate", json.dumps({"text": "甲方应付款。"}).encode(), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
