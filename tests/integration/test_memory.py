"""The memory as people use it: corrections and imports win everywhere, similar ones are shown."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from lxml import html

from tests.helpers.command import run

PAY = "甲方应在收到发票后三十日内付款。"
NEAR = "乙方应在收到发票后三十日内付款。"


def translate(folder: Path, *names: str, options: tuple[str | Path, ...] = ()) -> list[dict[str, str]]:
    """Translate the documents; gives the rows of the sheet in the order of the documents."""
    run(
        "translate",
        *names,
        "-o",
        "out",
        "--engine",
        "pseudo",
        "--sheet-order",
        "document",
        "--sheet-repeats",
        "all",
        *options,
        cwd=folder,
    )
    with (folder / "out" / "review.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(f"{PAY}\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text(f"{NEAR}\n{PAY}\n无关的另外一句话。\n", encoding="utf-8")
    return tmp_path


def correct(folder: Path, target: str) -> None:
    (row,) = translate(folder, "a.txt")
    row["correction"] = target
    with (folder / "corrected.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    run("apply", "corrected.csv", cwd=folder)


def test_a_correction_wins_in_other_documents_and_later_runs(folder: Path) -> None:
    correct(folder, "Party A shall pay.")
    near, same, other = translate(folder, "a.txt", "b.txt")[1:]
    assert (same["origin"], same["translation"]) == ("human", "Party A shall pay.")
    assert (folder / "out" / "b.txt").read_text(encoding="utf-8").splitlines()[1] == "Party A shall pay."
    assert near["match"] == f"94 %: {PAY} → Party A shall pay."  # one of sixteen characters differs
    assert other["match"] == ""


def test_without_human_entries_nothing_is_looked_up(folder: Path) -> None:
    assert {row["match"] for row in translate(folder, "b.txt")} == {""}


def test_an_imported_memory_wins_and_can_be_taken_out_again(folder: Path) -> None:
    (folder / "client.csv").write_text(f"source,target\n{PAY},Client's words.\n", encoding="utf-8")
    before = translate(folder, "b.txt")[1]["translation"]
    run("memory", "import", "client.csv", cwd=folder)
    assert translate(folder, "b.txt")[1]["translation"] == "Client's words."
    shown = run("memory", "stats", cwd=folder).stdout.decode()
    assert "1 sources translated by a person" in shown
    assert "1 import:client.csv" in shown
    run("memory", "prune", "--imported", "client.csv", cwd=folder)
    assert translate(folder, "b.txt")[1]["translation"] == before
    assert (folder / "out" / "b.txt").read_text(encoding="utf-8").splitlines()[1] == before


def test_a_memory_goes_to_another_project_as_tmx(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    correct(folder, "Party A shall pay.")
    other = tmp_path_factory.mktemp("other")
    (other / "c.txt").write_text(f"{PAY}\n", encoding="utf-8")
    run("memory", "export", other / "project.tmx", cwd=folder)
    run("memory", "import", "project.tmx", cwd=other)
    (row,) = translate(other, "c.txt")
    assert (row["origin"], row["translation"]) == ("human", "Party A shall pay.")


def test_prune_removes_what_the_machine_made_and_keeps_what_people_wrote(folder: Path) -> None:
    correct(folder, "Party A shall pay.")
    translate(folder, "b.txt")
    run("memory", "prune", "--older-than", "30", cwd=folder)
    assert {row["origin"] for row in translate(folder, "b.txt")} == {"memory", "human"}
    run("memory", "prune", "--machine", cwd=folder)
    assert [row["origin"] for row in translate(folder, "b.txt")] == ["mt", "human", "mt"]


def test_prune_wants_to_know_what(folder: Path) -> None:
    translate(folder, "b.txt")
    assert b"say what to remove" in run("memory", "prune", cwd=folder, code=2).stderr


def test_says_so_when_there_is_no_memory(tmp_path: Path) -> None:
    assert b"no such memory; name one with --memory" in run("memory", "stats", cwd=tmp_path, code=3).stderr


def test_doubts_across_documents_stand_in_sheet_and_report(folder: Path) -> None:
    near = translate(folder, "b.txt")[0]["translation"]
    (folder / "client.csv").write_text(f"source,target\n{PAY},{near}\n", encoding="utf-8")
    run("memory", "import", "client.csv", cwd=folder)
    person, machine, *_ = translate(folder, "a.txt", "b.txt", options=("--report", "run.json"))
    assert f"reused: a.txt, line 1 says the same for another source: {PAY}" in machine["flags"]
    assert "reused" not in person["flags"]
    documents = json.loads((folder / "run.json").read_text(encoding="utf-8"))["documents"]
    assert [document["checks"].get("reused", 0) for document in documents] == [0, 1]


def test_writes_a_page_and_json_of_one_run(folder: Path) -> None:
    translate(folder, "b.txt", options=("--report", "run.html", "--report", "run.json"))
    tree = html.parse(folder / "run.html").getroot()
    assert "Translation report" in tree.text_content()
    assert len(json.loads((folder / "run.json").read_text(encoding="utf-8"))["scores"]) == 20


def test_a_report_may_not_overwrite_another(folder: Path) -> None:
    done = run("translate", "a.txt", "--report", "x.html", "--report", "x.html", cwd=folder, code=2)
    assert b"would overwrite the file of --report" in done.stderr
