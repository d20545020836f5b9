"""Codes in their places: {n} opens code n, {/n} closes it, {n.} is a point."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.inline.alignment import AlignmentEvidence
from batchtx.inline.placement import place_codes
from batchtx.inline.span_tree import span_texts
from batchtx.records import Code, Link
from batchtx.text.inline_codes import code_char, code_fault, show_codes, strip_codes, without_codes

_MARK = re.compile(r"\{(/?)(\w+)(\.?)\}")


def parse(text: str) -> tuple[str, tuple[Code, ...]]:
    """A readable text as text with codes; names starting with b are bold, k links, n notes, p pictures."""
    names: dict[str, int] = {}
    codes: list[Code] = []

    def code(match: re.Match[str]) -> str:
        closing, name, point = match.groups()
        label = {"b": "bold", "k": "link", "n": "footnote", "p": "picture"}[name[0]]
        if point:
            codes.append(Code("point", label))
        elif closing:
            opening = names[name]
            codes.append(Code("close", label, pair=opening, format_only=label == "bold"))
            codes[opening] = Code("open", label, pair=len(codes) - 1, format_only=label == "bold")
        else:
            names[name] = len(codes)
            codes.append(Code("open", label))
        return code_char(len(codes) - 1)

    return _MARK.sub(code, text), tuple(codes)


def by_words(source: str, target: str, pairs: list[tuple[str, str]]) -> list[Link]:
    """Links between the first occurrences of words of the plain source and the target."""
    plain, _ = strip_codes(source)
    return [
        Link(plain.index(a), plain.index(a) + len(a), target.index(b), target.index(b) + len(b))
        for a, b in pairs
    ]


CASES = [
    # source, target, aligned words, expected
    (
        "请在{b1}三十天{/b1}内付款。",
        "Please pay within thirty days.",
        [
            ("请", "Please"),
            ("三十", "thirty"),
            ("天", "days"),
            ("内", "within"),
            ("付款", "pay"),
            ("。", "."),
        ],
        "Please pay within ⟦1⟧thirty days⟦/1⟧.",
    ),
    (
        "合同{n1.}自{b1}签字{/b1}之日起生效{n2.}。",
        "The contract takes effect on the date of signature.",
        [("合同", "contract"), ("签字", "signature"), ("之日", "date"), ("生效", "effect"), ("。", ".")],
        "The contract⟦1⟧ takes effect on the date of ⟦2⟧signature⟦/2⟧.⟦4⟧",
    ),
    (
        "参见{k1}附件{b1}一{/b1}{/k1}。",
        "See Annex 1.",
        [("参见", "See"), ("附件", "Annex"), ("一", "1"), ("。", ".")],
        "See ⟦1⟧Annex ⟦2⟧1⟦/2⟧⟦/1⟧.",
    ),
    ("重要{n1.}。", "Important.", [("重要", "Important"), ("。", ".")], "Important.⟦1⟧"),
]


@pytest.mark.parametrize(("source", "target", "pairs", "expected"), CASES)
def test_codes_go_where_the_alignment_says(
    source: str, target: str, pairs: list[tuple[str, str]], expected: str
) -> None:
    text, codes = parse(source)
    placed, how = place_codes(text, target, codes, AlignmentEvidence(by_words(text, target, pairs)))
    assert show_codes(placed, codes) == expected
    assert how == "aligned"


RULES = [
    # articles and prepositions do not stay at the edge of a span, whatever they are aligned to
    (
        "见{k1}附件{/k1}。",
        "See the annex.",
        [("见", "See"), ("附件", "the"), ("附件", "annex")],
        "See the ⟦1⟧annex⟦/1⟧.",
    ),
    # a figure stands where it stands, even against the alignment, and its unit with it
    (
        "请在{b1}三十日{/b1}内付款。",
        "Please pay within thirty days.",
        [("请", "Please"), ("付款", "thirty"), ("付款", "days"), ("三", "pay")],
        "Please pay within ⟦1⟧thirty days⟦/1⟧.",
    ),
    # names are not cut
    (
        "由{b1}张明{/b1}主持。",
        "It was chaired by Zhang Ming.",
        [("主持", "chaired"), ("张明", "Zhang"), ("主持", "Ming")],
        "It was chaired by ⟦1⟧Zhang Ming⟦/1⟧.",
    ),
    # but a reference to a numbered thing is a name of its own
    (
        "见{k1}民法典{/k1}第五百零九条。",
        "See Civil Code Article 509.",
        [("见", "See"), ("民法典", "Civil"), ("民法典", "Code"), ("第", "Article")],
        "See ⟦1⟧Civil Code⟦/1⟧ Article 509.",
    ),
    # a note before the full stop of bold words stands behind it
    (
        "增长{b1}显著{n1.}。{/b1}",
        "Growth was significant.",
        [("增长", "Growth"), ("显著", "significant")],
        "Growth was ⟦1⟧significant⟦/1⟧.⟦2⟧",
    ),
    # but never out of a link
    (
        "增长{k1}显著{n1.}。{/k1}",
        "Growth was significant.",
        [("增长", "Growth"), ("显著", "significant")],
        "Growth was ⟦1⟧significant⟦2⟧⟦/1⟧.",
    ),
    # symbols and brackets that touch a word and are of the span stay with it, the comma does not
    (
        "室温{b1}-5℃（冬），{/b1}正常。",
        "Room temperature -5℃ (winter), normal.",
        [("室温", "temperature"), ("-", "-"), ("℃", "℃"), ("（", "("), ("冬", "winter"), ("）", ")")],
        "Room temperature ⟦1⟧-5℃ (winter)⟦/1⟧, normal.",
    ),
    # a note that ends a clause ends it in the target too
    (
        "卖方承担责任{n1.}，买方除外。",
        "The seller is liable for the goods, except for the buyer.",
        [("卖方", "seller"), ("责任", "liable"), ("买方", "buyer"), ("除外", "except")],
        "The seller is liable for the goods,⟦1⟧ except for the buyer.",
    ),
    # what is to be filled in stands after the colon, as in the source
    (
        "签名：{p1.}，日期",
        "Signature: , Date",
        [("签名", "Signature"), ("：", ":"), ("日期", "Date")],
        "Signature:⟦1⟧ , Date",
    ),
    # a note in the middle of a sentence stands after a word with a meaning
    (
        "问卷{n1.}已发放。",
        "The questionnaire was sent.",
        [("问卷", "questionnaire"), ("问卷", "was"), ("发放", "sent")],
        "The questionnaire⟦1⟧ was sent.",
    ),
]


@pytest.mark.parametrize(("source", "target", "pairs", "expected"), RULES)
def test_rules_of_language_mend_what_the_alignment_gets_wrong(
    source: str, target: str, pairs: list[tuple[str, str]], expected: str
) -> None:
    text, codes = parse(source)
    placed, _ = place_codes(text, target, codes, AlignmentEvidence(by_words(text, target, pairs)))
    assert show_codes(placed, codes) == expected


def test_the_words_of_a_span_by_itself_are_sought_in_the_sentence() -> None:
    text, codes = parse("公民的{b1}人身自由{/b1}不受侵犯。")
    target = "The personal freedom of citizens is inviolable."
    pairs = [("公民", "personal"), ("自由", "freedom"), ("公民", "citizens"), ("侵犯", "inviolable")]
    links = by_words(text, target, pairs)
    assert list(span_texts(text, codes)) == ["人身自由"]
    known = AlignmentEvidence(links, span_translations={"人身自由": "Personal liberty"})
    placed, _ = place_codes(text, target, codes, known)
    assert show_codes(placed, codes) == "The ⟦1⟧personal freedom⟦/1⟧ of citizens is inviolable."
    placed, _ = place_codes(text, target, codes, AlignmentEvidence(links))
    assert show_codes(placed, codes) == "The personal ⟦1⟧freedom⟦/1⟧ of citizens is inviolable."


def test_a_note_stands_after_all_that_leads_to_it() -> None:
    text, codes = parse("会议的纪要{n1.}已获批准。")
    target = "The minutes of the meeting were approved at the meeting."
    links = by_words(text, target, [("纪要", "minutes"), ("批准", "approved")])
    assert list(span_texts(text, codes)) == ["会议的纪要"]
    known = AlignmentEvidence(links, span_translations={"会议的纪要": "Minutes of the meeting"})
    placed, _ = place_codes(text, target, codes, known)
    assert show_codes(placed, codes) == "The minutes of the meeting⟦1⟧ were approved at the meeting."


def test_what_stands_right_before_a_date_stands_before_it_in_english_too() -> None:
    text, codes = parse("合同自{p1.}年{p2.}月{p3.}日起生效。")
    target = "The contract takes effect from Year Month Day."
    date = target.index("Year")
    marks = [Link(3, 6, date, len(target) - 1)]
    links = [*by_words(text, target, [("合同", "contract"), ("自", "from"), ("生效", "effect")]), *marks]
    placed, _ = place_codes(text, target, codes, AlignmentEvidence(links, marks))
    assert show_codes(placed, codes) == "The contract takes effect from ⟦1⟧Year⟦2⟧ Month⟦3⟧ Day."


def test_the_parts_of_a_date_are_found_in_the_date_that_it_became() -> None:
    text, codes = parse("5月1日订立，{b1}2024{/b1}年{b2}5{/b2}月{b3}1{/b3}日生效。")
    target = "Made on May 1, effective on May 1, 2024."
    date = target.index("May 1, 2024")
    plain, _ = strip_codes(text)
    marks = [Link(0, 4, 8, 13), Link(7, 16, date, date + 11)]
    placed, how = place_codes(text, target, codes, AlignmentEvidence(marks, marks))
    assert plain[7:16] == "2024年5月1日"
    assert show_codes(placed, codes) == ("Made on May 1, effective on ⟦3⟧May⟦/3⟧ ⟦5⟧1⟦/5⟧, ⟦1⟧2024⟦/1⟧.")
    assert how == "aligned"


def test_a_target_equal_to_its_source_keeps_the_codes_exactly() -> None:
    text, codes = parse("{b1}ABC{/b1} 123{n1.}")
    assert place_codes(text, "ABC 123", codes, AlignmentEvidence()) == (text, "exact")


def test_without_alignment_places_follow_from_length_and_are_called_a_fallback() -> None:
    text, codes = parse("甲{k1}乙丙{/k1}丁")
    placed, how = place_codes(text, "one two three four", codes, AlignmentEvidence())
    assert show_codes(placed, codes) == "one ⟦1⟧two three⟦/1⟧ four"
    assert how == "fallback"


def test_a_span_that_begins_in_another_sentence_covers_all_up_to_its_end() -> None:
    text, codes = parse("{b1}甲。乙丙{/b1}丁")
    second = text[text.index("乙") :]
    links = by_words(second, "two three four", [("乙", "two"), ("丙", "three"), ("丁", "four")])
    placed, _ = place_codes(second, "two three four", codes, AlignmentEvidence(links))
    assert show_codes(placed, codes) == "two three⟦/1⟧ four"


def test_links_that_compete_for_a_word_both_keep_one() -> None:
    text, codes = parse("甲{k1}乙{/k1}{k2}丙{/k2}")
    links = by_words(text, "one two three", [("甲", "one"), ("乙", "three"), ("丙", "three")])
    placed, _ = place_codes(text, "one two three", codes, AlignmentEvidence(links))
    assert show_codes(placed, codes) == "one ⟦1⟧two⟦/1⟧ ⟦3⟧three⟦/3⟧"


@st.composite
def coded_texts(draw: st.DrawFn) -> tuple[str, tuple[Code, ...]]:
    """Texts with properly nested codes of all kinds."""
    count = 0

    def piece(depth: int) -> str:
        nonlocal count
        parts = []
        for _ in range(draw(st.integers(0, 3))):
            kind = draw(st.sampled_from(["text", "point", "pair"] if depth < 3 else ["text", "point"]))
            if kind == "text":
                parts.append(draw(st.text("甲乙丙丁，。ab1 ", min_size=1, max_size=5)))
            elif kind == "point":
                count += 1
                parts.append(f"{{n{count}.}}")
            else:
                count += 1
                name = draw(st.sampled_from("bk")) + str(count)
                parts.append(f"{{{name}}}{piece(depth + 1)}{{/{name}}}")
        return "".join(parts)

    return parse(piece(0))


@given(coded_texts(), st.text("ab, .c1", max_size=30), st.data())
def test_every_code_stands_once_and_pairs_nest_whatever_the_alignment(
    coded: tuple[str, tuple[Code, ...]], target: str, data: st.DataObject
) -> None:
    text, codes = coded
    plain, _ = strip_codes(text)
    links = None
    if plain and target and data.draw(st.booleans()):
        source_at, target_at = st.integers(0, len(plain) - 1), st.integers(0, len(target) - 1)
        pairs = data.draw(st.lists(st.tuples(source_at, target_at), max_size=12))
        links = [Link(a, a + 1, b, b + 1) for a, b in pairs]
    placed, _ = place_codes(text, target, codes, AlignmentEvidence(links))
    assert code_fault(text, placed, codes) is None
    assert strip_codes(placed)[0] == (target if target != plain else plain)


@st.composite
def _spanned(draw: st.DrawFn) -> tuple[str, list[Code]]:
    """A source in which looks enclose words, nested or not."""
    parts, codes, stack = [], [], []
    for word in draw(st.lists(st.sampled_from(["合同", "付款", "a", "3", "，"]), min_size=1, max_size=8)):
        for _ in range(draw(st.integers(0, 2))):
            stack.append(len(codes))
            codes.append(Code("open", "format", format_only=True))
            parts.append(code_char(len(codes) - 1))
        parts.append(word)
        while stack and draw(st.booleans()):
            opening = stack.pop()
            codes[opening] = Code("open", "format", len(codes), format_only=True)
            codes.append(Code("close", "format", opening, format_only=True))
            parts.append(code_char(len(codes) - 1))
    while stack:
        opening = stack.pop()
        codes[opening] = Code("open", "format", len(codes), format_only=True)
        codes.append(Code("close", "format", opening, format_only=True))
        parts.append(code_char(len(codes) - 1))
    return "".join(parts), codes


@given(
    _spanned(), st.lists(st.sampled_from(["pay", "the", "contract", "3", ",", "of"]), min_size=1, max_size=5)
)
def test_no_look_with_words_is_lost_however_few_words_there_are(
    spanned: tuple[str, list[Code]], words: list[str]
) -> None:
    source, codes = spanned
    target = " ".join(words)
    placed, _ = place_codes(source, target, codes, AlignmentEvidence(()))
    assert without_codes(placed) == target
    assert code_fault(source, placed, codes) is None
    if any(map(str.isalnum, target)):
        for index, code in enumerate(codes):
            if code.kind == "open":
                inside = source.partition(code_char(index))[2].partition(code_char(code.pair))[0]
                if any(map(str.isalnum, without_codes(inside))):
                    kept = placed.partition(code_char(index))[2].partition(code_char(code.pair))[0]
                    assert any(map(str.isalnum, without_codes(kept))), (index, placed)
