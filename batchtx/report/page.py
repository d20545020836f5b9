"""The report as one HTML page: no script, nothing from the network, everything escaped."""

from __future__ import annotations

import html
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources

from batchtx.cells import escape
from batchtx.messages import language, told
from batchtx.records import ORIGINS, SEVERITIES
from batchtx.report.charts import columns, rows
from batchtx.report.report import N_SCORE_BINS, DocumentReport, DoubtfulRow, Report
from batchtx.text.spans import find_words

_MOST_DOCUMENTS = 1000
_MOST_LINES = 50
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_COLOURS = {"minor": "#8a6800", "major": "#b8520f", "critical": "#a82a1d"}
"""Each at least 4.5 to 1 on white (WCAG 2.2, 1.4.3); a test computes it."""

_MARKS = {"minor": "○", "major": "◐", "critical": "●"}
"""A severity for those who see no colour."""


def page(report: Report) -> str:
    """Returns the page as text, in the language of the user."""
    style = resources.files("batchtx.report").joinpath("report.css").read_text(encoding="utf-8")
    parts = [
        f'<!DOCTYPE html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>batchtx: {told('translation report')}</title>\n<style>\n{style}</style>\n</head>\n<body>",
        *_head(report),
        "<main>",
        *_lines(told("Review sheets"), report.sheets),
        *_lines(told("Notes"), map(told, filter(None, [report.failure, *report.troubles, *report.notes]))),
        *_charts(report),
        *_documents(report),
        *_worst(report),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _head(report: Report) -> Iterator[str]:
    started = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(report.started_at))
    speed = f"{report.n_words / report.elapsed_s:,.0f}" if report.elapsed_s else "–"
    tiles = {
        told("documents"): f"{len(report.documents):,}",
        told("segments"): f"{sum(report.origins.values()):,}",
        told("source words"): f"{report.n_words:,}",
        told("seconds"): f"{report.elapsed_s:,.1f}",
        told("words a second"): speed,
        told("flags"): f"{sum(report.severities.values()):,}",
    }
    yield f"<header><h1>{told('Translation report')}</h1>"
    state = told("interrupted; the same command goes on where it stopped") if report.interrupted else ""
    state = state or told(f"exit code {report.exit_code}")
    if report.shard:
        state = f"{told(f'part {report.shard} of a run')}, {state}"
    yield f'<p class="soft">{started} · {state}<br>{_safe(report.signature)}</p>'
    cells = (f'<div class="tile"><b>{value}</b>{name}</div>' for name, value in tiles.items())
    yield f'<div class="tiles">{"".join(cells)}</div></header>'


def _charts(report: Report) -> Iterator[str]:
    yield f'<h2>{told("Distributions")}</h2>\n<div class="charts">'
    if any(report.scores):
        steps = [f"{step / N_SCORE_BINS:.2f}" for step in range(N_SCORE_BINS)]
        title = told("Estimated quality: segments by score, 0 (look at it) to 1 (probably fine)")
        yield columns(title, dict(zip(steps, report.scores, strict=True)))
    yield rows(told("Flags by check"), dict(report.checks.most_common(24)))
    severities = {_named(name): report.severities[name] for name in reversed(SEVERITIES)}
    yield rows(told("Flags by severity"), severities, {_named(name): _COLOURS[name] for name in SEVERITIES})
    origins = {_named(name): report.origins[name] for name in ORIGINS if report.origins[name]}
    yield rows(told("Segments by origin"), origins)
    yield "</div>"


def _documents(report: Report) -> Iterator[str]:
    names = [_named(name) for name in reversed(SEVERITIES)]
    counted = [told("segments"), told("words"), *names, _named("failed")]
    yield f'<h2>{told("Documents")}</h2>\n<div class="wide"><table>\n<thead><tr>'
    yield f'<th scope="col">{told("document", context="column")}<th scope="col">{told("state")}'
    yield "".join(f'<th class="n" scope="col">{name}' for name in counted)
    yield "</tr></thead>\n<tbody>"
    yield from (_document_row(document) for document in report.documents[:_MOST_DOCUMENTS])
    yield "</tbody></table></div>"
    if len(report.documents) > _MOST_DOCUMENTS:
        more = f"{len(report.documents) - _MOST_DOCUMENTS:,}"
        yield f"<p>{told(f'and {more} more; the JSON report has all.')}</p>"


def _document_row(document: DocumentReport) -> str:
    lines = [line for line in (document.error, *document.problems[:_MOST_LINES], *document.notes) if line]
    about = "".join(f'<div class="soft">{_safe(told(line))}</div>' for line in lines)
    counts = [
        sum(document.origins.values()),
        document.n_words,
        *(document.severities[name] for name in reversed(SEVERITIES)),
        document.origins["failed"],
    ]
    cells = "".join(f'<td class="n">{count:,}</td>' for count in counts)
    names = f'{_safe(document.name)}<div class="soft">→ {_safe(document.output)}</div>{about}'
    return f'<tr><td class="name">{names}</td><td>{_named(document.state.replace("_", " "))}</td>{cells}</tr>'


def _worst(report: Report) -> Iterator[str]:
    if not report.worst:
        return
    yield f"<h2>{told(f'The {len(report.worst)} most doubtful segments')}</h2>"
    advice = told(
        "What a flag names is marked. The score is an estimate: a low one says where to look first, a high "
        "one proves nothing."
    )
    yield f'<p class="soft">{advice}</p>'
    yield from (_segment(row, *report.languages) for row in report.worst)


def _segment(doubtful: DoubtfulRow, source: str, target: str) -> str:
    row = doubtful.cells
    number = _safe(row["score"])
    score = f" · {told(f'score {number}')}" if row["score"] else ""
    match = f'<p class="soft">{told("similar")}, {_safe(row["match"])}</p>' if row.get("match") else ""
    severity = row["severity"] if row["severity"] in SEVERITIES else ""
    label = f'<b class="severity">{_MARKS[severity]} {_named(severity)}</b> ' if severity else ""
    return (
        f'<article class="{severity}">'
        f'<div class="soft">{label}{_safe(row["document"])}, {_safe(row["place"])}{score}</div>'
        f'<div class="pair">'
        f'<div dir="auto"{_lang(source)}>{_marked(row["source"], doubtful.source_words)}</div>'
        f'<div dir="auto"{_lang(target)}>{_marked(row["translation"], doubtful.target_words)}</div></div>'
        f"<div>{_safe(row['flags'])}</div>{match}</article>"
    )


def _named(state: str) -> str:
    return html.escape(told(state, context="state"))


def _lang(code: str) -> str:
    """The language of a text, for the voice of a screen reader and the shapes of Han characters."""
    return f' lang="{html.escape(code)}"' if code else ""


def _marked(text: str, words: Sequence[str]) -> str:
    """The text escaped, with what flags point at marked."""
    text = escape(text)
    parts: list[str] = []
    done = 0
    for start, end in find_words(map(escape, words), text):
        parts += [html.escape(text[done:start]), f"<mark>{html.escape(text[start:end])}</mark>"]
        done = end
    return "".join([*parts, html.escape(text[done:])])


def _lines(title: str, found: Iterable[str]) -> Iterator[str]:
    lines = list(found)
    if lines:
        items = "".join(f"<li>{_safe(line)}</li>" for line in lines[:_MOST_LINES])
        more = (
            f"<li>{told(f'and {len(lines) - _MOST_LINES:,} more')}</li>" if len(lines) > _MOST_LINES else ""
        )
        yield f"<details open><summary>{title}</summary><ul>{items}{more}</ul></details>"


def _safe(text: str) -> str:
    """Text that is only text, whatever it holds, and cannot turn the direction of what follows."""
    return f"<bdi>{html.escape(escape(text))}</bdi>"
