"""A glossary report as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from batchtx.cells import display_width
from batchtx.glossary.term_report import GlossaryReport, Miss, TermStatistics

_HEADER = ("term", "target", "segments", "used", "missed", "forbidden", "targets used")
_MAX_CELL = 44
_MAX_TEXT = 100


def lines(report: GlossaryReport, shown: int = 100) -> list[str]:
    """Returns the whole report: a table, the misses (at most `shown`), the totals."""
    return [*term_lines(report), *miss_lines(report, shown), *total_lines(report)]


def term_lines(report: GlossaryReport) -> Iterator[str]:
    """Yields one line a term, the most missed first."""
    if report.terms:
        yield from columns([_HEADER, *(_cells(use) for use in report.terms)])


def miss_lines(report: GlossaryReport, shown: int) -> Iterator[str]:
    """Yields where terms are missing or forbidden words stand."""
    if not report.misses:
        return
    yield ""
    for miss in report.misses[:shown]:
        row = miss.row
        yield f"{row.document}, {row.place}: {_said(miss)}"
        yield f"    {_cut(row.source)}"
        yield f"    {_cut(row.target)}"
    if len(report.misses) > shown:
        yield f"… and {len(report.misses) - shown} more; --json has them all"


def total_lines(report: GlossaryReport) -> Iterator[str]:
    """Yields the totals."""
    if not report.terms:
        yield f"no term of the glossary stands in the {report.n_rows} rows of the sheet"
        return
    required = [use for use in report.terms if use.required]
    preferred = [use for use in report.terms if not use.required]
    n_forbidden = sum(sum(use.forbidden.values()) for use in report.terms)
    yield ""
    yield (
        f"required     {sum(u.n_segments for u in required)}: {sum(u.n_used for u in required)} used, "
        f"{sum(u.n_missed for u in required)} missed"
    )
    yield (
        f"success      {percent(report.success)}, "
        f"counting every occurrence {percent(report.success_by_occurrence)}"
    )
    if preferred:
        n_used, n_asked = sum(u.n_used for u in preferred), sum(u.n_segments for u in preferred)
        yield f"preferred    {n_used} of {n_asked} used"
    yield f"forbidden    {n_forbidden} used"
    yield (
        f"consistency  {percent(report.consistency_in_documents)} within documents, "
        f"{percent(report.consistency_across_documents)} across documents"
    )


def percent(share: float | None) -> str:
    """Returns a share for people; "-" where there was nothing to count. Never rounded up to 100 %."""
    if share is None:
        return "-"
    return f"{min(share * 100, 99.9) if share < 1 else 100:.1f} %"


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows of cells as aligned text; Han characters are two columns wide."""
    widths = [max(display_width(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = [cell + " " * (widths[n] - display_width(cell)) for n, cell in enumerate(row)]
        yield "  ".join(cells).rstrip()


def _cells(use: TermStatistics) -> tuple[str, ...]:
    used = ", ".join(f"{target} {times}" for target, times in use.used.items())
    mixed = f" (mixed in {len(use.mixed_in)})" if use.mixed_in else ""
    return (
        use.source,
        _cut(use.targets[0], _MAX_CELL) + ("" if use.required else " (preferred)"),
        str(use.n_segments),
        str(use.n_used),
        str(use.n_missed),
        ", ".join(f"{word} {times}" for word, times in use.forbidden.items()) or "0",
        used + mixed,
    )


def _said(miss: Miss) -> str:
    allowed = " / ".join(miss.targets)
    said = f"{miss.term} → {allowed}"
    if miss.missed:
        said += " missed" if miss.required else " (preferred) missed"
    return said + (f"; forbidden: {', '.join(miss.forbidden)}" if miss.forbidden else "")


def _cut(text: str, length: int = _MAX_TEXT) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else f"{flat[: length - 1]}…"
