"""Scores of a bundle on test sets: BLEU and chrF with signatures, domains and intervals."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from batchtx.distill.data.held_out import read_held_out
from batchtx.distill.train.rewards import BLEU_TOKENIZERS
from batchtx.engines.ctranslate2 import CTranslate2Engine, Decoding
from batchtx.engines.model_dir import open_token_model
from batchtx.errors import ConfigError
from batchtx.language.pair import find_pair
from batchtx.student.bundle import Bundle
from batchtx.text.split import split_long

_BOOTSTRAP = 1000


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Sources and references of one domain."""

    name: str
    sources: tuple[str, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetScore:
    """Scores of one test set. Intervals are half widths at 95 %, by bootstrap."""

    name: str
    n_segments: int
    bleu: float
    bleu_interval: float
    chrf: float
    chrf_interval: float
    bleu_signature: str
    chrf_signature: str


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a bundle translated, on one thread of the machine at hand."""

    n_target_tokens: int
    elapsed_s: float

    @property
    def tokens_per_s(self) -> float:
        """Target tokens per second."""
        return self.n_target_tokens / max(self.elapsed_s, 1e-9)


class BundleTranslator:
    """The engine that ships, on one CPU thread, for scoring: the model alone, without placeholders,
    glossary, second tries and post-processing."""

    def __init__(self, bundle: Bundle, beam_size: int = 4, compute_type: str | None = None) -> None:
        self._engine = CTranslate2Engine(open_token_model(str(bundle.folder)), compute_type or "")
        self._beam_size = beam_size
        self._gap = " " if find_pair(bundle.source_language, bundle.target_language).spaced else ""

    def translate(self, sources: Sequence[str]) -> tuple[list[str], Speed]:
        """Returns hypotheses in order; sources over the limit of the student are cut as by a worker."""
        limit, count = self._engine.max_source_tokens, self._engine.count_tokens
        cut = [split_long(source, limit, count) for source in sources]
        began = time.perf_counter()
        decoded = self._engine.decode([part for parts in cut for part in parts], Decoding(self._beam_size))
        elapsed_s = time.perf_counter() - began
        targets = [list(one.targets[0]) if one.targets else [] for one in decoded]
        texts = iter(map(self._engine.tokenizer.decode, targets))
        speed = Speed(sum(len(pieces) + 1 for pieces in targets), elapsed_s)
        return [self._gap.join(next(texts) for _ in parts) for parts in cut], speed


def score(test: EvaluationSet, hypotheses: Sequence[str], target_language: str) -> SetScore:
    """Corpus BLEU and chrF of the hypotheses."""
    bleu = BLEU(tokenize=BLEU_TOKENIZERS.get(target_language, "13a"))
    chrf = CHRF()
    references = [list(test.references)]
    # Few segments give no meaningful interval, and sacrebleu refuses a single one.
    n_bootstrap = _BOOTSTRAP if len(test.sources) >= 20 else 1
    b = bleu.corpus_score(list(hypotheses), references, n_bootstrap=n_bootstrap)
    c = chrf.corpus_score(list(hypotheses), references, n_bootstrap=n_bootstrap)
    return SetScore(
        test.name,
        len(test.sources),
        float(b.score),
        _interval(b),
        float(c.score),
        _interval(c),
        str(bleu.get_signature()),
        str(chrf.get_signature()),
    )


def _interval(result: object) -> float:
    """Half width at 95 %; 0 where sacrebleu made none."""
    return max(0.0, float(getattr(result, "_ci", 0.0)))


def read_evaluation_set(name: str, source: Path, reference: Path, limit: int | None = None) -> EvaluationSet:
    """Returns a test set of two files with one segment a line."""
    sources, references = (
        tuple(path.read_text(encoding="utf-8").splitlines()[:limit]) for path in (source, reference)
    )
    if len(sources) != len(references):
        raise ConfigError(f"{source} has {len(sources)} lines, {reference} {len(references)}")
    return EvaluationSet(name, sources, references)


def read_domains(path: Path, limit: int | None = None) -> list[EvaluationSet]:
    """Returns one test set for each domain of a held-out file (prepare.py), and one of all."""
    rows = read_held_out(path)
    sets = []
    for domain in sorted({row[0] for row in rows}):
        mine = [row for row in rows if row[0] == domain][:limit]
        sets.append(_evaluation_set(f"{path.stem}/{domain}", mine))
    everything = [
        (path.stem, s, r) for test in sets for s, r in zip(test.sources, test.references, strict=True)
    ]
    return [_evaluation_set(path.stem, everything), *sets]


def _evaluation_set(name: str, rows: Iterable[tuple[str, str, str]]) -> EvaluationSet:
    rows = list(rows)
    return EvaluationSet(name, tuple(row[1] for row in rows), tuple(row[2] for row in rows))
