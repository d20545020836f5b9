"""What training looks at between updates: some of the held-out pairs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece
import torch
from sacrebleu.metrics.bleu import BLEU

from batchtx.distill.data import pairs as data
from batchtx.distill.data.held_out import DEV, read_held_out
from batchtx.distill.data.pairs import Batch
from batchtx.distill.data.vocabulary import PAD_ID
from batchtx.distill.nets.network import Network
from batchtx.distill.recipe import DataRecipe
from batchtx.distill.train import parallel
from batchtx.distill.train.rewards import BLEU_TOKENIZERS
from batchtx.distill.train.sampling import translate


@dataclass(frozen=True, slots=True)
class DevSample:
    """Held-out segments spread evenly over the dev set: the share of one rank."""

    spm_file: Path
    recipe: DataRecipe
    sources: tuple[str, ...]
    references: tuple[str, ...]

    def bleu(self, network: Network) -> float:
        """Returns BLEU of greedy hypotheses for the segments of all ranks; each of them must call it."""
        network.eval()
        hypotheses = translate(network, self.spm_file, self.sources, self.recipe.max_tokens)
        network.train()
        tokenizer = BLEU_TOKENIZERS.get(self.recipe.target_language, "13a")
        counts = torch.zeros(10, dtype=torch.float64)
        if hypotheses:
            # force: hypotheses are plain text, whatever sacrebleu takes their final full stops for.
            score = BLEU(tokenize=tokenizer, force=True).corpus_score(hypotheses, [list(self.references)])
            counts += torch.tensor([*score.counts, *score.totals, score.sys_len, score.ref_len])
        *ngrams, sys_len, ref_len = (round(count) for count in parallel.add_up(counts).tolist())
        return float(BLEU.compute_bleu(ngrams[:4], ngrams[4:], sys_len, ref_len, "exp").score)


def dev_sample(data_folder: Path, recipe: DataRecipe, n_segments: int, rank: int, n_ranks: int) -> DevSample:
    """Returns the segments of this rank."""
    rows = read_held_out(data_folder / DEV)
    places = np.linspace(0, len(rows), min(n_segments, len(rows)), endpoint=False).astype(int)
    mine = [rows[place] for place in places[rank::n_ranks]]
    sources, references = (tuple(row[side] for row in mine) for side in (1, 2))
    return DevSample(data_folder / "vocabulary.spm", recipe, sources, references)


def dev_batches(data_folder: Path, max_tokens: int, micro: int) -> list[Batch]:
    """Returns every fifth held-out pair, encoded; too long ones are cut."""
    spm = sentencepiece.SentencePieceProcessor(model_file=str(data_folder / "vocabulary.spm"))
    n_target = data.read_manifest(data_folder)["n_target"]
    rows = read_held_out(data_folder / DEV)[::5]
    sources = spm.encode([row[1] for row in rows], add_eos=True)
    targets = spm.encode([row[2] for row in rows], add_eos=True)
    pairs = [
        (source[:max_tokens], target[:max_tokens])
        for source, target in zip(sources, targets, strict=True)
        if max(target[:max_tokens]) < n_target
    ]
    corpus = data.corpus_of(pairs)
    return [data.make_batch(corpus, indices, PAD_ID) for indices in data.length_batches(corpus, micro)]
