"""The report as one HTML page: no script, nothing from the network, everything escaped."""

from __future__ import annotations

import html
import time
from collections.abc import Iterator, Sequence
from importlib import resources

from batchtx.cells import escape
from batchtx.records import ORIGINS, SEVERITIES
from batchtx.report.charts import columns, rows
from batchtx.report.report import N_SCORE_BINS, DocumentReport, DoubtfulRow, Report
from batchtx.text.spans import find_words

_MOST_DOCUMENTS = 1000
_MOST_LINES = 50
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_COLOURS = {"minor": "#e8b93c", "major": "#dd7a2b", "critical": "#c0392b"}


def page(report: Report) -> str:
    """Returns the page as text."""
    style = resources.files("batchtx.report").joinpath("report.css").read_text(encoding="utf-8")
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>batchtx: translation report</title>\n<style>\n{style}</style>\n</head>\n<body>",
        *_head(report),
        *_charts(report),
        *_documents(report),
        *_worst(report),
        "</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _head(report: Report) -> Iterator[str]:
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(report.started_at))
    n_flags = sum(report.severities.values())
    speed = f"{report.n_words / report.elapsed_s:,.0f}" if report.elapsed_s else "–"
    tiles = {
        "documents": f"{len(report.documents):,}",
        "segments": f"{sum(report.origins.values()):,}",
        "source words": f"{report.n_words:,}",
        "seconds": f"{report.elapsed_s:,.1f}",
        "words a second": speed,
        "flags": f"{n_flags:,}",
    }
    yield "<header><h1>Translation report</h1>"
    state = "interrupted; the same command goes on where it stopped" if report.interrupted else ""
    state = state or f"exit code {report.exit_code}"
    yield f'<p class="soft">{started} · {state}<br>{_safe(report.signature)}</p></header>'
    cells = (f'<div class="tile"><b>{value}</b>{name}</div>' for name, value in tiles.items())
    yield f'<div class="tiles">{"".join(cells)}</div>'
    yield from _lines("Review sheets", report.sheets)
    yield from _lines("Notes", [*filter(None, [report.failure]), *report.troubles, *report.notes])


def _charts(report: Report) -> Iterator[str]:
    yield '<h2>Distributions</h2>\n<div class="charts">'
    if any(report.scores):
        steps = [f"{step / N_SCORE_BINS:.2f}" for step in range(N_SCORE_BINS)]
        title = "Estimated quality: segments by score, 0 (look at it) to 1 (probably fine)"
        yield columns(title, dict(zip(steps, report.scores, strict=True)))
    yield rows("Flags by check", dict(report.checks.most_common(24)))
    severities: dict[str, int] = {name: report.severities[name] for name in reversed(SEVERITIES)}
    yield rows("Flags by severity", severities, _COLOURS)
    yield rows("Segments by origin", {name: report.origins[name] for name in ORIGINS if report.origins[name]})
    yield "</div>"


def _documents(report: Report) -> Iterator[str]:
    yield '<h2>Documents</h2>\n<div class="wide"><table>\n<thead><tr><th>document<th>state'
    yield '<th class="n">segments<th class="n">words<th class="n">critical<th class="n">major'
    yield '<th class="n">minor<th class="n">failed</tr></thead>\n<tbody>'
    yield from (_document_row(document) for document in report.documents[:_MOST_DOCUMENTS])
    yield "</tbody></table></div>"
    if len(report.documents) > _MOST_DOCUMENTS:
        yield f"<p>and {len(report.documents) - _MOST_DOCUMENTS:,} more; the JSON report has all.</p>"


def _document_row(document: DocumentReport) -> str:
    lines = [line for line in (document.error, *document.problems[:_MOST_LINES], *document.notes) if line]
    about = "".join(f'<div class="soft">{_safe(line)}</div>' for line in lines)
    counts = [
        sum(document.origins.values()),
        document.n_words,
        *(document.severities[name] for name in reversed(SEVERITIES)),
        document.origins["failed"],
    ]
    cells = "".join(f'<td class="n">{count:,}</td>' for count in counts)
    names = f'{_safe(document.name)}<div class="soft">→ {_safe(document.output)}</div>{about}'
    return f'<tr><td class="name">{names}</td><td>{document.state.replace("_", " ")}</td>{cells}</tr>'


def _worst(report: Report) -> Iterator[str]:
    if not report.worst:
        return
    yield f"<h2>The {len(report.worst)} most doubtful segments</h2>"
    yield '<p class="soft">What a flag names is marked. The score is an estimate: a low one says '
    yield "where to look first, a high one proves nothing.</p>"
    yield from map(_segment, report.worst)


def _segment(doubtful: DoubtfulRow) -> str:
    row = doubtful.cells
    score = f" · score {_safe(row['score'])}" if row["score"] else ""
    match = f'<p class="soft">similar, {_safe(row["match"])}</p>' if row.get("match") else ""
    return (
        f'<article class="{row["severity"] if row["severity"] in SEVERITIES else ""}">'
        f'<div class="soft">{_safe(row["document"])}, {_safe(row["place"])}{score}</div>'
        f'<div class="pair"><div dir="auto">{_marked(row["source"], doubtful.source_words)}</div>'
        f'<div dir="auto">{_marked(row["translation"], doubtful.target_words)}</div></div>'
        f"<div>{_safe(row['flags'])}</div>{match}</article>"
    )


def _marked(text: str, words: Sequence[str]) -> str:
    """The text escaped, with what flags point at marked."""
    text = escape(text)
    parts: list[str] = []
    done = 0
    for start, end in find_words(map(escape, words), text):
        parts += [html.escape(text[done:start]), f"<mark>{html.escape(text[start:end])}</mark>"]
        done = end
    return "".join([*parts, html.escape(text[done:])])


def _lines(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        items = "".join(f"<li>{_safe(line)}</li>" for line in lines[:_MOST_LINES])
        more = f"<li>and {len(lines) - _MOST_LINES:,} more</li>" if len(lines) > _MOST_LINES else ""
        yield f"<details open><summary>{title}</summary><ul>{items}{more}</ul></details>"


def _safe(text: str) -> str:
    """Text that is only text, whatever it holds, and cannot turn the direction of what follows."""
    return f"<bdi>{html.escape(escape(text))}</bdi>"
