"""Plain text keeps every byte around the text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchtx.errors import DocumentError
from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.formats.txt import TxtOptions
from batchtx.language.zh_en import PAIR
from batchtx.records import Unit, UnitTarget
from tests.fixtures_docx import opened, problems, read, translated
from tests.helpers.formats import shown, units, written


def texts(content: str, **choices: object) -> list[str]:
    return [unit.text for unit in read(content.encode(), "txt", **choices)]


def changed(content: str, targets: dict[str, str], **choices: object) -> str:
    return translated(content.encode(), targets, "txt", **choices).decode()


def test_a_line_is_a_unit_and_its_surroundings_stay() -> None:
    assert changed("　　你好。 \r\n\r\n再见\n", {"你好。": "Hello.", "再见": "Bye"}) == (
        "　　Hello. \r\n\r\nBye\n"
    )


def test_a_missing_final_line_end_is_not_added() -> None:
    assert changed("甲\n乙", {"乙": "B"}) == "甲\nB"


def test_only_lf_crlf_and_cr_end_a_line() -> None:
    content = "一\u2028二\n三\x85四\r五\x0b六\r\n七\x0c八"
    assert len(texts(content)) == 4
    assert changed(content, {}) == content


def test_columns_parted_by_tabs_are_units_of_their_own() -> None:
    units = read("姓名：\t日期\t\n".encode(), "txt")
    assert [(unit.address, unit.text, unit.kind) for unit in units] == [
        ("line 1, column 1", "姓名：", "cell"),
        ("line 1, column 2", "日期", "cell"),
    ]
    assert changed("姓名：\t日期\t\n", {"姓名：": "Name:", "日期": "Date"}) == "Name:\tDate\t\n"


def test_a_short_line_without_an_end_mark_is_a_heading() -> None:
    units = read("第一章 总则\n为了规范管理。\n".encode(), "txt")
    assert [unit.kind for unit in units] == ["heading", "text"]


def test_lines_without_letters_are_no_units() -> None:
    assert texts("\n----\n　　\n***\n12\n") == ["12"]


def test_control_characters_become_codes_and_come_back() -> None:
    content = "\x1b[31m红色\x1b[0m \x08退\x00格"
    unit = read(content.encode(), "txt")[0]
    assert "\x1b" not in unit.text and "\x00" not in unit.text
    assert [code.label for code in unit.codes] == ["control"] * 4
    target = unit.text.replace("红色", "red").replace("退", "back").replace("格", "space")
    assert changed(content, {unit.text: target}) == "\x1b[31mred\x1b[0m \x08back\x00space"


def test_characters_that_would_be_codes_are_protected() -> None:
    content = "前\U000f0000后"
    unit = read(content.encode(), "txt")[0]
    assert len(unit.codes) == 1
    assert changed(content, {unit.text: unit.text.replace("前", "a")}) == "a\U000f0000后"


def test_a_line_end_in_a_target_does_not_make_a_line() -> None:
    assert changed("甲\n乙\n", {"甲": "A\nA"}) == "A A\n乙\n"


def test_wrapped_paragraphs_are_joined_without_spaces_between_han() -> None:
    content = "本办法适用于公司\n及其 API\nusers。\n\n第二条 定义\n"
    assert texts(content, wrapped=True) == ["本办法适用于公司及其 API users。", "第二条 定义"]


def test_a_wrapped_paragraph_is_written_as_one_line_or_left_alone() -> None:
    content = "甲\n乙\n\n丙\n丁\n"
    assert changed(content, {"甲乙": "one"}, wrapped=True) == "one\n\n丙\n丁\n"


def test_indents_and_list_marks_start_a_wrapped_paragraph() -> None:
    assert texts("　　甲一\n甲二\n　　乙\n1、丙\n（二）丁\n", wrapped=True) == [
        "甲一甲二",
        "乙",
        "1、丙",
        "（二）丁",
    ]


def test_utf8_with_a_mark_keeps_it_outside_of_the_text() -> None:
    content = b"\xef\xbb\xbf" + "你好\n".encode()
    assert [unit.text for unit in read(content, "txt")] == ["你好"]
    assert translated(content, {}, "txt") == content
    assert translated(b"\xef\xbb\xbf", {}, "txt") == b"\xef\xbb\xbf"


def test_other_encodings_come_out_as_utf8_without_a_mark() -> None:
    assert translated("\ufeff你好\r\n".encode("utf-16-le"), {}, "txt") == "你好\r\n".encode()
    assert translated("你好，世界。\n".encode("gb18030"), {}, "txt") == "你好，世界。\n".encode()


def test_bytes_that_are_not_utf8_are_an_error_with_their_offset() -> None:
    content = "规范合同管理，制定本办法。\n引号".encode() + b"\xff\xfe" + "省略号".encode()
    with pytest.raises(DocumentError, match=r"line 2: byte 46 \(ff\) does not fit utf-8"):
        read(content, "txt")


def test_an_error_far_behind_the_prefix_has_its_offset() -> None:
    good = "中文内容\n".encode("gb18030") * 60_000
    with pytest.raises(DocumentError, match=f"byte {len(good)} "):
        read(good + b"\xff\xff", "txt")


def test_chinese_that_starts_late_is_detected_there() -> None:
    content = b"plain ascii line\n" * 20_000 + "合同编号".encode("gb18030")
    assert read(content, "txt")[-1].text == "合同编号"


def test_output_leaves_while_input_still_comes() -> None:
    arrived: list[bytes] = []

    class Slow(io.RawIOBase):
        lines = iter(["一\n", "二\n", "三\n"])

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            line = next(self.lines, "").encode()
            arrived.append(line)
            buffer[: len(line)] = line
            return len(line)

    document = open_document("txt", Source("-", stream=io.BufferedReader(Slow())), FormatChoices(), PAIR)
    output = io.BytesIO()
    seen: list[tuple[int, int]] = []

    def targets() -> Iterator[UnitTarget]:
        for unit in document.units():
            seen.append((len(arrived), output.tell()))
            yield UnitTarget(unit.address, unit.text)

    document.write(targets(), output)
    assert seen == [(1, 0), (2, 4), (3, 8)]


def test_too_many_control_characters_are_a_problem() -> None:
    content = ("\x01字" * 70_000).encode()
    found = problems(content, "txt", encoding="utf-8")
    assert [problem.address for problem in found] == ["line 1"]
    assert translated(content, {}, "txt", encoding="utf-8") == content


def test_a_changed_number_of_lines_is_found(tmp_path: Path) -> None:
    document = opened("一\n二\n".encode(), "txt")
    list(document.units())
    (tmp_path / "out").write_text("one\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="1 lines instead of 2"):
        document.verify(tmp_path / "out")


@given(
    st.lists(st.text(alphabet="ab 中。\t\u3000\r\n\u2028\x85\x00\x1b[m\ufeff", max_size=12), max_size=8),
    st.booleans(),
)
def test_echo_is_the_input_whatever_it_holds(pieces: list[str], wrapped: bool) -> None:
    content = "中" + "".join(pieces)
    assert changed(content, {}, wrapped=wrapped, encoding="utf-8") == content


@given(st.text(alphabet="中文 ab\r\n", max_size=60), st.integers(1, 7))
def test_lines_do_not_depend_on_how_the_bytes_arrive(text: str, size: int) -> None:
    class Pieces(io.BytesIO):
        def read1(self, _: int | None = -1) -> bytes:
            return self.read(size)

    stream = Pieces(("中" + text).encode())
    document = open_document("txt", Source("-", stream=stream), FormatChoices(), PAIR)
    pieces = [unit.text for unit in document.units() if isinstance(unit, Unit)]
    assert pieces == texts("中" + text)


FENCED = (
    "说明文字\n```python\n# 注释\nprint('你好')\n```\n后面的文字\n"
    "~~~~\n代码\n~~~\n还是代码\n~~~~\n末行\n```\n没有结束\n"
)


def test_code_between_fences_stays() -> None:
    assert shown("txt", FENCED.encode()) == ["说明文字", "后面的文字", "末行", "没有结束"]
    assert written("txt", FENCED.encode(), str) == FENCED.encode()
    done = written("txt", FENCED.encode(), lambda text: "words").decode()
    assert (
        "```python\n# 注释\nprint('你好')\n```\nwords\n~~~~\n代码\n~~~\n还是代码\n~~~~\nwords\n```\nwords\n"
        in done
    )


def test_code_between_fences_parts_wrapped_paragraphs() -> None:
    text = "这是一段\n被折行的文字\n```\n代码\n```\n另一段。\n"
    assert shown("txt", text.encode(), TxtOptions(wrapped=True)) == ["这是一段被折行的文字", "另一段。"]


def test_marks_that_no_fence_ends_are_looked_at_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []

    class Counted:
        def match(self, content: bytes) -> object:
            looked.append(content)
            return re.match(rb"(?P<fence>~~~)(?P<info>.*)", content)

    monkeypatch.setattr("batchtx.formats.fences._FENCE", Counted())
    assert len(units("txt", ("~~~ 甲\n" * 20_000).encode())) == 20_000
    assert len(looked) < 100_000
