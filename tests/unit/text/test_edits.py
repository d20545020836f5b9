"""Which lines of an edited text became which: a line whose words came from elsewhere became none."""

from __future__ import annotations

import pytest

from batchtx.text.edits import Edit, pair_lines, same_words

PAYS = "Party A shall pay the price within thirty days."
DELIVERS = "Party B shall deliver the goods to the warehouse."
SIGNED = "This contract is signed in two copies."


def changed(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """The pairs of lines that are taken for edits of one another."""
    pairs, _, _ = pair_lines(before, after)
    return [(before[i], after[j]) for i, j in pairs if before[i] != after[j]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([PAYS, DELIVERS], [f"{PAYS} {DELIVERS}"], id="joined"),
        pytest.param(
            [PAYS, DELIVERS, SIGNED], [PAYS, f"{DELIVERS} {SIGNED}", "New."], id="joined, one added"
        ),
        pytest.param([PAYS], [PAYS[:20], PAYS[20:]], id="split"),
        pytest.param([PAYS, "", SIGNED], [PAYS[:20], "", PAYS[20:], SIGNED], id="split by a blank line"),
        pytest.param([PAYS, DELIVERS, SIGNED], [SIGNED, DELIVERS, PAYS], id="changed places"),
        pytest.param(["Price", "Amount", "Sum"], ["Sum", "Amount", "Price"], id="a table sorted anew"),
        pytest.param(
            [f"{PAYS} {SIGNED}", DELIVERS], [PAYS, f"{SIGNED} {DELIVERS}"], id="a sentence went to the next"
        ),
    ],
)
def test_what_was_moved_split_or_joined_is_no_edit_of_a_line(before: list[str], after: list[str]) -> None:
    assert changed(before, after) == []
    _, gone, new = pair_lines(before, after)
    assert gone and new


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([PAYS, DELIVERS], [PAYS, DELIVERS.replace("deliver", "bring")], id="a word"),
        pytest.param(["Moneys"], ["Amount"], id="a label anew"),
        pytest.param(
            [PAYS, DELIVERS],
            [PAYS.replace("Party A", "The Buyer"), DELIVERS.replace("Party B", "The Seller")],
            id="all lines",
        ),
        pytest.param([PAYS, SIGNED], [PAYS.replace("the price", ""), f"{SIGNED} the end"], id="little words"),
    ],
)
def test_an_edited_line_goes_with_what_it_was(before: list[str], after: list[str]) -> None:
    pairs, gone, new = pair_lines(before, after)
    assert pairs == [(n, n) for n in range(len(before))]
    assert gone == new == []


def test_of_equal_lines_the_one_that_was_edited_is_found() -> None:
    before = [PAYS, DELIVERS, DELIVERS, SIGNED]
    after = [PAYS, DELIVERS.replace("warehouse", "port"), DELIVERS, "Done in two originals."]
    pairs, gone, new = pair_lines(before, after)
    assert pairs == [(n, n) for n in range(4)] and gone == new == []


def test_lines_all_edited_below_a_new_one_keep_together() -> None:
    before = [PAYS, DELIVERS, SIGNED]
    after = ["Preamble of the lawyer.", PAYS.replace("pay", "owe"), DELIVERS.replace("deliver", "bring")]
    pairs, gone, new = pair_lines(before, after)
    assert pairs == [(0, 1), (1, 2)] and gone == [2] and new == [0]


def test_a_long_text_that_was_edited_everywhere_is_paired_in_time() -> None:
    before = [f"Clause {number}: {PAYS}" for number in range(1200)]
    after = ["A new line.", *(line.replace("Party A", "The Buyer") for line in before)]
    pairs, _, new = pair_lines(before, after)
    assert len(pairs) + len(new) == len(after)


def test_an_offset_follows_its_words() -> None:
    edit = Edit("one two three", "one big two three")
    assert edit.end(13) == 17


def test_words_in_common_are_a_share() -> None:
    assert same_words("a b", "a b") == 1.0
    assert same_words("a b", "c d") == 0.0
    assert same_words("", "") == 1.0
