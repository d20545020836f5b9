"""batchtx verify: did a translation lose anything, and how much of the document was reached."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from batchtx.cli.commands import HelpfulCommand
from batchtx.cli.format_settings import setting_options
from batchtx.cli.say import say
from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET

if TYPE_CHECKING:
    from batchtx.formats.audit import Audit

_FILE = click.Path(path_type=Path)
_MAX_DIFFERENCES = 20


@click.command(cls=HelpfulCommand, context_settings={"show_default": True})
@click.argument("original", type=_FILE)
@click.argument("translated", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per document.")
@click.option("--complete", is_flag=True, help="Source text that is left counts as a difference.")
@setting_options("comments", "hidden", "encoding", "txt", "field", "target_field", "fill")
@click.option("--source-language", default=DEFAULT_SOURCE, help="Of the original.")
@click.option("--target-language", default=DEFAULT_TARGET, help="Of the translation.")
@click.option("-q", "--quiet", is_flag=True, help="Only documents with differences.")
def verify(
    original: Path,
    translated: Path,
    as_json: bool,
    complete: bool,
    quiet: bool,
    source_language: str,
    target_language: str,
    **settings: Any,
) -> None:
    """Compare documents with their translations: two files, or two folders of the same layout.

    Tells what was lost or changed that is not text (paragraphs, tables, marks, links, fields, formulas,
    times, formatting, parts), and accounts for the text of the original: translated, or kept and why.

    Exit codes: 0 nothing lost, 1 differences, 2 wrong usage, 3 nothing could be compared.
    """
    from batchtx.formats import read_choices
    from batchtx.formats.verification import audit_pair, document_pairs
    from batchtx.language.pair import find_pair

    choices, pair = read_choices(settings), find_pair(source_language, target_language)
    n_compared = n_bad = n_all = 0
    for one, other in document_pairs(original, translated):
        audit = audit_pair(one, other, choices, pair)
        good = audit.sound and not (complete and audit.n_left)
        n_all += 1
        n_compared += not audit.error
        n_bad += not good
        if as_json:
            click.echo(json.dumps({**asdict(audit), "sound": good}, ensure_ascii=False))
        elif not (quiet and good):
            say("\n".join(_lines(audit, brief=n_all > 1 or original.is_dir())))
    if not as_json:
        say(f"{n_all} documents, {n_compared} compared, {n_bad} with differences", err=True)
    sys.exit(3 if not n_compared else 1 if n_bad else 0)


def _lines(audit: Audit, *, brief: bool) -> Iterator[str]:
    from batchtx.formats.audit import coverage_notes, kept_reasons

    if audit.error:
        yield f"{audit.translated}: {audit.error}"
        return
    yield f"{audit.translated}: {len(audit.differences) or 'no'} differences"
    for difference in audit.differences[:_MAX_DIFFERENCES]:
        where = ", ".join(filter(None, (difference.part, difference.place))) or "the file"
        yield f"  {where}: {difference.message}"
    if len(audit.differences) > _MAX_DIFFERENCES:
        yield f"  {len(audit.differences) - _MAX_DIFFERENCES} more"
    for line in coverage_notes(audit.coverage):
        yield f"  {line}"
    if not brief:
        left = dict(audit.left)
        yield f"  {'part':<32}{'found':>10}{'translated':>12}{'left':>7}  kept"
        for part in audit.coverage:
            counts = f"{part.n_found:>10,}{part.n_units:>12,}{left.get(part.part, 0):>7,}"
            yield f"  {part.part:<32}{counts}  {kept_reasons([part])}".rstrip()
    if audit.n_left:
        yield f"  {audit.n_left:,} characters of the source language are left in the translation"
        if not brief:
            for place, count in audit.places:
                yield f"    {place}: {count:,}"
    for name, reason in (*audit.embedded, *audit.unread):
        yield f"  {name}: {reason}"
