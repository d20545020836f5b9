"""Do links, notes and bold type land on the right words?

A person's translation carries the marks on the right words. The student reads the source, is made to
write that very translation (a forced prefix), and its attention says which word stands for which; what
it makes of a span by itself helps. So the placing alone is judged, not the translating.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from batchtx.bench.tables import markdown
from batchtx.engines import build_engine
from batchtx.engines.ctranslate2 import CTranslate2Engine
from batchtx.engines.model_dir import open_token_model
from batchtx.engines.spec import DEFAULT_MODEL, EngineSpec
from batchtx.errors import BatchtxError
from batchtx.inline.alignment import AlignmentEvidence
from batchtx.inline.placement import place_codes
from batchtx.inline.span_tree import span_texts
from batchtx.records import Code, Link
from batchtx.text.inline_codes import code_char, strip_codes
from batchtx.text.normalize import normalize

_TAG = re.compile(r"<(/?)([a-z]+)(\d*)(/?)>")
_WORD = re.compile(r"\w+(?:[-.'’/@:]\w+)*%?|[^\w\s]")
_LABELS = {"b": "bold", "i": "italic", "u": "underline", "a": "link", "n": "footnote"}
_LIGHT_WORDS = "a an the of to in on at by for and or is are be was were it its"
_COLUMNS = (
    "way",
    "spans on exactly the right words",
    "right content words",
    "word F1",
    "notes in place",
    "sentences all right",
)
_LIGHT = frozenset(_LIGHT_WORDS.split())


@dataclass(frozen=True, slots=True)
class MarkedCase:
    """One sentence: `source` and `target` with codes of the same numbers."""

    kind: str
    source: str
    target: str
    codes: tuple[Code, ...]


@dataclass(slots=True)
class PlacementScore:
    """Sums over the spans and notes of one way of placing."""

    way: str
    n_spans: int = 0
    n_exact: int = 0
    n_content: int = 0
    n_notes: int = 0
    n_notes_right: int = 0
    n_sentences: int = 0
    n_sentences_right: int = 0
    f1_sum: float = 0.0
    wrong: list[tuple[str, str]] = field(default_factory=list)


def load_cases(path: Path) -> list[MarkedCase]:
    """Returns the sentences of a file. Raises BatchtxError when it is missing or a line is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BatchtxError(f"{path}: cannot be read ({error.strerror})") from None
    cases = []
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            try:
                cases.append(_case(line))
            except (ValueError, KeyError) as error:
                raise BatchtxError(f"{path}, line {number}: {error}") from None
    return cases


def measure_placement(cases: Sequence[MarkedCase], model: str = DEFAULT_MODEL) -> list[PlacementScore]:
    """Measures placement as translation does it (by alignment and the spans' own translations), by
    alignment alone, by alignment read one step later (for students whose attention lags, as it does
    without a trained alignment head), by the spans' own translations alone, and by position alone.
    """
    ways = ("as translated", "alignment alone", "alignment, one step later", "no alignment", "position alone")
    scores = [PlacementScore(way) for way in ways]
    span_translations = _span_translations(cases, model)
    for case, (links, late) in zip(cases, forced_links(cases, model), strict=True):
        evidence = (
            AlignmentEvidence(links, span_translations=span_translations),
            AlignmentEvidence(links),
            AlignmentEvidence(late),
            AlignmentEvidence(span_translations=span_translations),
            AlignmentEvidence(),
        )
        for known, score in zip(evidence, scores, strict=True):
            judge(case, known, score)
    return scores


def judge(case: MarkedCase, evidence: AlignmentEvidence, score: PlacementScore) -> None:
    """Places the marks of one sentence in its translation by this evidence (none: by position), and
    counts.
    """
    plain = strip_codes(case.target)[0]
    placed = place_codes(case.source, plain, case.codes, evidence)[0]
    score.n_sentences += 1
    score.n_sentences_right += _judge_spans(case, plain, placed, score) & _judge_notes(case, placed, score)


def _span_translations(cases: Sequence[MarkedCase], model: str) -> dict[str, str]:
    """What the student makes of each span by itself."""
    texts = list(dict.fromkeys(text for case in cases for text in span_texts(case.source, case.codes)))
    engine = build_engine(EngineSpec(model=model))
    answers = engine.translate([normalize(text) for text in texts], beam_size=1, align=False)
    return dict(zip(texts, (answer.text for answer in answers), strict=True))


def forced_links(cases: Sequence[MarkedCase], model: str) -> Iterator[tuple[list[Link], list[Link]]]:
    """Yields the alignment of each translation as the student sees it, and the same one step later."""
    engine = CTranslate2Engine(open_token_model(model))
    for case in cases:
        yield engine.force(normalize(strip_codes(case.source)[0]), strip_codes(case.target)[0])


def table(scores: Sequence[PlacementScore]) -> str:
    """Returns the scores as a table."""
    rows = [
        [
            score.way,
            _share(score.n_exact, score.n_spans),
            _share(score.n_content, score.n_spans),
            f"{score.f1_sum / max(1, score.n_spans):.3f}",
            _share(score.n_notes_right, score.n_notes),
            _share(score.n_sentences_right, score.n_sentences),
        ]
        for score in scores
    ]
    lines = markdown(_COLUMNS, rows)
    first = scores[0]
    lines.append(f"{first.n_sentences} sentences, {first.n_spans} spans, {first.n_notes} notes")
    return "\n".join(lines)


def _share(count: int, total: int) -> str:
    return f"{100 * count / max(1, total):.1f} %"


def _case(line: str) -> MarkedCase:
    kind, source, target = line.split("\t")
    numbers: dict[str, int] = {}
    codes: list[Code] = []

    def in_source(match: re.Match[str]) -> str:
        closing, name, number, alone = match.groups()
        key = name + number
        if closing:
            opening = numbers[key]
            codes.append(Code("close", _LABELS[name], opening, format_only=name != "a"))
            codes[opening] = Code("open", _LABELS[name], len(codes) - 1, format_only=name != "a")
        else:
            numbers[key] = len(codes)
            codes.append(Code("point" if alone else "open", _LABELS[name]))
        return code_char(len(codes) - 1)

    def in_target(match: re.Match[str]) -> str:
        number = numbers[match[2] + match[3]]
        return code_char(codes[number].pair if match[1] else number)

    coded = _TAG.sub(in_source, source)
    return MarkedCase(kind, coded, _TAG.sub(in_target, target), tuple(codes))


def _judge_spans(case: MarkedCase, plain: str, placed: str, score: PlacementScore) -> bool:
    wanted, found = _offsets(case.target), _offsets(placed)
    words = [match.span() for match in _WORD.finditer(plain)]
    right = True
    for index, code in enumerate(case.codes):
        if code.kind != "open":
            continue
        gold = _words_in(words, wanted[index], wanted[code.pair])
        got = _words_in(words, found[index], found[code.pair]) if index in found else set()
        common = len(gold & got)
        score.n_spans += 1
        score.n_exact += gold == got
        score.n_content += _content(plain, words, gold) == _content(plain, words, got)
        score.f1_sum += 2 * common / max(1, len(gold) + len(got))
        right = right and gold == got
    if not right:
        score.wrong.append((_readable(case, case.target), _readable(case, placed)))
    return right


def _judge_notes(case: MarkedCase, placed: str, score: PlacementScore) -> bool:
    wanted, found = _offsets(case.target), _offsets(placed)
    right = True
    for index, code in enumerate(case.codes):
        if code.kind == "point":
            good = wanted[index] == found.get(index)
            score.n_notes += 1
            score.n_notes_right += good
            right = right and good
            if not good:
                score.wrong.append((_readable(case, case.target), _readable(case, placed)))
    return right


def _offsets(coded: str) -> dict[int, int]:
    return {index: offset for offset, index in strip_codes(coded)[1]}


def _words_in(words: Sequence[tuple[int, int]], start: int, end: int) -> set[int]:
    return {number for number, (first, last) in enumerate(words) if start <= first and last <= end}


def _content(plain: str, words: Sequence[tuple[int, int]], numbers: set[int]) -> set[int]:
    """Without articles, prepositions and marks of punctuation."""
    texts = {number: plain[slice(*words[number])].lower() for number in numbers}
    return {number for number, text in texts.items() if text[0].isalnum() and text not in _LIGHT}


def _readable(case: MarkedCase, coded: str) -> str:
    for index, code in enumerate(case.codes):
        mark = {"open": "[", "close": "]", "point": "*"}[code.kind]
        coded = coded.replace(code_char(index), mark)
    return coded
