"""Rewards for sampled targets: sentence BLEU or chrF, between 0 and 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from batchtx.errors import ConfigError

Reward = Callable[[Sequence[str], Sequence[str]], list[float]]
BLEU_TOKENIZERS = {"zh": "zh", "ja": "char", "ko": "char"}


def reward_named(name: str, target_language: str) -> Reward:
    """Returns sentence scores of hypotheses against references by the name of a metric: bleu or chrf."""
    if name == "bleu":
        tokenizer = BLEU_TOKENIZERS.get(target_language, "13a")
        metric: BLEU | CHRF = BLEU(effective_order=True, tokenize=tokenizer)
    elif name == "chrf":
        metric = CHRF()
    else:
        raise ConfigError(f"reward {name!r}: known are bleu and chrf")

    def rewards(hypotheses: Sequence[str], references: Sequence[str]) -> list[float]:
        return [
            float(metric.sentence_score(hypothesis, [reference]).score) / 100.0
            for hypothesis, reference in zip(hypotheses, references, strict=True)
        ]

    return rewards
