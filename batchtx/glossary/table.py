"""Glossary files (CSV, TSV, TBX, XLSX) as one frozen glossary; see glossaries/README.md."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from batchtx.errors import ConfigError, GlossaryError
from batchtx.glossary.fold import fold
from batchtx.glossary.rows import Rows, parse_rows, read_rows
from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
from batchtx.language.pair import LanguagePair, find_pair
from batchtx.records import GlossaryMode
from batchtx.registry import unknown_message

Case = Literal["keep", "match", "ignore"]

_CASE_OF: dict[str, Case] = {"keep": "keep", "match": "match", "ignore": "ignore"}
_ALIASES = {
    "source": (
        "source",
        "src",
        "zh",
        "zh-cn",
        "zh-hans",
        "chinese",
        "中文",
        "原文",
        "源语",
        "术语",
        "源术语",
    ),
    "target": ("target", "tgt", "en", "en-us", "english", "英文", "译文", "目标", "目标术语", "译法"),
    "case": ("case", "大小写"),
    "pos": ("pos", "part of speech", "part_of_speech", "词性"),
    "domain": ("domain", "领域", "专业"),
    "forbidden": ("forbidden", "禁用", "禁用译法"),
    "dnt": ("dnt", "do_not_translate", "do not translate", "不译"),
    "regex": ("regex", "正则"),
    "note": ("note", "notes", "comment", "备注", "说明"),
    "priority": ("priority", "优先级"),
    "required": ("required", "必须"),
    "boundary": ("boundary", "词界"),
}
_COLUMN_OF = {alias: column for column, aliases in _ALIASES.items() for alias in aliases}
_YES = frozenset({"1", "yes", "y", "true", "x", "是"})
_NO = frozenset({"0", "no", "n", "false", "", "否"})
_LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_GROUP = re.compile(r"\\([1-9]\d?)")
_OTHER_ESCAPE = re.compile(r"\\(?![1-9]|g<)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a glossary. `targets` has the preferred one first; `row` is 1-based in `file`.

    `dnt` (do not translate): the target is the source text itself. `required` False: a preference,
    whose miss is a minor flag; None: as the glossary's mode says. A higher `priority` wins over a
    lower one for the same source. `boundary`: only found where Chinese words begin and end.
    """

    source: str
    targets: tuple[str, ...]
    case: Case = "match"
    pos: str = ""
    domain: str = ""
    forbidden: tuple[str, ...] = ()
    dnt: bool = False
    regex: bool = False
    note: str = field(default="", compare=False)
    priority: int = 0
    required: bool | None = None
    boundary: bool = False
    file: str = field(default="", compare=False)
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Glossary:
    """Entries in order of precedence, a hash of all that changes a translation, reading notes, mode."""

    entries: tuple[Entry, ...] = ()
    hash: str = ""
    notes: tuple[str, ...] = ()
    mode: GlossaryMode = "require"


@dataclass(frozen=True, slots=True)
class Reading:
    """One file as it stands: all rows, the encoding, what was detected, and what was left out."""

    entries: tuple[Entry, ...]
    encoding: str
    found: str
    notes: tuple[str, ...] = ()


def load(
    paths: Sequence[str | Path],
    domains: Sequence[str] = (),
    mode: GlossaryMode = "require",
    pair: LanguagePair | None = None,
) -> Glossary:
    """Returns all files as one glossary; its notes say what was found in each, and which entry wins where.

    For the same source the higher `priority` wins, then (with `domains`) an entry of such a domain,
    then the file named earlier, then the earlier row. With `domains`, entries of other domains are
    left out; those without a domain always count. `pair` None: Chinese to English.

    Raises:
        ConfigError: no entry is of a domain that `domains` names.
        GlossaryError: a file cannot be read, or is of other languages.
    """
    readings = [read_file(path, pair) for path in paths]
    glossary = from_entries([entry for one in readings for entry in one.entries], domains, mode)
    found = (note for one in readings for note in (one.found, *one.notes))
    return replace(glossary, notes=(*found, *glossary.notes))


def read(path: str | Path) -> Glossary:
    """Returns one file as a glossary, all domains."""
    return load([path])


def read_file(path: str | Path, pair: LanguagePair | None = None) -> Reading:
    """Returns every row of a CSV, TSV, TBX or XLSX file in order, doubled ones too.

    Raises:
        GlossaryError: the file cannot be read, or is of other languages.
    """
    return _reading(read_rows(path), Path(path).name, pair)


def read_content(data: bytes, name: str, pair: LanguagePair | None = None) -> Reading:
    """Returns every row of what would be the content of a file of that name, as `read_file` gives them.

    Raises:
        GlossaryError: it cannot be read, or is of other languages.
    """
    return _reading(parse_rows(data, name), name, pair)


def _reading(found: Rows, name: str, pair: LanguagePair | None) -> Reading:
    rows = found.rows
    columns, has_header = _columns(rows[0][1])
    if not has_header:
        _refuse_other_language(rows[0][1], name)
    entries = tuple(_entry(row, cells, columns, name) for row, cells in rows[has_header:])
    _check_languages(entries, name, pair or find_pair(DEFAULT_SOURCE, DEFAULT_TARGET))
    header = (
        f"columns {', '.join(c for c in columns if c)}" if has_header else "no header: source, target, note"
    )
    facts = f"{name}: {len(entries)} rows, {found.encoding}, {found.layout}, {header}"
    return Reading(entries, found.encoding, facts, found.notes)


def from_entries(
    entries: Iterable[Entry], domains: Sequence[str] = (), mode: GlossaryMode = "require"
) -> Glossary:
    """Returns a glossary of entries in order; domains and precedence as in `load`."""
    entries = list(entries)
    _check_domains(domains, entries)
    wanted = frozenset(domain.casefold() for domain in domains)
    kept, notes = _first_wins(
        entry for entry in _wanted_first(entries, wanted) if not wanted or _domain(entry) in {*wanted, ""}
    )
    facts = [
        [e.source, e.targets, e.case, e.forbidden, e.dnt, e.regex, e.required, e.priority, e.boundary]
        for e in kept
    ]
    digest = hashlib.sha256(json.dumps([mode, facts], ensure_ascii=False).encode()).hexdigest()
    return Glossary(tuple(kept), digest[:16] if kept else "", notes, mode)


def _check_domains(domains: Sequence[str], entries: Sequence[Entry]) -> None:
    known = {_domain(entry): entry.domain for entry in entries if entry.domain}
    for domain in domains:
        if domain.casefold() not in known:
            raise ConfigError(unknown_message("domain", domain, sorted(known.values())))


def _wanted_first(entries: Sequence[Entry], wanted: Collection[str]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (-entry.priority, _domain(entry) not in wanted))


def _domain(entry: Entry) -> str:
    return entry.domain.casefold()


def _first_wins(entries: Iterable[Entry]) -> tuple[list[Entry], tuple[str, ...]]:
    kept: dict[tuple[str, bool], Entry] = {}
    notes = []
    for entry in entries:
        key = (entry.source if entry.regex or entry.case == "keep" else fold(entry.source), entry.regex)
        first = kept.setdefault(key, entry)
        if first is not entry and first.targets != entry.targets:
            notes.append(
                f"{entry.file}, row {entry.row}: {entry.source} is already {first.targets[0]} "
                f"({first.file}, row {first.row}), which wins"
            )
    return list(kept.values()), tuple(notes)


def _columns(cells: Sequence[str]) -> tuple[list[str], bool]:
    names = [_COLUMN_OF.get(cell.casefold().strip(), "") for cell in cells]
    if "source" in names and ("target" in names or "dnt" in names):
        return names, True
    return ["source", "target", "note"], False


def _refuse_other_language(cells: Sequence[str], name: str) -> None:
    """A header that names Chinese and then only other languages must not pass as a row of terms."""
    others = [cell for cell in cells if _LANGUAGE_CODE.fullmatch(cell) and cell.casefold() not in _COLUMN_OF]
    if others and any(_COLUMN_OF.get(cell.casefold()) == "source" for cell in cells):
        raise GlossaryError(
            name, f"the columns are for {', '.join(others)}; the glossary must be Chinese to English"
        )


def _entry(row: int, cells: Sequence[str], columns: Sequence[str], name: str) -> Entry:
    values = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
    source = values.get("source", "")
    dnt = _flag(values, "dnt", name, row)
    regex = _flag(values, "regex", name, row)
    targets = (source,) if dnt else _several(values.get("target", ""))
    if not source:
        raise GlossaryError(name, "the source is empty", row)
    if not targets:
        raise GlossaryError(name, f"{source} has no target; write one, or yes in the dnt column", row)
    case = values.get("case", "").casefold() or ("keep" if dnt else "match")
    if case not in _CASE_OF:
        raise GlossaryError(name, f"case is {case!r}, must be keep, match or ignore", row)
    priority = values.get("priority", "") or "0"
    if not re.fullmatch(r"-?\d{1,6}", priority):
        raise GlossaryError(name, f"priority is {priority!r}, must be a whole number", row)
    entry = Entry(
        source=source,
        targets=targets,
        case=_CASE_OF[case],
        pos=values.get("pos", ""),
        domain=values.get("domain", ""),
        forbidden=_several(values.get("forbidden", "")),
        dnt=dnt,
        regex=regex,
        note=values.get("note", ""),
        priority=int(priority),
        required=_flag(values, "required", name, row) if values.get("required") else None,
        boundary=_flag(values, "boundary", name, row),
        file=name,
        row=row,
    )
    _check_regex(entry)
    return entry


def _flag(values: dict[str, str], column: str, name: str, row: int) -> bool:
    value = values.get(column, "").casefold()
    if value in _YES or value in _NO:
        return value in _YES
    raise GlossaryError(name, f"{column} is {value!r}, must be yes or no", row)


def _several(cell: str) -> tuple[str, ...]:
    if "|" not in cell:
        return (cell,) if cell else ()
    return tuple(dict.fromkeys(part.strip() for part in cell.split("|") if part.strip()))


def _check_regex(entry: Entry) -> None:
    if not entry.regex:
        return
    try:
        pattern = re.compile(entry.source)
    except re.error as error:
        raise GlossaryError(entry.file, f"regex {entry.source!r}: {error}", entry.row) from error
    if pattern.match(""):
        raise GlossaryError(entry.file, f"regex {entry.source!r} matches the empty text", entry.row)
    for target in () if entry.dnt else (*entry.targets, *entry.forbidden):
        _check_replacement(entry, pattern, target)


def _check_replacement(entry: Entry, pattern: re.Pattern[str], target: str) -> None:
    """Raise GlossaryError for a target that cannot be filled in, or that would say another thing."""
    groups = [int(number) for number in _GROUP.findall(target.replace(r"\\", ""))]
    if max(groups, default=0) > pattern.groups:
        raise GlossaryError(entry.file, f"{target} names a group that the regex has not", entry.row)
    if _OTHER_ESCAPE.search(target.replace(r"\\", "")):
        raise GlossaryError(
            entry.file, f"{target}: in the target of a regex row a backslash is written \\\\", entry.row
        )
    try:
        pattern.sub(target, "")
    except (re.error, IndexError) as error:
        raise GlossaryError(
            entry.file, f"the target {target} cannot be filled in: {error}", entry.row
        ) from None


def _check_languages(entries: Sequence[Entry], name: str, pair: LanguagePair) -> None:
    """Refuse swapped columns and other targets, where the scripts of the two languages tell."""
    count = pair.count_source
    if not pair.scripts_differ:
        return
    forward = sum(1 for entry in entries if count(entry.source))
    backward = sum(1 for e in entries if not count(e.source) and count(e.targets[0]))
    if backward > forward:
        raise GlossaryError(
            name,
            f"the columns look swapped (targets in {pair.source}): swap them, or name them in a header",
        )
    same = sum(1 for e in entries if not e.dnt and count(e.targets[0]))
    if same * 2 > len(entries):
        wanted = f"{pair.source} to {pair.target}"
        raise GlossaryError(name, f"most targets are in {pair.source}; the glossary must be {wanted}")
