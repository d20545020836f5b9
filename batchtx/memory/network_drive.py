"""Tells whether a file lies on a network file system, where SQLite's locks cannot be trusted."""

from __future__ import annotations

import os
import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")
_NETWORK = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "lustre", "glusterfs"),
        *("beegfs", "gpfs", "pvfs2", "orangefs", "ocfs2", "gfs2", "9p", "davfs", "fuse.sshfs", "fuse.ceph"),
        *("fuse.glusterfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.juicefs", "fuse.rclone", "fuse.davfs2"),
        *("fuse.moosefs", "fuse.seaweedfs", "fuse.goofys", "fuse.mount-s3", "fuse.blobfuse2"),
    )
)
_OCTAL = re.compile(r"\\([0-7]{3})")


def network_drive(path: Path, mounts: Path = _MOUNTS) -> str:
    """Returns the kind of network file system that a path is on; "" where it is local or nobody tells."""
    if os.name == "nt":
        return "UNC" if os.path.realpath(path).startswith("\\\\") else ""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    real = os.path.realpath(path)
    found = ("", "")
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = _OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[1])
        inside = real == place or real.startswith(place.rstrip("/") + "/")
        if inside and len(place) >= len(found[0]):
            found = (place, fields[2])
    return found[1] if found[1] in _NETWORK else ""
