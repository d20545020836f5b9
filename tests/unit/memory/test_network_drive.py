"""A memory on a network file system is told, by the table of mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.memory import opening
from batchtx.memory.network_drive import network_drive
from batchtx.memory.store import Store

MOUNTS = r"""/dev/vda / ext4 rw 0 0
server:/export /home nfs4 rw 0 0
/dev/vdb /home/local ext4 rw 0 0
//nas/team /mnt/team\040drive cifs rw 0 0
sshfs /mnt/ssh fuse.sshfs rw 0 0
tmpfs /homes tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/memory.sqlite", ""),
        ("/home/li/memory.sqlite", "nfs4"),
        ("/home", "nfs4"),
        ("/home/local/memory.sqlite", ""),
        ("/homes/memory.sqlite", ""),
        ("/mnt/team drive/a/memory.sqlite", "cifs"),
        ("/mnt/ssh/memory.sqlite", "fuse.sshfs"),
    ],
)
def test_the_nearest_mount_counts(path: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "mounts").write_text(MOUNTS, encoding="utf-8")
    assert network_drive(Path(path), tmp_path / "mounts") == kind


def test_where_nobody_tells_it_is_local(tmp_path: Path) -> None:
    assert network_drive(tmp_path, tmp_path / "missing") == ""
    assert network_drive(tmp_path) == ""


def test_opening_one_there_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "network_drive", lambda path: "nfs4")
    with Store(tmp_path / "memory.sqlite") as store:
        assert "network file system (nfs4)" in store.notes[0]
    with Store(None) as store:
        assert store.notes == []
