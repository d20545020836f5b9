"""Random rounds of review: whatever was done to sheets, glossaries and the memory, no translation is lost,
nothing but what a person wrote comes in, and what could not be applied is told."""

from __future__ import annotations

import csv
import io
import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from batchtx.config import RunConfig
from batchtx.engines.spec import EngineSpec
from batchtx.errors import BatchtxError
from batchtx.executors.serial import SerialExecutor
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.glossary.table import Glossary, load
from batchtx.language.zh_en import PAIR
from batchtx.memory.store import Store
from batchtx.pipeline.apply import ApplyOptions, apply_sheets
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.run import Run, translate_documents
from batchtx.pipeline.scheduling import Workers
from batchtx.pipeline.silent import Silent
from batchtx.review.apply_report import Applied
from batchtx.text.control import cleaned
from batchtx.text.scripts import count_han
from batchtx.worker.worker import WorkSpec

_SOURCES = (
    "甲方应付款。", "乙方应交货。", "三月四日到期。", "价格为5元。", "请保存文件。", "系统将自动更新。",
    "合同自签字之日起生效。", "设备由甲方验收。", "型号AAA1111。", "增长百分之五。", "详见附件。", "A-100",
)  # fmt: skip
_CORRECTIONS = (
    "Party A pays.", "“Quoted” – it’s so.", "One, two; three.", "=1+1 is two.", "Due on March 4.", "4-Mar",
    "12", "5%", "Line one\vLine two", "Bell\x07 here", " spaces ", "≤ 5 °C", "é à ü", "tab\there", "'tis so",
    "-5 °C", "☃ snow",
)  # fmt: skip
_ENCODINGS = ("utf-8-sig", "utf-8", "gb18030", "utf-16", "cp1252", "cp932", "ascii")
_GLOSSARIES = (
    "甲方,Party A\n合同,contract\n",
    "甲方,Side A\n",
    "设备,device\n",
    "乙方,Party B\n附件,annex\n",
)


class _Desk:
    """A folder with one document, its memory, its glossary and its sheet."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self._chance = chance
        self.sources = [chance.choice(_SOURCES) for _ in range(chance.randrange(3, 15))]
        (folder / "a.txt").write_text("\n".join(self.sources) + "\n", encoding="utf-8")
        self.store = Store(folder / "memory.sqlite")
        self.glossary = folder / "terms.csv"
        self.new_glossary()
        self.translate()

    def new_glossary(self) -> None:
        self.glossary.write_text(self._chance.choice(_GLOSSARIES), encoding="utf-8")

    def translate(self) -> None:
        glossary = load([self.glossary]) if self.glossary.exists() else Glossary()
        run = Run(
            RunConfig(sheet=self.folder / "review.csv", glossaries=(self.glossary,), force=True),
            FormatChoices(),
            PAIR,
            Workers(WorkSpec(EngineSpec("pseudo")), SerialExecutor()),
            glossary,
            "s",
            f"s|glossary:{glossary.hash}",
        )
        job = Job(Source("a", path=self.folder / "a.txt"), "txt", self.folder / "a.en.txt")
        translate_documents(run, [job], self.store, Silent())

    @property
    def lines(self) -> list[str]:
        return (self.folder / "a.en.txt").read_text(encoding="utf-8").split("\n")[:-1]

    def rows(self) -> list[dict[str, str]]:
        with (self.folder / "review.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


def check(seed: int) -> Iterator[str]:
    """What is wrong after some rounds of this seed."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        desk = _Desk(Path(name), chance)
        try:
            yield from _rounds(desk, chance)
        finally:
            desk.store.close()


def _rounds(desk: _Desk, chance: random.Random) -> Iterator[str]:
    typed: dict[str, set[str]] = {}
    for number in range(chance.randrange(1, 5)):
        _between(desk, chance)
        before = desk.lines
        rows = _reviewed(desk.rows(), chance, typed)
        sheet = desk.folder / f"back{number}.csv"
        sheet.write_bytes(_saved(rows, chance))
        try:
            applied = apply_sheets([sheet], desk.store, ApplyOptions(force=True), Silent())
        except BatchtxError:
            if desk.lines != before:
                yield "a sheet that was refused changed the document"
            continue
        yield from _judge(desk, before, rows, applied, typed)


def _between(desk: _Desk, chance: random.Random) -> None:
    """What happens between two sheets."""
    pick = chance.random()
    if pick < 0.2:
        desk.new_glossary()
    elif pick < 0.3:
        desk.glossary.unlink(missing_ok=True)
    elif pick < 0.4:
        desk.store.forget_machine(None)


def _reviewed(
    rows: list[dict[str, str]], chance: random.Random, typed: dict[str, set[str]]
) -> list[dict[str, str]]:
    """The rows as a reviewer and a spreadsheet leave them."""
    kept = [row for row in rows if chance.random() < 0.7] or rows[:1]
    chance.shuffle(kept)
    for row in kept:
        pick = chance.random()
        if pick < 0.4:
            row["correction"] = chance.choice(_CORRECTIONS)
            typed.setdefault(row["source"], set()).add(row["correction"])
        elif pick < 0.5:
            row["status"] = "approved"
        if chance.random() < 0.1:
            row["translation"] = chance.choice(("4-Mar", "1.2E+10", "changed"))
    return kept


def _saved(rows: list[dict[str, str]], chance: random.Random) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=chance.choice(",;\t"))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(chance.choice(_ENCODINGS), "replace")


def _judge(
    desk: _Desk,
    before: list[str],
    rows: list[dict[str, str]],
    applied: Applied,
    typed: dict[str, set[str]],
) -> Iterator[str]:
    after = desk.lines
    if len(after) != len(before):
        yield f"{len(after)} lines instead of {len(before)}"
        return
    targets = {change.target for change in applied.changed}
    for number, (source, old, new) in enumerate(zip(desk.sources, before, after, strict=True), 1):
        if count_han(new) > count_han(old):
            yield f"line {number}: Chinese came back: {old!r} became {new!r}"
        shown = {row["translation"] for row in rows if row["source"] == source}  # where the memory lost it
        if new != old and not any(_as_line(one) == new for one in targets | typed.get(source, set()) | shown):
            yield f"line {number}: {old!r} became {new!r}, which nobody wrote"
    decided = [row for row in rows if row["correction"].strip() or row["status"] == "approved"]
    n_told = len(applied.changed) + len(applied.refused)
    if applied.exit_code == 0 and n_told + applied.n_unchanged < len(decided):
        yield f"{len(decided)} rows decided, {n_told} told of"
    waiting = {change.row.id for change in applied.waiting}
    for change in applied.changed:
        place = int(change.row.id.removeprefix("line ").partition("/")[0]) - 1
        if change.row.id not in waiting and after[place] != _as_line(change.target):
            yield f"{change.row.id}: counted as applied, but there stands {after[place]!r}"
    if applied.exit_code == 0 and (waiting or applied.untranslated):
        yield "something is left, and the exit code is 0"


def _as_line(target: str) -> str:
    """A correction as a line of text has it: line ends are spaces."""
    return re.sub(r"\s*\n\s*", " ", cleaned(target))
