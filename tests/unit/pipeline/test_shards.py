"""Parts of a run: deterministic, disjoint, complete, by content."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from batchtx.errors import ConfigError
from batchtx.formats.source import Source
from batchtx.pipeline.jobs import Job, plan_documents
from batchtx.pipeline.shards import Shard, content_number


@pytest.fixture
def jobs(tmp_path: Path) -> tuple[Job, ...]:
    for number in range(60):
        path = tmp_path / "docs" / f"{number % 7}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"第 {number} 号文件\n" * (1 + number * 300), encoding="utf-8")
    return plan_documents((str(tmp_path / "docs"),), None, None).jobs


@pytest.mark.parametrize("count", [1, 2, 3, 8, 100])
def test_the_parts_are_disjoint_and_complete(jobs: tuple[Job, ...], count: int) -> None:
    parts = [list(Shard(number, count).take(jobs)) for number in range(1, count + 1)]
    names = [job.name for part in parts for job in part]
    assert sorted(names) == sorted(job.name for job in jobs)
    assert len(names) == len(set(names))


def test_the_parts_are_of_similar_size(jobs: tuple[Job, ...]) -> None:
    sizes = [len(list(Shard(number, 3).take(jobs))) for number in (1, 2, 3)]
    assert min(sizes) >= 10


def test_a_document_stays_in_its_part_whatever_it_is_called_and_what_stands_beside_it(
    jobs: tuple[Job, ...], tmp_path: Path
) -> None:
    before = {job.source.path.read_bytes() for job in Shard(2, 3).take(jobs) if job.source.path}
    (tmp_path / "docs" / "0-new.txt").write_text("新文件\n", encoding="utf-8")
    moved = tmp_path / "docs" / "zz"
    (tmp_path / "docs" / "0").rename(moved)
    again = plan_documents((str(tmp_path / "docs"),), None, None).jobs
    after = {job.source.path.read_bytes() for job in Shard(2, 3).take(again) if job.source.path}
    assert after - {"新文件\n".encode()} == before


def test_large_documents_differ_by_their_ends_and_their_size(tmp_path: Path) -> None:
    whole = "汉" * 100_000
    texts = {"a": whole, "b": whole[:-1] + "字", "c": "字" + whole[1:], "d": whole + "汉"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert len({content_number(tmp_path / name) for name in texts}) == 4
    (tmp_path / "e").write_text(whole, encoding="utf-8")
    assert content_number(tmp_path / "e") == content_number(tmp_path / "a")


@pytest.mark.parametrize("text", ["0/8", "9/8", "1", "1/0", "a/b", "1/8/2", "-1/8", "１/8", "", "1/"])
def test_what_is_no_part_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="--shard"):
        Shard.parse(text)


def test_standard_input_has_no_parts() -> None:
    job = Job(Source("-", stream=BytesIO(b"")), "txt", None)
    with pytest.raises(ConfigError, match="standard input"):
        list(Shard(1, 2).take([job]))


def test_files_of_a_part_are_named_after_it() -> None:
    assert Shard(2, 80).named(Path("out/review.csv")) == Path("out/review.shard-02-of-80.csv")
