"""What is known of a document job, as the table has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

JobState = Literal["queued", "translating", "done", "error", "cancelled"]

UNFINISHED: tuple[JobState, ...] = ("queued", "translating")


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A document that was uploaded, and what became of it.

    Args:
        id: 128 random bits, in hexadecimal.
        key_hash: SHA-256 of the secret that its client was told.
        client: whose it is, for limits and turns.
        name: what the client calls the document; never a path of ours.
        format: its format, as --format has it.
        suffix: of its file name, in lower case.
        sheet: suffix of its review sheet.
        glossary: names of glossaries, parted by commas; None: all of the service.
        state: "queued" and "translating" are unfinished.
        attempts: how often it was begun.
        error: why it is in the state "error".
        report: what was counted, as JSON; "" before it is done.
        n_chars: characters that were translated.
        created_at, started_at, finished_at: seconds since 1970; 0 for not yet.
    """

    id: str
    key_hash: str
    client: str
    name: str
    format: str
    suffix: str
    sheet: str
    glossary: str | None = None
    state: JobState = "queued"
    attempts: int = 0
    error: str = ""
    report: str = ""
    n_chars: int = 0
    created_at: float = 0.0
    started_at: float = 0.0
    finished_at: float = 0.0

    @property
    def unfinished(self) -> bool:
        """Whether there is still something to do."""
        return self.state in UNFINISHED


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as it is now: `share` of it is translated, 0 to 1; `seconds_left` None where nobody can tell."""

    record: JobRecord
    share: float
    seconds_left: float | None
