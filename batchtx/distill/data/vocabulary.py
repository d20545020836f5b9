"""One SentencePiece model for both languages, with the pieces a target can use standing first.

The decoder's vocabulary is the first `n_target` pieces, so the output layer is small while a
piece keeps one id (and, in training, one vector) on both sides: copying stays easy.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

from batchtx.distill.recipe import VocabularyRecipe

PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"
PAD_ID, END_ID, UNKNOWN_ID = 0, 1, 2
PLACEHOLDERS = tuple(f"⟦{i}⟧" for i in range(1, 17))
TERM_START, TERM_TARGET, TERM_END = "⟦t⟧", "⟦=⟧", "⟦/t⟧"
SPARE = tuple(f"⟦r{i}⟧" for i in range(1, 9))
_SINGLE_ASCII = re.compile(r"[!-~]")
MARKS = (*PLACEHOLDERS, TERM_START, TERM_TARGET, TERM_END, *SPARE)


def train_vocabulary(
    sources: Sequence[str], targets: Sequence[str], recipe: VocabularyRecipe, path: Path
) -> int:
    """Trains the model, puts target pieces first, writes it; returns the size of the target part."""
    model = train_model(sources, targets, recipe.size, recipe, path)
    ordered, n_target = order_for_target(model, sources, targets, recipe)
    path.write_bytes(ordered)
    return n_target


def train_model(
    sources: Sequence[str], targets: Sequence[str], size: int, recipe: VocabularyRecipe, path: Path
) -> bytes:
    """Trains a unigram model of `size` pieces with our marks, bytes and rules (kept beside `path`)."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=_interleave(sources, targets),
        model_writer=model,
        model_type="unigram",
        vocab_size=size,
        hard_vocab_limit=False,
        character_coverage=recipe.character_coverage,
        byte_fallback=True,
        split_digits=True,
        user_defined_symbols=list(MARKS),
        pad_id=PAD_ID,
        eos_id=END_ID,
        unk_id=UNKNOWN_ID,
        bos_id=-1,
        pad_piece=PAD,
        normalization_rule_tsv=str(_write_rules(path.with_suffix(".rules.tsv"))),
        num_threads=recipe.threads,
        minloglevel=1,
    )
    return model.getvalue()


def order_for_target(
    model: bytes, sources: Iterable[str], targets: Iterable[str], recipe: VocabularyRecipe
) -> tuple[bytes, int]:
    """Reorders the pieces: special ones, then those of targets by frequency, then the rest.

    A piece belongs to the target when it is seen at least `target_min_count` times in the
    targets and is not overwhelmingly a source piece (quotations of the source language). Single
    characters of ASCII always do.
    """
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    in_targets, in_sources = count(processor, targets), count(processor, sources)
    proto = sentencepiece_model_pb2.ModelProto.FromString(model)  # type: ignore[attr-defined]
    special, target, rest = [], [], []
    for index, piece in enumerate(proto.pieces):
        frequent = in_targets[index] >= recipe.target_min_count
        in_sources_mostly = in_targets[index] < recipe.target_min_share * in_sources[index]
        if piece.type != piece.NORMAL:
            special.append(index)
        elif _SINGLE_ASCII.fullmatch(piece.piece) or (frequent and not in_sources_mostly):
            target.append(index)
        else:
            rest.append(index)
    target.sort(key=lambda index: (-in_targets[index], index))
    pieces = [proto.pieces[index] for index in chain(special, target, rest)]
    del proto.pieces[:]
    proto.pieces.extend(pieces)
    return proto.SerializeToString(), len(special) + len(target)


def count(processor: sentencepiece.SentencePieceProcessor, lines: Iterable[str]) -> Counter[int]:
    """Counts how often each piece is used in the lines."""
    counts: Counter[int] = Counter()
    for ids in processor.encode(list(lines), num_threads=1):
        counts.update(ids)
    return counts


def _interleave(sources: Sequence[str], targets: Sequence[str]) -> Iterator[str]:
    for source, target in zip(sources, targets, strict=True):
        yield source
        yield target


def _write_rules(path: Path) -> Path:
    """Full-width ASCII, ideographic and no-break spaces become plain; all else stays (not NFKC)."""
    rules = [(0xFF01 + i, 0x21 + i) for i in range(0x5E)] + [(0x3000, 0x20), (0xA0, 0x20)]
    text = "".join(f"{wide:X}\t{plain:X}\n" for wide, plain in rules)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def pieces_of(spm: Path) -> list[str]:
    """Returns all pieces of a SentencePiece model in order of their ids."""
    processor = sentencepiece.SentencePieceProcessor(model_file=str(spm))
    return [processor.id_to_piece(index) for index in range(len(processor))]
