"""Persons' names: found where something says so, in pinyin, and nowhere else."""

from pathlib import Path

import pytest

from batchtx.bench.office import measure_persons, read_persons
from batchtx.language.zh.persons import full_names, in_english, persons

TABLES = Path(__file__).parents[3] / "data" / "office"


@pytest.mark.parametrize(("table", "recall"), [("persons.tsv", 0.95), ("persons-held-out.tsv", 0.85)])
def test_of_what_is_taken_for_a_name_97_in_100_are_one(table: str, recall: float) -> None:
    score = measure_persons(read_persons(TABLES / table))
    assert score.precision >= 0.97, score.wrong
    assert score.recall >= recall, score.missed


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("单晓明", "Shan Xiaoming"),
        ("欧阳建国", "Ouyang Jianguo"),
        ("上官婉儿", "Shangguan Wan'er"),
        ("吕小军", "Lü Xiaojun"),
        ("尉迟恭", "Yuchi Gong"),
        ("周敏", "Zhou Min"),
    ],
)
def test_names_are_read_as_names(name: str, english: str) -> None:
    assert in_english(name) == english


def test_a_name_that_a_label_tells_holds_elsewhere_in_the_document() -> None:
    text = "随后白雪峰补充了两点。"
    assert persons(text) == []
    known = full_names("记录人：白雪峰")
    assert known == ["白雪峰"]
    assert [person.target for person in persons(text, known)] == ["Bai Xuefeng"]


def test_a_known_name_that_is_told_to_act_needs_no_verb_of_the_list() -> None:
    for text in ("会议决定由赵雪牵头更新，月底前完成。", "请赵雪更新材料。", "赵雪跟进。"):
        assert [person.target for person in persons(text, ["赵雪"])] == ["Zhao Xue"], text


def test_a_short_known_name_is_not_found_inside_other_words() -> None:
    assert persons("双方处于相同的地位", ["于相"]) == []
