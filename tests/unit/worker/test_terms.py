"""The steps that a worker takes for terms: ask, check, repair, force, flag; each leaves its trace."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from batchtx.engines.spec import EngineSpec
from batchtx.records import Hypothesis, Link, Outcome, Segment, Term
from batchtx.worker.worker import Worker, WorkSpec

SOURCE = "甲方应当遵守合同。"
CONTRACT = Term(6, 8, "合同", ("agreement",))
ASKED = "甲方应当遵守⟦t⟧合同⟦=⟧agreement⟦/t⟧。"
MASKED = "甲方应当遵守⟦1⟧。"


class TermEngine:
    """Says what a table says for a source, with links; `asked` is what it was asked, in order."""

    max_source_tokens = 200

    def __init__(
        self, answers: dict[str, tuple[str, dict[str, str]]], *, marks: bool = True, inline: bool = True
    ) -> None:
        self.answers = answers
        self.translates = True
        self.placeholders = marks
        self.inline_terms = inline
        self.asked: list[str] = []

    def translate(
        self, sources: Sequence[str], *, beam_size: int = 1, align: bool = False
    ) -> list[Hypothesis]:
        self.asked += sources
        return [self._say(source, align) for source in sources]

    def _say(self, source: str, align: bool) -> Hypothesis:
        text, pairs = self.answers.get(source, ("Party A says nothing of the kind here.", {}))
        links = [
            Link(source.index(a), source.index(a) + len(a), text.index(b), text.index(b) + len(b))
            for a, b in pairs.items()
        ]
        return Hypothesis(text, -0.1, alignment=tuple(links) if align else None)

    def count_tokens(self, source: str) -> int:
        return len(source)


def work(engine: TermEngine, term: Term, monkeypatch: pytest.MonkeyPatch, source: str = SOURCE) -> Outcome:
    monkeypatch.setattr("batchtx.worker.worker.build_engine", lambda spec: engine)
    segment = Segment("a.txt", "line 1", "line 1", 0, source, terms=(term,))
    (outcome,) = Worker(WorkSpec(EngineSpec("scripted"), estimate=False, rules=("amounts",)))([segment])
    return outcome


def term_flags(outcome: Outcome) -> list[tuple[str, str]]:
    return [(flag.check, flag.severity) for flag in outcome.flags if flag.check.startswith("term_")]


def test_a_student_that_obeys_the_annotation_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = TermEngine({ASKED: ("Party A shall comply with agreements.", {})})
    outcome = work(engine, CONTRACT, monkeypatch)
    assert outcome.target == "Party A shall comply with agreements."
    assert (engine.asked, term_flags(outcome)) == ([ASKED], [])


def test_a_miss_is_repaired_where_alignment_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = TermEngine({ASKED: ("Party A shall comply with a contract.", {"合同": "contract"})})
    outcome = work(engine, CONTRACT, monkeypatch)
    assert outcome.target == "Party A shall comply with an agreement."
    assert engine.asked == [ASKED, ASKED]  # again with alignment
    assert term_flags(outcome) == [("term_repaired", "minor")]
    assert "合同: agreement was put in place of contract" in [flag.message for flag in outcome.flags]


def test_what_cannot_be_repaired_is_decoded_again_behind_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {ASKED: ("Party A shall comply.", {}), MASKED: ("Party A shall comply with a ⟦1⟧.", {})}
    engine = TermEngine(answers)
    outcome = work(engine, CONTRACT, monkeypatch)
    assert outcome.target == "Party A shall comply with an agreement."
    assert engine.asked == [ASKED, ASKED, MASKED]
    assert term_flags(outcome) == [("term_forced", "minor")]


def test_an_engine_without_marks_reads_the_target_in_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = "甲方应当遵守 agreement 。"
    engine = TermEngine(
        {SOURCE: ("Party A shall comply.", {}), mixed: ("Party A shall comply with the agreement.", {})},
        marks=False,
        inline=False,
    )
    outcome = work(engine, CONTRACT, monkeypatch)
    assert outcome.target == "Party A shall comply with the agreement."
    assert engine.asked == [SOURCE, SOURCE, mixed]
    assert term_flags(outcome) == [("term_forced", "minor")]


def test_a_long_sentence_that_drops_a_term_is_translated_in_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "在收到书面的通知之后，甲方应当遵守合同。"
    term = Term(17, 19, "合同", ("agreement",))
    engine = TermEngine(
        {
            "在收到书面的通知之后，": ("After the written notice,", {}),
            ASKED: ("Party A shall comply with the agreement.", {}),
        }
    )
    outcome = work(engine, term, monkeypatch, source)
    assert outcome.target == "After the written notice, Party A shall comply with the agreement."


def test_a_required_term_that_stays_missed_is_critical(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = work(TermEngine({}), CONTRACT, monkeypatch)
    assert term_flags(outcome) == [("term_missed", "critical")]


def test_a_preferred_term_is_asked_for_and_not_insisted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    preferred = Term(6, 8, "合同", ("agreement",), required=False)
    engine = TermEngine({ASKED: ("Party A shall comply with a contract.", {"合同": "contract"})})
    outcome = work(engine, preferred, monkeypatch)
    assert outcome.target == "Party A shall comply with a contract."
    assert (engine.asked, term_flags(outcome)) == ([ASKED], [("term_missed", "minor")])


def test_a_checked_term_changes_nothing_and_is_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = Term(6, 8, "合同", ("agreement",), forbidden=("contract",), use="check")
    engine = TermEngine({SOURCE: ("Party A shall comply with a contract.", {"合同": "contract"})})
    outcome = work(engine, checked, monkeypatch)
    assert outcome.target == "Party A shall comply with a contract."
    assert engine.asked == [SOURCE]
    assert term_flags(outcome) == [("term_missed", "critical"), ("term_forbidden", "major")]


def test_a_checked_term_that_is_all_of_a_segment_still_goes_to_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = TermEngine({"合同": ("Contract", {})})
    outcome = work(engine, Term(0, 2, "合同", ("agreement",), use="check"), monkeypatch, "合同")
    assert (outcome.target, engine.asked) == ("Contract", ["合同"])


def test_the_annotation_stands_at_the_term_not_at_the_same_characters_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = TermEngine({})
    work(engine, Term(5, 7, "要约", ("offer",)), monkeypatch, "重要约定与要约")
    assert engine.asked[0] == "重要约定与⟦t⟧要约⟦=⟧offer⟦/t⟧"


def test_what_is_normalised_before_a_term_does_not_move_it(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = TermEngine({})
    work(engine, Term(8, 10, "要约", ("offer",)), monkeypatch, "要约　　ＡＢ的　要约")
    assert engine.asked[0] == "要约 AB的 ⟦t⟧要约⟦=⟧offer⟦/t⟧"


def test_a_date_inside_a_term_is_left_to_the_term(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = TermEngine({})
    source = "根据2024年3月1日协议和2025年5月1日的信。"
    work(engine, Term(2, 13, "2024年3月1日协议", ("March Agreement",)), monkeypatch, source)
    assert engine.asked[0] == "根据⟦t⟧2024年3月1日协议⟦=⟧March Agreement⟦/t⟧和⟦1⟧的信。"


def test_marks_of_literals_before_a_term_do_not_move_it(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = TermEngine({"见⟦1⟧的⟦2⟧。": ("See the ⟦2⟧ of ⟦1⟧.", {})})
    source = "见https://a.cn/x?y=1的合同。"
    start = source.index("合同")
    outcome = work(engine, Term(start, start + 2, "合同", ("agreement",)), monkeypatch, source)
    assert engine.asked[0] == "见⟦1⟧的⟦t⟧合同⟦=⟧agreement⟦/t⟧。"
    assert outcome.target == "See the agreement of https://a.cn/x?y=1."
