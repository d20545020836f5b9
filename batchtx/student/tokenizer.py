"""Text to pieces and back, with the SentencePiece models of a bundle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sentencepiece

from batchtx.errors import ModelError
from batchtx.student.bundle import Bundle


class Tokenizer:
    """The tokenizer of a student; one for each process."""

    def __init__(
        self, source: Path, target: Path, source_suffix: Sequence[str] = (), source_prefix: Sequence[str] = ()
    ) -> None:
        self._source = _load(source)
        self._target = self._source if target == source else _load(target)
        self._suffix, self._prefix = list(source_suffix), list(source_prefix)

    @classmethod
    def of(cls, bundle: Bundle) -> Tokenizer:
        """Returns the tokenizer of a bundle."""
        prefix = bundle.source_prefix
        return cls(bundle.source_tokenizer, bundle.target_tokenizer, bundle.source_suffix, prefix)

    def encode(self, source: str) -> list[str]:
        """Pieces of a source, with the prefix and suffix that the student expects."""
        return [*self._prefix, *self._source.encode(source, out_type=str), *self._suffix]

    def source_ids(self, source: str) -> list[int]:
        """Ids of the same pieces: for networks that are run without CTranslate2."""
        return [int(self._source.piece_to_id(piece)) for piece in self.encode(source)]

    def decode_ids(self, ids: Sequence[int]) -> str:
        """Returns the text of target ids; end and padding are left out."""
        return str(self._target.decode(list(ids)))

    def encode_target(self, target: str) -> list[str]:
        """Pieces of a target, without an end: for scoring and forced prefixes."""
        return list(self._target.encode(target, out_type=str))

    def decode(self, pieces: Sequence[str]) -> str:
        """Returns the text of the pieces that the student wrote."""
        return str(self._target.decode_pieces(list(pieces)))


def _load(path: Path) -> sentencepiece.SentencePieceProcessor:
    if not path.is_file():
        raise ModelError(f"{path}: no such tokenizer model")
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise ModelError(f"{path}: not a SentencePiece model ({error})") from error
