"""Each step's own cases: source, engine's target, what it should become."""

from __future__ import annotations

from dataclasses import replace

import pytest

from batchtx.postprocess.capital import sentence_capital
from batchtx.postprocess.code_spacing import spaces_at_codes
from batchtx.postprocess.east_asian import east_asian_punctuation
from batchtx.postprocess.final_mark import final_mark
from batchtx.postprocess.glued_words import words_apart
from batchtx.postprocess.leftovers import marks_removed, prompts_removed, term_brackets_removed
from batchtx.postprocess.loops import loops_collapsed
from batchtx.postprocess.punctuation import english_punctuation
from batchtx.postprocess.rejoin import literals_rejoined
from batchtx.postprocess.spacing import english_spacing
from batchtx.postprocess.vague_amounts import vague_amounts
from batchtx.records import Code, Segment, Term, UnitKind
from batchtx.text.inline_codes import code_char

NOTE = code_char(0)


def segment(source: str, kind: UnitKind = "text", *, forced: bool = False) -> Segment:
    return Segment("d", "a", "p", 0, source, kind, forced=forced)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("Hello，world。", "Hello, world."),
        ("A、B and C；D：E", "A, B and C; D: E"),
        ("Really？Yes！", "Really? Yes!"),
        ("the city（see map）here", "the city (see map) here"),
        ("《Contract Law》 says", "“Contract Law” says"),
        ("「a」and『b』", "“a” and ‘b’"),
        ("yes——no", "yes—no"),
        ("wait……", "wait..."),
        ("wait… and see", "wait… and see"),
        ("３．１４ ＡＢＣ ５０％", "3.14 ABC 50%"),
        ("3～5 days", "3-5 days"),
        ("at 10：30", "at 10:30"),
        ("1，000 items", "1,000 items"),
        ("Good.。", "Good."),
        ("a,, b", "a, b"),
        ("Good..", "Good."),
        ("What?.", "What?"),
        ("￥5", "¥5"),
        ("“quoted” text", "“quoted” text"),
        ("../path and a..b", "../path and a..b"),
        (f"Good{NOTE}。", f"Good{NOTE}."),
    ],
)
def test_chinese_marks_become_english(target: str, expected: str) -> None:
    assert english_punctuation(target, segment("甲。")) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("保存文件.", "保存文件。"),
        ("保存,然后关闭.", "保存，然后关闭。"),
        ("保存文件. 关闭窗口!", "保存文件。关闭窗口！"),
        ("合同(副本)有效", "合同（副本）有效"),
        ("版本3.5 和 a.txt", "版本3.5 和 a.txt"),
        ("见 https://a.b/c,d", "见 https://a.b/c,d"),
        ("使用 Python, Java", "使用 Python, Java"),
        (f"文件{NOTE}.", f"文件{NOTE}。"),
        ("ファイルを保存.", "ファイルを保存。"),
    ],
)
def test_marks_after_han_and_kana_become_full_width(target: str, expected: str) -> None:
    assert east_asian_punctuation(target, segment("Save.")) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("Hello , world .", "Hello, world."),
        ("( see map )", "(see map)"),
        ("3 . 14 and 1 , 000 at 10 : 30", "3.14 and 1,000 at 10:30"),
        ("50 % off", "50% off"),
        ("John 's and don 't", "John's and don't"),
        ("the 's' key", "the 's' key"),
        ('a " quoted " word', 'a "quoted" word'),
        ('a " quoted" word', 'a "quoted" word'),
        ('a "quoted ".', 'a "quoted".'),
        ('5" x 6" tall', '5" x 6" tall'),
        ("“ quoted ” word", "“quoted” word"),
        ("one,two;three", "one, two; three"),
        ("Note:This", "Note: This"),
        ("the end.The start", "the end. The start"),
        ("Really ? Yes !", "Really? Yes!"),
        ("(* or ?)", "(* or ?)"),
        ("from ... import", "from ... import"),
        ("  two   spaces  ", "two spaces"),
        (
            "3.14, 10:30, U.S., a/b, e.g., 1,000, $5, C++, .NET",
            "3.14, 10:30, U.S., a/b, e.g., 1,000, $5, C++, .NET",
        ),
        ("ASP.NET and Node.js", "ASP.NET and Node.js"),
        ("Happy coding :)", "Happy coding :)"),
        ("a != b", "a != b"),
        ("5 - 3 = 2", "5 - 3 = 2"),
        (f"word{NOTE} .", f"word{NOTE}."),
    ],
)
def test_spaces_stand_where_english_sets_them(target: str, expected: str) -> None:
    assert english_spacing(target, segment("甲。")) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("合计1,280,000（人民币）。", "Total 1,280,000(RMB).", "Total 1,280,000 (RMB)."),
        ("合计1,280,000（人民币元）。", "Total 1,280,000(RMB yuan).", "Total 1,280,000 (RMB yuan)."),
        ("设备（详见附件）的价格", "the device(see the annex)price", "the device (see the annex) price"),
        ("关闭设备。65%的用户", "Turn off the device.65% of users", "Turn off the device. 65% of users"),
        ("大写：人民币", "in words:RMB 5", "in words: RMB 5"),
        ("见file.65和key:值", "See file.65 and key:value", "See file.65 and key:value"),
        ("调用clip(xmin, xmax)函数", "Call clip(xmin, xmax)", "Call clip(xmin, xmax)"),
        ("第三条（一）的附件", "Article 3(1) and its annex(es)", "Article 3(1) and its annex(es)"),
        ("时间：10:30", "Time:10:30", "Time: 10:30"),
        ("标题1和module2", "Title1 and module2", "Title 1 and module2"),
        ("（星期四）14:00", "(Thursday)14:00", "(Thursday) 14:00"),
        ("电话：(607)664", "Phone: (607)664", "Phone: (607)664"),
        ("见[手册](docs/手册.md)。", "See the [manual] (docs/手册.md).", "See the [manual](docs/手册.md)."),
        ("见[1]（附件）。", "See [1] (annex).", "See [1] (annex)."),
    ],
)
def test_what_chinese_writes_without_a_space_gets_one(source: str, target: str, expected: str) -> None:
    assert english_spacing(target, segment(source)) == expected


BOLD = (Code("open", "bold", 1, True), Code("close", "bold", 0, True))
BLANK = (Code("point", "blank"),)
PICTURE = (Code("point", "picture"),)
LINKS = (Code("open", "link", 1), Code("close", "link", 0), Code("open", "link", 3), Code("close", "link", 2))


@pytest.mark.parametrize(
    ("target", "codes", "expected"),
    [
        ("in words:{0}RMB 5{1}", BOLD, "in words: {0}RMB 5{1}"),
        ("{0}One,{1}two", BOLD, "{0}One,{1} two"),
        ("{0}One.{1}{2}Two{3}", LINKS, "{0}One.{1} {2}Two{3}"),
        ("un{0}do{1}ing", BOLD, "un{0}do{1}ing"),
        ("Fine:{0}this", PICTURE, "Fine:{0}this"),
        ("Studied{0} at all", BLANK, "Studied {0} at all"),
        ("Seal:{0}(seal)", BLANK, "Seal: {0} (seal)"),
        ("(¥{0})", BLANK, "(¥{0})"),
    ],
)
def test_a_code_between_words_does_not_swallow_their_space(
    target: str, codes: tuple[Code, ...], expected: str
) -> None:
    chars = [code_char(number) for number in range(4)]
    where = replace(segment("甲：乙。"), codes=codes)
    assert spaces_at_codes(target.format(*chars), where) == expected.format(*chars)


@pytest.mark.parametrize(
    ("source", "target", "kind", "expected"),
    [
        ("好。", "Good", "text", "Good."),
        ("好。", "Good!", "text", "Good!"),
        ("好。", "Good,", "text", "Good."),
        ("是吗？", "Is it.", "text", "Is it?"),
        ("如下：", "As follows.", "text", "As follows:"),
        ("好；", "good", "text", "good;"),
        ("等等……", "Wait", "text", "Wait..."),
        ("他说：“好。”", 'He said: "good"', "text", 'He said: "good."'),
        ("名为“甲”。", 'It is called "A"', "text", 'It is called "A".'),
        ("（见附件。）", "(See annex)", "text", "(See annex.)"),
        ("总则", "General Provisions.", "heading", "General Provisions"),
        ("总则", "General Provisions.", "text", "General Provisions"),
        ("公司等", "companies, etc.", "cell", "companies, etc."),
        ("美国", "U.S.", "cell", "U.S."),
        ("甲公司", "A Inc.", "cell", "A Inc."),
        ("等待…", "Wait...", "cell", "Wait..."),
        ("一", "1.", "cell", "1."),
        ("甲，", "A", "text", "A"),
        ("项目。", "item; or", "item", "item; or"),
        ("这是什么？", 'He asked "what is this?".', "text", 'He asked "what is this?".'),
        (f"好。{NOTE}", f"Good{NOTE}", "text", f"Good.{NOTE}"),
        ("。", "", "text", ""),
    ],
)
def test_the_final_mark_follows_the_source(source: str, target: str, kind: UnitKind, expected: str) -> None:
    assert final_mark(target, segment(source, kind)) == expected


def test_the_part_of_a_forced_cut_gets_no_mark() -> None:
    assert final_mark("good", segment("好。", forced=True)) == "good"


@pytest.mark.parametrize(
    ("source", "target", "kind", "expected"),
    [
        ("好。", "good.", "text", "Good."),
        ("“好。”", "“good.”", "text", "“Good.”"),
        (f"{NOTE}好。", f"{NOTE}good.", "text", f"{NOTE}Good."),
        ("npm很好。", "npm is good.", "text", "npm is good."),
        ("好。", "iPhone is good.", "text", "iPhone is good."),
        ("好。", "foo.bar is good.", "text", "foo.bar is good."),
        ("好。", "my_var is good.", "text", "my_var is good."),
        ("系统概述", "system overview", "heading", "System overview"),
        ("是", "yes", "cell", "Yes"),
        ("千克", "kg", "cell", "kg"),
        ("（台）", "(sets)", "cell", "(sets)"),
        ("好，", "good,", "text", "good,"),
        ("合同编号：HT-1", "contract number: HT-1", "text", "Contract number: HT-1"),
        ("合同编号", "contract number", "text", "contract number"),
    ],
)
def test_sentences_start_with_a_capital(source: str, target: str, kind: UnitKind, expected: str) -> None:
    assert sentence_capital(target, segment(source, kind)) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("好。", "English: Good.", "Good."),
        ("好。", "Translation: English: Good.", "Good."),
        ("好。", "The translation is: Good.", "Good."),
        ("英文：好", "English: good", "English: good"),
        ("输出：好", "Output: good", "Output: good"),
        ("好。", "English is good.", "English is good."),
    ],
)
def test_leftover_prompts_go(source: str, target: str, expected: str) -> None:
    assert prompts_removed(target, segment(source)) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("好。", "Good\ufffd.", "Good."),
        ("好。", "Good ⟦3⟧.", "Good ."),
        ("好。", "⟦t⟧好⟦=⟧good⟦/t⟧ day", "good day"),
        ("好。", "good</s>", "good"),
        ("用⟦1⟧。", "Use ⟦1⟧.", "Use ⟦1⟧."),
        ("用<s>标签", "the <s> tag", "the <s> tag"),
        ("好。", "Good▁day", "Good day"),
    ],
)
def test_leftover_marks_go(source: str, target: str, expected: str) -> None:
    assert marks_removed(target, segment(source)) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("猫。", "the the the the cat.", "the cat."),
        ("哈哈哈哈", "Ha ha ha ha", "Ha ha ha ha"),
        ("好。", "Good. Good. Good. Good.", "Good."),
        ("好。", "very very good", "very very good"),
        ("好。", f"a{NOTE} a a a a", f"a{NOTE} a"),
    ],
)
def test_loops_are_said_once(source: str, target: str, expected: str) -> None:
    assert loops_collapsed(target, segment(source)) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("C++和C#。", "C ++ and C #.", "C++ and C#."),
        ("按Ctrl+C", "press Ctrl + C", "press Ctrl+C"),
        ("约3.14，10:30", "3 . 14 at 10 : 30", "3.14 at 10:30"),
        ("见https://a.b/c。", "See https : / / a.b / c .", "See https://a.b/c ."),
        ("你好{name}，共%s", "Hello { name }, % s", "Hello {name}, %s"),
        ("甲和乙", "a / b", "a / b"),
        ("A/B测试", "A / Big", "A / Big"),
        ("是-否", "yes - no", "yes - no"),
    ],
)
def test_words_of_the_source_are_put_together_again(source: str, target: str, expected: str) -> None:
    assert literals_rejoined(target, segment(source)) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("数十万名志愿者", "hundreds of thousands volunteers", "hundreds of thousands of volunteers"),
        ("数千万元", "tens of millions of yuan", "tens of millions of yuan"),
        ("增至数亿", "rose to hundreds of millions in 2024", "rose to hundreds of millions in 2024"),
        ("《千万别走》", "millions dollar baby", "millions dollar baby"),
    ],
)
def test_what_a_vague_amount_counts_comes_after_of(source: str, target: str, expected: str) -> None:
    assert vague_amounts(target, segment(source)) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("C++（语言）很难学。", "C++ language) is difficult.", "C++ language is difficult."),
        ("C++（语言）很难学。", "(C++ language is difficult.", "C++ language is difficult."),
        ("C++（语言）很难学。", "C++ language is difficult.", "C++ language is difficult."),
        ("（见C++（语言））", "(see C++ language)", "(see C++ language)"),
        ("见C++（语言）（新）", "see C++ language) (new)", "see C++ language (new)"),
    ],
)
def test_the_bracket_of_a_term_does_not_stay(source: str, target: str, expected: str) -> None:
    start = source.index("C++")
    term = Term(start, start + 7, "C++（语言）", ("C++ language",))
    segment = Segment("d", "a", "p", 0, source, terms=(term,))
    assert term_brackets_removed(target, segment) == expected
    assert term_brackets_removed(expected, segment) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("新的 ai 提示", "The newai prompt", "The new ai prompt"),
        ("翻译 markdown 文件", "Translatemarkdown files", "Translate markdown files"),
        ("使用 Docker 容器", "Use Dockercontainers", "Use Docker containers"),
        ("安装 npm", "Install npm and newspapers", "Install npm and newspapers"),
        ("运行 kubectl 命令", "Run kubectl commands", "Run kubectl commands"),
        ("翻译文件", "Translatemarkdown files", "Translatemarkdown files"),
    ],
)
def test_a_word_of_the_source_stands_apart_from_english(source: str, target: str, expected: str) -> None:
    assert words_apart(target, segment(source)) == expected
