"""What a package may hold before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from batchtx.formats.source import MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """What a zip package may hold before it is refused (a zip bomb is small outside, huge inside)."""

    max_entries: int = 20_000
    max_part_bytes: int = 256 * MIB
    max_total_bytes: int = 1024 * MIB
    max_ratio: int = 200
