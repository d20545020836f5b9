"""Takes what a person wrote into a translated document, as rows of a review sheet would bring it back.

The document is compared, paragraph by paragraph, with what batchtx wrote into it: the source as it is now
with the translations that the memory knows to stand there.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os.path import realpath
from pathlib import Path

from batchtx.errors import BatchtxError, SheetError
from batchtx.files import file_hash
from batchtx.formats import find_format, open_document
from batchtx.formats.format import load
from batchtx.glossary.table import Glossary
from batchtx.memory.store import OutputState, Store
from batchtx.pipeline.jobs import Job
from batchtx.pipeline.reading import DocumentEnd, UnitEnd, read_documents
from batchtx.pipeline.run_plan import RunPlan
from batchtx.pipeline.segments import join_targets
from batchtx.pipeline.standing import standing
from batchtx.records import Segment, Translation, UnitTarget
from batchtx.review.row import SheetRow
from batchtx.text.edits import Edit, pair_lines, same_words
from batchtx.text.fingerprint import source_hash
from batchtx.text.inline_codes import CODE, show_codes, without_codes

_SPACE = re.compile(r"\s+")
_PART = re.compile(r"\.\d+$")
"""The end of an address that names one of several texts of a paragraph."""

_DIGITS = re.compile(r"\d+")
_REWRITTEN = 0.3
"""With fewer words in common the sentences of a paragraph cannot be found again."""


@dataclass(frozen=True, slots=True)
class EditedOutput:
    """What somebody changed in an output; `left` are changes that are no correction of a sentence.

    `behind`: the memory has newer corrections of what stands in it.
    """

    path: Path
    plan: RunPlan
    job: Job
    rows: tuple[SheetRow, ...]
    left: tuple[str, ...]
    behind: bool = False


def find_output(path: Path, plans: Sequence[RunPlan]) -> tuple[RunPlan, Job] | None:
    """Returns the newest run (`plans` has it first) that wrote this file, and its job; None for others."""
    here = realpath(path)
    for plan in plans:
        for job in plan.jobs:
            if job.output is not None and realpath(job.output) == here and plan.is_base:
                return plan, job
    return None


def edited_output(path: Path, plan: RunPlan, job: Job, store: Store, glossary: Glossary) -> EditedOutput:
    """Compares an output with what batchtx wrote there.

    One with the very bytes that batchtx wrote has no edits, whatever the memory has learnt since.

    Raises:
        SheetError: its format cannot be compared, or one of the documents cannot be read.
    """
    state = store.output_state(path)
    if state is not None and state.output_hash == file_hash(path):
        return EditedOutput(path, plan, job, (), (), state.correction < store.newest_correction())
    texts_of = find_format(job.format).paragraph_texts
    if not texts_of:
        raise SheetError(
            str(path), f"edits in a {job.format} document cannot be taken in; use its review sheet"
        )
    paragraph_texts = load(texts_of)
    segments = _Written(plan, job, store, glossary, state)
    try:
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder) / path.name
            segments.write(written)
            before = paragraph_texts(written)
        after = paragraph_texts(path)
    except BatchtxError as error:
        raise SheetError(str(path), str(error)) from None
    rows: list[SheetRow] = []
    left: list[str] = []
    for texts, texts_now in _same_parts(before, after):
        changes = _changed_paragraphs(texts, texts_now, left)
        for address, old, new in changes:
            rows += segments.corrected(path, address, old, new, left)
    return EditedOutput(path, plan, job, tuple(rows), tuple(left), segments.behind)


_Texts = dict[str, str]


def _same_parts(before: dict[str, _Texts], after: dict[str, _Texts]) -> Iterator[tuple[_Texts, _Texts]]:
    """The parts that correspond, whatever programs call them: header1.xml may be header3.xml now.

    Of one kind those with most words in common go together; what came or went stands beside nothing.
    """
    candidates = sorted(
        (-same_words(_whole(texts), _whole(after[now])), part != now, part, now)
        for part, texts in before.items()
        for now in after
        if _DIGITS.sub("", part) == _DIGITS.sub("", now)
    )
    partner: dict[str, str] = {}
    for *_, part, now in candidates:
        if part not in partner and now not in partner.values():
            partner[part] = now
    for part, texts in before.items():
        yield texts, after[partner[part]] if part in partner else {}
    for now, texts in after.items():
        if now not in partner.values():
            yield {}, texts


def _whole(texts: _Texts) -> str:
    return "\n".join(texts.values())


def note_taken(edited: EditedOutput, store: Store, known_hash: str, *, complete: bool) -> None:
    """Notes that an edited output (of this hash when it was read) may stand, and be written anew later.

    `complete`: no correction is missing in it; else it is to be written anew.
    """
    state = store.output_state(edited.path)
    source, signature = (state.source_hash, state.signature) if state else ("", edited.plan.full_signature)
    newest = store.newest_correction() if complete else -1
    store.set_output_state(edited.path, OutputState(source, known_hash, signature, newest))


def _changed_paragraphs(
    before: dict[str, str], after: dict[str, str], left: list[str]
) -> Iterator[tuple[str, str, str]]:
    """Address, old and new text of each paragraph that was changed; what came or went is noted."""
    addresses, old, new = list(before), list(before.values()), list(after.values())
    pairs, gone, added = pair_lines(old, new)
    left += [f"a paragraph was deleted: {_start(old[index])}" for index in gone if old[index].strip()]
    left += [f"a paragraph was added: {_start(new[index])}" for index in added if new[index].strip()]
    for one, other in pairs:
        if not _same(old[one], new[other]):
            yield addresses[one], old[one], new[other]


class _Written:
    """What batchtx wrote into an output: the segments of its source with what stands there for them."""

    def __init__(
        self, plan: RunPlan, job: Job, store: Store, glossary: Glossary, state: OutputState | None
    ) -> None:
        self._plan = plan
        source = job.source.path
        self._source_changed = (
            state is not None and source is not None and state.source_hash not in ("", file_hash(source))
        )
        self.behind = False
        """Whether something stands in the output that was corrected elsewhere since."""

        self._older = state is not None and state.correction < store.newest_correction()
        self._job = job
        self._ends: list[UnitEnd] = []
        self._document = open_document(job.format, job.source, plan.options, plan.pair)
        segments = self._read()
        self._known = list(standing(segments, store, plan, job, glossary))
        self._by_paragraph: dict[str, list[tuple[Segment, Translation | None]]] = {}
        for segment, known in self._known:
            paragraph = _PART.sub("", segment.address)
            self._by_paragraph.setdefault(paragraph, []).append((segment, known))

    def _read(self) -> Iterator[Segment]:
        for item in read_documents([self._job], lambda _: self._document, self._plan.pair):
            if isinstance(item, Segment):
                yield item
            elif isinstance(item, UnitEnd):
                self._ends.append(item)
            elif isinstance(item, DocumentEnd) and item.error is not None:
                raise item.error

    def write(self, path: Path) -> None:
        """Writes the document as it was written."""
        with path.open("wb") as file:
            self._document.write(self._targets(), file)

    def _targets(self) -> Iterator[UnitTarget]:
        known = iter(self._known)
        for end in self._ends:
            targets = [_target(*next(known)) for _ in end.plan.segments]
            text = join_targets(end.plan, targets, spaced=self._plan.pair.spaced)
            yield UnitTarget(end.plan.unit.address, text)

    def corrected(self, path: Path, address: str, old: str, new: str, left: list[str]) -> Iterator[SheetRow]:
        """Yields a row for each sentence of a paragraph that reads otherwise now."""
        old, new = old.rstrip(), new.rstrip()
        segments = self._by_paragraph.get(address, [])
        if len(segments) > 1 and same_words(old, new) < _REWRITTEN:
            left.append(f"a paragraph was rewritten, and its sentences cannot be told apart: {_start(new)}")
            return
        edit = Edit(old, new)
        position = n_rows = n_deleted = 0
        for segment, known in segments:
            target = _target(segment, known)
            pieces = _find_pieces(old, target, position)
            if pieces is None:
                continue
            position = pieces[-1][1]
            moved = [new[edit.start(start) : edit.end(end)] if start < end else "" for start, end in pieces]
            changed = _with_pieces(target, moved)
            if not without_codes(changed).strip():
                n_deleted += 1
            elif not _same(changed, target):
                n_rows += 1
                if self._is_of_older(known, changed):
                    self.behind = True
                    continue
                if known is None or (self._source_changed and same_words(target, changed) < _REWRITTEN):
                    left.append(f"its source has changed, or has no translation: {_start(new)}")
                else:
                    yield self._row(path, segment, target, changed)
        if n_deleted:
            left.append(f"a sentence was deleted: {_start(old)}")
        elif not n_rows:
            left.append(f"no translation stands there: {_start(new)}")

    def _is_of_older(self, known: Translation | None, text: str) -> bool:
        """Whether a text is no edit, but what the machine had said before a correction elsewhere."""
        return self._older and known is not None and known.origin == "human" and _same(text, known.machine)

    def _row(self, path: Path, segment: Segment, target: str, changed: str) -> SheetRow:
        return SheetRow(
            sheet=str(path),
            number=int(re.sub(r"\D", "", segment.address.rpartition("#p")[2].partition(".")[0]) or 0),
            id=f"{segment.address}/{segment.index + 1}",
            document=segment.document,
            source=show_codes(segment.source, segment.codes),
            translation=show_codes(target, segment.codes),
            correction=show_codes(changed, segment.codes),
            hash=source_hash(segment.source),
        )


def _same(one: str, other: str) -> bool:
    return _SPACE.sub(" ", one).strip() == _SPACE.sub(" ", other).strip()


def _target(segment: Segment, known: Translation | None) -> str:
    return segment.source if known is None else known.target


def _find_pieces(text: str, target: str, position: int) -> list[tuple[int, int]] | None:
    """Where the stretches of a target between its codes stand in a paragraph, from a position on."""
    found: list[tuple[int, int]] = []
    for piece in CODE.split(target):
        words = piece.split()
        if not words:
            found.append((position, position))
            continue
        match = re.compile(r"\s+".join(map(re.escape, words))).search(text, position)
        if match is None:
            return None
        position = match.end()
        found.append(match.span())
    return found


def _with_pieces(target: str, pieces: Sequence[str]) -> str:
    """The target with other words between its codes; white space at the edges of stretches stays."""
    stretches = iter(CODE.split(target))
    first = next(stretches)
    written = [_in_place_of(first, pieces[0])]
    for code, stretch, piece in zip(CODE.findall(target), stretches, pieces[1:], strict=True):
        written += [code, _in_place_of(stretch, piece)]
    return "".join(written).strip()


def _in_place_of(stretch: str, piece: str) -> str:
    if not stretch.strip():
        return stretch if not piece.strip() else piece
    start = stretch[: len(stretch) - len(stretch.lstrip())]
    end = stretch[len(stretch.rstrip()) :]
    return f"{start}{piece.strip()}{end}"


def _start(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
