"""Names and folders of jobs."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.service.jobs.folder import JobFolder, shown_name, target_name, used_bytes

ID = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("report.docx", "report.docx"),
        ("季度报告.docx", "季度报告.docx"),
        ("../../etc/passwd", "passwd"),
        ("/etc/cron.d/x.txt", "x.txt"),
        ("C:\\Users\\me\\a.docx", "a.docx"),
        ("a/../b.txt", "b.txt"),
        ("a\x00b\x07.txt", "ab.txt"),
        ("a\u202etxt.exe.txt", "a_txt.exe.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("...", "document"),
        ("", "document"),
        ("a" * 400 + ".docx", "a" * 145 + ".docx"),
    ],
)
def test_what_a_client_calls_a_file_is_shown_without_folders(name: str, shown: str) -> None:
    assert shown_name(name) == shown
    assert "/" not in shown_name(name)


@pytest.mark.parametrize("job", ["..", "", "a", "../" + ID, ID.upper(), ID + "/..", ID[:-1], ID + "\n"])
def test_no_other_name_is_the_folder_of_a_job(tmp_path: Path, job: str) -> None:
    with pytest.raises(ValueError, match="no id"):
        JobFolder(tmp_path, job)


def test_files_stay_in_the_folder_of_their_job(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path, ID)
    paths = (folder.source(".docx"), folder.target(".docx"), folder.sheet(".csv"), folder.terms)
    assert {path.parent for path in paths} == {tmp_path / ID}


def test_the_translation_has_its_language_in_its_name() -> None:
    assert target_name("a.b.docx", "en") == "a.b.en.docx"


def test_counts_what_jobs_take(tmp_path: Path) -> None:
    assert used_bytes(tmp_path / "none") == 0
    (tmp_path / ID).mkdir()
    (tmp_path / ID / "source.txt").write_bytes(b"12345")
    assert used_bytes(tmp_path) == 5
    JobFolder(tmp_path, ID).remove()
    assert used_bytes(tmp_path) == 0
