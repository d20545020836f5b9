"""以上 and 以下 belong to the amount before them."""

import pytest

from batchtx.language.zh.rules import by_rule


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("处五日以上十日以下拘留", ["not less than 5 days but not more than 10 days"]),
        ("并处一千元以下罚款", ["1,000 yuan or less"]),
        ("五百元以上一千元以下罚款", ["not less than 500 yuan but not more than 1,000 yuan"]),
        ("年满十八周岁以上", ["18 years of age or older"]),
        ("三分之二以上的董事", ["two-thirds or more"]),
        ("2024年5月1日以上各项", ["May 1, 2024"]),
        ("占30%以上；10日以下各项", ["30% or more", "10 days"]),
    ],
)
def test_a_bound_is_said_with_its_amount(source: str, english: list[str]) -> None:
    assert [one.target for one in by_rule(source)] == english
