"""The parts of a running service, and their beginning and end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from anyio.to_thread import run_sync

from batchtx.formats import built_in_formats
from batchtx.language.codes import base_language, language_name, spellings
from batchtx.memory.keys import source_key
from batchtx.memory.store import Correction, Store
from batchtx.pipeline.segments import cut_unit
from batchtx.pipeline.setup import Ready, make_ready
from batchtx.records import Unit
from batchtx.review.formats import sheet_suffixes
from batchtx.service.data_folder import DataFolder
from batchtx.service.gate import Gate
from batchtx.service.glossaries import GlossaryShelf
from batchtx.service.jobs.desk import JobDesk
from batchtx.service.jobs.runner import JobRunner
from batchtx.service.jobs.table import JobTable
from batchtx.service.metrics import Metrics, counter, gauge
from batchtx.service.refusal import Refusal
from batchtx.service.settings import ServiceSettings
from batchtx.service.speech.transcriber import Transcriber
from batchtx.service.text_queue import TextQueue
from batchtx.service.text_service import TextService

_SUGGESTED = "suggestion"


class Service:
    """Holds everything that routes ask.

    Raises:
        ConfigError, ModelError, GlossaryError: a setting names what is not there, or lets strangers in.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        settings.check()
        self.settings = settings
        self.leaving = False
        self.ready: Ready = make_ready(settings.options)
        self.gate = Gate(settings)
        self.metrics = Metrics()
        self.shelf = GlossaryShelf(settings, self.ready)
        self.queue = TextQueue(settings, self.ready)
        self.texts = TextService(self.ready, self.queue, self.shelf, settings.limits)
        self._folder = DataFolder(settings.data)
        self.table = JobTable(settings.data / "jobs.sqlite")
        self.jobs = JobRunner(settings, self.ready, self.shelf, self.table)
        self.desk = JobDesk(settings, self.shelf, self.table, self.jobs)
        speech = settings.speech_model
        self.transcriber = None if speech is None else Transcriber(speech)
        self.n_streams = 0
        """Streams of progress that are open."""

    def start(self) -> None:
        """Begins to load the model, and goes on with documents that were left."""
        self.queue.start()
        self.jobs.start()

    def leave(self) -> None:
        """Lets streams come to their end, as the service is about to close."""
        self.leaving = True

    def close(self) -> None:
        """Ends; documents that are not done go on at the next start."""
        self.jobs.close()
        self.queue.close()
        self.table.close()
        self._folder.close()

    def languages(self) -> list[dict[str, Any]]:
        """Returns the languages as LibreTranslate lists them: each spelling that clients look for."""
        pair = self.ready.pair
        first, last = (base_language(code) or code for code in (pair.source, pair.target))
        found = [
            {"code": code, "name": language_name(first), "targets": [spellings(last)[0]]}
            for code in spellings(first)
        ]
        return [
            *found,
            *({"code": code, "name": language_name(last), "targets": [code]} for code in spellings(last)),
        ]

    def frontend_settings(self) -> dict[str, Any]:
        """Returns what a page may offer; LibreTranslate's fields, and our own under `batchtx`."""
        settings, pair = self.settings, self.ready.pair
        first, last = (spellings(base_language(code) or code)[0] for code in (pair.source, pair.target))
        return {
            "apiKeys": self.gate.needs_key,
            "charLimit": settings.limits.text_chars,
            "filesTranslation": True,
            "frontendTimeout": 500,
            "keyRequired": self.gate.needs_key,
            "language": {
                "source": {"code": first, "name": language_name(first)},
                "target": {"code": last, "name": language_name(last)},
            },
            "suggestions": settings.suggestions,
            "supportedFilesFormat": [name for one in built_in_formats() for name in one.extensions],
            "batchtx": {
                "editGlossaries": settings.edit_glossaries,
                "glossaries": list(self.shelf.names),
                "sheets": sheet_suffixes(),
                "speech": settings.speech_model is not None,
                "uploadLimit": settings.limits.upload_bytes,
                "timeToLive": settings.limits.ttl_s,
            },
        }

    async def suggest(self, source: str, target: str, client: str) -> None:
        """Takes a person's translation of a text into the memory.

        Raises:
            Refusal: it cannot be told which sentence is which.
        """
        await run_sync(self._suggest, source, target, client)

    def metric_lines(self) -> Iterator[str]:
        """Yields the metrics in Prometheus's text format."""
        yield from self.metrics.lines()
        yield from gauge("batchtx_ready", "Whether the model is loaded.", {"": float(self.queue.is_warm)})
        yield from gauge("batchtx_waiting_requests", "Requests that wait.", {"": float(self.queue.length)})
        states = {f'state="{state}"': float(n) for state, n in self.jobs.counts().items()}
        yield from gauge("batchtx_documents", "Documents that are not done.", states)
        yield from counter("batchtx_calls_total", "Calls of the worker.", self.queue.n_calls)
        yield from counter("batchtx_texts_total", "Texts that went to the worker.", self.queue.n_groups)

    def _suggest(self, source: str, target: str, client: str) -> None:
        """One sentence is remembered with all that is said of it, several where both sides have as many."""
        sentences, said = (
            [segment.source for segment in cut_unit("", Unit("", "", text), self.ready.pair).segments]
            for text in (source, target)
        )
        if len(sentences) == 1:
            said = [target.strip()]
        if len(sentences) != len(said):
            raise Refusal(400, "The suggestion has another number of sentences; suggest them one by one")
        entries = list(zip(sentences, said, strict=True))
        with Store(self.settings.memory) as store:
            store.correct(
                (source_key(one), Correction(one, other, "", client, _SUGGESTED, time.time()))
                for one, other in entries
            )
