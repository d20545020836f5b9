"""The layers of CSANMT: attention with relative positions, encoder and decoder layers."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Cache

from batchtx.distill.teacher.configuration import CsanmtConfig

NORM_EPSILON = 1e-6
HIDDEN = -1e9


class RelativePositions(nn.Module):
    """Learned vectors for clipped distances (Shaw et al. 2018), with query minus key as distance.

    The sign is opposite to the paper's.
    """

    def __init__(self, distance: int, head_width: int) -> None:
        super().__init__()
        self.distance = distance
        self.keys = nn.Parameter(torch.empty(2 * distance + 1, head_width))
        self.values = nn.Parameter(torch.empty(2 * distance + 1, head_width))

    def rows(self, query_len: int, key_len: int, device: torch.device) -> Tensor:
        """Returns table rows [query_len, key_len]; the queries are the last of the keys."""
        query = torch.arange(key_len - query_len, key_len, device=device)
        key = torch.arange(key_len, device=device)
        return (query[:, None] - key).clamp(-self.distance, self.distance) + self.distance


class Attention(nn.Module):
    """Multi-head attention; queries are scaled after projection."""

    def __init__(self, config: CsanmtConfig, layer: int, *, relative: bool = False) -> None:
        super().__init__()
        width = config.d_model
        self.heads, self.layer = config.heads, layer
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)
        self.relative = (
            RelativePositions(config.max_relative_distance, width // config.heads) if relative else None
        )

    def forward(
        self, query: Tensor, memory: Tensor | None, bias: Tensor, cache: Cache | None = None
    ) -> Tensor:
        """Maps query [batch, query_len, width]; memory [batch, key_len, width], or None when the cache
        already holds its keys and values; bias is added to logits [batch, heads, query_len, key_len].
        """
        batch, query_len, width = query.shape
        q = self._split(self.query(query)) * (width // self.heads) ** -0.5
        if memory is None:
            stored: Any = cache.layers[self.layer] if cache is not None else None
            k, v = stored.keys, stored.values
        else:
            k, v = self._split(self.key(memory)), self._split(self.value(memory))
            if cache is not None:
                k, v = cache.update(k, v, self.layer)
        scores = q @ k.transpose(-1, -2)  # [batch, heads, query_len, key_len]
        if self.relative is not None:
            rows = self.relative.rows(query_len, k.shape[2], q.device)
            scores = scores + torch.einsum("bhqd,qkd->bhqk", q, self.relative.keys[rows])
        weights = (scores + bias).softmax(-1)
        mixed = weights @ v
        if self.relative is not None:
            mixed = mixed + torch.einsum("bhqk,qkd->bhqd", weights, self.relative.values[rows])
        return self.output(mixed.transpose(1, 2).reshape(batch, query_len, width))

    def _split(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)


class FeedForward(nn.Module):
    """Two linear maps with a rectifier between."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.input = nn.Linear(width, inner)
        self.output = nn.Linear(inner, width)

    def forward(self, x: Tensor) -> Tensor:
        """Maps [..., width] -> the same shape."""
        return self.output(F.relu(self.input(x)))


class Residual(nn.Module):
    """Norm before (pre) or after (post) a sublayer, dropout and sum."""

    def __init__(self, config: CsanmtConfig) -> None:
        super().__init__()
        self.before, self.dropout = config.normalize_before, config.dropout
        self.norm = layer_norm(config.d_model)

    def enter(self, x: Tensor) -> Tensor:
        """Returns what the sublayer reads."""
        return self.norm(x) if self.before else x

    def leave(self, x: Tensor, update: Tensor) -> Tensor:
        """Returns the sum, normalised when norms stand after."""
        x = x + F.dropout(update, self.dropout, self.training)
        return x if self.before else self.norm(x)


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward; padded positions are zeroed at the end."""

    def __init__(self, config: CsanmtConfig, *, relative: bool) -> None:
        super().__init__()
        self.attention = Attention(config, 0, relative=relative)
        self.attention_residual = Residual(config)
        self.feed_forward = FeedForward(config.d_model, config.feed_forward)
        self.feed_forward_residual = Residual(config)

    def forward(self, x: Tensor, keep: Tensor, bias: Tensor) -> Tensor:
        """Maps x [batch, source_len, width], keep [batch, source_len, 1]."""
        inner = self.attention_residual.enter(x)
        x = self.attention_residual.leave(x, self.attention(inner, inner, bias))
        inner = self.feed_forward_residual.enter(x)
        return self.feed_forward_residual.leave(x, self.feed_forward(inner)) * keep


class DecoderLayer(nn.Module):
    """Adds the semantic vector, then self-attention, attention to the source, feed-forward."""

    def __init__(self, config: CsanmtConfig, layer: int) -> None:
        super().__init__()
        self.augmentation = FeedForward(config.d_model, config.d_model)
        self.augmentation_residual = Residual(config)
        self.self_attention = Attention(config, layer, relative=config.positions == "relative")
        self.self_attention_residual = Residual(config)
        self.source_attention = Attention(config, layer)
        self.source_attention_residual = Residual(config)
        self.feed_forward = FeedForward(config.d_model, config.feed_forward)
        self.feed_forward_residual = Residual(config)

    def forward(
        self,
        x: Tensor,
        semantic: Tensor,
        causal_bias: Tensor,
        memory: Tensor | None,
        memory_bias: Tensor,
        self_cache: Cache | None,
        source_cache: Cache | None,
    ) -> Tensor:
        """Maps x [batch, target_len, width], semantic [batch, 1, width]."""
        update = self.augmentation(self.augmentation_residual.enter(semantic))
        x = self.augmentation_residual.leave(x, update)
        inner = self.self_attention_residual.enter(x)
        update = self.self_attention(inner, inner, causal_bias, self_cache)
        x = self.self_attention_residual.leave(x, update)
        inner = self.source_attention_residual.enter(x)
        update = self.source_attention(inner, memory, memory_bias, source_cache)
        x = self.source_attention_residual.leave(x, update)
        inner = self.feed_forward_residual.enter(x)
        return self.feed_forward_residual.leave(x, self.feed_forward(inner))


def layer_norm(width: int) -> nn.LayerNorm:
    """Returns layer norm with the epsilon of CSANMT."""
    return nn.LayerNorm(width, eps=NORM_EPSILON)


def sinusoids(start: int, length: int, width: int, device: torch.device) -> Tensor:
    """Positions [length, width]: sines, then cosines, with the rates of tensor2tensor."""
    half = width // 2
    rates = torch.exp(torch.arange(half, device=device) * (-math.log(10000.0) / (half - 1)))
    angles = torch.arange(start, start + length, device=device)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)
