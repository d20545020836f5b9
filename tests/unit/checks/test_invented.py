"""Invented words are flagged; English, names and what the source has are not."""

import pytest

from batchtx.checks.invented import no_invented_words
from batchtx.records import Segment, Term


def flag(source: str, target: str, **more: object) -> object:
    return no_invented_words(Segment("d", "a", "p", 0, source, **more), target)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("乙方应当交付", "Berer shall deliver"),
        ("四川", "4-Senthusiagrams"),
        ("公司的发展", "the resilitation of the company"),
        ("使用说明", "Translatemarkdown first"),
    ],
)
def test_a_word_that_nobody_knows_is_flagged(source: str, target: str) -> None:
    assert flag(source, target) is not None


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("王经理不同意", "Manager Wang disagreed with the unpaid invoices"),
        ("在海淀区", "in Haidian"),
        ("英国首相布莱尔", "British Prime Minister Blairson"),
        ("安装 Kubeadmx 工具", "Install the Kubeadmx tool"),
        ("正常化", "the normalisation of relations"),
        ("访问 http://abcqz.example/xyzzy", "see http://abcqz.example/xyzzy"),
    ],
)
def test_words_names_and_what_the_source_has_pass(source: str, target: str) -> None:
    assert flag(source, target) is None


def test_a_word_of_the_glossary_passes() -> None:
    terms = (Term(0, 2, "云帆", ("Yunfanix",)),)
    assert flag("云帆", "Yunfanix", terms=terms) is None
    assert flag("云帆", "Yunfanix") is not None
