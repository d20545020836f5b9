"""Losses, each in a function of its own."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from batchtx.distill.nets.network import gradient_of

_CHUNK = 192
_ACCELERATOR_CHUNK = 8192
_TINY = 1e-8


@dataclass(frozen=True, slots=True)
class SoftTargets:
    """What a teacher finds likely before each token (kd_losses.word_kd_loss): ids and probabilities
    [n_tokens, top_k] at a temperature, and the weight of the divergence in the loss."""

    ids: Tensor
    probabilities: Tensor
    temperature: float
    weight: float


def label_smoothed_loss(
    logits: Tensor, labels: Tensor, mask: Tensor, smoothing: float
) -> tuple[Tensor, Tensor]:
    """Returns cross-entropy against smoothed labels, in nats (Szegedy et al. 2016, section 7).

    Args:
        logits: [batch, target_len, vocab].
        labels: [batch, target_len] ids.
        mask: [batch, target_len], True where a real token stands.
        smoothing: probability that is spread evenly over the vocabulary.

    Returns:
        The smoothed loss and the plain negative log-likelihood, both summed over real tokens.
    """
    log_p = F.log_softmax(logits.float(), dim=-1)  # [batch, target_len, vocab]
    nll = -log_p.gather(-1, labels[..., None]).squeeze(-1)  # [batch, target_len]
    loss = (1 - smoothing) * nll - smoothing * log_p.mean(-1)
    return loss[mask].sum(), nll[mask].sum()


def output_loss(
    hidden: Tensor, table: Tensor, n_target: int, labels: Tensor, smoothing: float
) -> tuple[Tensor, Tensor]:
    """Returns `label_smoothed_loss` fused with the output layer, for CPUs.

    Logits are made for a few rows at a time, stay in the cache, and their gradient is taken at
    once; the table's gradient is added to table.grad in place (see GatherRows).

    Args:
        hidden: [n_tokens, width], real tokens only.
        table: [vocab, width]; its first n_target rows are the output layer.
        n_target: size of the target vocabulary.
        labels: [n_tokens] ids.
        smoothing: as in label_smoothed_loss.

    Returns:
        The smoothed loss and the negative log-likelihood (without gradient), summed.
    """
    return _OutputLoss.apply(hidden, table, n_target, labels, smoothing, _weights(labels, 1.0), None)


def distilled_output_loss(
    hidden: Tensor,
    table: Tensor,
    n_target: int,
    labels: Tensor,
    smoothing: float,
    weight: float,
    soft: SoftTargets,
) -> tuple[Tensor, Tensor]:
    """Returns weight * the smoothed loss + soft.weight * `kd_losses.word_kd_loss`, fused like `output_loss`.

    Returns:
        The loss and the plain negative log-likelihood (without gradient), summed, in nats.
    """
    return _OutputLoss.apply(hidden, table, n_target, labels, smoothing, _weights(labels, weight), soft)


def policy_output_loss(
    hidden: Tensor, table: Tensor, n_target: int, sampled: Tensor, advantage: Tensor
) -> Tensor:
    """Returns `kd_losses.policy_gradient_loss` fused with the output layer.

    Args:
        hidden: [n_tokens, width], states that predict the sampled tokens.
        table, n_target: as in output_loss.
        sampled: [n_tokens] ids.
        advantage: [n_tokens], of the sample that the token belongs to.

    Returns:
        The sum of -advantage * log-probability.
    """
    loss, _ = _OutputLoss.apply(hidden, table, n_target, sampled, 0.0, advantage[:, None], None)
    return loss


def alignment_loss(scores: Tensor, links: Tensor) -> Tensor:
    """Returns guided alignment: cross-entropy of one head's attention, in nats (Chen et al. 2016, section 3).

    Args:
        scores: [batch, target_len, source_len] before softmax, of the step that predicts each token.
        links: [batch, target_len] source position of each target token, negative where unknown.

    Returns:
        The sum over the target tokens that have a link.
    """
    known = links >= 0
    log_p = F.log_softmax(scores[known].float(), dim=-1)  # [n_known, source_len]
    return -log_p.gather(-1, links[known][:, None]).sum()


def _weights(labels: Tensor, weight: float) -> Tensor:
    return torch.full((len(labels), 1), weight, device=labels.device)


class _OutputLoss(torch.autograd.Function):
    """Each token counts with a weight [n_tokens, 1].

    The even part of smoothed labels is a constant vector and is added outside the chunks.
    """

    @staticmethod
    def forward(ctx, hidden, table, n_target, labels, smoothing, weights, soft):  # type: ignore[no-untyped-def]
        with torch.autocast(hidden.device.type, enabled=False):
            output = table.detach()[:n_target].to(hidden.dtype)
            mean_output = table.detach()[:n_target].mean(0)  # [width]
            d_hidden = torch.empty_like(hidden)
            errors = hidden.new_empty(len(labels), n_target)
            loss = hidden.new_zeros((), dtype=torch.float32)
            nll = loss.clone()
            chunk = _CHUNK if hidden.device.type == "cpu" else _ACCELERATOR_CHUNK
            for start in range(0, len(labels), chunk):
                part = slice(start, start + chunk)
                label, weight = labels[part, None], weights[part]
                logits = (hidden[part] @ output.T).float()  # [chunk, n_target]
                chosen = logits.gather(-1, label)
                softened = None if soft is None else _soft_error(logits, soft, part)
                highest = logits.amax(-1, keepdim=True)
                total = logits.sub_(highest).exp_().sum(-1, keepdim=True)
                log_z = total.log() + highest
                nll += (log_z - chosen).sum()
                loss += (weight * (log_z - (1 - smoothing) * chosen)).sum()
                error = logits.mul_(weight / total)
                error.scatter_add_(-1, label, weight * (smoothing - 1.0))
                if softened is not None:
                    error += softened[0]
                    loss += softened[1]
                errors[part] = error
                d_hidden[part] = errors[part] @ output
            weighted = weights.T @ hidden.float()  # [1, width]
            loss -= smoothing * (weighted @ mean_output).squeeze()
            d_hidden -= (smoothing * weights * mean_output).to(hidden.dtype)
            d_output = (errors.T @ hidden).float()
            d_output -= smoothing / n_target * weighted
        ctx.save_for_backward(d_hidden, d_output)
        ctx.table, ctx.n_target = table, n_target
        ctx.mark_non_differentiable(nll)
        return loss, nll

    @staticmethod
    def backward(ctx, d_loss, _):  # type: ignore[no-untyped-def]
        d_hidden, d_output = ctx.saved_tensors
        gradient_of(ctx.table)[: ctx.n_target].add_(d_output, alpha=float(d_loss))
        return d_hidden * d_loss.to(d_hidden.dtype), *[None] * 6


def _soft_error(logits: Tensor, soft: SoftTargets, part: slice) -> tuple[Tensor, Tensor]:
    """Gradient of the weighted divergence by the logits [chunk, n_target], and its sum.

    With p the student's and q the teacher's probabilities at the temperature T, the gradient of
    T^2 * KL is T * (p - q) at a kept word and T * p * (1 - q_rest / p_rest) at any other.
    """
    ids, q = soft.ids[part], soft.probabilities[part]  # [chunk, top_k]
    p = (logits / soft.temperature).softmax(-1)  # [chunk, n_target]
    kept = p.gather(-1, ids)
    p_rest = (1.0 - kept.sum(-1, keepdim=True)).clamp_min(_TINY)  # [chunk, 1]
    q_rest = (1.0 - q.sum(-1, keepdim=True)).clamp_min(0.0)
    divergence = (q * (q.clamp_min(_TINY) / kept.clamp_min(_TINY)).log()).sum()
    divergence = divergence + (q_rest * (q_rest.clamp_min(_TINY) / p_rest).log()).sum()
    scale = soft.weight * soft.temperature
    error = p.mul_(scale * (1.0 - q_rest / p_rest))
    error.scatter_(-1, ids, scale * (kept - q))
    return error, divergence * (scale * soft.temperature)
