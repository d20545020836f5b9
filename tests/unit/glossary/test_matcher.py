"""Terms are found in raw Chinese: leftmost, longest, without word boundaries."""

from __future__ import annotations

import pickle
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.glossary.fold import has_variants
from batchtx.glossary.matcher import Matcher
from batchtx.glossary.table import Entry, Glossary, from_entries
from batchtx.records import GlossaryMode
from batchtx.text.inline_codes import code_char


def matcher(*entries: Entry) -> Matcher:
    return Matcher(from_entries(entries))


def found(text: str, *entries: Entry) -> list[str]:
    return [text[term.start : term.end] for term in matcher(*entries).find_terms(text)]


def entry(source: str, target: str = "x") -> Entry:
    return Entry(source, (target,))


@pytest.mark.parametrize(
    ("text", "sources", "expected"),
    [
        ("调用API接口", ["API"], ["API"]),
        ("maintain", ["ai"], []),
        ("AI很好", ["ai"], ["AI"]),
        ("ai_x x_ai", ["ai"], []),
        ("人工智能和人", ["人", "人工智能"], ["人工智能", "人"]),
        ("人工智能", ["人工", "工智能"], ["人工"]),
        ("ＡＰＩ", ["API"], ["ＡＰＩ"]),
        ("5㎏重", ["kg"], []),
        ("重㎏", ["kg"], ["㎏"]),
        ("第12号令", ["12号"], ["12号"]),
        ("C++语言", ["C++"], ["C++"]),
        ("合同合同", ["合同"], ["合同", "合同"]),
        ("", ["合同"], []),
        ("合", ["合同"], []),
        ("中国人民银行", ["中国人民", "中国人民银行", "人民银行"], ["中国人民银行"]),
    ],
)
def test_what_is_found(text: str, sources: list[str], expected: list[str]) -> None:
    assert found(text, *map(entry, sources)) == expected


def test_codes_inside_a_term_do_not_matter_and_those_after_it_do_not_belong_to_it() -> None:
    text = f"签{code_char(0)}合{code_char(1)}同{code_char(2)}了"
    assert found(text, entry("合同")) == [f"合{code_char(1)}同"]


def test_case_keep_wants_the_same_case() -> None:
    keep = Entry("IT", ("IT",), case="keep")
    assert found("IT部门和it部门", keep) == ["IT"]
    assert found("ＩＴ部门", keep) == ["ＩＴ"]


def test_do_not_translate_keeps_the_spelling_of_the_source() -> None:
    (term,) = matcher(Entry("API", ("API",), dnt=True, case="ignore")).find_terms("调用api")
    assert term.targets == ("api",)


def test_a_regex_finds_and_fills_its_groups() -> None:
    rule = Entry(r"第(\d+)号令", (r"Order No. \1",), regex=True)
    (term,) = matcher(rule).find_terms("根据第12号令，")
    assert (term.source, term.targets, term.start) == ("第12号令", ("Order No. 12",), 2)


def test_a_longer_regex_wins_over_plain_text_and_loses_when_equal() -> None:
    longer = Entry("合同.", ("y",), regex=True)
    equal = Entry("合.", ("z",), regex=True)
    assert [t.targets[0] for t in matcher(entry("合同"), longer).find_terms("合同法")] == ["y"]
    assert [t.targets[0] for t in matcher(entry("合同"), equal).find_terms("合同法")] == ["x"]


def test_a_regex_can_say_where_a_word_does_not_count() -> None:
    offer = Entry("(?<![重需])要约(?!束|定)", ("offer",), regex=True)
    assert found("重要约定与要约", offer) == ["要约"]


def test_terms_carry_what_checks_need() -> None:
    rule = Entry("甲方", ("Party A",), case="keep", forbidden=("first party",), required=False)
    (term,) = matcher(rule).find_terms("甲方")
    assert (term.case, term.required, term.forbidden) == ("keep", False, ("first party",))


@pytest.mark.parametrize(
    ("mode", "said", "required", "use"),
    [
        ("require", None, True, "ask"),
        ("require", False, False, "ask"),
        ("prefer", None, False, "ask"),
        ("prefer", True, True, "ask"),
        ("check-only", None, True, "check"),
        ("check-only", False, False, "check"),
    ],
)
def test_the_mode_holds_for_entries_that_do_not_say_so_themselves(
    mode: GlossaryMode, said: bool | None, required: bool, use: str
) -> None:
    glossary = from_entries([Entry("甲方", ("Party A",), required=said)], mode=mode)
    (term,) = Matcher(glossary).find_terms("甲方")
    assert (term.required, term.use) == (required, use)


@pytest.mark.skipif(not has_variants(), reason="opencc is not installed")
def test_traditional_characters_count_as_simplified_ones() -> None:
    assert found("這份軟件合約", entry("软件"), entry("合约")) == ["軟件", "合約"]
    assert found("这份软件", entry("軟件")) == ["软件"]


def test_an_empty_glossary_finds_nothing() -> None:
    assert Matcher(Glossary()).find_terms("合同") == ()


def test_a_matcher_can_be_sent_to_a_worker() -> None:
    sent = pickle.loads(pickle.dumps(matcher(entry("合同"))))
    assert [term.source for term in sent.find_terms("合同")] == ["合同"]


@given(
    st.text(alphabet="甲乙丙aＡ㎏ﬁ1 " + code_char(0), max_size=30),
    st.lists(st.text(alphabet="甲乙丙aA1k", min_size=1, max_size=4), max_size=8),
)
def test_matches_are_in_order_disjoint_and_say_what_stands_there(text: str, sources: list[str]) -> None:
    done = 0
    for term in matcher(*map(entry, sources)).find_terms(text):
        assert term.start >= done
        assert term.start < term.end
        assert text[term.start : term.end] == term.source
        done = term.end


def test_50_000_terms_cost_microseconds() -> None:
    rng = random.Random(1)
    characters = [chr(0x4E00 + n) for n in range(3000)]
    entries = [entry("".join(rng.choices(characters, k=rng.randint(2, 6)))) for _ in range(50_000)]
    many = Matcher(from_entries(entries))
    text = "".join(rng.choices(characters, k=60))
    start = time.perf_counter()
    for _ in range(200):
        many.find_terms(text)
    assert (time.perf_counter() - start) / 200 < 0.002
