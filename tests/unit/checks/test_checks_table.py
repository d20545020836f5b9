"""What each check finds, and what it lets pass."""

from __future__ import annotations

import pytest

from batchtx.checks.codes import codes_kept
from batchtx.checks.copies import not_blank, not_copied, translated
from batchtx.checks.leftovers import no_fullwidth_left, no_han_left, no_unknown_left
from batchtx.checks.length import length_plausible
from batchtx.checks.literals import literals_kept
from batchtx.checks.negation import negation_kept
from batchtx.checks.numbers import numbers_kept
from batchtx.checks.overused import no_term_too_often
from batchtx.checks.pairs import brackets_balanced, quotes_balanced
from batchtx.checks.repetition import said_once
from batchtx.checks.terms import no_forbidden_terms, terms_used
from batchtx.checks.typography import final_mark_kept, single_spaces, starts_with_capital
from batchtx.checks.words import acronyms_kept, no_doubled_words
from batchtx.protocols import Check
from batchtx.records import Code, Segment, Term
from batchtx.text.inline_codes import code_char


def segment(source: str, terms: tuple[Term, ...] = (), codes: tuple[Code, ...] = ()) -> Segment:
    return Segment("d", "a", "p", 0, source, codes=codes, terms=terms)


WRONG = [
    (not_blank, "好。", " ", "empty"),
    (translated, "你好世界", "你好世界", "unchanged"),
    (translated, "ＡＢ你好", "AB你好", "unchanged"),
    (translated, "今天天气很好。", "今天天气 is good", "Chinese characters"),
    (not_copied, "Save the file.", "Save the file.", "unchanged"),
    (no_han_left, "你好世界。", "Hello 世界.", "世界"),
    (no_fullwidth_left, "你好，世界。", "Hello， world.", "，"),
    (no_unknown_left, "你好", "Hello ⁇", "⁇"),
    (no_unknown_left, "你好", "Hello ⟦2⟧", "⟦2⟧"),
    (said_once, "猫。", "the the the the cat", "repeats"),
    (length_plausible, "本合同自双方签字盖章之日起生效，有效期三年。", "Yes.", "missing"),
    (length_plausible, "好", "This is a very long text that nobody asked for at all", "added"),
    (literals_kept, "访问https://a.b/c", "Visit it", "https://a.b/c"),
    (literals_kept, "你好{name}", "Hello {nom}", "{name}"),
    (literals_kept, "发到a@b.com", "Send it", "a@b.com"),
    (negation_kept, "甲方不得转让。", "Party A may transfer.", "不"),
    (negation_kept, "禁止吸烟。", "Smoking is allowed.", "禁止"),
    (brackets_balanced, "（一）甲", "(1 A", "("),
    (brackets_balanced, "甲乙", "A (B]", "]"),
    (quotes_balanced, "他说“好”。", 'He said "good.', "partner"),
    (final_mark_kept, "是吗？", "It is.", "question"),
    (final_mark_kept, "好。", "Good", "without a mark"),
    (starts_with_capital, "好。", "good.", "good"),
    (single_spaces, "你好世界", "Hello  world", "two spaces"),
    (single_spaces, "你好，世界", "Hello , world", "comma"),
    (no_doubled_words, "请保存文件。", "Please save the the file.", "the the"),
    (acronyms_kept, "按 GDP 和 ISO9001 计算", "calculated by ISO9001", "GDP"),
]


@pytest.mark.parametrize(("check", "source", "target", "message"), WRONG)
def test_a_wrong_target_is_flagged_with_what_to_look_at(
    check: Check, source: str, target: str, message: str
) -> None:
    flag = check(segment(source), target)
    assert flag is not None
    assert message in flag.message


RIGHT = [
    (translated, "API", "API"),
    (not_copied, "Windows 11", "Windows 11"),
    (not_copied, "Save the file.", "保存文件。"),
    (no_han_left, "孔子（Confucius）", "Confucius (孔子)"),
    (no_unknown_left, "用⟦1⟧标记", "Use ⟦1⟧ marks"),
    (literals_kept, "打开config.yaml", "Open Config.yaml"),
    (literals_kept, "`a b`", "a b"),
    (negation_kept, "不仅如此", "Moreover"),
    (negation_kept, "不断发展", "keeps developing"),
    (negation_kept, "不可能", "It is impossible"),
    (negation_kept, "无论如何", "In any case"),
    (brackets_balanced, "1) 甲 2) 乙", "1) A 2) B"),
    (brackets_balanced, "（甲", "(A"),
    (quotes_balanced, '5" 屏幕', '5" screen'),
    (final_mark_kept, "总则", "General."),
    (starts_with_capital, "npm很好。", "npm is good."),
    (length_plausible, "好", "All right then"),
    (no_doubled_words, "他已经看过", "He had had a look"),
    (no_doubled_words, "双 Buffer Buffer 机制", "A Buffer Buffer mechanism"),
    (acronyms_kept, "GDP增长", "gdp growth"),
    (acronyms_kept, "见 docs/README.md", "see docs/README.md"),
]


@pytest.mark.parametrize(("check", "source", "target"), RIGHT)
def test_right_targets_pass(check: Check, source: str, target: str) -> None:
    assert check(segment(source), target) is None


CONTRACT = Term(0, 2, "合同", ("contract", "agreement"), forbidden=("pact",))
PREFERRED = Term(0, 2, "公司", ("company",), required=False)
KEPT = Term(0, 2, "微信", ("微信",), case="keep")


def test_a_missed_term_is_critical_and_a_missed_preference_minor() -> None:
    required = terms_used(segment("合同", (CONTRACT,)), "paper")
    preferred = terms_used(segment("公司", (PREFERRED,)), "firm")
    assert required is not None and required.severity == "critical"
    assert "合同 → contract / agreement" in required.message
    assert preferred is not None and preferred.severity == "minor"


def test_any_allowed_target_in_any_number_will_do() -> None:
    assert terms_used(segment("合同", (CONTRACT,)), "Two agreements") is None


def test_a_do_not_translate_term_must_stand_and_is_no_leftover() -> None:
    where = segment("微信很好", (KEPT,))
    assert terms_used(where, "WeChat is good") is not None
    assert terms_used(where, "微信 is good") is None
    assert no_han_left(where, "微信 is good") is None


def test_a_source_of_do_not_translate_terms_only_may_stay_as_it_is() -> None:
    assert translated(segment("微信", (KEPT,)), "微信") is None
    assert translated(segment("微信很好", (KEPT,)), "微信很好") is not None


def test_forbidden_words_are_named() -> None:
    flag = no_forbidden_terms(segment("合同", (CONTRACT,)), "The pacts")
    assert flag is not None and flag.severity == "major" and "pact" in flag.message


OPEN, CLOSE, POINT = code_char(0), code_char(1), code_char(2)
CODES = (
    Code("open", "bold", 1, format_only=True),
    Code("close", "bold", 0, format_only=True),
    Code("point", "note"),
)
CODED = segment(f"{OPEN}你{CLOSE}好{POINT}", codes=CODES)


@pytest.mark.parametrize(
    ("target", "severity"),
    [
        (f"{OPEN}You{CLOSE} good{POINT}", None),
        (f"You good{POINT}", "minor"),
        (f"{OPEN}You{CLOSE} good", "critical"),
        (f"{OPEN}You{CLOSE} good{POINT}{POINT}", "critical"),
        (f"{CLOSE}You{OPEN} good{POINT}", "critical"),
        (f"{OPEN}You good{POINT}", "critical"),
    ],
)
def test_codes_stand_once_and_nested(target: str, severity: str | None) -> None:
    flag = codes_kept(CODED, target)
    assert (flag.severity if flag else None) == severity


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("请勿在设备运行时打开机盖。", "Open the cover while the device is running."),
        ("乙方不得将本合同转让给第三方。", "Party B may transfer this contract to a third party."),
        ("严禁烟火。", "Smoking and open flames are welcome."),
        (
            "除非双方另有约定，本合同自签字之日起生效。",
            "The parties agree that this contract takes effect when signed.",
        ),
    ],
)
def test_a_lost_prohibition_or_exception_is_critical(source: str, target: str) -> None:
    found = negation_kept(Segment("d", "a", "p", 0, source), target)
    assert found is not None
    assert found.severity == "critical"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("请勿打开机盖。", "Do not open the cover."),
        ("不得转让。", "Transfer is prohibited."),
        ("否则，合同终止。", "Otherwise the contract ends."),
        ("不得不承认，", "I must admit,"),
    ],
)
def test_a_prohibition_that_is_kept_passes(source: str, target: str) -> None:
    assert negation_kept(Segment("d", "a", "p", 0, source), target) is None


@pytest.mark.parametrize(
    ("source", "target", "severity"),
    [
        ("甲方应当付款。", "Party A shall pay Party A for Party A.", "major"),
        ("甲方应当向供应商付款。", "Party A shall pay Party B.", "major"),
        ("甲方应当付款，乙方应当交货。", "Party A shall pay, and Party B shall deliver to Party A.", "minor"),
    ],
)
def test_a_party_said_too_often_is_flagged(source: str, target: str, severity: str) -> None:
    found = no_term_too_often(Segment("d", "a", "p", 0, source), target)
    assert found is not None
    assert found.severity == severity


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("甲方应当支付其费用。", "Party A shall pay Party A's costs."),
        ("甲乙双方签字。", "Party A and Party B sign."),
        ("甲方付款。", "The first party pays."),
    ],
)
def test_a_party_said_as_often_passes(source: str, target: str) -> None:
    assert no_term_too_often(Segment("d", "a", "p", 0, source), target) is None


POINTS = [
    (no_han_left, "你好世界。", "Hello 世界.", [], ["世界"]),
    (no_fullwidth_left, "你好，世界。", "Hello， world.", [], ["，"]),
    (literals_kept, "访问https://a.b/c", "Visit it", ["https://a.b/c"], []),
    (negation_kept, "甲方不得转让。", "Party A may transfer.", ["不得"], []),
    (no_doubled_words, "请保存文件。", "Please save the the file.", [], ["the the"]),
    (acronyms_kept, "按 GDP 和 ISO9001 计算", "calculated by ISO9001", ["GDP"], []),
    (numbers_kept, "共13箱。", "300 boxes in all.", ["13"], ["300"]),
    (starts_with_capital, "好。", "good.", [], ["good"]),
]


@pytest.mark.parametrize(("check", "source", "target", "in_source", "in_target"), POINTS)
def test_a_flag_points_at_what_it_is_about(
    check: Check, source: str, target: str, in_source: list[str], in_target: list[str]
) -> None:
    flag = check(segment(source), target)
    assert flag is not None
    assert [source[start:end] for start, end in flag.source_spans] == in_source
    assert [target[start:end] for start, end in flag.target_spans] == in_target


def test_a_missed_term_is_pointed_at_in_the_source() -> None:
    term = Term(0, 2, "甲方", ("Party A",))
    flag = terms_used(segment("甲方付款。", (term,)), "The first party pays.")
    assert flag is not None
    assert flag.source_spans == ((0, 2),)
