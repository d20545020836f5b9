"""Losses of the later stages: distillation from kept words, and policy gradient."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

_TINY = 1e-8


def word_kd_loss(logits: Tensor, ids: Tensor, probabilities: Tensor, temperature: Tensor) -> Tensor:
    """Returns KL divergence from the teacher's likeliest words, in nats (Kim and Rush 2016, section 3.1).

    All words that were not kept count as one outcome. Multiplied by the square of the temperature,
    so that gradients keep their size (Hinton et al. 2015, section 2). Training uses the form that is
    fused with the output layer, losses.distilled_output_loss.

    Args:
        logits: [n_tokens, vocab] of the student.
        ids: [n_tokens, top_k] words that the teacher finds likeliest.
        probabilities: [n_tokens, top_k] of these words at the temperature; the sum is at most 1.
        temperature: [n_tokens].

    Returns:
        [n_tokens].
    """
    log_p = F.log_softmax(logits.float() / temperature[:, None], dim=-1)  # [n_tokens, vocab]
    kept = log_p.gather(-1, ids)  # [n_tokens, top_k]
    rest_p = (1.0 - kept.exp().sum(-1)).clamp_min(_TINY)  # [n_tokens]
    rest_q = (1.0 - probabilities.sum(-1)).clamp_min(0.0)
    divergence = (probabilities * (probabilities.clamp_min(_TINY).log() - kept)).sum(-1)
    divergence = divergence + rest_q * (rest_q.clamp_min(_TINY).log() - rest_p.log())
    return divergence * temperature**2


def retemper(probabilities: Tensor, exponent: float) -> Tensor:
    """Returns kept probabilities [n_tokens, top_k] at another temperature.

    exponent is old temperature / new temperature; the rest is moved as one outcome.
    """
    rest = (1.0 - probabilities.sum(-1, keepdim=True)).clamp_min(0.0)
    powers = torch.cat([probabilities, rest], -1).clamp_min(_TINY) ** exponent
    return powers[:, :-1] / powers.sum(-1, keepdim=True)


def dynamic_strength(source_len: int, steady_length: int) -> tuple[float, float]:
    """Factors on weight and temperature of distillation for a source of this many tokens.

    Short sources are learnt from references alone quickly: distillation starts at half its weight
    and temperature and reaches both at steady_length.
    """
    share = min(1.0, source_len / steady_length)
    return 0.5 + 0.5 * share, 0.5 + 0.5 * share


def policy_gradient_loss(log_p: Tensor, advantage: Tensor) -> Tensor:
    """Returns the self-critical policy gradient (Rennie et al. 2017, section 3), summed over sampled tokens.

    Training uses the fused form, losses.policy_output_loss.

    Args:
        log_p: [batch, target_len] of the sampled tokens, 0 where there is none.
        advantage: [batch], reward of the sample minus reward of the greedy target.
    """
    return -(advantage.detach()[:, None] * log_p).sum()
