"""The vocabulary: target pieces first, marks whole, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
import sentencepiece

from batchtx.distill.data import pairs as data
from batchtx.distill.data.vocabulary import END, END_ID, MARKS, PAD, PAD_ID, UNKNOWN, UNKNOWN_ID


@pytest.fixture
def processor(toy_data: Path) -> sentencepiece.SentencePieceProcessor:
    return sentencepiece.SentencePieceProcessor(model_file=str(toy_data / "vocabulary.spm"))


def test_every_target_is_written_with_the_first_pieces(
    toy_data: Path, processor: sentencepiece.SentencePieceProcessor, pairs: list[tuple[str, str]]
) -> None:
    n_target = data.read_manifest(toy_data)["n_target"]
    assert max(max(processor.encode(target)) for _, target in pairs) < n_target
    assert n_target < processor.get_piece_size()


def test_sources_use_pieces_behind_those_of_the_target(
    toy_data: Path, processor: sentencepiece.SentencePieceProcessor, pairs: list[tuple[str, str]]
) -> None:
    n_target = data.read_manifest(toy_data)["n_target"]
    assert all(max(processor.encode(source)) >= n_target for source, _ in pairs)


def test_special_pieces_have_the_ids_that_the_network_expects(
    processor: sentencepiece.SentencePieceProcessor,
) -> None:
    ids = [processor.piece_to_id(piece) for piece in (PAD, END, UNKNOWN)]
    assert ids == [PAD_ID, END_ID, UNKNOWN_ID]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_one_piece_and_comes_back(
    processor: sentencepiece.SentencePieceProcessor, mark: str
) -> None:
    text = f"I {mark} like{mark}tea."
    pieces = processor.encode(text, out_type=str)
    assert pieces.count(mark) == 2
    assert processor.decode_pieces(pieces) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [("ＡＢ：（１）", "AB:(1)"), ("x² m³", "x² m³"), ("a\u3000b\u00a0c", "a b c"), ("龘𠮷", "龘𠮷")],
)
def test_only_full_width_forms_and_spaces_are_changed(
    processor: sentencepiece.SentencePieceProcessor, text: str, read: str
) -> None:
    assert processor.decode(processor.encode(text)) == read
