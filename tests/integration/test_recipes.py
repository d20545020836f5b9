"""The recipes of docs/recipes, run as the programs that they are for would run them."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.helpers.command import ROOT, environment
from tests.helpers.service import KEY, RunningService, running_service

RECIPES = ROOT / "docs" / "recipes"
CLEAN, DOUBTED = "乙方应按期交货。", "周会工作回顾"
NODE, NODE_RED, CURL, MAKE = (shutil.which(name) for name in ("node", "node-red", "curl", "make"))

needs_curl = pytest.mark.skipif(CURL is None, reason="needs curl")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a CI runner finds: documents and terms, and batchtx on the path."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text(f"{CLEAN}\n", encoding="utf-8")
    (tmp_path / "terms.csv").write_text("source,target\n乙方,Party B\n", encoding="utf-8")
    program = tmp_path / "bin" / "batchtx"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m batchtx "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return tmp_path


def shell(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=folder,
        env={**environment(), "PATH": path, "BATCHTX_ENGINE": "pseudo", **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def correct(folder: Path, sheet: str, into: str) -> None:
    """Does what a reviewer does: a correction of the first row, in a file that goes into review/."""
    with (folder / sheet).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["correction"] = "Party B shall pay."
    (folder / "review").mkdir(exist_ok=True)
    with (folder / "review" / into).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def run_github(folder: Path) -> tuple[list[str], bool]:
    """Runs the steps of the job as a runner does; the names of those that ran, and whether all went well."""
    flow = yaml.safe_load((RECIPES / "github-actions.yml").read_text(encoding="utf-8"))
    outputs, ran, good = folder / "outputs", [], True
    outputs.write_text("", encoding="utf-8")
    for step in flow["jobs"]["translate"]["steps"]:
        told = step.get("if", "success()")
        code = re.findall(r"^code=(\d+)$", outputs.read_text(encoding="utf-8"), re.MULTILINE)
        wanted = {
            "success()": good,
            "always()": True,
            "steps.translate.outputs.code == '1'": good and code[-1:] == ["1"],
        }[told]
        if "run" not in step or step["name"] == "Install" or not wanted:
            continue
        done = shell(step["run"], folder, GITHUB_OUTPUT=str(outputs))
        ran.append(step["name"])
        good = good and done.returncode == 0
    return ran, good


@pytest.mark.slow
def test_github_actions_translate_and_take_corrections(checkout: Path) -> None:
    ran, good = run_github(checkout)
    assert good and "Ask for a review" not in ran
    assert (checkout / "run.html").exists() and (checkout / "docs.en" / "a.txt").exists()
    correct(checkout, "docs.en/review.csv", "a.csv")
    assert run_github(checkout)[1]
    assert "Party B shall pay." in (checkout / "docs.en" / "a.txt").read_text(encoding="utf-8")
    assert json.loads((checkout / "applied.json").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_github_actions_stop_where_somebody_has_to_look(checkout: Path) -> None:
    (checkout / "docs" / "broken.docx").write_bytes(b"no document")
    ran, good = run_github(checkout)
    assert not good and ran[-1] == "Ask for a review"
    (checkout / "terms.csv").unlink()
    ran, good = run_github(checkout)
    assert not good and ran == ["Translate"]


@pytest.mark.slow
def test_gitlab_translates_warns_and_waits_for_approval(checkout: Path) -> None:
    flow = yaml.safe_load((RECIPES / "gitlab-ci.yml").read_text(encoding="utf-8"))
    translate, approve = flow["translate"], flow["approve"]
    assert shell("\n".join(translate["script"]), checkout).returncode == 0
    correct(checkout, "docs.en/review.csv", "a.csv")
    assert approve["when"] == "manual"
    done = shell("\n".join(approve["script"]), checkout)
    assert done.returncode == 0, done.stderr
    assert "Party B shall pay." in (checkout / "docs.en" / "a.txt").read_text(encoding="utf-8")
    (checkout / "docs" / "broken.docx").write_bytes(b"no document")
    code = shell("\n".join(translate["script"]), checkout).returncode
    assert code in translate["allow_failure"]["exit_codes"]
    for path in (*translate["artifacts"]["paths"], *approve["artifacts"]["paths"]):
        assert (checkout / path).exists()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder = tmp_path_factory.mktemp("recipes")
    with running_service(folder, "-j", "1", "--suggestions", "--api-key", KEY) as service:
        service.wait_until_warm()
        yield service


def translate_sh(folder: Path, *files: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(RECIPES / "translate.sh"), *files],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.mark.slow
@needs_curl
def test_curl_alone_translates_documents(service: RunningService, tmp_path: Path) -> None:
    (tmp_path / "a; b, c.txt").write_text(f"{CLEAN}\n", encoding="utf-8")
    shutil.copy(ROOT / "samples" / "采购合同.docx", tmp_path)
    done = translate_sh(tmp_path, "a; b, c.txt", "采购合同.docx", SERVICE=service.url, KEY=KEY, SHEET="xlsx")
    assert done.returncode == 0, done.stderr
    found = {path.name for path in (tmp_path / "translated").iterdir()}
    assert len(found) == 4 and {"a; b, c.en.txt", "a; b, c.en.txt.review.xlsx"} <= found
    assert "Party B" in (tmp_path / "translated" / "a; b, c.en.txt").read_text(encoding="utf-8")


@pytest.mark.slow
@needs_curl
def test_curl_tells_by_its_exit_code_what_went_wrong(service: RunningService, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "b.exe").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "c.docx").write_text(CLEAN, encoding="utf-8")
    some = translate_sh(tmp_path, "b.exe", "c.docx", "a.txt", SERVICE=service.url, KEY=KEY)
    assert some.returncode == 1 and "a.txt: translated" in some.stdout
    assert "format not supported" in some.stderr and "c.docx: error" in some.stderr
    assert translate_sh(tmp_path, "a.txt", SERVICE=service.url, KEY="another-key").returncode == 1
    assert translate_sh(tmp_path).returncode == 2
    assert translate_sh(tmp_path, "a.txt", SERVICE="http://127.0.0.1:9").returncode == 3


@pytest.mark.slow
@needs_curl
@pytest.mark.skipif(MAKE is None, reason="needs make")
@pytest.mark.parametrize("by", ["cli", "service"])
def test_make_translates_changed_documents_alone(checkout: Path, service: RunningService, by: str) -> None:
    manual = checkout / "manual"
    manual.mkdir()
    shutil.copy(ROOT / "samples" / "采购合同.docx", manual / "a.docx")
    command = f"make -f {RECIPES / 'Makefile'} BY={by} SERVICE={service.url} KEY={KEY}"
    first = shell(command, checkout)
    assert first.returncode == 0, first.stderr
    assert {path.name for path in manual.iterdir()} >= {"a.docx", "a.en.docx", "a.en.docx.review.csv"}
    assert "Nothing to be done" in shell(command, checkout).stdout
    assert shell(f"{command} check", checkout).returncode in (0, 2)
    assert (checkout / "checked" / "a.docx").exists()


def evaluate(text: str, item: Any, url: str) -> str:
    """A parameter of n8n: what stands in {{ }} is JavaScript."""
    if not text.startswith("="):
        return text
    known = {"$json": item, "$env": {"BATCHTX_URL": url, "BATCHTX_KEY": KEY}}

    def value(match: re.Match[str]) -> str:
        code = f"const {{ $json, $env }} = {json.dumps(known)};process.stdout.write(String({match[1]}))"
        return subprocess.run(
            [str(NODE), "-e", code], capture_output=True, encoding="utf-8", check=True, timeout=30
        ).stdout

    return re.sub(r"\{\{(.*?)\}\}(?!\})", value, text[1:], flags=re.DOTALL)


def run_n8n(start: str, item: Any, service: RunningService) -> tuple[str, Any]:
    """Goes the way of an item through the nodes; the last node, and what it gives."""
    flow = json.loads((RECIPES / "n8n.json").read_text(encoding="utf-8"))
    nodes = {node["name"]: node for node in flow["nodes"]}
    name = start
    while True:
        settings, kind = nodes[name]["parameters"], nodes[name]["type"].partition(".")[2]
        way = 0
        if kind == "httpRequest":
            headers = {
                one["name"]: evaluate(one["value"], item, service.url)
                for one in settings["headerParameters"]["parameters"]
            }
            headers["Content-Type"] = "application/json"
            path = urlsplit(evaluate(settings["url"], item, service.url)).path
            body = evaluate(settings["jsonBody"], item, service.url).encode()
            answer = service.ask(settings["method"], path, body, headers)
            assert answer.status == 200, answer.body
            item = answer.json
        elif kind == "if":
            (condition,) = settings["conditions"]["conditions"]
            way = 0 if evaluate(condition["leftValue"], item, service.url) == "true" else 1
        elif kind == "respondToWebhook":
            item = json.loads(evaluate(settings["responseBody"], item, service.url))
        further = flow["connections"].get(name, {}).get("main", [])
        if not further:
            return name, item
        (next_one,) = further[way]
        name = next_one["node"]


@pytest.mark.slow
@pytest.mark.skipif(NODE is None, reason="needs node")
def test_n8n_approves_what_is_clean_and_asks_for_the_rest(service: RunningService) -> None:
    name, item = run_n8n("Content", {"body": {"text": CLEAN}}, service)
    assert (name, item["state"]) == ("Approved", "approved") and "Party B" in item["text"]
    name, item = run_n8n("Content", {"body": {"text": DOUBTED}}, service)
    assert (name, item["state"]) == ("To a person", "review") and item["flags"]
    name, item = run_n8n(
        "Correction", {"body": {"text": DOUBTED, "correction": "Last Week in Review"}}, service
    )
    assert name == "Remember" and item["success"] is True
    name, item = run_n8n("Content", {"body": {"text": DOUBTED}}, service)
    assert item["text"] == "Last Week in Review"


def test_every_node_of_node_red_is_wired_and_a_core_node() -> None:
    nodes = {one["id"]: one for one in json.loads((RECIPES / "node-red.json").read_text(encoding="utf-8"))}
    core = {"tab", "http in", "http request", "http response", "function", "change", "file in", "file"}
    assert {one["type"] for one in nodes.values()} == core
    reached = {name for one in nodes.values() for wires in one.get("wires", []) for name in wires}
    assert reached <= set(nodes)
    assert {one["type"] for name, one in nodes.items() if name not in reached} == {"tab", "http in"}


@pytest.fixture
def node_red(service: RunningService, tmp_path: Path) -> Iterator[str]:
    """Node-RED itself with the flow; the host that it listens on."""
    if NODE_RED is None:
        pytest.skip("needs Node-RED: npm install -g node-red")
    command = [
        NODE_RED,
        "--port",
        "18807",
        "--userDir",
        str(tmp_path / "red"),
        str(RECIPES / "node-red.json"),
    ]
    variables = {"BATCHTX_URL": service.url, "BATCHTX_KEY": KEY}
    process = subprocess.Popen(
        [*command, "-D", "readOnly=true", "-D", "telemetry.enabled=false"],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    started = threading.Event()

    def listen() -> None:
        for line in process.stdout or ():
            if "Started flows" in line:
                started.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        assert started.wait(60)
        time.sleep(1)
        yield "127.0.0.1:18807"
    finally:
        process.terminate()
        process.wait(30)
        thread.join()
        if process.stdout:
            process.stdout.close()


def post(host: str, path: str, body: Any) -> tuple[int, Any]:
    connection = HTTPConnection(host, timeout=60)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.slow
def test_node_red_translates_texts_and_documents(node_red: str, tmp_path: Path) -> None:
    status, answer = post(node_red, "/content", {"text": CLEAN})
    assert (status, answer["state"]) == (200, "approved") and "Party B" in answer["text"]
    status, answer = post(node_red, "/content", {"text": "本周工作回顾和上周工作回顾"})
    assert (status, answer["state"]) in ((202, "review"), (200, "approved"))
    path = tmp_path / "合同.docx"
    shutil.copy(ROOT / "samples" / "采购合同.docx", path)
    status, answer = post(node_red, "/document", {"path": str(path)})
    assert status == 200, answer
    assert answer == {"state": "translated", "path": str(tmp_path / "合同.en.docx")}
    assert (tmp_path / "合同.en.docx").read_bytes()[:2] == b"PK"


def test_the_page_of_recipes_names_every_file_and_every_exit_code() -> None:
    page = (RECIPES / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in RECIPES.iterdir()} - {"README.md"}
    assert files == set(re.findall(r"^\| \[([\w.-]+)\]", page, re.MULTILINE))
    assert re.findall(r"^\| (\d+) \|", page, re.MULTILINE) == ["0", "1", "2", "3", "130"]
