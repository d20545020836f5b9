"""Where documents are handed in, asked for and corrected; refused when there are too many of them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from batchtx.errors import SheetError, StoreError
from batchtx.formats import built_in_formats, find_format, format_of
from batchtx.review.apply_report import Applied
from batchtx.review.formats import SHEET_FORMATS, format_of_sheet
from batchtx.service.glossaries import GlossaryChoice, GlossaryShelf
from batchtx.service.jobs.document_run import apply_to_job, without_paths
from batchtx.service.jobs.folder import shown_name, used_bytes
from batchtx.service.jobs.record import JobRecord
from batchtx.service.jobs.runner import JobRunner
from batchtx.service.jobs.table import JobTable
from batchtx.service.refusal import Refusal
from batchtx.service.settings import ServiceSettings

DEFAULT_SHEET = ".csv"
_RETRY_S = 30


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it comes in: its content, what the client calls it, and what it chose."""

    content: BinaryIO
    name: str
    choice: GlossaryChoice
    sheet: str = DEFAULT_SHEET
    format: str = ""


class JobDesk:
    """Takes jobs in and gives results out; safe to ask from any thread but that of the event loop."""

    def __init__(
        self, settings: ServiceSettings, shelf: GlossaryShelf, table: JobTable, runner: JobRunner
    ) -> None:
        self._settings, self._shelf, self._table, self._runner = settings, shelf, table, runner
        self._taking = threading.Lock()
        self._correcting = threading.Lock()

    def take(self, upload: Upload, client: str) -> tuple[JobRecord, str]:
        """Returns a new job for a document, and the secret that its client has to tell.

        Raises:
            Refusal: it is of no known format, or there are too many jobs or bytes.
            GlossaryError: its terms cannot be read.
        """
        key = secrets.token_hex(16)
        name = shown_name(upload.name)
        record = JobRecord(
            id=secrets.token_hex(16),
            key_hash=_hash(key),
            client=client,
            name=name,
            format=upload.format or _format_of(name),
            suffix=Path(name).suffix.lower(),
            sheet=_sheet(upload.sheet),
            glossary=None if upload.choice.names is None else ",".join(upload.choice.names),
            created_at=time.time(),
        )
        find_format(record.format)
        self._shelf.find(upload.choice)  # what is wrong with it is told now
        folder = self._runner.folder(record.id)
        with self._taking:
            self._check_room(client)
            try:
                folder.keep(folder.source(record.suffix), upload.content)
                if upload.choice.pasted:
                    folder.terms.write_bytes(upload.choice.pasted)
                self._table.add(record)
            except (OSError, StoreError):
                folder.remove()
                raise Refusal(507, "The document cannot be kept: is the disk full?", _RETRY_S) from None
        self._runner.look()
        return record, key

    def find(self, job: str, key: str) -> JobRecord:
        """Returns a job to a client that tells its secret.

        Raises:
            Refusal: there is none of that id, or the secret is another one; nobody learns which.
        """
        record = self._table.find(job)
        right = hmac.compare_digest(_hash(key), record.key_hash if record is not None else _hash(""))
        if record is None or not right:
            raise Refusal(404, "There is no document of this id with this key; it may have been removed")
        return record

    def result(self, record: JobRecord) -> Path:
        """Returns the translation.

        Raises:
            Refusal: it is not done.
        """
        return self._ready(record, self._runner.folder(record.id).target(record.suffix))

    def sheet(self, record: JobRecord) -> Path:
        """Returns the review sheet.

        Raises:
            Refusal: it is not done.
        """
        return self._ready(record, self._runner.folder(record.id).sheet(record.sheet))

    def correct(self, record: JobRecord, content: BinaryIO, reviewer: str) -> Applied:
        """Puts a corrected sheet into the translation and the memory, and returns what became of its rows.

        Raises:
            Refusal: the document is not done, or the file is no sheet.
        """
        self.result(record)
        folder = self._runner.folder(record.id)
        with self._correcting:
            n_sheets = sum(1 for _ in folder.path.glob("review-corrected-*"))
            path = folder.corrected(n_sheets + 1, DEFAULT_SHEET)
            try:
                folder.keep(path, content)
                return apply_to_job(folder, path, self._settings, reviewer)
            except SheetError as error:
                path.unlink(missing_ok=True)
                message = without_paths(str(error), folder).removeprefix(f"{path.name}")
                raise Refusal(400, f"The sheet{message}") from None
            except OSError:
                path.unlink(missing_ok=True)
                raise Refusal(507, "The sheet cannot be kept: is the disk full?", _RETRY_S) from None

    def _check_room(self, client: str) -> None:
        limits = self._settings.limits
        unfinished = self._table.unfinished()
        mine = sum(record.client == client for record in unfinished)
        if len(unfinished) >= limits.jobs or mine >= limits.client_jobs:
            whose = "of yours " if mine >= limits.client_jobs else ""
            raise Refusal(429, f"Too many documents {whose}wait; come back when one is done", _RETRY_S)
        if used_bytes(self._runner.root) >= limits.disk_bytes:
            hours = limits.ttl_s / 3600
            raise Refusal(507, f"The documents fill their room; they are removed after {hours:g} hours", 600)

    def _ready(self, record: JobRecord, path: Path) -> Path:
        if record.state == "error":
            raise Refusal(409, f"The document could not be translated: {record.error}")
        if record.state != "done" or not path.is_file():
            raise Refusal(409, "The document is not done")
        return path


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _format_of(name: str) -> str:
    found = format_of(name)
    if found is None:
        known = ", ".join(extension for one in built_in_formats() for extension in one.extensions)
        raise Refusal(400, f"Invalid request: file format not supported; known are {known}")
    return found


def _sheet(suffix: str) -> str:
    """The suffix of a sheet, told with or without its dot."""
    suffix = f".{suffix.lower().removeprefix('.')}" if suffix else DEFAULT_SHEET
    if suffix not in SHEET_FORMATS:
        raise Refusal(400, f"Invalid request: a review sheet is one of {', '.join(SHEET_FORMATS)}")
    format_of_sheet(Path(f"sheet{suffix}"))
    return suffix
