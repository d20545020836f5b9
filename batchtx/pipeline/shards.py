"""Parts of a run for job arrays: `--shard 2/8` does the second of eight, wherever and whenever it runs.

A document belongs to a shard by its content: the same in every job, whatever its name or place in the list;
each document is in one shard, and documents of the same content are in the same one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from batchtx.errors import ConfigError
from batchtx.files import shown_path
from batchtx.pipeline.jobs import Job

_ENDS_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Shard:
    """The part `number` (from 1) of `count`."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @staticmethod
    def parse(text: str) -> Shard:
        """Reads "2/8".

        Raises:
            ConfigError: it is none.
        """
        number, _, count = text.partition("/")
        if not (number.isascii() and number.isdigit() and count.isascii() and count.isdigit()):
            raise ConfigError(f"--shard {text}: write the number of the part and of all parts: 2/8")
        shard = Shard(int(number), int(count))
        if not 1 <= shard.number <= shard.count:
            raise ConfigError(f"--shard {text}: the parts are 1/{shard.count} to {shard.count}/{shard.count}")
        return shard

    def has(self, path: Path) -> bool:
        """Returns whether the document at a path is in this part.

        Raises:
            ConfigError: it cannot be read, so that nobody knows whose it is.
        """
        try:
            return content_number(path) % self.count == self.number - 1
        except OSError as error:
            raise ConfigError(f"{shown_path(path)}: cannot be read: {error.strerror}") from None

    def take(self, jobs: Sequence[Job]) -> Iterator[Job]:
        """Yields the jobs of this part.

        Raises:
            ConfigError: a document comes through standard input, or cannot be read.
        """
        for job in jobs:
            if job.source.path is None:
                raise ConfigError("--shard: standard input (-) has no parts; name files or folders")
            if self.has(job.source.path):
                yield job

    def named(self, path: Path) -> Path:
        """Returns the name of a file of this part: review.csv → review.shard-2-of-8.csv."""
        width = len(str(self.count))
        return path.with_name(f"{path.stem}.shard-{self.number:0{width}}-of-{self.count}{path.suffix}")


def content_number(path: Path) -> int:
    """Returns a number that stands for what a file holds: its size and both of its ends, 64 KiB each.

    A thousand jobs that look at the same ten million documents need not read all of them.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.blake2b(str(size).encode("ascii"), digest_size=8)
        digest.update(file.read(_ENDS_BYTES))
        if size > 2 * _ENDS_BYTES:
            file.seek(-_ENDS_BYTES, os.SEEK_END)
        digest.update(file.read(_ENDS_BYTES))
    return int.from_bytes(digest.digest(), "big")
