"""A transformer that trains fast on CPUs, with the weights of a MarianMTModel (post-norm), of a
PegasusForConditionalGeneration (pre-norm), or of a BartForConditionalGeneration (laid out as BERT is).

Sources of a batch have one length and targets are padded at the end only, so no padding mask is
needed anywhere: the causal mask keeps padding from real tokens, and the loss leaves it out.
"""

from __future__ import annotations

import math
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from batchtx.distill.data.vocabulary import PAD_ID
from batchtx.distill.recipe import NetworkRecipe

MAX_POSITIONS = 512
ALIGNMENT_HEAD = 0
"""The head of the last decoder layer that guided alignment trains."""

_INITIAL_DEVIATION = 0.02


class Attention(nn.Module):
    """Multi-head attention (Vaswani et al. 2017, section 3.2.2)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, query: Tensor, memory: Tensor, *, causal: bool = False) -> Tensor:
        """Maps query [batch, query_len, width], memory [batch, memory_len, width] -> like query."""
        q, k, v = self._project(query, memory)
        # scaled_dot_product_attention takes five times as long backward on CPUs.
        if _is_on_cpu(query):
            return self._join(self._heads(_products(q, k, v, causal=causal)[0]))
        return self._join(self._fused(q, k, v, causal=causal))

    def attend(self, query: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Returns also the alignment head's scores before softmax: [batch, query_len, memory_len]."""
        q, k, v = self._project(query, memory)
        if _is_on_cpu(query):
            mixed, scores = _products(q, k, v, causal=False)
            return self._join(self._heads(mixed)), self._heads(scores)[:, ALIGNMENT_HEAD]
        scores = torch.bmm(self._heads(q)[:, ALIGNMENT_HEAD], self._heads(k)[:, ALIGNMENT_HEAD].mT)
        return self._join(self._fused(q, k, v, causal=False)), scores

    def _project(self, query: Tensor, memory: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Each [batch * heads, len, width / heads]."""
        q = self._split(self.q_proj(query) * (query.shape[-1] // self.heads) ** -0.5)
        return q, self._split(self.k_proj(memory)), self._split(self.v_proj(memory))

    def _fused(self, q: Tensor, k: Tensor, v: Tensor, *, causal: bool) -> Tensor:
        """[batch, heads, query_len, width / heads] from one kernel, for accelerators: it keeps no scores."""
        q, k, v = self._heads(q), self._heads(k), self._heads(v)
        return F.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=1.0)

    def _heads(self, x: Tensor) -> Tensor:
        """[batch * heads, ...] -> [batch, heads, ...]."""
        return x.view(-1, self.heads, *x.shape[1:])

    def _join(self, mixed: Tensor) -> Tensor:
        """[batch, heads, query_len, width / heads] -> [batch, query_len, width], through the last layer."""
        return self.out_proj(mixed.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        """[batch, len, width] -> [batch * heads, len, width / heads]."""
        batch, length, width = x.shape
        x = x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
        return x.reshape(batch * self.heads, length, width // self.heads)


def _is_on_cpu(x: Tensor) -> bool:
    return x.is_cpu


def _products(q: Tensor, k: Tensor, v: Tensor, *, causal: bool) -> tuple[Tensor, Tensor]:
    """Values mixed by plain batched products, and the scores [batch * heads, query_len, memory_len]."""
    if causal:
        future = torch.full((q.shape[1], k.shape[1]), -torch.inf, dtype=q.dtype, device=q.device)
        future = future.triu(1)
        scores = torch.baddbmm(future, q, k.transpose(1, 2))
    else:
        scores = torch.bmm(q, k.transpose(1, 2))
    return torch.bmm(scores.softmax(-1).to(v.dtype), v), scores


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward with residual sums; a layer norm behind each sum, or before each
    sublayer (pre-norm; Xiong et al. 2020)."""

    def __init__(self, recipe: NetworkRecipe) -> None:
        super().__init__()
        self.dropout, self.pre_norm = recipe.dropout, recipe.pre_norm
        self.activation = F.gelu if recipe.bart else F.relu
        self.self_attn = Attention(recipe.width, recipe.heads)
        self.self_attn_layer_norm = nn.LayerNorm(recipe.width)
        self.fc1 = nn.Linear(recipe.width, recipe.feed_forward)
        self.fc2 = nn.Linear(recipe.feed_forward, recipe.width)
        self.final_layer_norm = nn.LayerNorm(recipe.width)

    def forward(self, x: Tensor) -> Tensor:
        """Maps [batch, source_len, width] -> the same shape."""
        read = self._read(x, self.self_attn_layer_norm)
        x = self._add(x, self.self_attn(read, read), self.self_attn_layer_norm)
        return self._feed_forward(x)

    def _feed_forward(self, x: Tensor) -> Tensor:
        read = self._read(x, self.final_layer_norm)
        return self._add(x, self.fc2(self.activation(self.fc1(read))), self.final_layer_norm)

    def _read(self, x: Tensor, norm: nn.Module) -> Tensor:
        """What a sublayer reads."""
        return norm(x) if self.pre_norm else x

    def _add(self, x: Tensor, output: Tensor, norm: nn.Module) -> Tensor:
        """The residual sum with a sublayer's output, which dropout thins."""
        if self.dropout:
            output = F.dropout(output, self.dropout, self.training)
        return x + output if self.pre_norm else norm(x + output)


class DecoderLayer(EncoderLayer):
    """The same with attention to the encoder in between."""

    def __init__(self, recipe: NetworkRecipe) -> None:
        super().__init__(recipe)
        self.encoder_attn = Attention(recipe.width, recipe.heads)
        self.encoder_attn_layer_norm = nn.LayerNorm(recipe.width)

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:  # type: ignore[override]
        """Maps x [batch, target_len, width], memory [batch, source_len, width] -> like x."""
        x = self._attend_self(x)
        mixed = self.encoder_attn(self._read(x, self.encoder_attn_layer_norm), memory)
        return self._transform(x, mixed)

    def attend(self, x: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Returns also the scores of the alignment head: [batch, target_len, source_len]."""
        x = self._attend_self(x)
        mixed, scores = self.encoder_attn.attend(self._read(x, self.encoder_attn_layer_norm), memory)
        return self._transform(x, mixed), scores

    def _attend_self(self, x: Tensor) -> Tensor:
        read = self._read(x, self.self_attn_layer_norm)
        return self._add(x, self.self_attn(read, read, causal=True), self.self_attn_layer_norm)

    def _transform(self, x: Tensor, mixed: Tensor) -> Tensor:
        return self._feed_forward(self._add(x, mixed, self.encoder_attn_layer_norm))


class Network(nn.Module):
    """Encoder and decoder over one embedding table.

    The decoder and the output layer use the first `n_target` rows of the table.
    """

    def __init__(self, recipe: NetworkRecipe, n_source: int, n_target: int) -> None:
        super().__init__()
        self.n_target, self.dropout = n_target, recipe.dropout
        self.scale = 1.0 if recipe.bart else math.sqrt(recipe.width)
        self.has_pretrained_encoder = bool(recipe.encoder)
        self.shared = nn.Parameter(torch.empty(n_source, recipe.width))
        self.encoder_layers = nn.ModuleList(EncoderLayer(recipe) for _ in range(recipe.encoder_layers))
        self.decoder_layers = nn.ModuleList(DecoderLayer(recipe) for _ in range(recipe.decoder_layers))
        self.encoder_layer_norm, self.decoder_layer_norm = _last_norm(recipe), _last_norm(recipe)
        self.positions: Tensor
        if recipe.bart:
            for side in ("encoder", "decoder"):
                learned = nn.Parameter(torch.empty(MAX_POSITIONS, recipe.width))
                self.register_parameter(f"{side}_position_embedding", learned)
                setattr(self, f"{side}_embedding_norm", nn.LayerNorm(recipe.width))
        else:
            self.register_buffer("positions", sinusoids(MAX_POSITIONS, recipe.width), persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=_initial_deviation(name, parameter))
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def encode(self, source: Tensor) -> Tensor:
        """Maps [batch, source_len] ids -> [batch, source_len, width]."""
        x = self._embed(source, "encoder")
        for layer in self.encoder_layers:
            x = layer(x)
        return cast(Tensor, self.encoder_layer_norm(x))

    def decode(self, target_input: Tensor, memory: Tensor) -> Tensor:
        """Maps [batch, target_len] ids, begun by padding -> hidden [batch, target_len, width]."""
        return self.decode_aligned(target_input, memory)[0]

    def decode_aligned(self, target_input: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Returns also the scores of the alignment head (the last layer's first): [batch, target_len,
        source_len].
        """
        x = self._embed(target_input, "decoder")
        *layers, last = self.decoder_layers
        for layer in layers:
            x = layer(x, memory)
        x, scores = cast(DecoderLayer, last).attend(x, memory)
        return self.decoder_layer_norm(x), scores

    def compile_layers(self, backend: str = "inductor") -> None:
        """Lets torch.compile fuse the layers; lengths and sizes of batches may change."""
        for layer in (*self.encoder_layers, *self.decoder_layers):
            layer.compile(backend=backend, dynamic=True)
        last = cast(DecoderLayer, self.decoder_layers[-1])
        last.attend = torch.compile(last.attend, backend=backend, dynamic=True)  # type: ignore[method-assign]

    def logits(self, hidden: Tensor) -> Tensor:
        """Maps [..., width] -> [..., n_target]."""
        return F.linear(hidden, self.shared[: self.n_target])

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Returns hidden states that predict each token of `target`: [batch, target_len, width]."""
        return self.decode(shift_right(target), self.encode(source))

    def is_pretrained(self, name: str) -> bool:
        """Returns whether for parameters that a pretrained encoder brought and that change slowly; not for
        the table.
        """
        return self.has_pretrained_encoder and name.startswith("encoder_")

    def _embed(self, ids: Tensor, side: str) -> Tensor:
        rows = GatherRows.apply(self.shared, ids) * self.scale
        if not hasattr(self, f"{side}_position_embedding"):
            return cast(Tensor, rows + self.positions[: ids.shape[1]])
        positions = getattr(self, f"{side}_position_embedding")[: ids.shape[1]]
        return cast(Tensor, getattr(self, f"{side}_embedding_norm")(rows + positions))


class GatherRows(torch.autograd.Function):
    """Rows of a table, whose gradient is added in place.

    A plain lookup makes a dense gradient of the table's size for every micro-batch, which on a
    CPU costs as much as a layer.
    """

    @staticmethod
    def forward(ctx, table: Tensor, ids: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        """Maps table [vocab, width], ids [batch, len] -> [batch, len, width]."""
        ctx.table, ctx.ids = table, ids
        return table.detach()[ids]

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[None, None]:  # type: ignore[no-untyped-def]
        """Adds to table.grad."""
        rows = gradient.reshape(-1, gradient.shape[-1]).to(ctx.table.dtype)
        gradient_of(ctx.table).index_add_(0, ctx.ids.reshape(-1), rows)
        return None, None


def shift_right(target: Tensor) -> Tensor:
    """Returns decoder input: the target behind a padding token, without its last token."""
    return F.pad(target, (1, 0), value=PAD_ID)[:, :-1]


def sinusoids(n_positions: int, width: int) -> Tensor:
    """Returns position encodings [n_positions, width]: sines, then cosines (as Marian lays them out)."""
    rates = 10000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.arange(n_positions, dtype=torch.float64)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1).float()


def gradient_of(parameter: Tensor) -> Tensor:
    """Returns the gradient that a parameter collects; zeros at first."""
    if parameter.grad is None:
        parameter.grad = torch.zeros_like(parameter)
    return parameter.grad


def _last_norm(recipe: NetworkRecipe) -> nn.Module:
    """Of a stack of layers: pre-norm leaves the sum of all its sublayers as it is."""
    return nn.LayerNorm(recipe.width) if recipe.pre_norm else nn.Identity()


def _initial_deviation(name: str, parameter: Tensor) -> float:
    """Embeddings like Marian's; matrices by Glorot's rule."""
    if name == "shared" or name.endswith("_position_embedding"):
        return _INITIAL_DEVIATION
    return math.sqrt(2.0 / sum(parameter.shape))
