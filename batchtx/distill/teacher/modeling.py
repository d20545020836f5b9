"""CSANMT in PyTorch (Wei et al. 2022), with the transformers interface.

Beside a deep pre-norm transformer it has a semantic encoder, whose one vector for a sentence
enters every decoder layer at every step, in translation too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Cache, DynamicCache, EncoderDecoderCache, GenerationMixin, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput, Seq2SeqLMOutput

from batchtx.distill.teacher.configuration import END_ID, CsanmtConfig
from batchtx.distill.teacher.layers import (
    HIDDEN,
    DecoderLayer,
    EncoderLayer,
    RelativePositions,
    layer_norm,
    sinusoids,
)


@dataclass
class CsanmtEncoderOutput(BaseModelOutput):
    """Encoder output with the semantic vector [batch, 1, width]."""

    semantic: Tensor | None = None


class SemanticEncoder(nn.Module):
    """A small encoder with relative positions whose mean is the meaning of a sentence."""

    def __init__(self, config: CsanmtConfig) -> None:
        super().__init__()
        self.scale = config.d_model**0.5
        self.layers = nn.ModuleList(
            EncoderLayer(config, relative=True) for _ in range(config.semantic_layers)
        )
        self.pooling = nn.Linear(config.d_model, config.d_model)
        self.norm = layer_norm(config.d_model) if config.normalize_before else nn.Identity()

    def forward(self, ids: Tensor, table: Tensor) -> Tensor:
        """Maps ids [batch, len] with 0 as padding -> [batch, 1, width]."""
        ids, keep, bias = append_end(ids)
        x = F.embedding(ids, table) * self.scale * keep
        for layer in self.layers:
            x = layer(x, keep, bias)
        mean = (x * keep).sum(1, keepdim=True) / keep.sum(1, keepdim=True)
        return self.norm(self.pooling(mean))


class CsanmtEncoder(nn.Module):
    """The translation encoder together with the semantic encoder."""

    main_input_name = "input_ids"

    def __init__(self, config: CsanmtConfig) -> None:
        super().__init__()
        self.config, self.scale = config, config.d_model**0.5
        relative = config.positions == "relative"
        self.embedding = nn.Parameter(torch.empty(config.vocab_size, config.d_model))
        self.semantic_embedding = nn.Parameter(torch.empty(config.vocab_size, config.d_model))
        self.input_bias = nn.Parameter(torch.zeros(config.d_model))
        self.layers = nn.ModuleList(
            EncoderLayer(config, relative=relative) for _ in range(config.encoder_layers)
        )
        self.norm = layer_norm(config.d_model) if config.normalize_before else nn.Identity()
        self.semantic = SemanticEncoder(config)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor | None = None, **_: Any
    ) -> CsanmtEncoderOutput:
        """Maps input_ids [batch, source_len], 0 as padding; the mask follows from them.

        The output is one longer than the input: the end symbol is appended here.
        """
        ids, keep, bias = append_end(input_ids)
        x = F.embedding(ids, self.embedding) * self.scale
        if self.config.positions == "absolute":
            x = x + sinusoids(0, ids.shape[1], x.shape[2], x.device)
        x = x * keep + self.input_bias
        for layer in self.layers:
            x = layer(x, keep, bias)
        meaning = self.semantic(input_ids, self.semantic_embedding)
        return CsanmtEncoderOutput(last_hidden_state=self.norm(x), semantic=meaning)


class CsanmtDecoder(nn.Module):
    """The decoder; it starts from a zero vector in place of the embedding of its first id."""

    def __init__(self, config: CsanmtConfig) -> None:
        super().__init__()
        self.config, self.scale = config, config.d_model**0.5
        self.layers = nn.ModuleList(DecoderLayer(config, layer) for layer in range(config.decoder_layers))
        self.norm = layer_norm(config.d_model) if config.normalize_before else nn.Identity()

    def forward(
        self,
        ids: Tensor,
        table: Tensor,
        memory: Tensor,
        keep: Tensor,
        semantic: Tensor,
        cache: EncoderDecoderCache | None = None,
    ) -> Tensor:
        """Maps ids [batch, target_len], begun by 0; keep [batch, source_len, 1] -> hidden states."""
        seen = cache.get_seq_length() if cache is not None else 0
        length = ids.shape[1]
        x = F.embedding(ids, table) * self.scale
        if seen == 0:
            x = F.pad(x[:, 1:], (0, 0, 1, 0))
        if self.config.positions == "absolute":
            x = x + sinusoids(seen, length, x.shape[2], x.device)
        causal_bias = torch.full((length, seen + length), HIDDEN, device=x.device).triu(seen + 1)
        memory_bias = source_bias(keep)
        stored = cache is not None and cache.cross_attention_cache.get_seq_length() > 0
        for layer in self.layers:
            x = layer(
                x,
                semantic,
                causal_bias,
                None if stored else memory,
                memory_bias,
                cache.self_attention_cache if cache is not None else None,
                cache.cross_attention_cache if cache is not None else None,
            )
        return self.norm(x)


class CsanmtForConditionalGeneration(PreTrainedModel, GenerationMixin):
    """CSANMT for translation. `generate` works; the exact search of CSANMT is in beam.py."""

    config_class = CsanmtConfig
    base_model_prefix = "model"
    main_input_name = "input_ids"
    _supports_cache_class = True

    def __init__(self, config: CsanmtConfig) -> None:
        super().__init__(config)
        self.encoder = CsanmtEncoder(config)
        self.decoder = CsanmtDecoder(config)
        self.target_embedding: nn.Parameter | None = None
        self.target_semantic_embedding: nn.Parameter | None = None
        if not config.shared_embeddings:
            shape = (config.target_vocab_size, config.d_model)
            self.target_embedding = nn.Parameter(torch.empty(shape))
            self.target_semantic_embedding = nn.Parameter(torch.empty(shape))
        self.post_init()

    def get_encoder(self, *_: Any, **__: Any) -> CsanmtEncoder:
        return self.encoder

    def get_decoder(self) -> CsanmtDecoder:
        return self.decoder

    def target_table(self) -> Tensor:
        """Returns target embeddings [target_vocab, width], which are the output layer too."""
        return self.encoder.embedding if self.target_embedding is None else self.target_embedding

    def target_semantic(self, target: Tensor) -> Tensor:
        """Returns the semantic vector of targets [batch, target_len]: [batch, 1, width]."""
        table = self.target_semantic_embedding
        return self.encoder.semantic(target, self.encoder.semantic_embedding if table is None else table)

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        decoder_input_ids: Tensor | None = None,
        encoder_outputs: CsanmtEncoderOutput | None = None,
        past_key_values: EncoderDecoderCache | None = None,
        labels: Tensor | None = None,
        use_cache: bool | None = None,
        **_: Any,
    ) -> Seq2SeqLMOutput:
        """Logits [batch, target_len, target_vocab].

        With labels (0 at the end and as padding), decoder_input_ids are the labels behind a zero.
        attention_mask [batch, source_len] is needed with encoder_outputs.
        """
        if encoder_outputs is None:
            assert input_ids is not None
            encoder_outputs = self.encoder(input_ids)
        if attention_mask is None:
            assert input_ids is not None
            attention_mask = input_ids != END_ID
        if decoder_input_ids is None:
            assert labels is not None
            decoder_input_ids = F.pad(labels, (1, 0))[:, :-1]
        keep = F.pad(attention_mask, (1, 0), value=1)[..., None].float()
        if use_cache and past_key_values is None:
            past_key_values = EncoderDecoderCache(DynamicCache(), DynamicCache())
        memory, semantic = encoder_outputs.last_hidden_state, encoder_outputs.semantic
        hidden = self.decoder(decoder_input_ids, self.target_table(), memory, keep, semantic, past_key_values)
        return Seq2SeqLMOutput(
            logits=F.linear(hidden, self.target_table()),
            past_key_values=past_key_values,
            encoder_last_hidden_state=memory,
        )

    def prepare_inputs_for_generation(  # type: ignore[override]
        self,
        decoder_input_ids: Tensor,
        past_key_values: Cache | None = None,
        attention_mask: Tensor | None = None,
        encoder_outputs: Any = None,
        use_cache: bool | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        if past_key_values is not None and past_key_values.get_seq_length() > 0:
            decoder_input_ids = decoder_input_ids[:, past_key_values.get_seq_length() :]
        return {
            "decoder_input_ids": decoder_input_ids,
            "past_key_values": past_key_values,
            "attention_mask": attention_mask,
            "encoder_outputs": encoder_outputs,
            "use_cache": use_cache,
        }

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        """Uniform with fan averaging, as variance scaling does; norms and biases stay as made."""
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
        elif isinstance(module, RelativePositions):
            nn.init.xavier_uniform_(module.keys)
            nn.init.xavier_uniform_(module.values)
        else:
            for parameter in module.parameters(recurse=False):
                if parameter.dim() == 2:
                    nn.init.normal_(parameter, std=self.config.d_model**-0.5)


def append_end(ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Ids with one end symbol behind them, keep [batch, len + 1, 1] and its attention bias.

    Kept are the tokens and exactly one end symbol, also in rows that are padded.
    """
    longer = F.pad(ids, (0, 1))
    keep = F.pad(ids != END_ID, (1, 0), value=True)[..., None].float()
    return longer, keep, source_bias(keep)


def source_bias(keep: Tensor) -> Tensor:
    """Maps keep [batch, source_len, 1] -> bias [batch, 1, 1, source_len]."""
    return ((1.0 - keep) * HIDDEN)[:, None, None, :, 0]
