"""Jobs in turn, broken off, taken up again, removed."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from batchtx.engines.spec import EngineSpec
from batchtx.pipeline.options import TranslateOptions
from batchtx.pipeline.setup import make_ready
from batchtx.service.glossaries import GlossaryChoice, GlossaryShelf
from batchtx.service.jobs import runner as runner_module
from batchtx.service.jobs.desk import JobDesk, Upload
from batchtx.service.jobs.document_run import JobWatch
from batchtx.service.jobs.record import JobRecord
from batchtx.service.jobs.runner import JobRunner
from batchtx.service.jobs.table import JobTable
from batchtx.service.limits import ServiceLimits
from batchtx.service.refusal import Refusal
from batchtx.service.settings import ServiceSettings
from tests.helpers.texts import sentences


class Office:
    """A desk with a runner, in a folder."""

    def __init__(self, folder: Path, *, running_jobs: int = 1, **limits: Any) -> None:
        options = TranslateOptions((), engine=EngineSpec("pseudo", ""), executor="serial", workers=1)
        settings = ServiceSettings(options, folder, limits=ServiceLimits(**limits), running_jobs=running_jobs)
        ready = make_ready(options)
        shelf = GlossaryShelf(settings, ready)
        self.table = JobTable(folder / "jobs.sqlite")
        self.runner = JobRunner(settings, ready, shelf, self.table)
        self.desk = JobDesk(settings, shelf, self.table, self.runner)

    def take(self, text: str = "你好。\n", name: str = "a.txt", client: str = "Li") -> tuple[JobRecord, str]:
        return self.desk.take(Upload(io.BytesIO(text.encode()), name, GlossaryChoice()), client)

    def state(self, record: JobRecord) -> str:
        found = self.table.find(record.id)
        return found.state if found else "removed"

    def wait(self, *records: JobRecord) -> None:
        wait_for(lambda: all(self.state(one) not in ("queued", "translating") for one in records))

    def close(self) -> None:
        self.runner.close()
        self.table.close()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@contextmanager
def office(folder: Path, *, start: bool = True, **settings: Any) -> Iterator[Office]:
    made = Office(folder, **settings)
    if start:
        made.runner.start()
    try:
        yield made
    finally:
        made.close()


class Stopped:
    """Holds jobs in the middle of their work until they may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on = threading.Event()
        self.names: list[str] = []
        whole = JobWatch.translated

        def wait(watch: JobWatch, report: Any, translation: Any, share: float) -> None:
            if translation.segment.document not in self.names:
                self.names.append(translation.segment.document)
            while not self.go_on.wait(0.005) and not watch.stop():
                pass
            whole(watch, report, translation, share)

        monkeypatch.setattr(JobWatch, "translated", wait)


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Stopped:
    return Stopped(monkeypatch)


def test_a_document_is_translated_with_its_sheet(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        record, key = here.take("你好，世界。\n", "../世界.txt")
        here.wait(record)
        done = here.desk.find(record.id, key)
        assert (done.state, done.name, done.n_chars) == ("done", "世界.txt", 6)
        assert here.desk.result(done).read_text(encoding="utf-8") != "你好，世界。\n"
        assert "世界.txt" in here.desk.sheet(done).read_text(encoding="utf-8-sig")
        assert str(tmp_path) not in done.report + here.desk.sheet(done).read_text(encoding="utf-8-sig")


def test_clients_take_turns(tmp_path: Path, stopped: Stopped) -> None:
    with office(tmp_path, start=False) as here:
        jobs = [here.take(name=f"{client}{n}.txt", client=client) for client in "AB" for n in range(3)]
        stopped.go_on.set()
        here.runner.start()
        here.wait(*(record for record, _ in jobs))
    assert stopped.names == ["A0.txt", "A1.txt", "A2.txt", "B0.txt", "B1.txt", "B2.txt"]


def test_a_client_with_nothing_at_work_goes_first(tmp_path: Path, stopped: Stopped) -> None:
    with office(tmp_path, running_jobs=2) as here:
        jobs = [here.take(name=f"A{n}.txt", client="A") for n in range(1)]
        wait_for(lambda: stopped.names == ["A0.txt"])
        here.runner._changed.acquire()  # both are there when the second thread looks
        jobs += [here.take(name="A1.txt", client="A"), here.take(name="B0.txt", client="B")]
        here.runner._changed.release()
        wait_for(lambda: len(stopped.names) == 2)
        assert stopped.names == ["A0.txt", "B0.txt"]
        stopped.go_on.set()
        here.wait(*(record for record, _ in jobs))


def test_a_job_at_work_is_broken_off(tmp_path: Path, stopped: Stopped) -> None:
    with office(tmp_path) as here:
        record, key = here.take("\n".join(sentences(50)))
        wait_for(lambda: bool(stopped.names))
        here.runner.cancel(record.id)
        here.wait(record)
        assert here.state(record) == "cancelled"
        with pytest.raises(Refusal) as refusal:
            here.desk.result(here.desk.find(record.id, key))
        assert refusal.value.status == 409


def test_a_job_that_waits_is_taken_out_and_one_that_has_ended_stays(tmp_path: Path, stopped: Stopped) -> None:
    with office(tmp_path) as here:
        (first, _), (second, _) = here.take(name="a.txt"), here.take(name="b.txt")
        wait_for(lambda: bool(stopped.names))
        here.runner.cancel(second.id)
        assert here.state(second) == "cancelled"
        stopped.go_on.set()
        here.wait(first)
        here.runner.cancel(first.id)
        assert here.state(first) == "done"


def test_what_was_at_work_when_the_service_ended_is_taken_up_again(tmp_path: Path, stopped: Stopped) -> None:
    with office(tmp_path) as here:
        record, _ = here.take("\n".join(sentences(50)))
        wait_for(lambda: bool(stopped.names))
    with office(tmp_path, start=False) as here:
        found = here.table.find(record.id)
        assert found is not None
        assert (found.state, found.attempts) == ("queued", 0)  # an orderly end is nobody's fault
        stopped.go_on.set()
        here.runner.start()
        here.wait(record)
        assert here.state(record) == "done"


def test_a_document_that_kills_the_service_again_and_again_is_given_up(tmp_path: Path) -> None:
    with office(tmp_path, start=False) as here:
        record, _ = here.take()
        here.table.update(record.id, state="translating", attempts=3)  # as a killed service leaves it
        here.runner.start()
        here.wait(record)
        found = here.table.find(record.id)
        assert found is not None
        assert found.state == "error"
        assert "ended 3 times" in found.error


def test_a_damaged_document_ends_in_an_error_without_paths(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        record, key = here.take("no zip", "a.docx")
        here.wait(record)
        found = here.desk.find(record.id, key)
        assert found.state == "error"
        assert "DOCX" in found.error
        assert str(tmp_path) not in found.error


def test_files_of_finished_jobs_go_when_their_time_is_over(tmp_path: Path) -> None:
    with office(tmp_path, ttl_s=0.2) as here:
        record, key = here.take()
        folder = here.runner.folder(record.id).path
        assert folder.is_dir()
        wait_for(lambda: here.state(record) == "removed" and not folder.exists())
        with pytest.raises(Refusal) as refusal:
            here.desk.find(record.id, key)
        assert refusal.value.status == 404


def test_a_job_at_work_is_not_too_old(tmp_path: Path, stopped: Stopped) -> None:
    with office(tmp_path, ttl_s=0.02) as here:
        record, _ = here.take()
        wait_for(lambda: bool(stopped.names))
        time.sleep(0.1)
        assert here.state(record) == "translating"
        stopped.go_on.set()


def test_removing_a_job_breaks_it_off_and_leaves_no_file(tmp_path: Path, stopped: Stopped) -> None:
    with office(tmp_path) as here:
        record, _ = here.take()
        wait_for(lambda: bool(stopped.names))
        here.runner.remove(record.id)
        assert here.state(record) == "removed"
        assert not here.runner.folder(record.id).path.exists()


def test_folders_that_no_job_knows_go_at_the_start(tmp_path: Path) -> None:
    stray, other = tmp_path / "jobs" / ("a" * 32), tmp_path / "jobs" / "somebody's own"
    stray.mkdir(parents=True)
    other.mkdir()
    with office(tmp_path):
        assert not stray.exists()
        assert other.exists()


def test_limits_say_how_many_may_wait(tmp_path: Path) -> None:
    with office(tmp_path, start=False, jobs=3, client_jobs=2) as here:
        here.take(client="A")
        here.take(client="A")
        with pytest.raises(Refusal, match="of yours") as refusal:
            here.take(client="A")
        assert (refusal.value.status, bool(refusal.value.retry_after_s)) == (429, True)
        here.take(client="B")
        with pytest.raises(Refusal, match="Too many documents wait"):
            here.take(client="C")


def test_a_full_room_takes_no_more(tmp_path: Path) -> None:
    with office(tmp_path, start=False, disk_bytes=10) as here:
        here.take("你好你好你好")
        with pytest.raises(Refusal) as refusal:
            here.take()
        assert refusal.value.status == 507


@pytest.mark.parametrize("key", ["", "0" * 32, "ü"])
def test_a_wrong_secret_and_a_wrong_id_are_told_the_same(tmp_path: Path, key: str) -> None:
    with office(tmp_path, start=False) as here:
        record, _ = here.take()
        said = []
        for job in (record.id, "f" * 32, "../" + record.id):
            with pytest.raises(Refusal) as refusal:
                here.desk.find(job, key)
            said.append((refusal.value.status, refusal.value.message))
        assert len(set(said)) == 1


def test_a_format_that_nobody_reads_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with office(tmp_path, start=False) as here, pytest.raises(Refusal, match=r"\.docx"):
        here.take(name="a.exe")


def test_a_thread_outlives_whatever_a_job_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = runner_module.translate_job

    def fragile(record: JobRecord, *more: Any) -> Any:
        if record.name == "bad.txt":
            raise RuntimeError("客户的文字")
        return whole(record, *more)

    monkeypatch.setattr(runner_module, "translate_job", fragile)
    with office(tmp_path) as here:
        (bad, _), (good, _) = here.take(name="bad.txt"), here.take()
        here.wait(bad, good)
        assert (here.state(bad), here.state(good)) == ("error", "done")
        found = here.table.find(bad.id)
        assert found is not None
        assert found.error == "internal error (RuntimeError)"
