"""The default engine: CTranslate2, int8, one thread.

Sources are decoded in batches of one length each. Without padding, int8 gives the same text and the
same score for a source whatever else is in its batch; with padding it does not (2 of 200 measured).
That is why any number of workers gives the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Decoding:
    """How targets are searched for: `n_best` of a beam, longer ones preferred by `length_penalty`.

    `max_target` None: so many pieces as the length of the source allows. `align`: with attention.
    `unknown`: targets may have the piece for what the vocabulary lacks, for callers that drop such.
    """

    beam_size: int = 1
    n_best: int = 1
    length_penalty: float = 1.0
    max_target: int | None = None
    align: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Decoded:
    """The pieces of a source, and of its n best targets with their scores (mean log-probability, nats).

    `attention` is [target_len, source_len] of the best one, None when nobody asked.
    """

    source: tuple[str, ...]
    targets: tuple[tuple[str, ...], ...]
    scores: tuple[float, ...] = ()
    attention: Sequence[Sequence[float]] | None = None
    max_target: int = 0

    @property
    def complete(self) -> bool:
        """Whether the best target ended by itself."""
        return not self.targets or len(self.targets[0]) < self.max_target


class CTranslate2Engine:
    """One student in one process: what ships, what is scored and what writes a teacher's targets.

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
        self.tokenizer: Tokenizer = model.tokenizer
        self._n_prefix, self._n_suffix = model.n_prefix, model.n_suffix
        self._target_prefix = list(model.target_prefix)
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
        """Returns the length of a source in pieces, end mark included."""
        return len(self.tokenizer.encode(source))

    def translate(
        self, sources: Sequence[str], *, beam_size: int = 1, align: bool = False
    ) -> list[Hypothesis]:
        """Returns one hypothesis per source, in order; an empty source gives an empty hypothesis."""
        decoded = self.decode(sources, Decoding(beam_size, align=align))
        return [self._hypothesis(source, one) for source, one in zip(sources, decoded, strict=True)]

    def decode(self, sources: Sequence[str], decoding: Decoding) -> list[Decoded]:
        """Returns the n best targets of each source, in order, in batches of one source length each."""
        decoded = [Decoded((), ())] * len(sources)
        by_length: dict[int, list[tuple[int, list[str]]]] = defaultdict(list)
        for index, source in enumerate(sources):
            pieces = self.tokenizer.encode(source)
            if len(pieces) > self._n_prefix + self._n_suffix:
                by_length[len(pieces)].append((index, pieces))
        for length, group in sorted(by_length.items()):
            limit = decoding.max_target or _max_target(length)
            for start in range(0, len(group), _MAX_BATCH):
                part = group[start : start + _MAX_BATCH]
                results = self._decode([pieces for _, pieces in part], decoding, limit)
                for (index, pieces), result in zip(part, results, strict=True):
                    decoded[index] = self._decoded(pieces, result, limit)
        return decoded

    def force(self, source: str, target: str) -> tuple[list[Link], list[Link]]:
        """Returns the alignment of a given target as the student sees it, and the same one step later."""
        pieces, forced = self.tokenizer.encode(source), self.tokenizer.encode_target(target)
        result = self._translator.translate_batch(
            [pieces],
            target_prefix=[[*self._target_prefix, *forced]],
            beam_size=1,
            max_decoding_length=len(self._target_prefix) + len(forced) + 1,
            return_attention=True,
        )[0]
        attention = self._of_text(result.attention[0])
        late = [*attention[1 : len(forced)], attention[-1]]
        source_spans, target_spans = self._source_spans(source, pieces), piece_spans(target, forced)
        return list(_links(attention, source_spans, target_spans)), list(
            _links(late, source_spans, target_spans)
        )

    def _decode(self, batch: list[list[str]], decoding: Decoding, limit: int) -> list[Any]:
        results: list[Any] = self._translator.translate_batch(
            batch,
            beam_size=decoding.beam_size,
            num_hypotheses=decoding.n_best,
            length_penalty=decoding.length_penalty,
            target_prefix=[self._target_prefix] * len(batch) if self._target_prefix else None,
            max_decoding_length=limit + len(self._target_prefix),
            max_input_length=0,
            disable_unk=not decoding.unknown,
            return_scores=True,
            return_attention=decoding.align,
        )
        return results

    def _hypothesis(self, source: str, decoded: Decoded) -> Hypothesis:
        if not decoded.targets:
            return Hypothesis("")
        pieces = list(decoded.targets[0])
        text = self.tokenizer.decode(pieces)
        alignment = None
        if decoded.attention:
            spans = self._source_spans(source, decoded.source)
            alignment = _links(decoded.attention, spans, piece_spans(text, pieces))
        return Hypothesis(text, decoded.scores[0], decoded.complete, alignment)

    def _source_spans(self, source: str, pieces: Sequence[str]) -> Sequence[tuple[int, int]]:
        return piece_spans(source, list(pieces[self._n_prefix : len(pieces) - self._n_suffix]))

    def _of_text(self, attention: Sequence[Sequence[float]]) -> list[Sequence[float]]:
        """The rows and columns behind the prefixes."""
        return [row[self._n_prefix :] for row in attention[len(self._target_prefix) :]]

    def _decoded(self, pieces: Sequence[str], result: Any, limit: int) -> Decoded:
        return Decoded(
            source=tuple(pieces),
            targets=tuple(tuple(target[len(self._target_prefix) :]) for target in result.hypotheses),
            scores=tuple(result.scores),
            attention=self._of_text(result.attention[0]) if result.attention else None,
            max_target=limit,
        )


def build(spec: EngineSpec) -> CTranslate2Engine:
    """Loads the model that `spec` names."""
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
