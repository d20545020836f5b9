"""What a worker does: try, check, try again, keep the best."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from batchtx.engines import ENGINES
from batchtx.engines.spec import EngineSpec
from batchtx.records import Code, Hypothesis, Segment, Term
from batchtx.text.inline_codes import code_char
from batchtx.worker.worker import Worker, WorkSpec, give_up


class ScriptedEngine:
    """Says what a table says; remembers what it was asked and how."""

    translates = True
    placeholders = True
    inline_terms = False
    max_source_tokens = 60

    def __init__(self, answers: dict[tuple[str, int] | str, str]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, int]] = []

    def translate(
        self, sources: Sequence[str], *, beam_size: int = 1, align: bool = False
    ) -> list[Hypothesis]:
        self.asked += [(source, beam_size) for source in sources]
        return [
            Hypothesis(
                self.answers.get((source, beam_size), self.answers.get(source, "Nothing known.")), -0.1
            )
            for source in sources
        ]

    def count_tokens(self, source: str) -> int:
        return len(source)


def worker(engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch) -> Worker:
    monkeypatch.setattr("batchtx.worker.worker.build_engine", lambda spec: engine)
    return Worker(WorkSpec(EngineSpec("scripted")))


def segment(source: str, *, terms: tuple[Term, ...] = (), codes: tuple[Code, ...] = ()) -> Segment:
    return Segment("a.txt", "line 1", "line 1", 0, source, terms=terms, codes=codes)


def test_a_good_translation_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({"天气很好。": "The weather is fine."})
    (outcome,) = worker(engine, monkeypatch)([segment("天气很好。")])
    assert outcome.target == "The weather is fine."
    assert engine.asked == [("天气很好。", 4)]


def test_a_loop_is_decoded_again_with_another_beam(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({("天气很好。", 4): "the " * 30, ("天气很好。", 2): "The weather is fine."})
    (outcome,) = worker(engine, monkeypatch)([segment("天气很好。")])
    assert outcome.target == "The weather is fine."


def test_a_loop_of_every_beam_is_translated_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "今天天气非常好，我们一起去公园。"
    engine = ScriptedEngine(
        {
            source: "the " * 30,
            "今天天气非常好，": "The weather is fine,",
            "我们一起去公园。": "we go to the park.",
        }
    )
    (outcome,) = worker(engine, monkeypatch)([segment(source)])
    assert outcome.target == "The weather is fine, we go to the park."


def test_wrong_figures_are_tried_again_behind_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({"应付35000份。": "Pay 3500 copies.", "应付⟦1⟧份。": "Pay ⟦1⟧ copies."})
    (outcome,) = worker(engine, monkeypatch)([segment("应付35000份。")])
    assert outcome.target == "Pay 35000 copies."
    assert not [flag for flag in outcome.flags if flag.check == "numbers"]


def test_wrong_figures_that_stay_wrong_are_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({"应付35000份。": "Pay 3500 copies.", "应付⟦1⟧份。": "Pay copies."})
    (outcome,) = worker(engine, monkeypatch)([segment("应付35000份。")])
    assert outcome.target == "Pay 3500 copies."
    assert [flag.check for flag in outcome.flags] == ["numbers"]


def test_dates_and_amounts_are_put_into_english_by_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({"于⟦1⟧前付⟦2⟧。": "Pay ⟦2⟧ before ⟦1⟧."})
    (outcome,) = worker(engine, monkeypatch)([segment("于2024年12月31日前付三十万元。")])
    assert outcome.target == "Pay 300,000 yuan before December 31, 2024."
    assert outcome.flags == ()


def test_an_amount_says_the_term_for_its_currency(monkeypatch: pytest.MonkeyPatch) -> None:
    term = Term(3, 6, "人民币", ("RMB",))
    engine = ScriptedEngine({"总价为⟦1⟧。": "The price is ⟦1⟧."})
    (outcome,) = worker(engine, monkeypatch)([segment("总价为人民币三十万元。", terms=(term,))])
    assert outcome.target == "The price is RMB 300,000."
    assert outcome.flags == ()


def test_an_amount_goes_by_rule_beside_another_term_for_its_currency(monkeypatch: pytest.MonkeyPatch) -> None:
    term = Term(3, 6, "人民币", ("CNY",))
    engine = ScriptedEngine({"总价为人民币⟦1⟧。": "The price is CNY ⟦1⟧."})
    (outcome,) = worker(engine, monkeypatch)([segment("总价为人民币三十万元。", terms=(term,))])
    assert outcome.target == "The price is CNY 300,000."


def test_a_cell_that_is_a_date_needs_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({})
    (outcome,) = worker(engine, monkeypatch)([segment("二〇二三年五月一日")])
    assert outcome.target == "May 1, 2023"
    assert engine.asked == []


def test_a_date_that_the_engine_loses_is_left_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine(
        {"⟦1⟧起施行。": "In force.", "2024年5月1日起施行。": "In force from May 1, 2024."}
    )
    (outcome,) = worker(engine, monkeypatch)([segment("2024年5月1日起施行。")])
    assert outcome.target == "In force from May 1, 2024."


def test_a_numeral_that_is_lost_comes_back_by_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({"三十日内答复。": "Reply in time.", "⟦1⟧内答复。": "Reply within ⟦1⟧."})
    (outcome,) = worker(engine, monkeypatch)([segment("三十日内答复。")])
    assert outcome.target == "Reply within 30 days."


def test_a_missed_term_is_asked_for_behind_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    term = Term(0, 2, "甲方", ("Party A",))
    engine = ScriptedEngine({"甲方付款。": "The first side pays.", "⟦1⟧付款。": "⟦1⟧ pays."})
    (outcome,) = worker(engine, monkeypatch)([segment("甲方付款。", terms=(term,))])
    assert outcome.target == "Party A pays."


def test_urls_go_behind_marks_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({"请访问⟦1⟧。": "Please visit ⟦1⟧."})
    (outcome,) = worker(engine, monkeypatch)([segment("请访问https://a.cn/x?y=1。")])
    assert outcome.target == "Please visit https://a.cn/x?y=1."


def test_a_literal_that_the_engine_loses_is_translated_around(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine(
        {"请访问⟦1⟧查看。": "Please visit.", "请访问": "Please visit", "查看。": "to see."}
    )
    (outcome,) = worker(engine, monkeypatch)([segment("请访问https://a.cn/x查看。")])
    assert outcome.target == "Please visit https://a.cn/x to see."


def test_an_engine_without_marks_sees_literals_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({"请访问https://a.cn。": "Please visit https://a.cn."})
    engine.placeholders = False
    (outcome,) = worker(engine, monkeypatch)([segment("请访问https://a.cn。")])
    assert outcome.target == "Please visit https://a.cn."


def test_numbering_heads_need_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({})
    (outcome,) = worker(engine, monkeypatch)([segment("第二十二条")])
    assert outcome.target == "Article 22"
    assert engine.asked == []


def test_a_sentence_over_the_limit_is_cut_not_truncated(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({})
    (outcome,) = worker(engine, monkeypatch)([segment("很长的句子，" * 20)])
    assert "".join(source for source, beam in engine.asked if beam == 4) == "很长的句子，" * 20
    assert all(len(source) <= 60 for source, _ in engine.asked)
    assert outcome.target


def test_what_the_engine_gives_back_unchanged_stays_as_it_was() -> None:
    text = f"请　看{code_char(0)} １２３ 。"
    (outcome,) = Worker(WorkSpec(EngineSpec("echo")))([segment(text, codes=(Code("point", "footnote"),))])
    assert outcome.target == text


def test_giving_up_keeps_the_source_and_says_why() -> None:
    outcome = give_up(segment("甲方付款。"), "the worker process died")
    assert outcome.target == "甲方付款。"
    assert outcome.failed
    assert [flag.severity for flag in outcome.flags] == ["critical"]
    assert "the worker process died" in outcome.flags[0].message


def test_knows_the_engines_by_name() -> None:
    assert {"ctranslate2", "torch", "echo", "pseudo"} <= set(ENGINES)


def test_a_term_that_must_not_be_translated_goes_behind_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    term = Term(0, 2, "华为", ("华为",))
    engine = ScriptedEngine({"⟦1⟧发布公告。": "⟦1⟧ published a notice."})
    (outcome,) = worker(engine, monkeypatch)([segment("华为发布公告。", terms=(term,))])
    assert outcome.target == "华为 published a notice."


def test_a_segment_that_is_one_term_needs_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine({})
    term = Term(0, 5, "增值税发票", ("VAT invoice",))
    (outcome,) = worker(engine, monkeypatch)([segment("增值税发票", terms=(term,))])
    assert outcome.target == "VAT invoice"
    assert engine.asked == []


def test_a_link_is_translated_by_itself_and_sought_in_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = (Code("open", "link", 1), Code("close", "link", 0))
    source = f"请参阅{code_char(0)}附件{code_char(1)}的说明。"
    engine = ScriptedEngine({"请参阅附件的说明。": "See the notes in the annex.", "附件": "Annex"})
    (outcome,) = worker(engine, monkeypatch)([segment(source, codes=codes)])
    assert outcome.target == f"See the notes in the {code_char(0)}annex{code_char(1)}."
    assert engine.asked == [("请参阅附件的说明。", 4), ("附件", 1)]


def test_what_other_segments_ask_for_does_not_move_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"请立即付款": "Pay it at once please", "须立即付款": "Must pay", "立即付款": "Please"}
    bold = (Code("open", "bold", 1, format_only=True), Code("close", "bold", 0, format_only=True))
    cut = segment(f"请{code_char(0)}立即付款", codes=bold)
    whole = segment(f"须{code_char(0)}立即付款{code_char(1)}", codes=bold)
    (alone,) = worker(ScriptedEngine(dict(answers)), monkeypatch)([cut])
    _, together = worker(ScriptedEngine(dict(answers)), monkeypatch)([whole, cut])
    assert together == alone
