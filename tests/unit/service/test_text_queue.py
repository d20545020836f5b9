"""Texts of many clients wait together; each is translated as it would be alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from batchtx.engines.spec import EngineSpec
from batchtx.errors import EngineError
from batchtx.pipeline.options import TranslateOptions
from batchtx.pipeline.setup import make_ready
from batchtx.pipeline.texts import TextTranslator, UnitGroup
from batchtx.service.limits import ServiceLimits
from batchtx.service.refusal import Refusal
from batchtx.service.settings import ServiceSettings
from batchtx.service.text_queue import TextQueue
from tests.helpers.texts import sentences


def queue_of(folder: Path, engine: str = "pseudo", **limits: Any) -> TextQueue:
    options = TranslateOptions((), engine=EngineSpec(engine, "zh-en" if engine == "ctranslate2" else ""))
    return TextQueue(ServiceSettings(options, folder, limits=ServiceLimits(**limits)), make_ready(options))


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[TextQueue]:
    queue = queue_of(tmp_path)
    queue.start()
    yield queue
    queue.close()


async def one(queue: TextQueue, text: str) -> str:
    ((unit,),) = await queue.translate([UnitGroup.of_texts([text])])
    return unit.target


async def all_at_once(queue: TextQueue, texts: list[str]) -> list[str]:
    return list(await asyncio.gather(*(one(queue, text) for text in texts)))


def test_texts_that_wait_go_in_one_call(tmp_path: Path) -> None:
    queue = queue_of(tmp_path)
    texts = list(sentences(50))

    async def ask() -> list[str]:
        waiting = asyncio.ensure_future(all_at_once(queue, texts))
        await asyncio.sleep(0)  # all of them are in
        queue.start()
        return await waiting

    found = asyncio.run(ask())
    assert queue.n_calls == 1
    assert len(set(found)) == 50
    queue.close()


@pytest.mark.slow
def test_a_text_is_translated_the_same_alone_and_among_others(tmp_path: Path) -> None:
    texts = [*sentences(40), "张三：总经理。", "张三与李四签订合同。", "第一行\n\n  第二行。第三句。", ""]
    queue = queue_of(tmp_path / "many", "ctranslate2")
    queue.start()
    together = asyncio.run(all_at_once(queue, texts))
    queue.close()
    alone = queue_of(tmp_path / "alone", "ctranslate2")
    alone.start()
    assert [asyncio.run(one(alone, text)) for text in reversed(texts)] == together[::-1]
    alone.close()


def test_too_many_are_told_to_come_back(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, waiting=3)

    async def ask() -> list[Any]:
        asked = [asyncio.ensure_future(one(queue, f"句子 {n}")) for n in range(5)]
        await asyncio.sleep(0)
        queue.start()
        return list(await asyncio.gather(*asked, return_exceptions=True))

    found = asyncio.run(ask())
    refused = [one for one in found if isinstance(one, Refusal)]
    assert [one.status for one in refused] == [429, 429]
    assert all(one.retry_after_s for one in refused)
    queue.close()


def test_who_waits_too_long_is_told(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, request_s=0.05)  # never started
    with pytest.raises(Refusal) as refusal:
        asyncio.run(one(queue, "你好"))
    assert refusal.value.status == 503


def test_nothing_is_translated_for_a_client_that_has_left(tmp_path: Path) -> None:
    queue = queue_of(tmp_path)

    async def ask() -> str:
        left = asyncio.ensure_future(one(queue, "没有人等"))
        stays = asyncio.ensure_future(one(queue, "你好"))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.sleep(0)
        queue.start()
        return await stays

    asyncio.run(ask())
    assert queue.n_groups == 1
    queue.close()


def test_a_text_that_breaks_the_translator_breaks_nobody_elses(
    queue: TextQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = TextTranslator.translate_groups

    def fragile(self: TextTranslator, groups: Any) -> Any:
        if any("坏" in unit.text for group in groups for unit in group.units):
            raise EngineError("broken")
        return whole(self, groups)

    monkeypatch.setattr(TextTranslator, "translate_groups", fragile)

    async def ask() -> list[Any]:
        asked = (one(queue, text) for text in ["你好", "坏的", "再见"])
        return list(await asyncio.gather(*asked, return_exceptions=True))

    first, broken, last = asyncio.run(ask())
    assert isinstance(first, str)
    assert isinstance(broken, EngineError)
    assert isinstance(last, str)


def test_short_requests_pass_a_long_one(tmp_path: Path) -> None:
    queue = queue_of(tmp_path)
    long = "".join(f"第{n}个系统保存了合同文本。" for n in range(400))

    async def ask() -> list[str]:
        done: list[str] = []

        async def named(name: str, text: str) -> None:
            await one(queue, text)
            done.append(name)

        asked = [asyncio.ensure_future(named("long", long))]
        await asyncio.sleep(0)
        asked += [asyncio.ensure_future(named(f"short {n}", f"短句{n}。")) for n in range(3)]
        await asyncio.sleep(0)
        queue.start()
        await asyncio.gather(*asked)
        return done

    assert asyncio.run(ask()) == ["short 0", "short 1", "short 2", "long"]
    queue.close()


def test_a_long_request_is_translated_the_same_with_others_in_between(tmp_path: Path) -> None:
    long = "\n".join(f"第{n}个系统保存了合同文本。" for n in range(400))
    alone, among = queue_of(tmp_path / "alone"), queue_of(tmp_path / "among")
    alone.start()
    among.start()
    found = asyncio.run(all_at_once(among, [long, *sentences(30), long + "。"]))
    assert found[0] == asyncio.run(one(alone, long))
    for queue in (alone, among):
        queue.close()


def test_those_that_wait_when_it_closes_are_told(tmp_path: Path) -> None:
    queue = queue_of(tmp_path)

    async def ask() -> None:
        waiting = asyncio.ensure_future(one(queue, "你好"))
        await asyncio.sleep(0)
        queue.close()
        with pytest.raises(Refusal) as refusal:
            await waiting
        assert refusal.value.status == 503
        with pytest.raises(Refusal):
            await one(queue, "你好")

    asyncio.run(ask())


def test_a_model_that_cannot_be_loaded_is_told_to_all_and_to_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: TextTranslator) -> None:
        raise EngineError("no such model")

    monkeypatch.setattr(TextTranslator, "warm", broken)
    queue = queue_of(tmp_path)
    told = threading.Event()
    queue.on_failure = told.set

    async def ask() -> None:
        waiting = asyncio.ensure_future(one(queue, "你好"))
        await asyncio.sleep(0)
        queue.start()
        with pytest.raises(Refusal):
            await waiting

    asyncio.run(ask())
    assert told.wait(5)
    assert isinstance(queue.failure, EngineError)
    assert not queue.is_warm
