"""Collects what batchtx tells people, for translators, and compiles their catalogues (`make messages`).

A message is a text of the code with at least two words; what it puts in stands in braces: f"{path}: no such
file" is the message "{path}: no such file". The code keeps its English texts as they are; batchtx.messages
finds the message that a finished text was made from. So memories, JSON and logs hold English in any language.

    python docs/messages.py            # updates and compiles batchtx/locale/*/LC_MESSAGES/batchtx.po
    python docs/messages.py --check    # exit code 1 when a catalogue is not up to date
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "batchtx"
CATALOGUES = sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/batchtx.po"))

_SILENT = (
    "bench/",
    "cli/bench.py",
    "cli/bench_quality.py",
    "cli/completion.py",
    "cli/distill.py",
    "cli/examples.py",
    "cli/format_settings.py",
    "cli/makefile.py",
    "cli/names.py",
    "cli/reference.py",
    "distill/",
    "engines/foreign.py",
    "engines/pseudo.py",
    "executors/ray.py",
    "inline/",
    "language/",
    "service/app.py",  # what clients of the service read stays as their libraries expect it
    "service/fields.py",
    "service/gate.py",
    "service/glossaries.py",
    "service/guard.py",
    "service/jobs/",
    "service/metrics.py",
    "service/openapi/",
    "service/refusal.py",
    "service/routes/",
    "service/service.py",
    "service/speech/wav.py",
    "service/text_queue.py",
    "service/text_service.py",
    "student/",
    "text/split.py",
    "worker/strategies.py",
)
"""Modules that tell nobody anything, or only developers."""

_WORDS = re.compile(r"[a-z]{2,}['’]?[,:;]? [a-z(]|[a-z}]: ?\{|\} [a-z]{2,}|^[a-z]+ \{")
_NO_MESSAGE = re.compile(
    r"SELECT|INSERT|UPDATE|CREATE|DELETE|PRAGMA"  # SQL
    r"|\(\?|\\[\\dws]|\|[a-z<]|Hong .Kong|Taiwan dollars\?"  # patterns
    r"|</?\w+>|<(?:line|th|meta|rect|text) |^[a-z]+:\{|\x08|^\.|;base64|[a-z]-[a-z]+:"  # HTML, CSS, addresses
)
_HELP = {"help", "metavar", "epilog", "short_help"}
_NOT_TOLD = {"Setting", "compile", "debug", "info", "format_option"}
_NO_MESSAGES = {
    '<{prefix}col min="{start}" max="{column}"{attributes}/>',
    " in several documents",  # stands in the cells of sheets, which are read back
    "cells, times, first_document < last_document",
    "severity = 0 AND label, doubt DESC, number",
    "Glossary and rules",  # help stays English
    "Review sheet and report",
    "Table (continued)",  # goes into documents
    "default-src 'none'; style-src 'unsafe-inline'",
    "key, source, target, machine, reviewer, document, made_at",
    "source, target, machine, reviewer, document, made_at",
}
_PLACES = (
    *("line {n}", "paragraph {n}", "table {n}", "row {n}", "cell {n}", "column {n}", "text box {n}"),
    *("header {n}", "footer {n}", "footnote {n}", "endnote {n}", "comment {n}", "page {n}", "slide {n}"),
    *("sheet {n}", "entry {n}", "cue {n}", "part {n}", "text {n}", "chart {n}", "diagram {n}"),
    *("header", "footer", "footnote", "endnote", "comment", "notes", "chart", "diagram", "drawing"),
    *("contents", "about the book", "document title", "text box"),
)
_CLICK = (
    "Usage:",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "No such option {name!r}.",
    "{value!r} is not one of {choices}.",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "Option {name!r} requires an argument.",
)
"""What click says itself; it asks the same catalogue."""

_SYSTEM = (
    "No such file or directory",
    "Permission denied",
    "Is a directory",
    "Not a directory",
    "No space left on device",
    "Read-only file system",
    "File name too long",
)
"""What the system says itself."""


def messages() -> dict[tuple[str, str], str]:
    """Returns every message with its context, and where it stands first."""
    found: dict[tuple[str, str], str] = {("", text): "click" for text in _CLICK}
    found |= {("", text): "system" for text in _SYSTEM}
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE).as_posix()
        if not where.startswith(_SILENT):
            for context, text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault((context, text), where)
    return found


def _texts(tree: ast.Module) -> Iterator[tuple[str, str]]:
    passed: set[int] = set(_passed_over(tree))
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "told":
            passed.update(map(id, ast.walk(node.args[0])))
            yield from _of_call(node)
        elif isinstance(node, ast.JoinedStr):
            passed.update(id(part) for part in node.values)
            text = template(node)
            if _is_message(text):
                yield "", text
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.replace("{", "{{").replace("}", "}}")
            if _is_message(text):
                yield "", text


def _of_call(node: ast.Call) -> Iterator[tuple[str, str]]:
    """What `told` is asked for by a text of its own: a message whatever it looks like."""
    context = next((k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)), "")
    first = node.args[0]
    if isinstance(first, ast.Constant):
        yield str(context), str(first.value)
    elif context:  # one of a table of words
        yield from ((str(context), name) for name in _tables()[str(context)])
    elif isinstance(first, ast.JoinedStr):
        yield "", template(first)


def _tables() -> dict[str, tuple[str, ...]]:
    from batchtx.records import ORIGINS, SEVERITIES
    from batchtx.review.sheet import COLUMNS, SCOPES, STATUSES

    further = ("written", "up to date", "not reached", "new", "unreadable")
    states = (*ORIGINS, *SEVERITIES, *further)
    return {"column": COLUMNS, "status": STATUSES, "scope": SCOPES, "state": states, "place": _PLACES}


def _passed_over(tree: ast.Module) -> Iterator[int]:
    """Docstrings, helps of options, and what is compared or looked up rather than told."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.keyword) and node.arg in _HELP:
            yield from map(id, ast.walk(node.value))
        elif isinstance(node, ast.Call) and _called(node) in _NOT_TOLD:
            yield from map(id, ast.walk(node))
        elif isinstance(node, ast.Compare | ast.Subscript):
            yield from (id(part) for part in ast.walk(node) if isinstance(part, ast.Constant))


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def template(node: ast.JoinedStr) -> str:
    """The text of an f-string with a name in braces for each value."""
    parts: list[str] = []
    names: dict[str, int] = {}
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value).replace("{", "{{").replace("}", "}}"))
        elif isinstance(value, ast.FormattedValue):
            name = _name(value.value)
            names[name] = names.get(name, 0) + 1
            parts.append(f"{{{name}{names[name] if names[name] > 1 else ''}}}")
    return "".join(parts)


def _name(node: ast.AST) -> str:
    """What a translator sees of a value: its name, or the last part of it."""
    if isinstance(node, ast.Name):
        return node.id.strip("_")
    if isinstance(node, ast.Attribute):
        return node.attr.strip("_")
    if isinstance(node, ast.Call):
        if node.args and isinstance(node.func, ast.Name):
            return _name(node.args[0]) if node.func.id != "len" else f"n_{_name(node.args[0])}"
        return _name(node.func)
    if isinstance(node, ast.Subscript):
        inside = node.slice
        known = (
            isinstance(inside, ast.Constant) and isinstance(inside.value, str) and inside.value.isidentifier()
        )
        return inside.value if known else _name(node.value)
    if isinstance(node, ast.BinOp | ast.BoolOp):
        return _name(node.left if isinstance(node, ast.BinOp) else node.values[0])
    if isinstance(node, ast.IfExp):
        return _name(node.body)
    return "value"


def _is_message(text: str) -> bool:
    if text in _NO_MESSAGES or _NO_MESSAGE.search(text) or not _WORDS.search(text):
        return False
    return len(re.findall("[a-z]{2,}", re.sub(r"\{\w+\}", "", text))) >= 2


def updated(path: Path) -> polib.POFile:
    """The catalogue with all messages of the code and no other."""
    known = polib.pofile(str(path))
    old = {(entry.msgctxt or "", entry.msgid): entry for entry in known if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=0)
    fresh.metadata = known.metadata
    for (context, text), where in sorted(messages().items(), key=lambda item: (item[1], item[0])):
        entry = old.get((context, text))
        said = entry.msgstr if entry is not None else ""
        fresh.append(
            polib.POEntry(msgid=text, msgctxt=context or None, msgstr=said, occurrences=[(where, "")])
        )
    return fresh


def main() -> None:
    """Updates and compiles the catalogues, or only looks whether they are."""
    stale = False
    for path in CATALOGUES:
        fresh = updated(path)
        if "--check" in sys.argv:
            stale |= str(fresh) != str(polib.pofile(str(path), wrapwidth=0))
            continue
        fresh.save(str(path))
        fresh.save_as_mofile(str(path.with_suffix(".mo")))
        left = [entry for entry in fresh if not entry.msgstr]
        print(f"{path.relative_to(ROOT)}: {len(fresh)} messages, {len(left)} not translated")
    sys.exit(stale)


if __name__ == "__main__":
    main()
