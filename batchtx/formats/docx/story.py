"""One part with text: its paragraphs and its lone texts as units, and its XML with the targets in."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from batchtx.errors import DocumentError
from batchtx.formats.docx.check.coverage import CoverageCount
from batchtx.formats.docx.check.unreached import Reached
from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.docx.read.atoms import atoms_of
from batchtx.formats.docx.read.cutting import cut_paragraph
from batchtx.formats.docx.read.drop_caps import first_letter, is_drop_cap
from batchtx.formats.docx.read.fields import Field, Token, fields_of, tokens_of
from batchtx.formats.docx.read.inline import InlineUnit
from batchtx.formats.docx.read.locations import Location, locations_of
from batchtx.formats.docx.read.odd_runs import settle_odd_runs, space_branch
from batchtx.formats.docx.read.revisions import accept_revisions, has_revisions, reject_revisions
from batchtx.formats.docx.read.standalone_texts import StandaloneText, standalone_texts_of
from batchtx.formats.docx.read.text_parts import StoryPart
from batchtx.formats.docx.write.adjust_layout import adjust_layout
from batchtx.formats.docx.write.adjust_parts import adjust_automatic_names, adjust_page_marks, layout_notes
from batchtx.formats.docx.write.adjust_runs import RunAdjuster
from batchtx.formats.docx.write.fit_tables import fit_tables
from batchtx.formats.docx.write.rebuild import Adjust, rebuild
from batchtx.formats.opc.names import Element
from batchtx.formats.opc.package import serialized
from batchtx.language.pair import LanguagePair
from batchtx.records import Problem, Unit, UnitKind, UnitTarget
from batchtx.text.inline_codes import code_fault

_PARAGRAPH_STORIES = ("body", "header", "footer", "footnotes", "endnotes", "comments")


@dataclass(slots=True)
class _Plan:
    """A paragraph that waits for targets, with its copies in mc:Fallback.

    `dropped` is the paragraph before it that holds its first letter, large and by itself.
    """

    location: Location
    pieces: list[Token | InlineUnit]
    units: list[InlineUnit]
    copies: list[_Plan] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    dropped: _Plan | None = None

    def write(self, targets: list[str], adjust: Adjust) -> None:
        """Put the targets into the paragraph, and the first letter into the one before where it was."""
        if self.dropped is not None and targets[0] != self.units[0].text:
            letter, rest = first_letter(targets[0])
            rebuild(self.dropped.location.paragraph, self.dropped.pieces, [letter], adjust)
            targets = [rest, *targets[1:]]
        rebuild(self.location.paragraph, self.pieces, targets, adjust)


class Story:
    """One part. `units` is complete from the start; then `put` targets in order, then `finish`."""

    def __init__(
        self,
        document: str,
        part: StoryPart,
        root: Element,
        options: DocxOptions,
        pair: LanguagePair,
        styles: dict[str, UnitKind],
        justified: Collection[str] = (),
    ) -> None:
        self.part = part
        self._document, self._root = document, root
        self._options, self._pair = options, pair
        self._adjuster = RunAdjuster(options, pair)
        self._plans: deque[_Plan] = deque()
        self._standalones: deque[StandaloneText] = deque()
        self._branches: list[Element] = []
        self._written: list[Element] = []
        self._justified = justified
        self.n_paragraphs = 0
        self.changed = False
        self.translated = False
        self.n_unreached = 0
        self.units: list[Unit] = []
        count = CoverageCount(part)
        self._reached = Reached(pair)
        settle_odd_runs(root)
        self._settle_revisions()
        if part.story in _PARAGRAPH_STORIES:
            self._scan_paragraphs(styles, count)
        for standalone in standalone_texts_of(root, part, options, pair):
            self._standalones.append(standalone)
            self.units.append(standalone.unit)
            for element in (standalone.element, *standalone.others):
                self._reached.add(element)
            if standalone.counts:
                count.add_unit(standalone.unit.text)
        self.problems = [] if part.story == "properties" else list(self._problems())
        self.coverage = count.total(root)

    @property
    def notes(self) -> list[str]:
        """What a user should know about this part."""
        return list(layout_notes(self._root, self._options, self._pair))

    def put(self, target: UnitTarget) -> None:
        """Takes the target of the next unit. Raises DocumentError when its codes are not right."""
        if self._plans:
            self._put_paragraph(self._plans[0], target)
            return
        standalone = self._standalones.popleft()
        if target.text != standalone.unit.text:
            standalone.write(target.text)
            self.changed = self.translated = True

    def finish(self, *, translated: bool = False) -> bytes | None:
        """Returns the XML of the part, None when nothing in it changes.

        `translated` tells that another part was: then the marks around page numbers change with it.
        """
        if (self.translated or translated) and self.part.story in ("header", "footer"):
            self.changed |= adjust_page_marks(self._root, self._options, self._pair)
        if not self.changed:
            return None
        if self.translated:
            for branch in self._branches:
                space_branch(branch)
            adjust_layout(self._root, self._options)
            if self._pair.english_layout:
                fit_tables(self._root, self._options, self._written, self._justified)
            if self._options.alt_text != "keep" and self._pair.english_layout:
                adjust_automatic_names(self._root)
        return serialized(self._root)

    def _settle_revisions(self) -> None:
        policy = self._options.revisions
        if policy == "keep-visible" or not has_revisions(self._root):
            return
        if policy == "refuse":
            message = "there are tracked changes; accept or reject them in Word, or choose --revisions"
            raise DocumentError(self._document, message, self.part.name)
        (accept_revisions if policy == "accept" else reject_revisions)(self._root)
        self.changed = True

    def _put_paragraph(self, plan: _Plan, target: UnitTarget) -> None:
        unit = plan.units[len(plan.targets)]
        if target.text != unit.text:
            fault = code_fault(unit.text, target.text, unit.codes)
            if fault is not None:
                raise DocumentError(self._document, f"{fault}; put it back as in the source", target.address)
        plan.targets.append(target.text)
        if len(plan.targets) < len(plan.units):
            return
        self._plans.popleft()
        if all(text == unit.text for text, unit in zip(plan.targets, plan.units, strict=True)):
            return
        self.changed = self.translated = True
        for one in (plan, *plan.copies):
            one.write(plan.targets, self._adjuster)
            self._written.append(one.location.paragraph)
            if one.location.branch:
                self._branches.append(one.location.paragraph)

    def _scan_paragraphs(self, styles: dict[str, UnitKind], count: CoverageCount) -> None:
        fields = fields_of(self._root, self._pair)
        plans: dict[int, _Plan] = {}
        dropped: _Plan | None = None
        for location in locations_of(self._root, self.part, styles):
            self.n_paragraphs += not location.branch
            if location.kept:
                count.keep(location.paragraph, "separators of notes")
                self._reached.add_all(location.paragraph)
                continue
            plan = self._plan(location, fields)
            count.add_paragraph(plan.pieces)
            if dropped is not None:
                if not _join_letter(dropped, plan):
                    self._take(dropped, plans)
                dropped = None
            if is_drop_cap(location.paragraph) and len(plan.units) == 1 and not plan.units[0].codes:
                dropped = plan
            else:
                self._take(plan, plans)
        if dropped is not None:
            self._take(dropped, plans)

    def _take(self, plan: _Plan, plans: dict[int, _Plan]) -> None:
        """Queue a paragraph with text, or hang it on the one whose copy it is."""
        if not plan.units:
            return
        original = plans.get(plan.location.fallback_of) or self._other_branch(plan)
        if original is not None and _same_texts(original, plan):
            original.copies.append(plan)
            return
        if not plan.location.branch:
            plans[plan.location.number] = plan
        self._plans.append(plan)
        self.units += self._units(plan)

    def _other_branch(self, plan: _Plan) -> _Plan | None:
        """The plan before this one, when both are branches of one mc:AlternateContent."""
        last = self._plans[-1] if self._plans and plan.location.branch else None
        if last is None or not last.location.branch:
            return None
        same = last.location.paragraph.getparent() is plan.location.paragraph.getparent()
        return last if same else None

    def _problems(self) -> Iterator[Problem]:
        """What no rule reaches, place by place."""
        story = f"{self.part.story} {self.part.number}" if self.part.number > 1 else self.part.story
        for number, found in enumerate(self._reached.others(self._root), 1):
            self.n_unreached += self._pair.count_source(found.text)
            yield Problem(f"{self.part.name}#x{number}", story, found.message)

    def _plan(self, location: Location, fields: dict[Element, Field]) -> _Plan:
        atoms = atoms_of(location.paragraph, hidden=self._options.hidden)
        self._reached.add_atoms(atoms)
        pieces = cut_paragraph(
            tokens_of(atoms, fields, self._pair), self._pair, emphasis=self._options.emphasis
        )
        return _Plan(location, pieces, [piece for piece in pieces if isinstance(piece, InlineUnit)])

    def _units(self, plan: _Plan) -> Iterator[Unit]:
        for number, unit in enumerate(plan.units, 1):
            several = len(plan.units) > 1
            branch = f"b{plan.location.branch}" if plan.location.branch else ""
            address = f"{self.part.name}#p{plan.location.number}{branch}" + (f".{number}" if several else "")
            place = plan.location.place + (f", part {number}" if several else "")
            kind = (
                "label"
                if several and plan.location.kind == "text" and self._is_label(unit.text)
                else plan.location.kind
            )
            yield Unit(address, place, unit.text, kind, tuple(unit.codes))

    def _is_label(self, text: str) -> bool:
        """A short piece of a paragraph that leads to the rest: "甲方：", "第二条"."""
        leads = text.endswith(("：", ":"))
        return len(text) <= 30 and (leads or self._pair.rules.label_length(text, "text") == len(text))


def _join_letter(dropped: _Plan, plan: _Plan) -> bool:
    """Put a dropped letter in front of the text it begins; False when that is not the next paragraph."""
    if not plan.units or plan.location.paragraph.getprevious() is not dropped.location.paragraph:
        return False
    plan.dropped = dropped
    plan.units[0].text = dropped.units[0].text + plan.units[0].text
    return True


def _same_texts(one: _Plan, other: _Plan) -> bool:
    return [(unit.text, unit.codes) for unit in one.units] == [
        (unit.text, unit.codes) for unit in other.units
    ]
