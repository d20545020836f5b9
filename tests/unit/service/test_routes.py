"""What answers which path, in the words of the programs that ask."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from batchtx.engines.spec import EngineSpec
from batchtx.pipeline.options import TranslateOptions
from batchtx.service.limits import Limits
from tests.helpers.service import KEY, service_here

PSEUDO = TranslateOptions((), engine=EngineSpec("pseudo", ""), workers=1)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with service_here(tmp_path, options=PSEUDO, suggestions=True) as client:
        yield client


def pseudo(client: TestClient, text: str) -> str:
    answer: str = client.post("/translate", json={"text": text}).json()["translation"]
    return answer


def test_the_seeds_form_has_the_seeds_answer_and_nothing_else(client: TestClient) -> None:
    answer = client.post("/translate", json={"text": "你好"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"translation"}
    assert answer.json()["translation"] not in ("", "你好")


def test_a_text_and_a_list_of_texts_are_answered_in_kind(client: TestClient) -> None:
    wanted = pseudo(client, "你好")
    fields = {"source": "zh", "target": "en"}
    assert client.post("/translate", json={"q": "你好", **fields}).json() == {"translatedText": wanted}
    assert client.post("/translate", json={"q": ["你好"], **fields}).json() == {"translatedText": [wanted]}
    assert client.post("/translate", data={"q": ["你好", "你好"], **fields}).json() == {
        "translatedText": [wanted, wanted]
    }


def test_the_language_is_told_only_where_it_was_asked_for(client: TestClient) -> None:
    one = {"confidence": 100.0, "language": "zh-Hans"}
    ask = {"source": "auto", "target": "en"}
    assert client.post("/translate", json={"q": "你好", **ask}).json()["detectedLanguage"] == one
    assert client.post("/translate", json={"q": ["你好"], **ask}).json()["detectedLanguage"] == [one]


def test_alternatives_are_there_only_where_they_were_asked_for(client: TestClient) -> None:
    ask = {"q": "你好", "source": "zh", "target": "en"}
    assert client.post("/translate", json={**ask, "alternatives": 2}).json()["alternatives"] == []
    assert "alternatives" not in client.post("/translate", json={**ask, "alternatives": 0}).json()


@pytest.mark.parametrize(
    "code", ["zh", "ZH", "zh-Hans", "zh-hans", "zh-CN", "zh_CN", "zh_Hans", "zh-Hans-CN", "cmn"]
)
def test_chinese_is_known_in_every_spelling(client: TestClient, code: str) -> None:
    assert client.post("/translate", json={"q": "你好", "source": code, "target": "EN-us"}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "Invalid request: missing q parameter"),
        ({"q": "", "source": "zh", "target": "en"}, "Invalid request: missing q parameter"),
        ({"q": "a", "target": "en"}, "Invalid request: missing source parameter"),
        ({"q": "a", "source": "zh"}, "Invalid request: missing target parameter"),
        ({"q": "a", "source": "zz", "target": "en"}, "zz is not supported"),
        ({"q": "a", "source": "zh", "target": "zz"}, "zz is not supported"),
        ({"q": "a", "source": "zh-TW", "target": "en"}, "zh-TW is not supported"),
        ({"q": "a", "source": "en", "target": "zh"}, "zh is not available as a target language from en"),
        ({"q": "a", "source": "zh", "target": "en", "format": "pdf"}, "pdf format is not supported"),
        ({"q": "a", "source": "<script>" * 9, "target": "en"}, "This language is not supported"),
    ],
)
def test_what_is_wrong_is_told_in_libretranslates_words(
    client: TestClient, fields: dict[str, Any], error: str
) -> None:
    answer = client.post("/translate", json=fields)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_a_text_in_the_targets_language_comes_back_as_it_is(client: TestClient) -> None:
    answer = client.post("/translate", json={"q": "Fine.", "source": "en", "target": "en", "details": True})
    assert answer.json()["translatedText"] == "Fine."
    assert answer.json()["details"]["sentences"] == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_told_which_there_are(client: TestClient, method: str) -> None:
    answer = client.request(method, "/translate")
    assert (answer.status_code, answer.json()) == (405, {"error": "Method not allowed"})
    assert "POST" in answer.headers["allow"]


def test_clients_of_deeplx_get_its_fields(client: TestClient) -> None:
    answer = client.post("/translate", json={"text": "你好", "source_lang": "ZH", "target_lang": "EN"}).json()
    assert (answer["code"], answer["data"], answer["target_lang"]) == (200, answer["translation"], "EN")


@pytest.mark.parametrize("body", [[{"Text": "你好"}], {"q": "你好", "source": "zh", "target": "en"}])
def test_clients_of_azure_are_told_that_this_is_another_api(client: TestClient, body: Any) -> None:
    path = "/translate?api-version=3.0&to=en" if isinstance(body, dict) else "/translate"
    answer = client.post(path, json=body)
    assert answer.status_code == 400
    assert "no Azure Translator" in answer.json()["error"]["message"]


def test_lines_and_paragraphs_stay(client: TestClient) -> None:
    text = "  第一段第一行。第二句。\n第一段第二行\n\n\n\t第二段。\r\n末行  "
    target = client.post("/translate", json={"text": text}).json()["translation"]
    assert [len(line) > 0 for line in target.split("\n")] == [len(line) > 0 for line in text.split("\n")]
    assert target.startswith("  ")
    assert "\r\n" in target
    assert target.endswith("  ")


def test_markup_stays_whole(client: TestClient) -> None:
    page = (
        '<p class="a">请<b>付款</b>。<br>见<a href="/x?a=1&amp;b=2">此处</a></p><script>var a="你好"</script>'
    )
    ask = {"q": page, "source": "zh", "target": "en", "format": "html"}
    target = client.post("/translate", json=ask).json()["translatedText"]
    for kept in (
        '<p class="a">',
        "<b>",
        "</b>",
        "<br>",
        '<a href="/x?a=1&amp;b=2">',
        '<script>var a="你好"</script>',
    ):
        assert target.count(kept) == 1
    assert target != page


@pytest.mark.parametrize("text", ["<", "a < b", "<b>你好", "</b>", "<!--", "&amp; 你好", "<p>", ""])
def test_odd_markup_is_no_fault_of_ours(client: TestClient, text: str) -> None:
    ask = {"q": [text], "source": "zh", "target": "en", "format": "html"}
    assert client.post("/translate", json=ask).status_code == 200


def test_details_say_where_each_sentence_stands(client: TestClient) -> None:
    text = "甲方付款。\n\n乙方收款！"
    ask = {"q": text, "source": "zh", "target": "en", "details": "true", "terms": "甲方,Party A"}
    answer = client.post("/translate", data=ask).json()
    target, found = answer["translatedText"], answer["details"]["sentences"]
    assert [text[one["source_start"] :].startswith(one["source"]) for one in found] == [True, True]
    assert [target[one["target_start"] :].startswith(one["target"]) for one in found] == [True, True]
    (term,) = found[0]["terms"]
    assert (term["source"], term["targets"], term["start"], term["end"]) == ("甲方", ["Party A"], 0, 2)


def test_terms_that_make_no_sense_are_told(client: TestClient) -> None:
    ask = {"text": "你好", "terms": [{"source": "", "target": "x"}]}
    answer = client.post("/translate", json=ask)
    assert answer.status_code == 400
    assert "the source is empty" in answer.json()["error"]
    assert client.post("/translate", json={"text": "你好", "glossary": "none"}).status_code == 404


def test_the_language_of_a_text_is_told(client: TestClient) -> None:
    assert client.post("/detect", data={"q": "你好"}).json() == [{"confidence": 100.0, "language": "zh-Hans"}]
    assert client.post("/detect", data={"q": "123"}).json()[0]["confidence"] == 0
    assert client.post("/detect").status_code == 400


def test_languages_are_listed_under_each_name_that_clients_look_for(client: TestClient) -> None:
    found = client.request("GET", "/languages", content=b"api_key=x").json()
    assert [one["code"] for one in found] == ["zh-Hans", "zh", "en"]
    assert found[1]["targets"] == ["en"]


def test_a_suggestion_counts_from_then_on(client: TestClient) -> None:
    fields = {"q": "甲方付款。乙方收款。", "s": "A pays. B is paid.", "source": "zh", "target": "en"}
    assert client.post("/suggest", data=fields).json() == {"success": True}
    assert client.post("/translate", json={"text": "乙方收款。"}).json() == {"translation": "B is paid."}
    assert client.post("/suggest", data={"q": "a"}).status_code == 400


def test_a_suggestion_for_one_sentence_may_have_two(client: TestClient) -> None:
    fields = {"q": "甲方付款。", "s": "A pays. On time.", "source": "zh", "target": "en"}
    assert client.post("/suggest", data=fields).json() == {"success": True}
    assert client.post("/translate", json={"text": "甲方付款。"}).json() == {
        "translation": "A pays. On time."
    }


def test_a_suggestion_that_cannot_be_matched_is_refused(client: TestClient) -> None:
    fields = {"q": "甲方付款。乙方收款。", "s": "All is paid.", "source": "zh", "target": "en"}
    answer = client.post("/suggest", data=fields)
    assert (answer.status_code, "one by one" in answer.json()["error"]) == (400, True)


def test_suggestions_are_off_unless_they_are_wanted(tmp_path: Path) -> None:
    with service_here(tmp_path) as client:
        answer = client.post("/suggest", data={"q": "a", "s": "b", "source": "zh", "target": "en"})
        assert answer.status_code == 403


def test_extensions_are_answered_in_their_own_forms(client: TestClient) -> None:
    wanted = pseudo(client, "你好")
    imme = client.post(
        "/imme", json={"source_lang": "zh-CN", "target_lang": "en", "text_list": ["你好", "你好"]}
    )
    assert imme.json() == {"translations": [{"detected_source_lang": "zh-Hans", "text": wanted}] * 2}
    kiss = client.post("/kiss", json={"from": "auto", "to": "en", "texts": ["你好"]})
    assert kiss.json() == {"translations": [{"text": wanted, "src": "zh-Hans"}]}
    assert client.post("/kiss", json={}).json() == {"message": "Invalid request: missing texts parameter"}


def test_deepls_texts_have_whole_numbers_of_characters(client: TestClient) -> None:
    answer = client.post("/v2/translate", json={"text": ["你好", "再见吧"], "target_lang": "EN-US"}).json()
    assert [one["billed_characters"] for one in answer["translations"]] == [2, 3]
    assert answer["translations"][0]["detected_source_language"] == "ZH"
    assert "message" in client.post("/v2/translate", json={"text": "a", "target_lang": "DE"}).json()


def test_a_packed_body_is_not_unpacked(client: TestClient) -> None:
    bomb = gzip.compress(b"q=" + b"a" * 10_000_000)
    answer = client.post("/translate", content=bomb, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 400
    assert "not packed" in answer.json()["error"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"format": "nothing"}, "unknown format"),
        ({"sheet": "pdf"}, "a review sheet is one of"),
        ({"sheet": "../x"}, "a review sheet is one of"),
        ({"target": "zz"}, "zz is not supported"),
        ({"glossary": "none"}, "no glossary of this name"),
        ({"terms": "甲方"}, "terms"),
        ({"filename": "a.exe"}, "file format not supported"),
    ],
)
def test_a_document_that_is_not_taken_is_told_why(
    client: TestClient, fields: dict[str, str], told: str
) -> None:
    answer = client.post("/documents", files={"file": ("a.txt", b"text")}, data=fields)
    assert answer.status_code in (400, 404)
    assert told in answer.json()["error"]


def test_a_document_may_say_its_format_itself(client: TestClient) -> None:
    made = client.post("/documents", files={"file": ("README", "# 标题".encode())}, data={"format": "md"})
    assert (made.status_code, made.json()["format"], made.json()["target_name"]) == (201, "md", "README.en")


def test_deepls_tags_stay_inside_of_sentences(client: TestClient) -> None:
    ask = {
        "text": "请<x id='1'>付款</x>给甲方。",
        "target_lang": "EN",
        "tag_handling": "xml",
        "details": True,
    }
    (answer,) = client.post("/v2/translate", json=ask).json()["translations"]
    assert answer["text"].count("<x id='1'>") == answer["text"].count("</x>") == 1
    assert len(answer["details"]["sentences"]) == 1


def test_what_is_too_long_is_told_with_the_limit(tmp_path: Path) -> None:
    with service_here(tmp_path, limits=Limits(text_chars=10, texts=2, body_bytes=1000)) as client:
        ask = {"source": "zh", "target": "en"}
        answer = client.post("/translate", json={"q": "字" * 11, **ask})
        assert answer.json() == {"error": "Invalid request: request (11) exceeds text limit (10)"}
        answer = client.post("/translate", json={"q": ["a", "b", "c"], **ask})
        assert answer.json() == {"error": "Invalid request: request (3) exceeds batch limit (2)"}
        answer = client.post("/translate", content=b"q=" + b"a" * 2000)
        assert (answer.status_code, answer.headers["connection"]) == (413, "close")


def test_where_a_key_is_needed_nothing_goes_without(tmp_path: Path) -> None:
    with service_here(tmp_path, keys=(KEY,)) as client:
        for method, path in (
            ("POST", "/translate"),
            ("POST", "/detect"),
            ("POST", "/suggest"),
            ("POST", "/imme"),
            ("POST", "/kiss"),
            ("POST", "/documents"),
            ("POST", "/translate_file"),
            ("POST", "/v2/translate"),
            ("POST", "/v2/document"),
            ("POST", "/v2/document/" + "0" * 32),
            ("GET", "/v2/usage"),
            ("GET", "/v2/languages"),
            ("GET", "/v2/glossaries"),
            ("GET", "/glossaries"),
            ("GET", "/glossaries/a"),
            ("PUT", "/glossaries/a"),
            ("POST", "/glossaries/lint"),
            ("POST", "/speech"),
            ("GET", "/metrics"),
        ):
            assert client.request(method, path).status_code == 403, path
            wrong = client.request(method, path, headers={"Authorization": "Bearer wrong"})
            assert wrong.status_code == 403, path
        asked = client.post("/translate", data={"text": "你好", "api_key": KEY})
        assert asked.json() == {"translation": "你好"}
        for path in ("/languages", "/frontend/settings", "/spec"):
            assert client.get(path).status_code == 200
        assert client.get("/frontend/settings").json()["keyRequired"] is True


def test_every_answer_has_a_policy_without_foreign_hosts(client: TestClient) -> None:
    for path in ("/", "/languages", "/nothing", "/page/nothing.js"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "http" not in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_a_memory_that_fails_is_told_without_its_place(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.app.state.service.table.close()  # type: ignore[attr-defined]
    answer = client.get(f"/documents/{'0' * 32}?key=x")
    assert (answer.status_code, answer.json()["error"][:16]) == (500, "The memory fails")
    assert "jobs.sqlite" in caplog.text


def test_a_fault_of_ours_is_logged_by_its_kind_and_place_alone(
    client: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*texts: str) -> None:
        raise RuntimeError(f"客户的文字 {texts}")

    monkeypatch.setattr("batchtx.service.routes.libretranslate.detect", broken)
    answer = client.post("/detect", json={"q": "秘密"})
    assert answer.status_code == 500
    assert "RuntimeError at " in caplog.text
    assert "秘密" not in caplog.text + answer.text
    assert "客户" not in caplog.text + answer.text


def test_without_voice_there_is_none(client: TestClient) -> None:
    assert client.post("/speech", files={"audio": b"RIFF"}).status_code == 404
    assert client.get("/frontend/settings").json()["batchtx"]["speech"] is False


def test_pages_that_were_named_may_ask_and_read(tmp_path: Path) -> None:
    with service_here(tmp_path, origins=("https://cat.example",)) as client:
        asked = client.post("/translate", json={"text": "a"}, headers={"Origin": "https://cat.example"})
        assert asked.headers["access-control-allow-origin"] == "https://cat.example"
        assert "access-control-allow-credentials" not in asked.headers
        before = client.options(
            "/translate",
            headers={
                "Origin": "https://cat.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization, content-type",
            },
        )
        assert before.status_code == 200
        other = client.post("/translate", json={"text": "a"}, headers={"Origin": "https://evil.example"})
        assert other.status_code == 403
        assert "access-control-allow-origin" not in other.headers


def test_figures_have_paths_of_routes_and_no_text_of_clients(client: TestClient) -> None:
    client.post("/translate", json={"text": "秘密"})
    client.get("/documents/geheim?key=geheim")
    client.get("/geheim")
    text = client.get("/metrics").text
    assert 'path="/documents/{job}",status="404"} 1' in text
    assert "geheim" not in text
    assert "batchtx_texts_total 1" in text
