"""A service that really runs: starts, serves, ends, goes on."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.helpers.command import ROOT, run
from tests.helpers.service import KEY, RunningService, running_service
from tests.helpers.texts import sentences

SOURCE = "".join(f"{line}\n" for line in ("周例会纪要", "", "甲方应付款。", "乙方应在三十日内交货。"))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder = tmp_path_factory.mktemp("service")
    (folder / "terms.csv").write_text("source,target\n甲方,Party A\n乙方,Party B\n", encoding="utf-8")
    with running_service(folder, "-g", "terms.csv", "-j", "1", "--suggestions") as service:
        service.wait_until_warm()
        yield service


def test_a_text_goes_the_way_of_documents(service: RunningService) -> None:
    answer = service.ask("POST", "/translate", {"text": "乙方应在三十日内交货。", "details": True}).json
    assert "30 days" in answer["translation"]
    assert "Party B" in answer["translation"]
    (sentence,) = answer["details"]["sentences"]
    assert 0 <= sentence["score"] <= 1
    assert [term["source"] for term in sentence["terms"]] == ["乙方"]
    again = service.ask("POST", "/translate", {"text": "乙方应在三十日内交货。", "details": True}).json
    assert again["translation"] == answer["translation"]
    assert again["details"]["origin"] == "repeat"


def test_a_text_is_what_the_command_line_makes_of_it(service: RunningService, tmp_path: Path) -> None:
    texts = list(sentences(20))
    (tmp_path / "a.txt").write_text("\n".join(texts), encoding="utf-8")
    (tmp_path / "terms.csv").write_text("source,target\n甲方,Party A\n乙方,Party B\n", encoding="utf-8")
    run("translate", "a.txt", "-o", "b.txt", "-g", "terms.csv", "-j", "1", "-q", cwd=tmp_path)
    answer = service.ask("POST", "/translate", {"text": "\n".join(texts)}).json
    assert answer["translation"] == (tmp_path / "b.txt").read_text(encoding="utf-8")


def test_a_document_goes_there_and_back_with_its_corrections(service: RunningService) -> None:
    made = service.upload("/documents", "../../纪要.txt", SOURCE.encode(), sheet="csv")
    assert made.status == 201
    job = made.json
    done = service.wait_until_done(job)
    assert (done["state"], done["name"], done["target_name"]) == ("done", "纪要.txt", "纪要.en.txt")
    assert done["report"]["segments"]["mt"] + done["report"]["segments"].get("memory", 0) >= 2
    where = f"/documents/{job['id']}"
    result = service.ask("GET", f"{where}/result?key={job['key']}")
    assert "Party A" in result.body.decode()
    assert result.headers["content-disposition"].startswith("attachment")
    sheet = service.ask("GET", f"{where}/sheet", headers={"X-Document-Key": job["key"]}).body
    rows = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))
    row = next(row for row in rows if row["source"].startswith("甲方"))
    row["correction"] = "Party A shall pay."
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerows(rows)
    applied = service.upload(
        f"{where}/sheet", "x.csv", text.getvalue().encode(), key=job["key"], reviewer="Li"
    ).json
    assert (applied["applied"], applied["refused"], applied["written"]) == (1, [], 1)
    assert "Party A shall pay." in service.ask("GET", f"{where}/result?key={job['key']}").body.decode()
    assert service.ask("POST", "/translate", {"text": "甲方应付款。"}).json == {
        "translation": "Party A shall pay."
    }


def test_a_sheet_reaches_no_document_of_another(service: RunningService) -> None:
    jobs = [
        service.upload("/documents", f"{name}.txt", b"\xe4\xb8\x99\xe6\x96\xb9\xe3\x80\x82\n").json
        for name in "ab"
    ]
    for job in jobs:
        service.wait_until_done(job)
    mine, other = jobs
    path = f"/documents/{mine['id']}/sheet"
    sheet = service.ask("GET", f"{path}?key={mine['key']}").body.decode("utf-8-sig").replace("a.txt", "b.txt")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    rows[0]["correction"] = "MINE"
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    before = service.ask("GET", f"/documents/{other['id']}/result?key={other['key']}").body
    applied = service.upload(path, "s.csv", text.getvalue().encode(), key=mine["key"]).json
    assert applied["applied"] == 0
    assert "not known" in applied["refused"][0]["reason"]
    assert service.ask("GET", f"/documents/{other['id']}/result?key={other['key']}").body == before


def test_what_is_no_sheet_is_told_without_paths(service: RunningService) -> None:
    job = service.upload("/documents", "c.txt", "丁。".encode()).json
    service.wait_until_done(job)
    answer = service.upload(f"/documents/{job['id']}/sheet", "s.csv", b"\x00\x01nothing", key=job["key"])
    assert answer.status == 400
    assert job["id"] not in answer.json["error"]


def test_progress_is_told_until_the_end(service: RunningService) -> None:
    job = service.upload("/documents", "long.txt", "\n".join(sentences(300)).encode()).json
    answer = service.ask("GET", f"/documents/{job['id']}/events?key={job['key']}")
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = re.findall(r"event: (\w+)\ndata: (.*)\n\n", answer.body.decode())
    shares = [json.loads(data)["share"] for _, data in events]
    assert events[-1][0] == "done"
    assert shares == sorted(shares)
    assert len(set(shares)) > 2


def test_libretranslates_files_are_fetched_from_where_it_says(service: RunningService) -> None:
    body = (ROOT / "samples" / "采购合同.docx").read_bytes()
    answer = service.upload("/translate_file", "a.docx", body, source="zh", target="en")
    url = answer.json["translatedFileUrl"]
    assert url.startswith(f"{service.url}/download_file/")
    found = service.ask("GET", url.removeprefix(service.url))
    assert found.body[:2] == b"PK"
    assert "a.en.docx" in found.headers["content-disposition"]


def test_every_format_is_taken(service: RunningService) -> None:
    formats = service.ask("GET", "/frontend/settings").json["supportedFilesFormat"]
    assert {".docx", ".pptx", ".xlsx", ".epub", ".md", ".html", ".srt", ".txt", ".jsonl"} <= set(formats)
    texts = {"a.md": "# 标题\n\n你好。\n", "a.html": "<p>你好。</p>", "a.jsonl": '{"text": "你好。"}\n'}
    texts |= {"a.srt": "1\n00:00:01,000 --> 00:00:02,000\n你好。\n"}
    for name, text in texts.items():
        job = service.upload("/documents", name, text.encode()).json
        assert service.wait_until_done(job)["state"] == "done", name


def test_the_log_has_no_text_of_a_client(tmp_path: Path) -> None:
    secret = "机密内容"
    with running_service(tmp_path, "--engine", "echo", "-j", "1", "-v") as service:
        service.wait_until_warm()
        service.ask("POST", "/translate", {"text": secret, "source_lang": secret})
        service.ask("POST", "/translate", b'{"text": "' + secret.encode())
        service.ask("GET", f"/secret-path?{'secret-query'}=1")
        job = service.upload("/documents", f"secret-name-{secret}.docx", secret.encode()).json
        service.wait_until_done(job)
        service.end()
        log = "".join(service.log)
    assert not any(word in log for word in (secret, "secret-", "Traceback"))


def test_takes_requests_in_a_second_and_loads_meanwhile(tmp_path: Path) -> None:
    with running_service(tmp_path, "-j", "1") as service:
        assert service.ask("GET", "/health").json["status"] in ("loading", "ok")
        assert service.ask("POST", "/translate", {"text": "你好。"}).status == 200  # it waits for the model
        assert service.ask("GET", "/health").json == {"status": "ok"}


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_ends_cleanly_and_goes_on_where_it_stopped(tmp_path: Path, number: int) -> None:
    text = "\n".join(sentences(250))
    with running_service(tmp_path, "-j", "1") as service:
        job = service.upload("/documents", "a.txt", text.encode()).json
        while service.ask("GET", f"/documents/{job['id']}?key={job['key']}").json["share"] < 0.1:
            time.sleep(0.02)
        started = time.monotonic()
        assert service.end(number) == 0
        assert time.monotonic() - started < 15
        assert "go on at its next start" in service.log[-1]
    with running_service(tmp_path, "-j", "1") as service:
        done = service.wait_until_done(job)
        assert done["state"] == "done"
        assert done["report"]["segments"]["memory"] > 0


@pytest.mark.slow
def test_a_killed_service_loses_no_sentence(tmp_path: Path) -> None:
    text = "\n".join(sentences(400))
    with running_service(tmp_path, "-j", "1") as service:
        job = service.upload("/documents", "a.txt", text.encode()).json
        while service.ask("GET", f"/documents/{job['id']}?key={job['key']}").json["share"] < 0.1:
            time.sleep(0.02)
        service.end(signal.SIGKILL)
    with running_service(tmp_path, "-j", "1") as service:
        done = service.wait_until_done(job)
        assert (done["state"], done["report"]["segments"]["memory"] >= 40) == ("done", True)
        target = service.ask("GET", f"/documents/{job['id']}/result?key={job['key']}").body.decode()
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    run("translate", "a.txt", "-o", "b.txt", "-j", "1", "-q", "--no-memory", cwd=tmp_path)
    assert target == (tmp_path / "b.txt").read_text(encoding="utf-8")


def test_streams_of_progress_do_not_hold_up_the_end(tmp_path: Path) -> None:
    with running_service(tmp_path, "-j", "1") as service:
        job = service.upload("/documents", "a.txt", "\n".join(sentences(3000)).encode()).json
        stream = HTTPConnection(service.host, timeout=30)
        stream.request("GET", f"/documents/{job['id']}/events?key={job['key']}")
        assert stream.getresponse().status == 200
        started = time.monotonic()
        assert service.end() == 0
        assert time.monotonic() - started < 10
        stream.close()


def test_an_address_for_others_is_refused_without_a_key(tmp_path: Path) -> None:
    done = run("serve", "--host", "0.0.0.0", "--port", "0", cwd=tmp_path, code=2)
    assert b"--api-key" in done.stderr
    with running_service(
        tmp_path, "--host", "0.0.0.0", "--engine", "echo", BATCHTX_SERVE_API_KEY=KEY
    ) as service:
        assert service.ask("POST", "/translate", {"text": "a"}).status == 403
        found = service.ask("POST", "/translate", {"text": "a"}, {"Authorization": f"Bearer {KEY}"})
        assert found.json == {"translation": "a"}


def test_a_port_that_is_taken_is_told(service: RunningService, tmp_path: Path) -> None:
    done = run("serve", "--port", service.host.rpartition(":")[2], cwd=tmp_path, code=2)
    assert b"choose another port" in done.stderr


def test_settings_of_the_service_have_their_own_table(tmp_path: Path) -> None:
    (tmp_path / "batchtx.toml").write_text('engine = "echo"\n[serve]\nmax_chars = 5\n', encoding="utf-8")
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    run("translate", "a.txt", cwd=tmp_path, BATCHTX_SERVE_PORT="1")  # passes over what is not its own
    with running_service(tmp_path, BATCHTX_SERVE_SUGGESTIONS="1") as service:
        found = service.ask("GET", "/frontend/settings").json
        assert (found["charLimit"], found["suggestions"]) == (5, True)
    (tmp_path / "batchtx.toml").write_text("[serve]\nprot = 5\n", encoding="utf-8")
    assert b"prot" in run("serve", cwd=tmp_path, code=2).stderr
    assert b"BATCHTX_SERVE_PROT" in run("serve", cwd=tmp_path, code=2, BATCHTX_SERVE_PROT="1").stderr
    (tmp_path / "batchtx.toml").write_text("port = 5\n", encoding="utf-8")
    assert b"port" in run("translate", "a.txt", cwd=tmp_path, code=2).stderr
