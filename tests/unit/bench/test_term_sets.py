"""Which terms the terminology benchmark asks for."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from batchtx.bench.aligned_terms import aligned_terms, write_records
from batchtx.bench.term_sets import TermPair, filler, read_pairs, read_term_set
from batchtx.errors import ConfigError
from batchtx.glossary.matcher import Matcher

_PATTERNS = [
    ("{}发布了公告", "{} published a notice"),
    ("我们检查{}", "we check the {}"),
    ("{}很重要", "the {} is important"),
    ("请保存{}", "please save the {}"),
    ("{}和日志", "the {} and the log"),
]
_NOUNS = [
    ("配置文件", "configuration file"),
    ("数据库", "database"),
    ("服务器", "server"),
    ("合同", "contract"),
]


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("eflomal") or not find_spec("jieba"), reason="needs eflomal and jieba")
def test_terms_are_what_the_alignment_links_and_stand_on_both_sides() -> None:
    pairs = [TermPair(zh.format(a), en.format(b)) for zh, en in _PATTERNS for a, b in _NOUNS]
    records = aligned_terms(pairs * 3)
    proper = {(source, target) for record in records for source, target in record["proper"].items()}  # type: ignore[attr-defined]
    assert ("数据库", "database") in proper
    assert ("服务器", "server") in proper
    for record in records:
        for terms in (record["proper"], record["random"]):
            assert all(source in record["source"] for source in terms)  # type: ignore[operator, attr-defined]
            assert all(target in record["reference"] for target in terms.values())  # type: ignore[operator, attr-defined]


def test_a_term_set_gives_each_segment_its_own_terms(tmp_path: Path) -> None:
    record = {
        "source": "甲方签订合同并付款",
        "reference": "Party A signs the pact and pays",
        "proper": {"合同": "pact"},
        "random": {"签订": "signs", "付款": "pays", "甲方": "Party A"},
    }
    write_records([record, {**record, "proper": {}, "random": {}}], tmp_path / "set.jsonl")
    first, second = read_term_set(tmp_path / "set.jsonl", per_segment=2, seed=1)
    assert [(term.start, term.source, term.targets) for term in first.proper] == [(4, "合同", ("pact",))]
    assert len(first.random) == 2
    assert (second.proper, second.random) == ((), ())
    assert read_term_set(tmp_path / "set.jsonl", per_segment=2, seed=1)[0] == first


def test_another_file_is_no_term_set(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(json.dumps({"source": "x"}) + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="is no file of `batchtx bench term-set`"):
        read_term_set(tmp_path / "x.jsonl", per_segment=2, seed=1)


def test_pairs_are_the_last_two_columns(tmp_path: Path) -> None:
    (tmp_path / "p.tsv").write_text("law\t合同\tcontract\n", encoding="utf-8")
    assert read_pairs(tmp_path / "p.tsv", None) == [TermPair("合同", "contract")]


def test_made_up_terms_stand_in_none_of_the_texts() -> None:
    texts = ["系统管理员应当提交合同文本", "供应商可以更新配置文件"]
    glossary = filler(2000, texts, 1)
    assert len(glossary.entries) == 2000
    assert [Matcher(glossary).find_terms(text) for text in texts] == [(), ()]
