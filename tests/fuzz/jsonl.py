"""Random JSON Lines: only the wanted strings change, and tabs and line ends in them stay."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Iterator
from typing import Any

from batchtx.formats import open_document
from batchtx.formats.jsonl import JsonlOptions
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.pipeline.segments import cut_unit, join_targets
from batchtx.records import Problem, Unit, UnitTarget

_HAN = re.compile("[\u4e00-\u9fff]+")
_PIECES = (
    "甲方付款", "乙方。", "\t", "\n", "\r\n", "\u2028", "\u2029", "\x0b", "\x85", " ", "  ", "\u3000", "，",
    "“", "”", "abc", "12.5", "\x00", "\x07", "\x1b[1m", "😀", "\ud83d", "\\", "/", '"', "", "第一条", "‰",
    "https://a.cn/甲/b",
)  # fmt: skip
_BREAKS = "\t\n\r\v\x85\u2028\u2029"


def check(seed: int) -> Iterator[str]:
    """What is wrong with the file of this seed."""
    chance = random.Random(seed)
    lines = [_line(chance) for _ in range(chance.randrange(1, 8))]
    end = chance.choice(("\n", "\r\n"))
    content = end.join(lines) + (end if chance.random() < 0.8 else "")
    data = content.encode("utf-8", "surrogatepass")
    source = Source("x.jsonl", stream=io.BytesIO(data))
    choices = FormatChoices((("jsonl", JsonlOptions(fields=("text", "list[].text"))),))
    document = open_document("jsonl", source, choices, PAIR)
    read = list(document.units())
    units = [unit for unit in read if isinstance(unit, Unit)]
    told = {unit.address for unit in read if isinstance(unit, Problem)}
    output = io.BytesIO()
    document.write((UnitTarget(unit.address, _target(unit)) for unit in units), output)
    new = output.getvalue().decode("utf-8", "surrogatepass").split(end)
    if len(new) != len(content.split(end)):
        yield f"{len(new)} lines instead of {len(content.split(end))}"
        return
    for number, (before, after) in enumerate(zip(content.split(end), new, strict=True), 1):
        if not any(address.partition(",")[0] == f"line {number}" for address in told):
            yield from (f"line {number}: {fault}" for fault in _compare(before, after))


def _target(unit: Unit) -> str:
    """As a run makes it: cut into sentences, each in other words, and joined again."""
    plan = cut_unit("x", unit, PAIR)
    return join_targets(plan, [_HAN.sub("word", segment.source) for segment in plan.segments])


def _line(chance: random.Random) -> str:
    pick = chance.random()
    if pick < 0.1:
        return chance.choice(("", "   ", "{", '{"text": "甲', "null", "[1]", '"甲"', "NaN", "甲"))
    value: dict[str, Any] = {"id": chance.randrange(100), "text": _text(chance), "other": _text(chance)}
    if pick < 0.5:
        value["list"] = [{"text": _text(chance), "n": 1.50}, {"text": None}, 3][: chance.randrange(4)]
    line = json.dumps(value, ensure_ascii=chance.random() < 0.5)
    if "\ud83d" in line:
        line = json.dumps(value)
    if pick > 0.9:
        line = line.replace(": ", ":").replace("/", "\\/")
    for char in ("\u2028", "\u2029", "\x85"):
        if chance.random() < 0.5:
            line = line.replace(char, f"\\u{ord(char):04x}")
    return line


def _text(chance: random.Random) -> str:
    return "".join(chance.choice(_PIECES) for _ in range(chance.randrange(0, 7)))


def _compare(before: str, after: str) -> Iterator[str]:
    try:
        old = json.loads(before)
    except ValueError:
        if before != after:
            yield "a line that is no JSON changed"
        return
    try:
        new = json.loads(after)
    except ValueError as error:
        yield f"is no JSON any more: {error}"
        return
    if not isinstance(old, dict) or not isinstance(new, dict):
        if repr(old) != repr(new):  # NaN is not itself
            yield "a value that is no object changed"
        return
    yield from _same({**old, "text": ""}, {**new, "text": ""})
    yield from _translated(old.get("text"), new.get("text"))


def _same(old: Any, new: Any) -> Iterator[str]:
    strip = {**old, "list": len(old.get("list", []))}, {**new, "list": len(new.get("list", []))}
    if strip[0] != strip[1]:
        yield f"other fields changed: {strip}"
    for one, two in zip(old.get("list", []), new.get("list", []), strict=False):
        if isinstance(one, dict):
            yield from _translated(one.get("text"), two.get("text"))


def _translated(old: Any, new: Any) -> Iterator[str]:
    if not isinstance(old, str):
        if old != new:
            yield f"{old!r} became {new!r}"
        return
    breaks = [[char for char in text if char in _BREAKS] for text in (old, new)]
    if breaks[0] != breaks[1]:
        yield f"line ends and tabs of {old!r} are not those of {new!r}"
    if _HAN.search(new) and "https" not in new:
        yield f"{new!r} has Chinese left"
    if sorted(char for char in old if ord(char) < 32) != sorted(char for char in new if ord(char) < 32):
        yield f"control characters of {old!r} are not those of {new!r}"
