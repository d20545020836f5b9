"""The default engine: CTranslate2, int8, one thread.

Sources are decoded in batches of one length each. Without padding, int8 gives the same text and the
same score for a source whatever else is in its batch; with padding it does not (2 of 200 measured).
That is why any number of workers gives the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import ctranslate2

from batchtx.engines.model_dir import TokenModel, open_token_model
from batchtx.engines.spec import EngineSpec
from batchtx.errors import ModelError
from batchtx.records import Hypothesis, Link
from batchtx.student.spans import piece_spans
from batchtx.student.tokenizer import Tokenizer

_MAX_BATCH = 64
_LENGTH_FACTOR = 2.5  # target pieces per source piece; human zh-en text stays under 2 (99.9 %)
_LENGTH_SLACK = 24
_LONGEST_TARGET = 500  # Marian's networks know 512 positions, and CTranslate2 raises at the next one


class CTranslate2Engine:
    """One student in one process.

    Args:
        model: folder, tokenizers and limits.
        compute_type: "" for what the bundle says.

    Raises:
        ModelError: CTranslate2 cannot load the folder.
    """

    translates = True

    def __init__(self, model: TokenModel, compute_type: str = "") -> None:
        self.placeholders = model.placeholders
        self.inline_terms = model.inline_terms
        self.max_source_tokens = model.max_source_tokens
        self._tokenizer: Tokenizer = model.tokenizer
        self._n_suffix = model.n_suffix
        try:
            self._translator = ctranslate2.Translator(
                str(model.folder),
                device="cpu",
                compute_type=compute_type or model.compute_type,
                inter_threads=1,
                intra_threads=1,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"{model.folder}: CTranslate2 cannot load it ({error})") from None

    def count_tokens(self, source: str) -> int:
        """Length of a source in pieces, end mark included."""
        return len(self._tokenizer.encode(source))

    def translate(
        self, sources: Sequence[str], *, beam_size: int = 1, align: bool = False
    ) -> list[Hypothesis]:
        """One hypothesis per source, in order; an empty source gives an empty hypothesis."""
        hypotheses = [Hypothesis("")] * len(sources)
        by_length: dict[int, list[tuple[int, list[str]]]] = defaultdict(list)
        for index, source in enumerate(sources):
            pieces = self._tokenizer.encode(source)
            if len(pieces) > self._n_suffix:
                by_length[len(pieces)].append((index, pieces))
        for length, group in sorted(by_length.items()):
            for start in range(0, len(group), _MAX_BATCH):
                part = group[start : start + _MAX_BATCH]
                results = self._decode([pieces for _, pieces in part], length, beam_size, align)
                for (index, pieces), result in zip(part, results, strict=True):
                    hypotheses[index] = self._hypothesis(sources[index], pieces, result)
        return hypotheses

    def _decode(self, batch: list[list[str]], length: int, beam_size: int, align: bool) -> list[Any]:
        results: list[Any] = self._translator.translate_batch(
            batch,
            beam_size=beam_size,
            max_decoding_length=_max_target(length),
            max_input_length=0,
            disable_unk=True,
            return_scores=True,
            return_attention=align,
        )
        return results

    def _hypothesis(self, source: str, source_pieces: list[str], result: Any) -> Hypothesis:
        pieces: list[str] = result.hypotheses[0]
        text = self._tokenizer.decode(pieces)
        alignment = None
        if result.attention:
            source_spans = piece_spans(source, source_pieces[: len(source_pieces) - self._n_suffix])
            alignment = _links(result.attention[0], source_spans, piece_spans(text, pieces))
        return Hypothesis(
            text=text,
            score=result.scores[0],
            complete=len(pieces) < _max_target(len(source_pieces)),
            alignment=alignment,
        )


def build(spec: EngineSpec) -> CTranslate2Engine:
    """Load the model that `spec` names."""
    return CTranslate2Engine(open_token_model(spec.model), spec.compute_type)


def _max_target(n_source: int) -> int:
    return min(int(_LENGTH_FACTOR * n_source) + _LENGTH_SLACK, _LONGEST_TARGET)


def _links(
    attention: Sequence[Sequence[float]],
    source_spans: Sequence[tuple[int, int]],
    target_spans: Sequence[tuple[int, int]],
) -> tuple[Link, ...]:
    """Hard alignment: each target piece with the source piece that it attends to most.

    Args:
        attention: [target_len, source_len] weights; the end mark's columns and row are ignored.
        source_spans, target_spans: character offsets of the pieces.
    """
    links: list[Link] = []
    for row, (target_start, target_end) in zip(attention, target_spans, strict=False):
        best = max(range(len(source_spans)), key=row.__getitem__)
        source_start, source_end = source_spans[best]
        links.append(Link(source_start, source_end, target_start, target_end))
    return tuple(links)
