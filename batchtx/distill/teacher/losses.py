"""Losses of the three training stages of CSANMT (Wei et al. 2022)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

_TINY = 1e-12


def smoothed_loss(logits: Tensor, labels: Tensor, mask: Tensor, confidence: float = 0.9) -> Tensor:
    """Returns cross-entropy in nats against labels that share 1 - confidence among the other words.

    Args:
        logits: [batch, target_len, vocab].
        labels: [batch, target_len], with the end symbol.
        mask: [batch, target_len], True for tokens and their end symbol.
        confidence: probability of the right word.
    """
    log_p = logits.log_softmax(-1)
    off = (1.0 - confidence) / (logits.shape[-1] - 1)
    right = log_p.gather(-1, labels[..., None]).squeeze(-1)  # [batch, target_len]
    loss = -(confidence * right + off * (log_p.sum(-1) - right))
    return (loss * mask).sum() / mask.sum()


@dataclass(frozen=True, slots=True)
class Draws:
    """Gaussian draws for `mgrc_samples`, both [n_samples, batch, 1, width].

    along has mean 0 and deviation W_r (see there), free has mean 0 and deviation 1.
    """

    along: Tensor
    free: Tensor


def deviations(start: Tensor, end: Tensor) -> Tensor:
    """Returns W_r: the size of each component of the difference, scaled to 0 ... 1 (section 3.2)."""
    size = (end - start).abs()
    low, high = size.amin(-1, keepdim=True), size.amax(-1, keepdim=True)
    return (size - low + _TINY) / (high - low + 2 * _TINY)


def draw(source: Tensor, target: Tensor, n_samples: int, generator: torch.Generator) -> Draws:
    """Draws for n_samples samples, half of them from the source, half from the target."""
    shape = (n_samples, *source.shape)
    # Drawn on the CPU, so that all devices draw the same.
    along, free = (torch.randn(shape, generator=generator).to(source.device) for _ in range(2))
    return Draws(along * deviations(source, target), free)


def mgrc_samples(source: Tensor, target: Tensor, draws: Draws, mix: float = 0.6) -> Tensor:
    """Returns semantic vectors between source and target: mixed Gaussian recurrent chain (section 3.2).

    As the published code does it: the second Gaussian has mean 0, so there is no recurrence.

    Args:
        source: [batch, 1, width].
        target: [batch, 1, width].
        draws: of an even number n of samples; the first half walks from the source.
        mix: eta, the weight of the draws along the difference.

    Returns:
        [n * batch, 1, width], all pairs of one sample together.
    """
    half = len(draws.along) // 2
    weights = mix * draws.along + (1.0 - mix) * draws.free
    forward = source + weights[:half] * (target - source)
    backward = target + weights[half:] * (source - target)
    return torch.cat([forward, backward]).flatten(0, 1)


def tangential_contrastive_loss(
    source: Tensor, target: Tensor, generator: torch.Generator, n_negatives: int = 8
) -> Tensor:
    """Translations near, interpolated hard negatives far (section 3.1), in nats.

    A negative is moved from a random other sentence towards the pair until it is hardly farther
    away than the translation: r' = r + lambda (r_other - r) with lambda in (d / d', 1].

    Args:
        source: [batch, 1, width] semantic vectors of sources; batch > 1.
        target: [batch, 1, width] of their translations.
        generator: for the choice of negatives and lambda.
        n_negatives: hard negatives of each side.
    """
    x, y = source.squeeze(1), target.squeeze(1)
    distance = (x - y).norm(dim=-1)[:, None]  # [batch, 1]
    hard_y = _hard_negatives(y, distance, n_negatives, generator)
    hard_x = _hard_negatives(x, distance, n_negatives, generator)
    positive = F.cosine_similarity(x, y)[:, None]
    logits = torch.cat(
        [
            positive,
            F.cosine_similarity(x[:, None], hard_y, dim=-1),
            F.cosine_similarity(y[:, None], hard_x, dim=-1),
        ],
        dim=1,
    )
    return -logits.log_softmax(-1)[:, 0].mean()


def _hard_negatives(own: Tensor, distance: Tensor, n: int, generator: torch.Generator) -> Tensor:
    """[batch, n, width]."""
    batch = len(own)
    shift = torch.randint(1, batch, (batch, n), generator=generator)
    others = own[(torch.arange(batch)[:, None] + shift) % batch]  # [batch, n, width]
    apart = (others - own[:, None]).norm(dim=-1)  # [batch, n]
    lowest = (distance / apart.clamp_min(_TINY)).clamp(max=1.0)
    draw_ = torch.rand(lowest.shape, generator=generator).to(own.device)
    step = (lowest + draw_ * (1.0 - lowest)).detach()
    return own[:, None] + step[..., None] * (others - own[:, None])
