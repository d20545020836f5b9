"""JSON Lines: the texts at the wanted paths are translated, every other byte of a line stays.

A line that cannot be used becomes a Problem and is written as it was; the other lines go on.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from batchtx.errors import ConfigError
from batchtx.formats.encodings import ENCODING, Encoding, read_encoding
from batchtx.formats.format import Format
from batchtx.formats.json_scan import FoundValue, PathTree, find_values, path_tree
from batchtx.formats.lines import Coded, Line, LineDocument, Pending, protect_controls
from batchtx.formats.options import FormatOptions, Setting
from batchtx.formats.source import Source
from batchtx.language.pair import LanguagePair
from batchtx.protocols import Document
from batchtx.records import Problem, Unit, UnitTarget

DEFAULT_FIELDS = ("text",)
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}")
_ARRAY = (
    "the file is one JSON array, not JSON Lines (one object a line), and is kept as it is; "
    "convert it with: jq -c '.[]' file.json"
)


@dataclass(frozen=True, slots=True)
class JsonlOptions(FormatOptions):
    """`encoding` overrides detection; `fields` are paths ("text", "messages[].content", and "note?" for one
    that may be missing or null), "text" when empty; `target_field` writes the translation beside the source
    ("text_en", or "{field}_en" for several fields)."""

    encoding: str | None = None
    fields: tuple[str, ...] = ()
    target_field: str | None = None


def read_options(values: Mapping[str, Any]) -> JsonlOptions:
    """Reads the options from the values of the settings.

    Raises:
        ConfigError: an encoding or a path that makes no sense.
    """
    fields = tuple(values.get("field", ()))
    options = JsonlOptions(read_encoding(values), fields, values.get("target_field"))
    read_fields(options)
    return options


FORMAT = Format(
    name="jsonl",
    extensions=(".jsonl", ".ndjson"),
    opener="batchtx.formats.jsonl:open_document",
    default=JsonlOptions(),
    settings=(
        Setting(
            "field",
            'JSONL: field to translate (text, messages[].content, "a.b".c; note? may be missing '
            "or null); may be repeated.",
            multiple=True,
        ),
        Setting("target_field", "JSONL: write the translation to this field instead."),
        ENCODING,
    ),
    read=read_options,
    audit="batchtx.formats.line_audit:audit_lines",
)


def open_document(source: Source, options: JsonlOptions, pair: LanguagePair) -> Document:
    """Returns a JSONL document. Raises ConfigError for paths that make no sense, DocumentError when
    unreadable.
    """
    return JsonLinesDocument(source, options)


def read_fields(options: JsonlOptions) -> PathTree:
    """Returns the fields to translate. Raises ConfigError for paths that make no sense."""
    tree = path_tree(options.fields or DEFAULT_FIELDS)
    if options.target_field is not None:
        _check_beside(tree, options.target_field)
    return tree


class JsonLinesDocument(LineDocument):
    """One JSONL file or stream; see `Document` for the contract."""

    def __init__(self, source: Source, options: JsonlOptions) -> None:
        super().__init__(source, options.encoding)
        self._tree = read_fields(options)
        self._beside = options.target_field
        self._array = False

    def units(self) -> Iterator[Unit | Problem]:
        lines = self._input.lines()
        first = next(lines, None)
        if (self._input.encoding or Encoding("utf-8", "")).bom:
            self._outbox.add_ready(codecs.BOM_UTF8)
        if first is None:
            return
        started = False
        for line in chain((first,), lines):
            self._n_lines += 1
            if self._array or not line.content.strip():
                self._outbox.add_ready(line.content + line.end)
                continue
            yield from self._units_of(line, first=not started)
            started = True

    def _units_of(self, line: Line, *, first: bool) -> Iterator[Unit | Problem]:
        address = f"line {line.number}"
        try:
            text = line.content.decode("utf-8")
            values = find_values(text, self._tree, self._beside)
        except ValueError as error:
            self._outbox.add_ready(line.content + line.end)
            self._array = first and _opens_array(line.content)
            yield Problem(address, address, _ARRAY if self._array else _reason(error))
            return
        record = _Record(line, text)
        results = [record.take(value, address) for value in values]
        if record.missing:
            self._outbox.add(record)
        else:
            self._outbox.add_ready(line.content + line.end)
        yield from (result for result in results if result is not None)


class _Record(Pending):
    """One line that waits for the targets of its texts."""

    def __init__(self, line: Line, text: str) -> None:
        self._line = line
        self._text = text
        self._values: list[tuple[FoundValue, Coded, str, str]] = []
        self._targets: list[str] = []
        self.missing = 0

    def take(self, value: FoundValue, address: str) -> Unit | Problem | None:
        """The unit of a value; None when there is nothing in it to translate."""
        address = f"{address}, {value.path}"
        if value.text is None:
            return Problem(address, address, value.message)
        coded = protect_controls(value.text)
        if coded is None:
            return Problem(address, address, "too many control characters; the text is kept as it is")
        inner = coded.text.strip()
        if not any(char.isalnum() for char in inner):
            return None
        before, _, after = coded.text.partition(inner)
        self._values.append((value, coded, before, after))
        self.missing += 1
        return Unit(address, address, inner, "text", coded.codes)

    def fill(self, target: UnitTarget) -> None:
        _, coded, before, after = self._values[len(self._targets)]
        whole = before + target.text + after
        self._targets.append(coded.restore(whole) if coded.originals else whole)
        self.missing -= 1

    def finish(self) -> bytes:
        edits: list[tuple[int, int, str]] = []
        for (value, *_), target in zip(self._values, self._targets, strict=True):
            edits += _edit(self._text, value, target)
        if not edits:
            return self._line.content + self._line.end
        pieces: list[str] = []
        done = 0
        for start, end, written in sorted(edits):
            pieces += (self._text[done:start], written)
            done = end
        pieces.append(self._text[done:])
        return "".join(pieces).encode("utf-8") + self._line.end


def _edit(line: str, value: FoundValue, target: str) -> Iterator[tuple[int, int, str]]:
    """The change of the line that brings the target in; none when nothing changes."""
    token = line[value.start : value.end]
    written = token if target == value.text else _token(target, token, line)
    if not value.beside_key:
        if written is not token:
            yield value.start, value.end, written
    elif value.beside is not None:
        yield *value.beside, written
    else:
        comma_space, colon_space = value.spaces
        key = json.dumps(value.beside_key, ensure_ascii=line.isascii())
        yield value.end, value.end, f",{comma_space}{key}:{colon_space}{written}"


def _token(target: str, original: str, line: str) -> str:
    """The target as a JSON string, escaped in the way of the original."""
    ascii_only = line.isascii() and _ESCAPED.search(original) is not None
    written = json.dumps(target, ensure_ascii=ascii_only)
    if "\\/" in original and "/" not in original.replace("\\/", ""):
        written = written.replace("/", "\\/")
    for char in "\u2028\u2029\x85":  # to many readers these end a line
        if char not in original:
            written = written.replace(char, f"\\u{ord(char):04x}")
    if not ascii_only and _SURROGATES.search(written):
        written = json.dumps(target, ensure_ascii=True)
    return written


_SURROGATES = re.compile("[\ud800-\udfff]")


def _check_beside(tree: PathTree, beside: str) -> None:
    """Every translated text must have a sibling of its own, or targets would overwrite one another."""
    texts = [key for key, child in tree.keys.items() if child.field is not None]
    if len({beside.replace("{field}", key) for key in texts}) < len(texts):
        raise ConfigError(f"--target-field {beside}: several fields would share it; write {{field}}_en")
    if any(beside.replace("{field}", key) in tree.keys for key in texts):
        raise ConfigError(f"--target-field {beside}: this field is translated itself")
    lists = [child for child in (tree.every, *tree.numbered.values()) if child is not None]
    if any(child.field is not None for child in lists):
        raise ConfigError(f"--target-field {beside}: a text in a list has no field beside it")
    for child in (*tree.keys.values(), *lists):
        _check_beside(child, beside)


def _opens_array(content: bytes) -> bool:
    """The first line starts an array and does not end it: the whole file is one array."""
    if not content.lstrip().startswith(b"["):
        return False
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return True
    return False


def _reason(error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} of the line is not UTF-8; the line is kept as it is"
    return f"{error}; the line is kept as it is"
