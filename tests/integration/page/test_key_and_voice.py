"""A service that wants a key, and one that hears."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from batchtx.service.speech.wav import RATE, read_wav
from tests.helpers.service import KEY, RunningService, running_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder = tmp_path_factory.mktemp("key")
    (folder / "terms.csv").write_text("source,target\n甲方,Party A\n", encoding="utf-8")
    options = ("-g", "terms.csv", "--engine", "echo", "-j", "1", "--api-key", KEY)
    with running_service(folder, *options) as service:
        service.wait_until_warm()
        yield service


@pytest.fixture
def page(browser: Any, service: RunningService) -> Iterator[Any]:
    context = browser.new_context(locale="en-GB", permissions=["microphone"])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(service.url)
    yield page
    context.close()


def give_key(page: Any, key: str) -> None:
    page.wait_for_selector("#key-dialog[open]")
    page.get_by_label("Key", exact=True).fill(key)
    page.keyboard.press("Enter")


def test_the_key_is_asked_for_and_kept_for_this_tab_alone(page: Any, tmp_path: Path) -> None:
    give_key(page, "a-wrong-key")
    page.wait_for_selector("#key-error:not([hidden])")
    give_key(page, KEY)
    page.wait_for_selector("#glossaries li")
    page.fill("#source", "甲方应付款。")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#result .sentence")
    (tmp_path / "a.txt").write_text("甲方应付款。\n", encoding="utf-8")
    page.set_input_files("#pick", tmp_path / "a.txt")
    page.wait_for_selector(".job[data-state=done]")
    kept = page.evaluate(
        "[JSON.stringify(localStorage), document.cookie, location.href, sessionStorage['batchtx.key']]"
    )
    assert KEY not in "".join(kept[:3]) and KEY in kept[3]
    page.reload()
    page.wait_for_selector("#glossaries li")
    assert not page.locator("#key-dialog").is_visible()


def test_whoever_has_no_key_is_told_so_and_may_give_it_later(page: Any) -> None:
    page.wait_for_selector("#key-dialog[open]")
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector("#terms-error:not([hidden])")
    assert "key" in page.inner_text("#terms-error")
    page.get_by_role("button", name="API key").click()
    give_key(page, KEY)
    page.wait_for_selector("#glossaries li")


def test_without_a_speech_model_there_is_no_voice(page: Any) -> None:
    give_key(page, KEY)
    page.wait_for_selector("html[data-ready]")
    assert not page.locator("#voice-button").is_visible()


def test_what_is_spoken_goes_to_the_service_as_wav_and_comes_back_as_text(page: Any) -> None:
    """The browser's own microphone for tests beeps; the service is asked for real but for the model."""
    heard: list[bytes] = []

    def settings(route: Any) -> None:
        answer = route.fetch()
        found = answer.json()
        found["batchtx"]["speech"] = True
        route.fulfill(response=answer, body=json.dumps(found))

    def speech(route: Any) -> None:
        heard.append(route.request.post_data_buffer)
        route.fulfill(json={"text": "甲方应付款。", "language": "zh"})

    page.route("**/frontend/settings", settings)
    page.route("**/speech", speech)
    page.reload()
    give_key(page, KEY)
    page.get_by_role("button", name="Speak").click()
    page.wait_for_selector("#voice-button[aria-pressed=true]")
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Stop recording").click()
    page.wait_for_selector("#voice-button[aria-pressed=false]:not(:disabled)")
    assert page.input_value("#source") == "甲方应付款。"
    (body,) = heard
    samples = read_wav(body[body.index(b"RIFF") : body.rindex(b"\r\n--")], 60)
    assert samples.size > RATE / 2 and abs(samples).max() > 0.05
