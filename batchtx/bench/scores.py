"""Translations against references, as sacrebleu scores them."""

from __future__ import annotations

from collections.abc import Sequence

from batchtx.errors import BatchtxError
from batchtx.language import BLEU_TOKENIZERS, DEFAULT_TARGET


def bleu(targets: Sequence[str], references: Sequence[str], language: str = DEFAULT_TARGET) -> float:
    """Returns BLEU-4 of a whole set, 0 to 100."""
    try:
        from sacrebleu.metrics.bleu import BLEU
    except ModuleNotFoundError as error:
        raise BatchtxError("BLEU needs sacrebleu: pip install 'batchtx[distill]'") from error
    metric = BLEU(tokenize=BLEU_TOKENIZERS.get(language, "13a"))
    return float(metric.corpus_score(list(targets), [list(references)]).score)


def chrf(targets: Sequence[str], references: Sequence[str]) -> float:
    """Returns chrF of a whole set, 0 to 100."""
    try:
        from sacrebleu import corpus_chrf
    except ModuleNotFoundError as error:
        raise BatchtxError("chrF needs sacrebleu: pip install 'batchtx[distill]'") from error
    return float(corpus_chrf(list(targets), [list(references)]).score)
