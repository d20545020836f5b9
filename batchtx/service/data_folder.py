"""The folder of a service: its user's alone, and of one service at a time."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from batchtx.errors import ConfigError

_LOCK = "service.lock"


class DataFolder:
    """Holds a folder until it is closed, or the process ends however that comes.

    Raises:
        ConfigError: it cannot be made, or another service has it.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir(mode=0o700, exist_ok=True)
            self._lock: BinaryIO = (path / _LOCK).open("ab")
        except OSError as error:
            reason = error.strerror or error
            raise ConfigError(f"--data {path}: cannot be used ({reason}); choose another folder") from None
        try:
            _hold(self._lock)
        except BlockingIOError:
            self._lock.close()
            raise ConfigError(
                f"--data {path}: another service works there; end it, or choose another folder"
            ) from None

    def close(self) -> None:
        """Lets the folder go."""
        self._lock.close()


def _hold(file: BinaryIO) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # a file system without locks
        return
