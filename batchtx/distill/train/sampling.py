"""Targets that a network writes itself: greedy, or sampled by probability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import sentencepiece
import torch
from torch import Tensor

from batchtx.distill.data.vocabulary import END_ID, PAD_ID
from batchtx.distill.nets.network import Network


def translate(network: Network, spm_file: Path, sources: Sequence[str], max_tokens: int) -> list[str]:
    """Hypotheses in order, by greedy search; sources over max_tokens are cut."""
    spm = sentencepiece.SentencePieceProcessor(model_file=str(spm_file))
    device = next(network.parameters()).device
    by_length: dict[int, list[int]] = defaultdict(list)
    encoded = [[*spm.encode(source)[: max_tokens - 1], END_ID] for source in sources]
    for at, ids in enumerate(encoded):
        by_length[len(ids)].append(at)
    hypotheses = [""] * len(sources)
    for length, group in by_length.items():
        source = torch.tensor([encoded[at] for at in group], device=device)
        written = write_targets(network, source, 2 * length + 10)
        for at, row in zip(group, written.tolist(), strict=True):
            hypotheses[at] = spm.decode([i for i in row if i not in (PAD_ID, END_ID)])
    return hypotheses


@torch.no_grad()
def write_targets(
    network: Network, source: Tensor, longest: int, generator: torch.Generator | None = None
) -> Tensor:
    """Targets [batch, target_len] for sources [batch, source_len], padded behind their end.

    Greedy without a generator, else sampled at temperature 1. The decoder is run anew for each
    token: fine for the two layers and short targets that it is used for.
    """
    memory = network.encode(source)
    written = torch.full((len(source), 1), PAD_ID, device=source.device)
    open_rows = torch.ones(len(source), dtype=torch.bool, device=source.device)
    for _ in range(longest):
        logits = network.logits(network.decode(written, memory)[:, -1]).float()
        logits[:, PAD_ID] = -torch.inf
        token = logits.argmax(-1) if generator is None else _draw(logits.softmax(-1), generator)
        token = torch.where(open_rows, token, PAD_ID)
        written = torch.cat([written, token[:, None]], dim=1)
        open_rows &= token != END_ID
        if not open_rows.any():
            break
    return written[:, 1:]


def _draw(probabilities: Tensor, generator: torch.Generator) -> Tensor:
    """One word [batch] of each row of [batch, vocab]: torch.multinomial draws a number for every word."""
    cumulative = probabilities.cumsum(-1)
    drawn = torch.rand(len(cumulative), 1, generator=generator, device=cumulative.device)
    token = torch.searchsorted(cumulative, drawn * cumulative[:, -1:]).squeeze(-1)
    return token.clamp_max(cumulative.shape[-1] - 1)
