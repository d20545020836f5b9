"""JSON Lines: only the translated texts change."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batchtx.errors import ConfigError
from tests.fixtures_docx import opened, problems, read, translated


def texts(line: str, *fields: str) -> list[str]:
    return [unit.text for unit in read(line.encode(), "jsonl", fields=fields)]


def changed(line: str, targets: dict[str, str], *fields: str, **choices: object) -> str:
    return translated(line.encode(), targets, "jsonl", fields=fields, **choices).decode()


def complaints(content: str | bytes, *fields: str) -> list[str]:
    raw = content.encode() if isinstance(content, str) else content
    return [f"{found.address}: {found.message}" for found in problems(raw, "jsonl", fields=fields)]


def test_only_the_token_of_the_text_changes() -> None:
    line = '{ "b" : 1.10,"e":1E400, "text":"你好" ,  "z":-0, "u":"\\u00e9\\/" }\r\n'
    assert changed(line, {"你好": 'say "hi"'}) == line.replace("你好", 'say \\"hi\\"')


def test_a_text_is_found_by_its_path() -> None:
    line = '{"m":{"title":"标题"},"messages":[{"role":"user","content":"你好"},{"content":"您好"}]}'
    assert texts(line, "messages[].content") == ["你好", "您好"]
    assert texts(line, "m.title", "messages[1].content") == ["标题", "您好"]
    units = read(line.encode(), "jsonl", fields=("messages[].content",))
    assert [unit.address for unit in units] == ["line 1, messages[0].content", "line 1, messages[1].content"]


def test_names_with_dots_can_be_quoted() -> None:
    assert texts('{"a.b":{"c":"值"}}', '"a.b".c') == ["值"]


def test_texts_of_a_list_are_units() -> None:
    assert changed('{"tags":["甲","乙"]}', {"乙": "B"}, "tags[]") == '{"tags":["甲","B"]}'


def test_white_space_around_a_text_stays() -> None:
    assert changed('{"text":"\\n  你好\\t"}', {"你好": "Hi"}) == '{"text": "\\n  Hi\\t"}'.replace(": ", ":")


def test_the_escapes_of_the_original_are_followed() -> None:
    assert changed('{"text":"\\u4f60\\u597d"}', {"你好": "café"}) == '{"text":"caf\\u00e9"}'
    assert changed('{"text":"你好"}', {"你好": "café"}) == '{"text":"café"}'
    assert changed('{"text":"是\\/否"}', {"是/否": "yes/no"}) == '{"text":"yes\\/no"}'


def test_the_target_can_stand_beside_its_source() -> None:
    assert changed('{"id":1, "text": "你好"}', {"你好": "Hi"}, target_field="text_en") == (
        '{"id":1, "text": "你好", "text_en": "Hi"}'
    )
    assert changed('{"text":"你好","id":1}', {"你好": "Hi"}, target_field="en") == (
        '{"text":"你好","en":"Hi","id":1}'
    )


def test_a_field_beside_is_replaced_when_it_is_there() -> None:
    line = '{"en": {"old": 1}, "text": "你好"}'
    assert changed(line, {"你好": "Hi"}, target_field="en") == '{"en": "Hi", "text": "你好"}'


def test_several_fields_need_targets_of_their_own() -> None:
    line = '{"a":"甲","b":"乙"}'
    assert changed(line, {"甲": "A", "乙": "B"}, "a", "b", target_field="{field}_en") == (
        '{"a":"甲","a_en":"A","b":"乙","b_en":"B"}'
    )
    with pytest.raises(ConfigError, match=r"several fields would share it; write \{field\}_en"):
        opened(line.encode(), "jsonl", fields=("a", "b"), target_field="en")
    with pytest.raises(ConfigError, match="a text in a list has no field beside it"):
        opened(b"", "jsonl", fields=("tags[]",), target_field="en")


@pytest.mark.parametrize("path", ["", "a..b", "a.", ".a", "a[", "a]b", "[].a", "[0]", "a.[]"])
def test_a_path_that_makes_no_sense_is_refused(path: str) -> None:
    with pytest.raises(ConfigError, match="--field"):
        opened(b"", "jsonl", fields=(path,))


def test_bad_lines_are_reported_by_number_and_kept() -> None:
    content = '{"text":"好"}\n{"text":"坏\nnot json\n\n{"text":"好2"}\n[1,2]\n"字符串"\n42\nnull\n{} {}\n'
    assert texts(content) == ["好", "好2"]
    assert [line.split(";")[0] for line in complaints(content)] == [
        "line 2: not valid JSON: Unterminated string at character 9",
        "line 3: not valid JSON: Expecting value at character 1",
        "line 6: the line is a list, not an object",
        "line 7: the line is a text, not an object",
        "line 8: the line is a number, not an object",
        "line 9: the line is null, not an object",
        "line 10: not one JSON object: more text at character 4",
    ]
    assert changed(content, {}) == content


def test_a_missing_or_other_field_is_reported_and_the_rest_goes_on() -> None:
    content = '{"id":1}\n{"text":null}\n{"text":""}\n{"text":5}\n{"text":["列"]}\n{"text":"好","x":1}'
    assert complaints(content) == [
        "line 1, text: missing; what is there: id",
        "line 2, text: null, not a text",
        "line 4, text: a number, not a text",
        "line 5, text: a list, not a text",
    ]
    assert texts(content) == ["好"]


OPTIONAL = (
    '{"a":"甲"}\n{"a":"甲","b":null}\n{"a":null,"b":"乙"}\n{"a":"甲","c":{"d":"丁"}}\n{"a":"甲","c":null}\n'
    '{"a":"甲","c":{}}\n{"a":"甲","l":[{"t":"子"},{},{"t":null}]}\n'
)


def test_an_optional_field_may_be_missing_or_null_a_needed_one_may_not() -> None:
    fields = ("a", "b?", "c.d?", "l[].t?")
    assert complaints(OPTIONAL, *fields) == ["line 3, a: null, not a text"]
    assert texts(OPTIONAL, *fields) == ["甲", "甲", "乙", "甲", "丁", "甲", "甲", "甲", "子"]
    assert complaints('{"b":7}', "b?") == ["line 1, b: a number, not a text"]


def test_a_needed_path_beside_an_optional_one_stays_needed() -> None:
    assert complaints('{"c":{}}', "c.d?", "c.e") == ["line 1, c.e: missing; what is there: nothing"]
    assert complaints("{}", "c.d?", "c.e") == ["line 1, c: missing; what is there: nothing"]
    assert complaints('{"c":null}', "c.d?", "c.e") == ["line 1, c: null, not an object"]


def test_a_quoted_name_may_end_in_a_question_mark() -> None:
    assert texts('{"ok?":"好"}', '"ok?"') == ["好"]


def test_one_bad_field_does_not_stop_the_others_of_its_line() -> None:
    line = '{"a":1,"b":"乙"}'
    assert complaints(line, "a", "b") == ["line 1, a: a number, not a text"]
    assert changed(line, {"乙": "B"}, "a", "b") == '{"a":1,"b":"B"}'


def test_a_wanted_name_twice_is_reported_another_one_is_not() -> None:
    assert "stands twice" in complaints('{"text":"一","text":"二"}')[0]
    assert changed('{"id":1,"id":2,"text":"一"}', {"一": "one"}) == '{"id":1,"id":2,"text":"one"}'


def test_half_a_surrogate_pair_is_reported() -> None:
    line = '{"text":"坏\\ud83d"}'
    assert complaints(line) == ["line 1, text: half a surrogate pair stands in the text"]
    assert changed(line, {}) == line
    assert texts('{"text":"好\\ud83d\\ude00"}') == ["好😀"]


def test_raw_control_characters_are_reported() -> None:
    assert "Invalid control character" in complaints('{"text":"a\tb"}')[0]


def test_escaped_control_characters_become_codes() -> None:
    unit = read(b'{"text":"\\u001b[1m\xe5\xa5\xbd"}', "jsonl")[0]
    assert unit.codes and "\x1b" not in unit.text


def test_deep_nesting_is_reported() -> None:
    deep = '{"x":' + "[" * 100_000 + "]" * 100_000 + ',"text":"好"}'
    assert complaints(deep) == ["line 1: nested too deeply to be read; the line is kept as it is"]


def test_a_file_that_ends_inside_a_character_is_reported() -> None:
    content = b'{"text":"\xe5\xa5\xbd"}\n{"text":"\xe6\x88\xaa\xe6\x96'
    assert complaints(content) == ["line 2: byte 13 of the line is not UTF-8; the line is kept as it is"]
    assert translated(content, {}, "jsonl") == content


def test_a_json_array_is_told_once() -> None:
    content = '[\n {"text":"数组"},\n {"text":"文件"}\n]\n'
    assert len(complaints(content)) == 1
    assert "JSON array" in complaints(content)[0]
    assert changed(content, {}) == content


def test_other_encodings_are_read_and_come_out_as_utf8() -> None:
    assert translated('{"text":"国标编码"}\n'.encode("gbk"), {}, "jsonl") == '{"text":"国标编码"}\n'.encode()


def test_a_long_record_takes_linear_time() -> None:
    line = json.dumps({"x": ["数据"] * 300_000, "text": "中" * 2_000_000}, ensure_ascii=False)
    unit = read(line.encode(), "jsonl")[0]
    assert len(unit.text) == 2_000_000
    assert len(changed(line, {unit.text: "short"})) == len(line) - 2_000_000 + 5


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a machine with other work
@given(
    st.lists(st.dictionaries(st.sampled_from(["text", "a", "b"]), _JSON, max_size=3), max_size=4),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_echo_is_the_input(records: list[dict[str, object]], ascii_only: bool, end: str) -> None:
    content = end.join(json.dumps(record, ensure_ascii=ascii_only) for record in records)
    raw = content.encode("utf-8", "surrogatepass")
    assert translated(raw, {}, "jsonl", fields=("text", "a[].b", "b.text")) == raw


@given(st.lists(st.binary(max_size=12), max_size=5))
def test_any_bytes_after_a_good_line_are_kept(lines: list[bytes]) -> None:
    content = b"\n".join(['{"text":"今天的会议改到下午三点"}'.encode(), *lines])
    assert translated(content, {}, "jsonl", encoding="utf-8") == content


@given(_JSON, st.text(max_size=8))
def test_a_changed_line_reads_back_with_only_the_target_changed(other: object, target: str) -> None:
    record = {"a": other, "text": "你好", "z": [other]}
    line = json.dumps(record)
    target = target.strip() + "x"
    new = json.loads(changed(line, {"你好": target}))
    assert new.pop("text") == target
    assert json.dumps(new) == json.dumps({"a": other, "z": [other]})


def test_an_escaped_separator_of_lines_stays_escaped() -> None:
    content = '{"text":"甲\\u2028乙\\u0085丙"}\n'.encode()
    (unit,) = read(content, "jsonl")
    target = unit.text.translate(str.maketrans("甲乙丙", "ABC"))
    new = translated(content, {unit.text: target}, "jsonl")
    assert new == rb'{"text":"A\u2028B\u0085C"}' + b"\n"
