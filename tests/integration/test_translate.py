"""`batchtx translate` as a user runs it: real files, real processes, the shipped student."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path

import pytest

from tests.helpers.command import run, start
from tests.helpers.texts import sentences, text


def outputs(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def rows(sheet: Path) -> list[dict[str, str]]:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(text(60), encoding="utf-8")
    lines = [json.dumps({"id": n, "text": s}, ensure_ascii=False) for n, s in enumerate(sentences(40))]
    (folder / "sub" / "b.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_number_of_workers_does_not_change_a_byte(docs: Path, tmp_path: Path) -> None:
    results = []
    for workers in ("1", "2", "4"):
        run("translate", "docs", "-o", f"out{workers}", "-j", workers, "--no-memory", cwd=tmp_path)
        results.append(outputs(tmp_path / f"out{workers}"))
    assert results[0] == results[1] == results[2]
    assert set(results[0]) == {"a.txt", "review.csv", str(Path("sub") / "b.jsonl")}


def test_the_size_of_batches_does_not_change_a_byte(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from batchtx.cli import cli
    from batchtx.pipeline import scheduling as rooms

    monkeypatch.chdir(tmp_path)
    results = []
    for size in (64, 7, 1):
        monkeypatch.setattr(rooms, "_BATCHES_PER_WINDOW", 64 // size or 1)
        monkeypatch.setattr(rooms, "_MIN_BATCH_SEGMENTS", 1)
        done = CliRunner().invoke(cli, ["translate", "docs", "-o", f"o{size}", "--no-memory", "-q"])
        assert done.exit_code == 0, done.output
        results.append(outputs(tmp_path / f"o{size}"))
    assert results[0] == results[1] == results[2]


def test_everything_read_ends_in_exactly_one_state(docs: Path, tmp_path: Path) -> None:
    every_row = ("--sheet-rows", "all", "--sheet-repeats", "all")
    run("translate", "docs", "--engine", "pseudo", "--report", "r.json", *every_row, cwd=tmp_path)
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["format"] == 1
    assert sum(report["segments"].values()) == len(rows(tmp_path / "docs.en" / "review.csv")) == 100
    assert report["segments"]["mt"] == 60
    assert report["segments"]["repeat"] == 40
    assert [d["state"] for d in report["documents"]] == ["written", "written"]


def test_a_second_run_translates_nothing_and_writes_nothing(docs: Path, tmp_path: Path) -> None:
    run("translate", "docs", "--engine", "pseudo", cwd=tmp_path)
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "docs.en").rglob("*.*") if p.suffix != ".csv"}
    run("translate", "docs", "--engine", "pseudo", "--report", "r.json", cwd=tmp_path)
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert {d["state"] for d in report["documents"]} == {"up_to_date"}
    assert report["segments"]["memory"] == 100
    assert {p: p.stat().st_mtime_ns for p in before} == before


def test_only_what_changed_is_translated(docs: Path, tmp_path: Path) -> None:
    run("translate", "docs", "--engine", "pseudo", cwd=tmp_path)
    with (docs / "a.txt").open("a", encoding="utf-8") as file:
        file.write("这是新的一行。\n")
    run("translate", "docs", "--engine", "pseudo", "--report", "r.json", cwd=tmp_path)
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["segments"]["mt"] == 1
    assert [d["state"] for d in report["documents"]] == ["written", "up_to_date"]


def test_an_output_that_a_person_edited_is_not_overwritten(docs: Path, tmp_path: Path) -> None:
    run("translate", "docs", "--engine", "pseudo", cwd=tmp_path)
    edited = tmp_path / "docs.en" / "a.txt"
    edited.write_text("mine", encoding="utf-8")
    done = run("translate", "docs", "--engine", "pseudo", cwd=tmp_path, code=1)
    message = "was edited after batchtx wrote it; move it away, or overwrite it with --force"
    assert message in done.stderr.decode()
    assert edited.read_text(encoding="utf-8") == "mine"
    run("translate", "docs", "--engine", "pseudo", "--force", cwd=tmp_path)
    assert edited.read_text(encoding="utf-8") != "mine"


def test_a_sheet_with_a_persons_work_is_kept(docs: Path, tmp_path: Path) -> None:
    run("translate", "docs", "--engine", "pseudo", cwd=tmp_path)
    sheet = tmp_path / "docs.en" / "review.csv"
    sheet.write_bytes(sheet.read_bytes() + b"corrected by hand\r\n")
    run("translate", "docs", "--engine", "pseudo", cwd=tmp_path)
    assert (tmp_path / "docs.en" / "review.1.csv").read_bytes().endswith(b"corrected by hand\r\n")
    assert not sheet.read_bytes().endswith(b"corrected by hand\r\n")


def test_standard_input_streams_to_standard_output(tmp_path: Path) -> None:
    lines = '{"text":"甲方应付款。","n":1.10}\n{"text":"ok"}\n'.encode()
    done = run("translate", "-", "--format", "jsonl", "--engine", "pseudo", cwd=tmp_path, stdin=lines)
    first, second = done.stdout.decode("utf-8").splitlines()
    assert first.endswith(',"n":1.10}')
    assert "甲" not in first
    assert second == '{"text":"ok"}'


def test_a_bad_document_does_not_stop_the_others(docs: Path, tmp_path: Path) -> None:
    (docs / "bad.docx").write_bytes(b"PK\x03\x04 this is no zip")
    (docs / "~$lock.docx").write_bytes(b"x" * 162)
    (docs / "picture.png").write_bytes(b"x")
    done = run("translate", "docs", "--engine", "pseudo", "--report", "r.json", cwd=tmp_path, code=1)
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    states = {Path(d["name"]).name: d["state"] for d in report["documents"]}
    assert states == {"a.txt": "written", "bad.docx": "failed", "b.jsonl": "written"}
    messages = done.stderr.decode("utf-8")
    assert "bad.docx" in messages
    assert "lock file" in messages
    assert "picture.png: not a document" in messages
    assert not (tmp_path / "docs.en" / "bad.docx").exists()


def test_a_bad_line_is_kept_counted_and_named(tmp_path: Path) -> None:
    lines = ['{"text": "甲方付款。"}', '{"text": 12}', "not json", '{"text": "乙方交货。"}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run("translate", "a.jsonl", "--engine", "pseudo", cwd=tmp_path, code=1)
    written = (tmp_path / "a.en.jsonl").read_text(encoding="utf-8").split("\n")
    assert written[1:3] == lines[1:3]
    assert "甲" not in written[0]
    assert "line 2" in done.stderr.decode("utf-8")
    assert "line 3" in done.stderr.decode("utf-8")


def test_nothing_could_be_done_has_an_exit_code_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"")
    run("translate", "a.docx", "--engine", "pseudo", cwd=tmp_path, code=3)


def test_flags_can_fail_a_pipeline(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("应付35000元。\n", encoding="utf-8")
    (tmp_path / "g.csv").write_text("source,target\n元,yuan renminbi\n", encoding="utf-8")
    arguments = ("translate", "a.txt", "--engine", "echo", "--force", "--glossary", "g.csv")
    run(*arguments, cwd=tmp_path, code=0)
    run(*arguments, "--fail-on", "major", cwd=tmp_path, code=1)


def test_a_dry_run_says_what_would_happen_and_does_nothing(docs: Path, tmp_path: Path) -> None:
    done = run("translate", "docs", "--dry-run", cwd=tmp_path)
    said = done.stdout.decode("utf-8")
    assert "total: 2 documents, 100 segments" in said
    assert "to translate: 60 segments" in said
    assert not (tmp_path / "docs.en").exists()


def test_a_dry_run_names_what_is_up_to_date_and_what_cannot_be_read(docs: Path, tmp_path: Path) -> None:
    run("translate", "docs", "--engine", "pseudo", cwd=tmp_path)
    (docs / "bad.docx").write_bytes(b"no package")
    done = run("translate", "docs", "--engine", "pseudo", "--dry-run", cwd=tmp_path, code=1)
    said = done.stdout.decode("utf-8")
    assert said.count("(up to date)") == 2
    assert "bad.docx" in said


def test_a_dry_run_knows_the_speed_of_the_last_run(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text(400), encoding="utf-8")
    command = ("translate", "a.txt", "--engine", "pseudo")
    assert b"with " in run(*command, "--dry-run", cwd=tmp_path).stdout
    run(*command, cwd=tmp_path)
    assert b"at the speed of the last run" in run(*command, "--dry-run", cwd=tmp_path).stdout


def test_an_output_may_not_overwrite_an_input(docs: Path, tmp_path: Path) -> None:
    done = run("translate", "docs/a.txt", "-o", "docs/a.txt", cwd=tmp_path, code=2)
    assert "would overwrite an input" in done.stderr.decode()


def test_settings_come_from_the_file_then_the_environment_then_the_options(
    docs: Path, tmp_path: Path
) -> None:
    (tmp_path / "batchtx.toml").write_text('engine = "echo"\nno-sheet = true\n', encoding="utf-8")
    run("translate", "docs/a.txt", cwd=tmp_path)
    assert (tmp_path / "docs" / "a.en.txt").read_bytes() == (docs / "a.txt").read_bytes()
    run("translate", "docs/a.txt", cwd=tmp_path, BATCHTX_ENGINE="pseudo")
    assert (tmp_path / "docs" / "a.en.txt").read_bytes() != (docs / "a.txt").read_bytes()
    run("translate", "docs/a.txt", "--engine", "echo", cwd=tmp_path, BATCHTX_ENGINE="pseudo")
    assert (tmp_path / "docs" / "a.en.txt").read_bytes() == (docs / "a.txt").read_bytes()


def test_an_unknown_setting_names_the_nearest(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "batchtx.toml").write_text("worker = 2\n", encoding="utf-8")
    done = run("translate", "docs", cwd=tmp_path, code=2)
    assert 'unknown key "worker"; did you mean "workers"?' in done.stderr.decode()
    (tmp_path / "batchtx.toml").unlink()
    done = run("translate", "docs", cwd=tmp_path, code=2, BATCHTX_ENGIN="echo")
    assert 'did you mean "BATCHTX_ENGINE"?' in done.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--engine", "ctranslate"), 'did you mean "ctranslate2"?'),
        (("--model", "zh-ne"), 'no model "zh-ne"'),
        (("--glossary", "none.csv"), "none.csv"),
        (("--encoding", "utf-9"), "--encoding utf-9: unknown"),
        (("--field", "a..b"), "--field a..b: not understood at character 3"),
        (("--model", "zh-de"), 'no model "zh-de"; there are: zh-en'),
        (("--glossary", "missing.csv"), "missing.csv"),
    ],
)
def test_a_wrong_name_is_told_in_one_line(
    docs: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = run("translate", "docs", *arguments, cwd=tmp_path, code=None)
    assert done.returncode in (2, 3)
    assert message in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize("option", ["--sheet", "--report", "--memory"])
@pytest.mark.parametrize("name", ["a.txt", "a.en.txt"])
def test_no_other_file_takes_the_place_of_a_document(tmp_path: Path, option: str, name: str) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    done = run("translate", "a.txt", "--engine", "pseudo", option, name, cwd=tmp_path, code=2)
    assert f"{option} {name}: would overwrite" in done.stderr.decode()
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "甲方。\n"


def test_a_report_that_cannot_be_written_does_not_hide_what_was_done(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    done = run("translate", "a.txt", "--engine", "pseudo", "--report", "/dev/full", cwd=tmp_path, code=1)
    assert "the report cannot be written" in done.stderr.decode()
    assert (tmp_path / "a.en.txt").exists()


@pytest.mark.parametrize("option", ["--report", "--sheet"])
def test_a_place_that_cannot_be_is_told_before_the_run(tmp_path: Path, option: str) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    done = run("translate", "a.txt", "--engine", "pseudo", option, "a.txt/r.csv", cwd=tmp_path, code=2)
    assert "a.txt is not a folder" in done.stderr.decode()
    assert not (tmp_path / "a.en.txt").exists()


def test_an_output_of_a_lost_memory_is_known_by_its_bytes(tmp_path: Path) -> None:
    """So is one that was renamed into place just before the run was killed."""
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    command = ("translate", "a.txt", "--engine", "pseudo")
    run(*command, cwd=tmp_path)
    (tmp_path / ".batchtx" / "memory.sqlite").unlink()
    run(*command, cwd=tmp_path)
    (tmp_path / "a.en.txt").write_text("edited", encoding="utf-8")
    run(*command, cwd=tmp_path, code=3)
    assert (tmp_path / "a.en.txt").read_text(encoding="utf-8") == "edited"


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_a_file_name_that_is_no_utf_8_goes_all_the_way(tmp_path: Path) -> None:
    name = os.fsdecode("你好.txt".encode("gb18030"))
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / name).write_text("甲方。\n", encoding="utf-8")
    run("translate", "d", "--engine", "pseudo", "--report", "r.json", cwd=tmp_path)
    assert (tmp_path / "d.en" / name).exists()
    (row,) = rows(tmp_path / "d.en" / "review.csv")
    assert row["document"] == r"d/\xc4\xe3\xba\xc3.txt"
    run("apply", "d.en/review.csv", cwd=tmp_path)


def test_a_reader_that_goes_away_ends_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text(9000), encoding="utf-8")
    with start("translate", "a.txt", "-o", "-", "--engine", "echo", "--no-memory", cwd=tmp_path) as running:
        assert running.stdout is not None and running.stderr is not None
        assert running.stdout.readline()
        running.stdout.close()
        errors = running.stderr.read()
    assert running.returncode == 1
    assert b"Traceback" not in errors


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("workers = 2.5", "workers must be a whole number, not 2.5"),
        ("output = 5", "output must be a text, not 5"),
        ("sheet = true", "sheet must be a text, not True"),
        ('no-sheet = "perhaps"', "no_sheet must be true or false, not 'perhaps'"),
        ('fail-on = "huge"', "fail_on: 'huge' is not one of"),
    ],
)
def test_a_setting_of_the_wrong_kind_names_file_and_key(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    (tmp_path / "batchtx.toml").write_text(line, encoding="utf-8")
    done = run("translate", "a.txt", "--engine", "pseudo", cwd=tmp_path, code=2)
    assert f"batchtx.toml: {message}" in done.stderr.decode()


def test_paths_in_the_settings_start_from_their_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("甲方。\n", encoding="utf-8")
    (tmp_path / "g.csv").write_text("source,target\n甲方,Party A\n", encoding="utf-8")
    (tmp_path / "batchtx.toml").write_text('glossary = "g.csv"\nengine = "echo"\n', encoding="utf-8")
    done = run("translate", "a.txt", cwd=tmp_path / "sub")
    assert "g.csv: 1 rows" in done.stderr.decode()


def test_a_file_that_is_only_a_byte_order_mark_is_copied(tmp_path: Path) -> None:
    for name in ("a.txt", "b.jsonl"):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf")
        run("translate", name, "-o", f"out/{name}", "--engine", "echo", cwd=tmp_path)
        assert (tmp_path / "out" / name).read_bytes() == b"\xef\xbb\xbf"
