"""Which documents a run reads, and where each goes."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from batchtx.errors import ConfigError
from batchtx.pipeline.jobs import check_side_files, plan_documents

STDIN = io.BytesIO()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in (
        "a.docx",
        "b.TXT",
        "docs/c.txt",
        "docs/sub/d.jsonl",
        "docs/.hidden.txt",
        "docs/~$c.docx",
        "docs/e.pdf",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return tmp_path


def outputs(*inputs: str, output: str | None = None, **options: str) -> dict[str, str]:
    plan = plan_documents(inputs, Path(output) if output else None, options.get("format_name"), stdin=STDIN)
    return {job.name: str(job.output) for job in plan.jobs}


def test_outputs_stand_beside_their_sources(here: Path) -> None:
    assert outputs("a.docx", "b.TXT") == {"a.docx": "a.en.docx", "b.TXT": "b.en.TXT"}


def test_a_folder_is_mirrored(here: Path) -> None:
    assert outputs("docs") == {"docs/c.txt": "docs.en/c.txt", "docs/sub/d.jsonl": "docs.en/sub/d.jsonl"}


def test_one_file_goes_to_the_very_output(here: Path) -> None:
    assert outputs("a.docx", output="x.docx") == {"a.docx": "x.docx"}
    assert outputs("a.docx", output="docs") == {"a.docx": "docs/a.docx"}


def test_an_output_without_an_extension_is_a_folder(here: Path) -> None:
    assert outputs("a.docx", output="new") == {"a.docx": "new/a.docx"}


def test_several_go_into_the_output_as_a_folder(here: Path) -> None:
    assert outputs("a.docx", "docs", output="out") == {
        "a.docx": "out/a.docx",
        "docs/c.txt": "out/c.txt",
        "docs/sub/d.jsonl": "out/sub/d.jsonl",
    }


def test_standard_input_among_others_goes_into_the_folder_too(here: Path) -> None:
    assert outputs("-", "b.TXT", output="out", format_name="txt") == {"-": "out/stdin", "b.TXT": "out/b.TXT"}


def test_what_is_skipped_is_named(here: Path) -> None:
    notes = "\n".join(plan_documents(["docs"], None, None).notes)
    assert ".hidden.txt: hidden" in notes
    assert "~$c.docx: a lock file" in notes
    assert "e.pdf: not a document" in notes


def test_an_output_folder_inside_the_input_is_not_read(here: Path) -> None:
    (here / "docs" / "en").mkdir()
    (here / "docs" / "en" / "old.txt").write_text("x", encoding="utf-8")
    assert "docs/en/old.txt" not in outputs("docs", output="docs/en")


@pytest.mark.parametrize(
    ("inputs", "output", "message"),
    [
        (["missing.txt"], None, "no such file"),
        (["a.docx"], "a.docx", "would overwrite an input"),
        (["a.docx", "docs/../a.docx"], "out", "would go there"),
        (["docs/e.pdf"], None, "say which with --format"),
        (["-", "-"], None, "only once"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    here: Path, inputs: list[str], output: str | None, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        plan_documents(inputs, Path(output) if output else None, None)


def test_the_sheet_goes_where_the_outputs_go(here: Path) -> None:
    assert plan_documents(["docs"], None, None).sheet == Path("docs.en/review.csv")
    assert plan_documents(["docs"], Path("out"), None).sheet == Path("out/review.csv")
    assert plan_documents(["a.docx"], None, None).sheet == Path("a.en.docx.review.csv")
    assert plan_documents(["a.docx"], Path("x.docx"), None).sheet == Path("x.docx.review.csv")
    assert plan_documents(["-"], None, "txt", stdin=STDIN).sheet is None
    assert plan_documents(["-"], None, None, stdin=STDIN).jobs[0].format == "txt"


def test_this_folder_and_the_one_above_have_names_too(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "docs" / "sub")
    assert outputs(".") == {"d.jsonl": str(here / "docs" / "sub.en" / "d.jsonl")}
    assert outputs("..")["../c.txt"] == str(here / "docs.en" / "c.txt")


def test_folders_that_are_not_read_are_named(here: Path) -> None:
    (here / "docs" / ".git").mkdir()
    (here / "docs" / "loop").symlink_to(here, target_is_directory=True)
    notes = plan_documents(["docs"], None, None).notes
    assert "docs/.git: a hidden folder, skipped" in notes
    assert "docs/loop: a link to a folder, skipped" in notes


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_a_pipe_in_a_folder_does_not_hang_the_run(here: Path) -> None:
    os.mkfifo(here / "docs" / "pipe.txt")
    assert "docs/pipe.txt: not a regular file, skipped" in plan_documents(["docs"], None, None).notes
    with pytest.raises(ConfigError, match="not a regular file"):
        plan_documents(["docs/pipe.txt"], None, None)


def test_a_link_that_leads_in_a_circle_fails_alone(here: Path) -> None:
    (here / "docs" / "circle.txt").symlink_to("circle.txt")
    jobs = plan_documents([str(here / "docs")], None, None).jobs
    check_side_files(jobs, {"--memory": here / "m.sqlite"})
    assert "circle.txt" in [Path(job.name).name for job in jobs]


def test_standard_output_takes_one_text(here: Path) -> None:
    assert plan_documents(["b.TXT"], Path("-"), None).jobs[0].output is None
    for inputs, message in ((["docs"], "only one"), (["a.docx"], "a DOCX")):
        with pytest.raises(ConfigError, match=message):
            plan_documents(inputs, Path("-"), None)
