"""Where in a line of JSON the texts stand: spans by path, so that every other byte can stay.

Python's own scanner skips what no path leads to, so that long records cost little.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from json.decoder import scanstring  # type: ignore[attr-defined]

from batchtx.errors import ConfigError

_SPACE = re.compile(r"[ \t\r\n]*")
_STEP = re.compile(r'"((?:[^"\\]|\\.)*)"|([^.\[\]"]+)|(\[\])|\[(\d+)\]|(\.)')
_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_NAMES = 12
_KINDS = {"{": "an object", "[": "a list", "t": "true", "f": "false", "n": "null"}
_SKIP = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


@dataclass(slots=True)
class PathTree:
    """The wanted paths as a tree: `keys` of an object, `every` element of a list, or `numbered` ones.

    `field` is the path as the user wrote it where a wanted text stands, else None. `needed`: some path
    through here must lead to a text; one that ends in "?" may end early, at what is missing or null.
    """

    keys: dict[str, PathTree] = field(default_factory=dict)
    every: PathTree | None = None
    numbered: dict[int, PathTree] = field(default_factory=dict)
    field: str | None = None
    needed: bool = False


@dataclass(frozen=True, slots=True)
class FoundValue:
    """One wanted value. `start` and `end` frame the token in the line, quotes included.

    `path` is the exact place ("messages[1].content"). `text` is None where `message` says why the
    value cannot be translated. `beside_key` is the sibling that takes the target and `beside` the
    span of its present value, if any; `spaces` stand after the comma and the colon of a new one.
    """

    path: str
    start: int
    end: int
    text: str | None
    message: str = ""
    beside: tuple[int, int] | None = None
    beside_key: str = ""
    spaces: tuple[str, str] = (" ", " ")


def path_tree(fields: tuple[str, ...]) -> PathTree:
    """Parses paths such as text, messages[].content, data[0].title, "a.b".c, note?. Raises ConfigError."""
    root = PathTree()
    for path in fields:
        node, position, after_dot = root, 0, True
        needed = not path.endswith("?")
        end = len(path) if needed else len(path) - 1
        while position < end:
            match = _STEP.match(path, position, end)
            if match is None or (after_dot and match[1] is None and match[2] is None):
                raise ConfigError(f"--field {path}: not understood at character {position + 1}")
            node = _child(node, match)
            node.needed |= needed
            after_dot = match[5] is not None
            position = match.end()
        if after_dot:
            raise ConfigError(f"--field {path!r}: a name is missing")
        node.field = path
    return root


def _child(node: PathTree, match: re.Match[str]) -> PathTree:
    quoted, plain, every, number, dot = match.groups()
    if dot is not None:
        return node
    if every is not None:
        node.every = node.every or PathTree()
        return node.every
    if number is not None:
        return node.numbered.setdefault(int(number), PathTree())
    key = plain if plain is not None else re.sub(r"\\(.)", r"\1", quoted)
    return node.keys.setdefault(key, PathTree())


def find_values(line: str, tree: PathTree, beside: str | None = None) -> list[FoundValue]:
    """Returns the wanted values of one line, in the order of the line.

    `beside` names the sibling key that takes the target ("{field}" in it is the value's own key).

    Raises:
        ValueError: the line is not one JSON object, or has a wanted key twice; the message says why.
    """
    scan = _Scan(line, beside)
    scan.skip_space()
    what = _kind(line, scan.position)
    if what == "an object":
        scan.object(tree, "")
    else:
        scan.skip_value()
    scan.skip_space()
    if scan.position < len(line):
        raise ValueError(f"not one JSON object: more text at character {scan.position + 1}")
    if what != "an object":
        raise ValueError(f"the line is {what}, not an object")
    return scan.found


@dataclass(frozen=True, slots=True)
class _Member:
    key: str
    comma_space: str
    colon_space: str


class _Scan:
    """One walk over one line; `position` is where it stands."""

    def __init__(self, line: str, beside: str | None) -> None:
        self.line = line
        self.position = 0
        self.found: list[FoundValue] = []
        self._beside = beside

    def skip_space(self) -> str:
        match = _SPACE.match(self.line, self.position)
        assert match is not None
        self.position = match.end()
        return match[0]

    def skip_value(self) -> None:
        """Go behind any value, with the scanner of the standard library."""
        try:
            _, self.position = _SKIP.raw_decode(self.line, self.position)
        except json.JSONDecodeError as error:
            raise ValueError(_syntax(error)) from None
        except RecursionError:
            raise ValueError("nested too deeply to be read") from None

    def object(self, node: PathTree, path: str) -> None:
        """Walk the object that starts here, and look into the members that a path leads to."""
        spans: dict[str, tuple[int, int]] = {}
        names: list[str] = []
        texts: list[tuple[int, _Member]] = []
        beside_keys = {self._beside_key(key) for key, child in node.keys.items() if child.field is not None}
        for member in self._members():
            child = node.keys.get(member.key)
            known = child is not None or member.key in beside_keys
            if known and member.key in spans:
                raise ValueError(f"the key {member.key!r} stands twice in one object")
            names.append(member.key)
            start = self.position
            if child is None:
                self.skip_value()
            else:
                if child.field is not None and self._beside is not None:
                    texts.append((len(self.found), member))
                self._value(child, f"{path}.{member.key}" if path else member.key)
            if known:
                spans[member.key] = (start, self.position)
        for key, child in node.keys.items():
            if key not in spans and child.needed:
                self._missing(f"{path}.{key}" if path else key, names)
        for index, member in texts:
            self._set_beside(index, member, spans)

    def _members(self) -> Iterator[_Member]:
        """The members of the object here; the taker moves `position` behind each value."""
        self.position += 1
        comma_space = self.skip_space()
        if self._at("}"):
            return
        first = True
        while True:
            key = self._key()
            self.skip_space()
            self._expect(":")
            colon_space = self.skip_space()
            yield _Member(key, colon_space if first else comma_space, colon_space)
            self.skip_space()
            if self._at("}"):
                return
            self._expect(",")
            comma_space = self.skip_space()
            first = False

    def _value(self, node: PathTree, path: str) -> None:
        kind = _kind(self.line, self.position)
        if node.field is not None:
            self._text(node, path)
        elif kind == "null" and not node.needed:
            self.skip_value()
        elif node.keys and kind == "an object":
            self.object(node, path)
        elif (node.every or node.numbered) and kind == "a list":
            self._list(node, path)
        else:
            self._wrong(path, "a list" if node.every or node.numbered else "an object", kind)

    def _text(self, node: PathTree, path: str) -> None:
        start = self.position
        kind = _kind(self.line, start)
        if kind == "null" and not node.needed:
            self.skip_value()
            return
        if kind != "a text":
            self._wrong(path, "a text", kind)
            return
        text = self._string()
        if _SURROGATE.search(text):
            self._add(path, start, "half a surrogate pair stands in the text")
        else:
            self.found.append(FoundValue(path, start, self.position, text))

    def _list(self, node: PathTree, path: str) -> None:
        self.position += 1
        self.skip_space()
        if self._at("]"):
            return
        number = 0
        while True:
            child = node.numbered.get(number, node.every)
            if child is None:
                self.skip_value()
            else:
                self._value(child, f"{path}[{number}]")
            self.skip_space()
            if self._at("]"):
                return
            self._expect(",")
            self.skip_space()
            number += 1

    def _wrong(self, path: str, wanted: str, kind: str) -> None:
        start = self.position
        self.skip_value()
        self._add(path, start, f"{kind}, not {wanted}")

    def _missing(self, path: str, names: list[str]) -> None:
        there = ", ".join(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else "")
        self._add(path, self.position, f"missing; what is there: {there or 'nothing'}")

    def _add(self, path: str, start: int, message: str) -> None:
        self.found.append(FoundValue(path, start, self.position, None, message))

    def _set_beside(self, index: int, member: _Member, spans: dict[str, tuple[int, int]]) -> None:
        key = self._beside_key(member.key)
        spaces = (member.comma_space, member.colon_space)
        found = replace(self.found[index], beside_key=key, beside=spans.get(key), spaces=spaces)
        self.found[index] = found

    def _beside_key(self, key: str) -> str:
        return (self._beside or "").replace("{field}", key)

    def _key(self) -> str:
        if self.line[self.position : self.position + 1] != '"':
            raise ValueError(f"not valid JSON: a name in quotes expected at character {self.position + 1}")
        return self._string()

    def _string(self) -> str:
        try:
            text, self.position = scanstring(self.line, self.position + 1, True)
        except json.JSONDecodeError as error:
            raise ValueError(_syntax(error)) from None
        return str(text)

    def _at(self, mark: str) -> bool:
        """Step over the mark if it stands here."""
        if self.line[self.position : self.position + 1] != mark:
            return False
        self.position += 1
        return True

    def _expect(self, mark: str) -> None:
        if not self._at(mark):
            raise ValueError(f"not valid JSON: {mark!r} expected at character {self.position + 1}")


def _kind(line: str, position: int) -> str:
    char = line[position : position + 1]
    if char == '"':
        return "a text"
    return _KINDS.get(char, "a number")


def _syntax(error: json.JSONDecodeError) -> str:
    reason = error.msg.removesuffix(" at").removesuffix(" starting")
    return f"not valid JSON: {reason} at character {error.pos + 1}"
