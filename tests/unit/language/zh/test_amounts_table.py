"""Amounts, dates and measures of a table each come back as it says; half of it was kept apart."""

from pathlib import Path

import pytest

from batchtx.bench.office import read_cases, said_by_rule, wrong_cases

TABLES = Path(__file__).parents[3] / "data" / "office"


@pytest.mark.parametrize("table", ["amounts.tsv", "amounts-held-out.tsv", "named.tsv", "named-held-out.tsv"])
def test_of_the_table_98_in_100_are_right(table: str) -> None:
    cases = read_cases(TABLES / table)
    wrong = wrong_cases(cases)
    assert len(wrong) <= 0.02 * len(cases), wrong


def test_a_case_that_should_say_nothing_and_does_is_wrong() -> None:
    cases = read_cases(TABLES / "amounts.tsv")
    silent = [case for case in cases if not case.allowed]
    assert silent
    assert all(bool(said_by_rule(case.source)) == bool(wrong_cases([case])) for case in silent)
