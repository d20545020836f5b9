"""Subtitles: only the words of cues change, lines are laid out anew, tags stay on their words."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from batchtx.errors import DocumentError
from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.protocols import Document
from batchtx.records import Problem, Unit, UnitTarget
from batchtx.text.inline_codes import show_codes
from tests.helpers.formats import shown as shown_texts
from tests.helpers.formats import written as written_texts

HEAD = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"


def opened(name: str, text: str | bytes) -> Document:
    content = text.encode() if isinstance(text, str) else text
    return open_document(name, Source("s", stream=io.BytesIO(content)), FormatChoices(), PAIR)


def units(name: str, text: str | bytes) -> list[Unit]:
    return [unit for unit in opened(name, text).units() if isinstance(unit, Unit)]


def translated(name: str, text: str, translate: Callable[[str], str]) -> str:
    document, output = opened(name, text), io.BytesIO()
    found = [unit for unit in document.units() if isinstance(unit, Unit)]
    document.write([UnitTarget(unit.address, translate(unit.text)) for unit in found], output)
    return output.getvalue().decode()


def test_places_have_the_number_and_the_time_of_a_cue() -> None:
    text = "7\n00:01:02,500 --> 00:01:03,000\n你好\n\n8\n00:01:04,000 --> 00:01:05,000\n再见\n"
    assert [unit.place for unit in units("srt", text)] == ["cue 1, 00:01:02,500", "cue 2, 00:01:04,000"]


def test_lines_of_a_sentence_are_joined_without_a_blank_between_han() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n大家好，欢迎<i>来到</i>\n我们的 show\nnow\n"
    (unit,) = units("srt", text)
    assert show_codes(unit.text, unit.codes) == "大家好，欢迎⟦1⟧来到⟦/1⟧我们的 show now"


def test_a_long_target_has_balanced_lines_and_a_short_one_a_single_line() -> None:
    text = "1\r\n00:00:01,000 --> 00:00:02,000\r\n很长的\r\n一句话\r\n"
    long = "This sentence is too long for one line of a screen."
    lines = translated("srt", text, lambda _: long).split("\r\n")
    assert lines[2:4] == ["This sentence is too long", "for one line of a screen."]
    assert translated("srt", text, lambda _: "Short.").split("\r\n")[2:] == ["Short.", ""]
    very = " ".join(["word"] * 40)
    assert max(map(len, translated("srt", text, lambda _: very).split("\r\n"))) <= 42


def test_lines_of_a_dialogue_are_units_of_their_own() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n- 你是谁？\n– 我是老师。\n"
    assert [unit.text for unit in units("srt", text)] == ["- 你是谁？", "– 我是老师。"]
    assert translated("srt", text, str.upper).count("\n") == text.count("\n")


def test_tags_around_everything_stay_outside_and_those_inside_are_codes() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>这是<b>粗体</b>字</i>\n"
    (unit,) = units("srt", text)
    assert show_codes(unit.text, unit.codes) == "这是⟦1⟧粗体⟦/1⟧字"
    written = translated("srt", text, lambda t: f"This is {t[2]}bold{t[5]}.")
    assert "{\\an8}<i>This is <b>bold</b>.</i>" in written


def test_entities_of_vtt_are_read_and_written_and_those_of_srt_are_text() -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nA&amp;B 和 &lt;C&gt;\n"
    assert units("vtt", vtt)[0].text == "A&B 和 <C>"
    assert translated("vtt", vtt, lambda _: "A&B and <C>").endswith("\nA&amp;B and &lt;C&gt;\n")
    srt = "1\n00:00:01,000 --> 00:00:02,000\nA & B 和\n"
    assert translated("srt", srt, lambda t: t.replace("和", "and")).endswith("\nA & B and\n")


def test_notes_styles_and_identifiers_of_vtt_are_left_alone() -> None:
    text = "WEBVTT - 标题\nKind: captions\n\nNOTE\n注释\n\nSTYLE\n::cue {}\n\n"
    text += "第一\n00:01.000 --> 00:02.000\n你好\n"
    assert [unit.text for unit in units("vtt", text)] == ["你好"]


def test_dialogue_of_ass_keeps_commas_and_drawings_and_reports_short_lines() -> None:
    text = HEAD + "Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,你好, 世界\\N再见\n"
    text += "Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}\nDialogue: 0,坏\n"
    found = list(opened("ass", text).units())
    assert [one.text for one in found if isinstance(one, Unit)] == ["你好, 世界再见"]
    assert [one.place for one in found if isinstance(one, Problem)] == ["line 3"]
    long = "Good morning to everybody, and good bye to all of you."
    assert translated("ass", text, lambda _: long).count("\\N") == 1


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("srt", "只是一段文字。", "no cue"),
        ("vtt", "00:01.000 --> 00:02.000\n你好\n", "WEBVTT"),
        ("ass", "只是一段文字。", "Events"),
        ("srt", b"\x89PNG\r\n", "PNG"),
    ],
)
def test_what_is_no_such_file_is_refused(name: str, text: str | bytes, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        opened(name, text)


@pytest.mark.parametrize(
    "text", ["", "1\n00:00:01,000 --> 00:00:02,000\n", "1\n00:00:01,000 --> 00:00:02,000"]
)
def test_cues_without_words_are_nothing_to_translate(text: str) -> None:
    assert units("srt", text) == []
    assert translated("srt", text, str) == text


def test_another_encoding_is_read_and_utf_8_is_written() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n大家好，欢迎来到我们的节目，今天天气很好。\n"
    document, output = opened("srt", text.encode("gb18030")), io.BytesIO()
    document.write([UnitTarget(u.address, u.text) for u in document.units() if isinstance(u, Unit)], output)
    assert output.getvalue().decode() == text
    assert "gb18030" in document.notes[0]


def test_an_output_that_lost_a_time_is_found(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n你好\n\n2\n00:00:03,000 --> 00:00:04,000\n再见\n"
    path = tmp_path / "out.srt"
    for written, good in ((text, True), (text.replace("03,000", "03,001"), False), (text[:50], False)):
        path.write_text(written, encoding="utf-8")
        if good:
            opened("srt", text).verify(path)
            continue
        with pytest.raises(DocumentError):
            opened("srt", text).verify(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1\n{}\n甲\n\n乙\n\n2\n{}\n丙", [("cue 1", "甲"), ("cue 1, part 2", "乙"), ("cue 2", "丙")]),
        ("1\n{}\n甲\n2\n{}\n丙\n", [("cue 1", "甲"), ("cue 2", "丙")]),
        ("1\n{}\n甲\n3\n\n2\n{}\n丙\n", [("cue 1", "甲 3"), ("cue 2", "丙")]),
        (
            "1\n0:0:1,0 --> 0:0:2,0\n甲\n\n2\n00:00:03:000 --> 00:00:04:000\n乙\n",
            [("cue 1", "甲"), ("cue 2", "乙")],
        ),
        ("1\n00:00:01，000 --> 00:00:02，000\n甲\n", [("cue 1", "甲")]),
    ],
)
def test_what_players_show_of_a_careless_file_is_text(text: str, expected: list[tuple[str, str]]) -> None:
    text = text.replace("{}", "00:00:01,000 --> 00:00:02,000")
    assert [(unit.address, unit.text) for unit in units("srt", text)] == expected
    written = translated("srt", text, lambda _: "x")
    assert written.count("-->") == text.count("-->")
    assert ("\n2\n" in written) == ("\n2\n" in text)


def test_a_blank_line_ends_a_cue_of_vtt() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n甲\n\nNOTE 注\n\n章\n00:03.000 --> 00:04.000\n乙\n"
    assert [unit.text for unit in units("vtt", text)] == ["甲", "乙"]


def test_words_beside_a_drawing_are_translated_and_the_drawing_stays() -> None:
    head = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    line = "Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,"
    drawn = r"{\an7\p1}m 0 0 l 10 10{\c&H0&} l 5 5{\p0}"
    content = f"{head}{line}{drawn}\u6587字\n{line}前{drawn}\u540e\n{line}{{\\p2}}m 0 0\n".encode()
    assert shown_texts("ass", content) == ["文字", "前⟦1⟧后"]
    assert written_texts("ass", content, lambda text: text.replace("文字", "Text")).decode().count(drawn) == 2


RUN = (
    "1\n00:00:01,000 --> 00:00:03,000\n大家好，<i>欢迎</i>来到\n\n"
    "2\n00:00:03,100 --> 00:00:05,000\n今天的\n节目。\n\n"
    "3\n00:00:05,000 --> 00:00:06,000\n再见。\n"
)


def test_a_sentence_over_two_cues_is_one_text_and_divided_where_they_part(tmp_path: Path) -> None:
    assert shown_texts("srt", RUN.encode()) == ["大家好，⟦1⟧欢迎⟦/1⟧来到⟦3⟧今天的节目。", "再见。"]
    assert written_texts("srt", RUN.encode(), str) == RUN.encode()

    def english(text: str) -> str:
        codes = [char for char in text if ord(char) >= 0xF0000]
        if not codes:
            return "Bye."
        rest = "today's show, which is a rather long one indeed."
        return f"Hello, {codes[0]}welcome{codes[1]} to {codes[2]}{rest}"

    done = written_texts("srt", RUN.encode(), english)
    assert done.decode() == (
        "1\n00:00:01,000 --> 00:00:03,000\nHello, <i>welcome</i> to\n\n"
        "2\n00:00:03,100 --> 00:00:05,000\ntoday's show, which is a\nrather long one indeed.\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\nBye.\n"
    )
    path = tmp_path / "a.srt"
    path.write_bytes(done)
    document = opened("srt", RUN.encode())
    document.verify(path)
    path.write_bytes(done.replace(b"03,100", b"03,200"))
    with pytest.raises(DocumentError, match="differs outside"):
        document.verify(path)


def test_no_cue_is_left_without_words() -> None:
    one = RUN.replace("<i>", "").replace("</i>", "").encode()
    done = written_texts(
        "srt", one, lambda text: f"Hello and welcome to the show.{text[8:9]}" if len(text) > 5 else text
    )
    assert "1\n00:00:01,000 --> 00:00:03,000\nHello and welcome\n\n" in done.decode()
    assert "00:00:05,000\nto the show.\n" in done.decode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("03,100", "04,100"),  # a pause
        ("来到", "来到。"),  # a sentence that ends
        ("今天的", "- 今天的"),  # another person
        ("今天的", "（今天的"),
        ("来到", "来到 ♪"),
        ("节目。", "节目"),  # half of the cues have no marks
    ],
)
def test_cues_that_may_not_belong_together_stay_apart(old: str, new: str) -> None:
    content = RUN.replace(old, new)
    if new == "节目":
        content = content.replace("再见。", "再见")
    assert len(shown_texts("srt", content.encode())) == 3


def test_captions_run_over_cues_too_and_at_most_three() -> None:
    cues = "".join(f"00:0{n}.000 --> 00:0{n + 1}.000\n第{n}段，\n\n" for n in range(5))
    ends = "".join(f"00:1{n}.000 --> 00:1{n}.500\n完了{n}。\n\n" for n in range(5))
    found = shown_texts("vtt", f"WEBVTT\n\n{cues}{ends}".encode())
    assert found[:2] == ["第0段，⟦1⟧第1段，⟦2⟧第2段，", "第3段，⟦1⟧第4段，"]


def test_lines_of_one_style_hold_one_sentence_too() -> None:
    head = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    lines = (
        "Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,大家好，欢迎来到\n"
        "Dialogue: 0,0:00:03.00,0:00:05.00,Default,,0,0,0,,今天的节目。\n"
    )
    content = (head + lines).encode()
    assert shown_texts("ass", content) == ["大家好，欢迎来到⟦1⟧今天的节目。"]
    done = written_texts("ass", content, lambda text: f"Welcome to {text[8]}the show.").decode()
    assert ",,Welcome to\nDialogue: 0,0:00:03.00,0:00:05.00,Default,,0,0,0,,the show.\n" in done
    other = content.replace(b"05.00,Default", b"05.00,Sign")
    assert shown_texts("ass", other) == ["大家好，欢迎来到", "今天的节目。"]
    assert shown_texts("ass", content.replace(b"0:00:03.00", b"soon")) == ["大家好，欢迎来到", "今天的节目。"]
