"""A source as it was before it was read, to tell whether it is still the same when its output is ready."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from batchtx.files import file_hash

_Stamp = tuple[int, int, int, int]
"""Device, number, size and time of a file."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a source was when reading began; `correction`: the newest one that could be used."""

    path: Path | None
    hash: str
    stamp: _Stamp | None
    correction: int

    @staticmethod
    def of(path: Path | None, correction: int) -> Snapshot:
        """Returns the source at `path` as it is now; None stands for a stream."""
        return Snapshot(path, file_hash(path) if path else "", _stamp(path), correction)

    @property
    def replaced(self) -> bool:
        """Whether another file has this name now. What was read may be either of the two, but is whole."""
        now = _stamp(self.path)
        return self.stamp is not None and (now is None or now[:2] != self.stamp[:2])

    @property
    def written_into(self) -> bool:
        """Whether the same file has another content now. What was read may be a mixture of both.

        The time alone does not tell: two changes within one tick of the clock have the same.
        """
        if self.path is None or self.replaced:
            return False
        return _stamp(self.path) != self.stamp or file_hash(self.path) != self.hash


def _stamp(path: Path | None) -> _Stamp | None:
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns) if found is not None else None
