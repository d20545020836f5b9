"""Works on document jobs: several side by side, clients in turn, from where a killed service had stopped."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from batchtx.config import available_cores
from batchtx.errors import BatchtxError
from batchtx.executors import build_executor
from batchtx.executors.shared import Interrupted, Lane, SharedExecutor
from batchtx.pipeline.setup import Ready
from batchtx.service.glossaries import GlossaryShelf
from batchtx.service.jobs.document_run import JobWatch, report_facts, translate_job, without_paths
from batchtx.service.jobs.folder import JobFolder
from batchtx.service.jobs.record import JobRecord, JobState, JobStatus
from batchtx.service.jobs.table import JobTable
from batchtx.service.refusal import Refusal
from batchtx.service.settings import ServiceSettings

logger = logging.getLogger(__name__)

_MOST_ATTEMPTS = 3
_SWEEP_S = 60.0
_STOP_S = 15.0
_SURE_SHARE = 0.02
"""From here on the time so far tells how long the rest will take."""


@dataclass(slots=True)
class _Running:
    record: JobRecord
    watch: JobWatch
    lane: Lane
    began: float = field(default_factory=time.monotonic)
    cancelled: bool = False


class JobRunner:
    """Translates the jobs of a table in threads, whose batches share one executor."""

    def __init__(
        self, settings: ServiceSettings, ready: Ready, shelf: GlossaryShelf, table: JobTable
    ) -> None:
        self._settings, self._ready, self._shelf, self._table = settings, ready, shelf, table
        self.root = settings.data / "jobs"
        options = settings.options
        workers = options.workers or available_cores()
        self._shared = SharedExecutor(
            build_executor(options.executor, workers, options.worker_timeout_s), in_hand=4 * workers + 4
        )
        self._changed = threading.Condition()
        self._running: dict[str, _Running] = {}
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"document {n}", daemon=True)
            for n in range(settings.running_jobs)
        ]
        self._threads.append(threading.Thread(target=self._sweep, name="sweeper", daemon=True))

    def start(self) -> None:
        """Begins to work: first on what an earlier service left."""
        for record in self._table.unfinished():
            self._table.update(record.id, state="queued")
        self._remove_strangers()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stops; jobs that are not done wait for the next start."""
        with self._changed:
            self._closed = True
            for one in self._running.values():
                one.lane.interrupt()
            self._changed.notify_all()
        self._shared.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_STOP_S)

    def folder(self, job: str) -> JobFolder:
        """Returns the folder of a job."""
        return JobFolder(self.root, job)

    def look(self) -> None:
        """Lets a thread look for a job that was added."""
        with self._changed:
            self._changed.notify()

    def status(self, record: JobRecord) -> JobStatus:
        """Returns how far a job is."""
        running = self._running.get(record.id)
        if running is None:
            return JobStatus(record, 1.0 if record.state == "done" else 0.0, None)
        share, elapsed_s = running.watch.share, time.monotonic() - running.began
        left = elapsed_s * (1 - share) / share if share >= _SURE_SHARE else None
        return JobStatus(record, share, left)

    def cancel(self, job: str) -> None:
        """Breaks a job off, or takes it out of the queue; one that has ended stays as it is."""
        with self._changed:
            running = self._running.get(job)
            if running is not None:
                running.cancelled = True
                running.lane.interrupt()
                return
            record = self._table.find(job)
            if record is not None and record.unfinished:
                self._end(job, "cancelled")

    def remove(self, job: str) -> None:
        """Breaks a job off, and removes it with its files."""
        self.cancel(job)
        with self._changed:
            self._changed.wait_for(lambda: job not in self._running, _STOP_S)
        self._table.remove(job)
        self.folder(job).remove()

    def counts(self) -> Counter[str]:
        """Returns how many jobs are in each state that is not the last one."""
        return Counter(record.state for record in self._table.unfinished())

    # -- threads

    def _work(self) -> None:
        while True:
            with self._changed:
                running = self._next_or_none()
                if self._closed:
                    return
                if running is None:
                    self._changed.wait(_SWEEP_S)
                    continue
            try:
                self._translate(running)
            except BatchtxError as error:
                logger.error("the table of jobs: %s", error)
            with self._changed:
                self._running.pop(running.record.id, None)
                self._changed.notify_all()

    def _next_or_none(self) -> _Running | None:
        try:
            return None if self._closed else self._next()
        except BatchtxError as error:
            logger.error("the table of jobs: %s", error)
            return None

    def _next(self) -> _Running | None:
        """The next job: of the client with the fewest at work, then the one that has waited longest."""
        waiting = [one for one in self._table.unfinished() if one.id not in self._running]
        if not waiting:
            return None
        busy = Counter(one.record.client for one in self._running.values())
        record = min(waiting, key=lambda one: (busy[one.client], one.created_at))
        running = _Running(record, JobWatch(lambda: False), self._shared.lane(record.client))
        running.watch.stop = lambda: running.cancelled or self._closed
        self._running[record.id] = running
        attempts = record.attempts + 1
        self._table.update(record.id, state="translating", started_at=time.time(), attempts=attempts)
        return running

    def _translate(self, running: _Running) -> None:
        record, folder = running.record, self.folder(running.record.id)
        try:
            if record.attempts >= _MOST_ATTEMPTS:
                raise Refusal(
                    500, f"the service ended {record.attempts} times while it worked on this document"
                )
            report = translate_job(
                record, folder, self._settings, self._ready, self._shelf, running.lane, running.watch
            )
            if report.interrupted:
                raise Interrupted
            facts = report_facts(report, folder)
            self._end(record.id, "done", report=facts, n_chars=running.watch.n_chars)
        except KeyboardInterrupt:
            if running.cancelled:
                self._end(record.id, "cancelled")
            else:  # the service ends; nobody is to blame
                self._table.update(record.id, state="queued", attempts=record.attempts)
        except (BatchtxError, Refusal) as error:
            self._end(record.id, "error", error=without_paths(str(error), folder))
        except Exception as error:
            logger.error("a document job failed: %s", type(error).__name__)
            self._end(record.id, "error", error=f"internal error ({type(error).__name__})")

    def _end(self, job: str, state: JobState, **values: object) -> None:
        self._table.update(job, state=state, finished_at=time.time(), **values)

    def _sweep(self) -> None:
        """Removes jobs whose time is over."""
        while True:
            try:
                for record in self._table.finished_before(time.time() - self._settings.limits.ttl_s):
                    self.remove(record.id)
            except BatchtxError as error:  # a full disk, say: there is another try
                logger.error("the table of jobs: %s", error)
            with self._changed:
                self._changed.wait_for(lambda: self._closed, min(_SWEEP_S, self._settings.limits.ttl_s / 4))
                if self._closed:
                    return

    def _remove_strangers(self) -> None:
        """Removes folders of jobs that nobody knows: an upload was killed before it was a job."""
        known = self._table.ids()
        for path in self.root.glob("*"):
            if path.name not in known and path.is_dir() and len(path.name) == 32:
                self.folder(path.name).remove()
