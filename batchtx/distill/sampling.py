"""Targets that a network writes itself: greedy, or sampled by probability."""

from __future__ import annotations

import torch
from torch import Tensor

from batchtx.distill.network import Network
from batchtx.distill.vocabulary import END_ID, PAD_ID


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
        if generator is None:
            token = logits.argmax(-1)
        else:
            token = torch.multinomial(logits.softmax(-1), 1, generator=generator).squeeze(-1)
        token = torch.where(open_rows, token, PAD_ID)
        written = torch.cat([written, token[:, None]], dim=1)
        open_rows &= token != END_ID
        if not open_rows.any():
            break
    return written[:, 1:]
