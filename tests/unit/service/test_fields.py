"""Fields of requests, wherever they come from."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from starlette.requests import Request

from batchtx.service.fields import Fields, read_fields
from batchtx.service.limits import ServiceLimits
from batchtx.service.refusal import Refusal
from tests.helpers.service import multipart


def fields_of(body: bytes = b"", kind: str = "", query: str = "", **limits: Any) -> Fields:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", kind.encode())] if kind else []
    scope = {"type": "http", "method": "POST", "query_string": query.encode(), "headers": headers}

    async def read() -> Fields:
        return await read_fields(Request(scope, receive), ServiceLimits(**limits))

    return anyio.run(read)


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "kind", "query"),
    [
        ('{"q": "你好", "source": "zh"}'.encode(), "application/json", ""),
        ('{"q": "你好", "source": "zh"}'.encode(), "", ""),
        ('{"q": "你好", "source": "zh"}'.encode(), "text/plain;charset=UTF-8", ""),
        ('{"q": "你好", "source": "zh"}'.encode(), FORM, ""),
        (b"q=%E4%BD%A0%E5%A5%BD&source=zh", FORM, ""),
        (b"q=%E4%BD%A0%E5%A5%BD&source=zh", "", ""),
        ("q=你好&source=zh".encode(), FORM, ""),
        ('\ufeff{"q": "你好", "source": "zh"}'.encode(), "application/json", ""),
        ('\n {"q": "你好", "source": "zh"}'.encode(), "application/json; charset=utf-8", ""),
        (b"", "", "q=%E4%BD%A0%E5%A5%BD&source=zh"),
        (b"source=zh", FORM, "q=%E4%BD%A0%E5%A5%BD"),
        (b'{"source": "zh"}', "application/json", "q=%E4%BD%A0%E5%A5%BD&source=en"),
        (*multipart({}, {"q": "你好", "source": "zh"}), ""),
    ],
)
def test_reads_the_same_from_every_place(body: bytes, kind: str, query: str) -> None:
    fields = fields_of(body, kind, query)
    assert (fields.text("q"), fields.text("source"), fields.text("target", "none")) == ("你好", "zh", "none")


def test_a_repeated_field_is_a_list() -> None:
    assert fields_of(b"q=a&q=b", FORM).texts("q") == ["a", "b"]
    assert fields_of(b"q[]=a&q[]=b", FORM).texts("q") == ["a", "b"]


def test_a_list_of_one_in_json_is_a_list() -> None:
    fields = fields_of(b'{"q": ["a"]}')
    assert fields.texts("q") == ["a"]
    assert "q" in fields.listed


def test_a_null_is_a_field_that_is_not_there() -> None:
    assert "q" not in fields_of(b'{"q": null}')


def test_half_of_a_pair_and_an_inline_code_do_not_come_in() -> None:
    assert fields_of(b'{"q": "a\\ud800b\xf3\xb0\x80\x80c"}').text("q") == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    "body",
    [b'{"q": ', b'{"q": "a"', b"[" * 100_000, b'{"a":' * 100_000, b"{\xff}", b'{"q": 1e999x}'],
)
def test_refuses_what_is_no_json(body: bytes) -> None:
    with pytest.raises(Refusal, match="Invalid JSON format"):
        fields_of(body, "application/json")


def test_refuses_a_body_that_says_to_be_json_and_is_none() -> None:
    with pytest.raises(Refusal, match="Invalid JSON format"):
        fields_of(b"q=a", "application/json")


@pytest.mark.parametrize("value", ["5", "[]", '{"a": 1}', "true", "[1]"])
def test_refuses_what_is_no_text(value: str) -> None:
    fields = fields_of(f'{{"q": {value}, "other": "a"}}'.encode())
    if value == "[]":
        assert fields.texts("q") == []
        return
    with pytest.raises(Refusal, match="q must be a text"):
        fields.text("q")


@pytest.mark.parametrize("value", ["-1", "1.5", "x", "", "99999999999", "１"])
def test_refuses_what_is_no_number(value: str) -> None:
    with pytest.raises(Refusal, match="n must be a whole number"):
        fields_of(b"", "", f"n={value}").number("n")


def test_numbers_come_as_texts_and_as_numbers() -> None:
    assert fields_of(b'{"n": 3}').number("n") == fields_of(b"n=3", FORM).number("n") == 3
    with pytest.raises(Refusal):
        fields_of(b'{"n": true}').number("n")


@pytest.mark.parametrize(("value", "said"), [("true", True), ('"1"', True), ("0", False), ('"off"', False)])
def test_flags_come_in_all_spellings(value: str, said: bool) -> None:
    assert fields_of(f'{{"f": {value}}}'.encode()).flag("f") is said


def test_refuses_more_fields_than_the_limit() -> None:
    with pytest.raises(Refusal, match="more than 10 fields"):
        fields_of(b"a=1&" * 11, FORM, parts=10)


def test_a_list_as_a_body_is_told_as_such() -> None:
    assert fields_of(b'[{"Text": "a"}]').is_list
