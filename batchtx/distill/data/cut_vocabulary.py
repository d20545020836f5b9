"""A vocabulary cut out of a pretrained encoder's: those of its pieces that the data uses, with its scores.

Digits stay single. Marks and bytes are ours; characters that the encoder lacks and the data has often
are added.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

from batchtx.distill.data import vocabulary
from batchtx.distill.nets.pretrained import PretrainedEncoder
from batchtx.distill.recipe import VocabularyRecipe
from batchtx.errors import ConfigError

_BASE_SIZE = 4000
_BASE_LINES = 20_000
_BASE_COVERAGE = 0.98
_SINGLE_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SINGLE_ASCII = re.compile(r"[!-~]")
_DIGIT_INSIDE = re.compile(r".*\d.*", re.DOTALL)


def cut_vocabulary(
    encoder: PretrainedEncoder,
    sources: Sequence[str],
    targets: Sequence[str],
    recipe: VocabularyRecipe,
    path: Path,
) -> int:
    """Writes a SentencePiece model of the encoder's pieces, target pieces first.

    Kept are pieces seen `source_min_count` times in the sources or `target_min_count` times in the
    targets, all single Han characters and all of ASCII.

    Returns:
        The size of the target part.

    Raises:
        ConfigError: more pieces are seen so often than `size` allows.
    """
    few = replace(recipe, character_coverage=_BASE_COVERAGE)  # its pieces are thrown away
    base = vocabulary.train_model(sources[:_BASE_LINES], targets[:_BASE_LINES], _BASE_SIZE, few, path)
    whole = _with_pieces(base, _candidates(encoder, _characters((sources, targets), recipe)))
    processor = sentencepiece.SentencePieceProcessor(model_proto=whole)
    in_sources, in_targets = vocabulary.count(processor, sources), vocabulary.count(processor, targets)
    kept = []
    for index, piece in enumerate(sentencepiece_model_pb2.ModelProto.FromString(whole).pieces):  # type: ignore[attr-defined]
        often = in_sources[index] >= recipe.source_min_count or in_targets[index] >= recipe.target_min_count
        always = _SINGLE_HAN.fullmatch(piece.piece) or _SINGLE_ASCII.fullmatch(piece.piece)
        if piece.type == piece.NORMAL and (often or always):
            kept.append((piece.piece, piece.score))
    if len(kept) > recipe.size:
        raise ConfigError(
            f"{len(kept)} pieces of the encoder are seen often enough, [vocabulary] size allows "
            f"{recipe.size}; raise it, or source_min_count and target_min_count"
        )
    ordered, n_target = vocabulary.order_for_target(_with_pieces(base, kept), sources, targets, recipe)
    path.write_bytes(ordered)
    return n_target


def _candidates(encoder: PretrainedEncoder, characters: Iterable[str]) -> list[tuple[str, float]]:
    """The encoder's pieces but for those with a digit among others, and characters that it lacks."""
    pieces = {
        piece: float(score)
        for piece, score in zip(encoder.pieces, encoder.scores, strict=True)
        if piece and score < 0 and (len(piece) == 1 or not _DIGIT_INSIDE.fullmatch(piece))
    }
    rarest = min(pieces.values())
    missing = {character: rarest for character in characters if character not in pieces}
    return list((pieces | missing).items())


def _characters(sides: Iterable[Sequence[str]], recipe: VocabularyRecipe) -> list[str]:
    """The characters of both sides that are seen as often as a target piece must be."""
    counts: Counter[str] = Counter()
    for lines in sides:
        for line in lines:
            counts.update(line)
    return [
        one for one, n in counts.items() if n >= recipe.target_min_count and one.isprintable() and one != " "
    ]


def _with_pieces(base: bytes, pieces: Iterable[tuple[str, float]]) -> bytes:
    """A model with the marks, bytes and rules of another one, and these pieces."""
    proto = sentencepiece_model_pb2.ModelProto.FromString(base)  # type: ignore[attr-defined]
    special = [piece for piece in proto.pieces if piece.type != piece.NORMAL]
    own = {piece.piece for piece in special}
    del proto.pieces[:]
    proto.pieces.extend(special)
    for text, score in pieces:
        if text not in own:
            proto.pieces.add(piece=text, score=score)
    return bytes(proto.SerializeToString())
