"""Who may come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.errors import ConfigError
from batchtx.pipeline.options import TranslateOptions
from batchtx.service.fields import Fields
from batchtx.service.gate import Gate, host_name
from batchtx.service.refusal import Refusal
from batchtx.service.settings import ServiceSettings, is_loopback

KEYS = ("first-key-of-all", "second-key-of-all")


def settings(**more: object) -> ServiceSettings:
    return ServiceSettings(TranslateOptions(()), Path("data"), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_an_address_for_others_needs_a_key(host: str) -> None:
    with pytest.raises(ConfigError, match="--api-key"):
        settings(host=host).check()
    settings(host=host, keys=KEYS).check()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_needs_none(host: str) -> None:
    assert is_loopback(host)
    settings(host=host).check()


@pytest.mark.parametrize("key", ["short", "has a blank", "密钥密钥密钥密钥密钥", ""])
def test_refuses_keys_that_are_none(key: str) -> None:
    with pytest.raises(ConfigError, match="at least 8"):
        settings(keys=(key,)).check()


@pytest.mark.parametrize("origin", ["example.org", "https://example.org/", "https://example.org/a"])
def test_refuses_origins_that_are_none(origin: str) -> None:
    with pytest.raises(ConfigError, match="--cors"):
        settings(origins=(origin,)).check()


def test_any_origin_needs_a_key() -> None:
    with pytest.raises(ConfigError, match="needs a key"):
        settings(origins=("*",)).check()
    settings(origins=("*",), keys=KEYS).check()


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000", "[::1]", "LOCALHOST:1"]
)
def test_own_names_come_in(host: str) -> None:
    Gate(settings()).check_host({"host": host})


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:5000", "localhost.evil.example", "127.0.0.1.evil.example", "", "0.0.0.0"],
)
def test_other_names_stay_out(host: str) -> None:
    with pytest.raises(Refusal) as refusal:
        Gate(settings()).check_host({"host": host})
    assert refusal.value.status == 403


def test_a_further_name_comes_in_when_it_is_told() -> None:
    Gate(settings(hosts=("mt.example.org",))).check_host({"host": "MT.example.org:443"})


def test_an_address_with_a_key_has_any_name_unless_one_is_told() -> None:
    Gate(settings(host="0.0.0.0", keys=KEYS)).check_host({"host": "mt.example.org"})
    with pytest.raises(Refusal):
        Gate(settings(host="0.0.0.0", keys=KEYS, hosts=("a.example",))).check_host({"host": "b.example"})


@pytest.mark.parametrize("origin", ["http://localhost:5000", "https://localhost:5000"])
def test_the_page_itself_may_ask(origin: str) -> None:
    Gate(settings()).check_origin({"host": "localhost:5000", "origin": origin})


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:5001", "http://localhost", "file://"]
)
def test_pages_of_others_may_not(origin: str) -> None:
    with pytest.raises(Refusal) as refusal:
        Gate(settings()).check_origin({"host": "localhost:5000", "origin": origin})
    assert refusal.value.status == 403


def test_pages_that_are_named_may() -> None:
    gate = Gate(settings(origins=("https://cat.example",)))
    gate.check_origin({"host": "localhost:5000", "origin": "https://CAT.example"})
    with pytest.raises(Refusal):
        gate.check_origin({"host": "localhost:5000", "origin": "https://cat.example.evil.example"})


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({"authorization": f"Bearer {KEYS[1]}"}, {}),
        ({"authorization": f"DeepL-Auth-Key {KEYS[1]}"}, {}),
        ({"x-api-key": KEYS[1]}, {}),
        ({}, {"api_key": (KEYS[1],)}),
        ({}, {"apiKey": (KEYS[1],)}),
        ({}, {"token": (KEYS[1],)}),
    ],
)
def test_a_right_key_comes_in_wherever_it_is(headers: dict[str, str], fields: dict[str, tuple[str]]) -> None:
    assert Gate(settings(keys=KEYS)).client(headers, Fields(fields), "1.2.3.4") == "key 2"


@pytest.mark.parametrize("key", ["", "first-key-of-al", "first-key-of-alll", "FIRST-KEY-OF-ALL", "ü" * 20])
def test_a_wrong_key_stays_out(key: str) -> None:
    with pytest.raises(Refusal) as refusal:
        Gate(settings(keys=KEYS)).client({"x-api-key": key}, Fields({}), "1.2.3.4")
    assert refusal.value.status == 403


def test_every_key_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr("batchtx.service.gate.hmac.compare_digest", compare)
    Gate(settings(keys=KEYS)).client({"x-api-key": KEYS[0]}, Fields({}), "")
    assert compared == [(32, 32), (32, 32)]  # hashes: not even the length of a key shows


def test_without_keys_the_address_is_the_client() -> None:
    assert Gate(settings()).client({}, None, "127.0.0.1") == "127.0.0.1"


def test_names_of_hosts_have_no_port() -> None:
    assert [host_name(name) for name in ("A:1", "[::1]:5", "a", "a:b")] == ["a", "::1", "a", "a:b"]
