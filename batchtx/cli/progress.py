"""What a person sees during and after a run: on stderr, so that stdout stays for results."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from batchtx.cli.pace import Pace, clock
from batchtx.cli.say import say, spoken
from batchtx.messages import told
from batchtx.records import Translation
from batchtx.report.report import DocumentReport, Report

_LINE_EVERY_S = 10.0
_STEPS = 1000


class ProgressReporter:
    """A progress bar on a terminal, plain lines otherwise, nothing when quiet."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._bar: Any = None
        self._n_segments = 0
        self._last_line = time.monotonic()
        self._pace = Pace()

    def __enter__(self) -> ProgressReporter:
        if not self._quiet and sys.stderr.isatty():
            from tqdm import tqdm

            layout = "{l_bar}{bar}| {elapsed}{postfix}"
            self._bar = tqdm(
                total=_STEPS, bar_format=layout, file=sys.stderr, leave=False, dynamic_ncols=True
            )
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def translated(self, report: Report, translation: Translation, share: float) -> None:
        """Counts one segment; draws now and then."""
        self._n_segments += 1
        if self._quiet or self._n_segments % 16:
            return
        self._pace.note(time.monotonic(), share)
        document = Path(translation.segment.document).name
        if self._bar is not None:
            self._bar.n = min(_STEPS, int(share * _STEPS))
            self._bar.set_postfix_str(f"{self._left()}, {document}, {self._speed(report)}", refresh=False)
            self._bar.update(0)
        elif time.monotonic() - self._last_line > _LINE_EVERY_S:
            self._last_line = time.monotonic()
            self._say(f"{share:4.0%}  {self._left()}, {document}, {self._speed(report)}")

    def document(self, report: DocumentReport) -> None:
        """Tells of a document that is done: failures always, the others when verbose."""
        if report.state == "failed":
            self._say(f"batchtx: {report.error}", always=True)
        elif self._verbose:
            state = told(report.state.replace("_", " "), context="state")
            self._say(f"{state}: {report.name} → {report.output}")
        for note in report.notes if self._verbose else ():
            self._say(f"  {report.name}: {note}")
        for problem in report.problems[:20]:
            self._say(f"batchtx: {report.name}, {problem}", always=True)
        if len(report.problems) > 20:
            self._say(f"batchtx: {report.name}: {len(report.problems) - 20} more such places", always=True)

    def notes(self, notes: Iterable[str]) -> None:
        """Things worth knowing before the run."""
        for note in notes:
            self._say(f"note: {note}")

    def lines(self, lines: Iterable[str]) -> None:
        """Results of a dry run, on stdout."""
        for line in lines:
            say(line)

    def finish(self, report: Report) -> None:
        """Prints the summary."""
        self.notes(report.notes)
        for trouble in report.troubles:
            self._say(f"batchtx: {trouble}", always=True)
        for line in report.summary():
            self._say(line)
        self._say(f"signature  {report.signature}")
        if report.interrupted:
            self._say("batchtx: interrupted; run the same command again to go on", always=True)

    def _left(self) -> str:
        left = clock(self._pace.left_s())
        return told(f"{left} left")

    def _speed(self, report: Report) -> str:
        words_per_s = report.n_words / report.elapsed_s if report.elapsed_s else 0
        return told(f"{self._n_segments:,} segments, {words_per_s:,.0f} words/s")

    def _say(self, line: str, *, always: bool = False) -> None:
        if self._quiet and not always:
            return
        if self._bar is not None:
            self._bar.write(spoken(line), file=sys.stderr)
        else:
            say(line, err=True)
