"""Outputs appear whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from batchtx.errors import DocumentError
from batchtx.files import atomic_output
from tests.helpers.command import environment


def test_the_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with atomic_output(path) as output:
        output.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_an_error_in_the_block_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), atomic_output(path) as output:
        output.write(b"new")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_failed_check_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def refuse(written: Path) -> None:
        assert written.read_bytes() == b"new"
        raise DocumentError("a.txt", "lost structure")

    with pytest.raises(DocumentError, match="lost structure"), atomic_output(path, verify=refuse) as output:
        output.write(b"new")
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_existing_file_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    path = tmp_path / "real.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(path)
    with atomic_output(link) as output:
        output.write(b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with atomic_output(tmp_path / "a.txt") as output:
            output.write(b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640


def test_a_name_that_is_too_long_is_told_before_any_work(tmp_path: Path) -> None:
    with (
        pytest.raises(DocumentError, match="the file name is too long"),
        atomic_output(tmp_path / ("长" * 200)),
    ):
        pytest.fail("the block must not run")


def test_a_long_name_that_fits_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("长" * 80 + ".docx")
    with atomic_output(path) as output:
        output.write(b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("target", "reason"),
    [("missing/a.txt", "the folder does not exist"), (".", "a folder of this name is in the way")],
)
def test_places_that_cannot_be_written_are_explained(tmp_path: Path, target: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason), atomic_output(tmp_path / target):
        pytest.fail("the block must not run")


def test_a_full_disk_is_explained_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="the disk is full"), atomic_output(tmp_path / "a.txt"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert not list(tmp_path.iterdir())


def test_what_closing_could_not_write_is_explained_too(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(DocumentError, match="larger than"), atomic_output(tmp_path / "a.txt") as output:
            output.write(b"x" * 1500)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert not list(tmp_path.iterdir())


def test_other_errors_of_the_block_are_not_blamed_on_the_output(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_output(tmp_path / "a.txt"):
        (tmp_path / "input.txt").read_bytes()


def test_a_full_device_really_fails(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(DocumentError, match="the disk is full"), atomic_output(tmp_path / "a.txt") as output:
        with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123
            full.write(b"x")
        output.write(b"never")


def killed_writer(path: Path) -> None:
    """Somebody begins to write a file and is killed."""
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from batchtx.files import atomic_output\n"
        f"with atomic_output(Path({str(path)!r})):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=False, env=environment())


def hidden(folder: Path) -> list[Path]:
    return list(folder.glob(".batchtx-*"))


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path) -> None:
    killed_writer(tmp_path / "a.txt")
    assert len(hidden(tmp_path)) == 1
    with atomic_output(tmp_path / "b.txt"):
        assert len(hidden(tmp_path)) == 1
    assert hidden(tmp_path) == []


def test_the_file_of_a_writer_at_work_stays_whatever_its_number_says(tmp_path: Path) -> None:
    """As of another machine or container: no process of its number is alive here."""
    with atomic_output(tmp_path / "a.txt") as output:
        output.write(b"x")
        (mine,) = hidden(tmp_path)
        script = (
            "from pathlib import Path\nfrom batchtx.files import atomic_output\n"
            f"with atomic_output(Path({str(tmp_path / 'b.txt')!r})): pass"
        )
        subprocess.run([sys.executable, "-c", script], check=True, env=environment())
        assert hidden(tmp_path) == [mine]
    assert (tmp_path / "a.txt").read_bytes() == b"x"


def test_the_file_is_held_until_it_is_in_its_place(tmp_path: Path) -> None:
    def verify(written: Path) -> None:
        with atomic_output(tmp_path / "b.txt"):
            assert written.exists()

    with atomic_output(tmp_path / "a.txt", verify=verify) as output:
        output.write(b"x")
    assert (tmp_path / "a.txt").exists()


def test_where_there_are_no_locks_only_age_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_lock(*arguments: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    fcntl = pytest.importorskip("fcntl")
    monkeypatch.setattr(fcntl, "flock", no_lock)
    new, old = tmp_path / ".batchtx-aa.tmp", tmp_path / ".batchtx-bb.tmp"
    for path in (new, old):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    with atomic_output(tmp_path / "a.txt"):
        assert new.exists()
        assert not old.exists()
