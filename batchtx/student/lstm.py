"""The LSTM student: bidirectional encoder, unidirectional decoder with local attention.

Importing this module registers it with transformers' Auto classes, so that the torch engine loads
it like any other model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModelForSeq2SeqLM,
    GenerationMixin,
    PretrainedConfig,
    PreTrainedModel,
)
from transformers.modeling_outputs import BaseModelOutput, Seq2SeqLMOutput

_HIDDEN = -1e9


class LstmConfig(PretrainedConfig):
    """Shape of the student. attention is "local-p" or "global"; window is D of Luong et al. 2015."""

    model_type = "batchtx-lstm"

    def __init__(
        self,
        vocab_size: int = 24000,
        decoder_vocab_size: int = 12000,
        width: int = 512,
        hidden: int = 512,
        layers: int = 2,
        attention: str = "local-p",
        window: int = 10,
        dropout: float = 0.3,
        **others: Any,
    ) -> None:
        self.vocab_size, self.decoder_vocab_size = vocab_size, decoder_vocab_size
        self.width, self.hidden, self.layers = width, hidden, layers
        self.num_hidden_layers = layers
        self.attention, self.window, self.dropout = attention, window, dropout
        ids = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
        super().__init__(**(ids | {"is_encoder_decoder": True, "tie_word_embeddings": False} | others))


@dataclass
class LstmEncoderOutput(BaseModelOutput):
    """last_hidden_state [batch, source_len, 2 hidden]; state is the decoder's first state.

    keep [batch, source_len] is True for real tokens.
    """

    hidden: Tensor | None = None
    cell: Tensor | None = None
    keep: Tensor | None = None


@dataclass
class LstmState:
    """The decoder between two steps: hidden and cell [batch, layers, hidden], fed [batch, width]."""

    hidden: Tensor
    cell: Tensor
    fed: Tensor
    n_seen: int = 0

    def get_seq_length(self, *_: Any) -> int:
        """Returns how many target tokens were read."""
        return self.n_seen

    def reorder_cache(self, beam_idx: Tensor) -> None:
        """Follows the beams."""
        self.hidden, self.cell = self.hidden[beam_idx], self.cell[beam_idx]
        self.fed = self.fed[beam_idx]


class LuongAttention(nn.Module):
    """Global or local-p attention with the general score (Luong et al. 2015, sections 3.1, 3.2)."""

    def __init__(self, config: LstmConfig) -> None:
        super().__init__()
        self.local, self.window = config.attention == "local-p", config.window
        self.score = nn.Linear(config.hidden, 2 * config.hidden, bias=False)
        self.position = nn.Linear(config.hidden, config.hidden)
        self.place = nn.Linear(config.hidden, 1, bias=False)

    def forward(self, query: Tensor, memory: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
        """Maps query [batch, hidden], memory [batch, source_len, 2 hidden] -> context, scores.

        The predicted position stays differentiable: the window is masked, never rounded.
        """
        scores = torch.einsum("bh,bsh->bs", self.score(query), memory)
        scores = scores.masked_fill(~keep, _HIDDEN)
        if not self.local:
            return torch.einsum("bs,bsh->bh", scores.softmax(-1), memory), scores
        length = keep.sum(-1, keepdim=True)  # true lengths, not padded ones
        centre = length * torch.sigmoid(self.place(torch.tanh(self.position(query))))  # [batch, 1]
        distance = torch.arange(memory.shape[1], device=memory.device) - centre  # [batch, source_len]
        inside = (distance.abs() <= self.window) & keep
        nearness = -(distance**2) / (2 * (self.window / 2) ** 2)
        weights = scores.masked_fill(~inside, _HIDDEN).softmax(-1) * nearness.exp()
        # Guided alignment on the sum also teaches where to look, which the window hides from the loss.
        return torch.einsum("bs,bsh->bh", weights, memory), scores + nearness


class LstmForConditionalGeneration(PreTrainedModel, GenerationMixin):
    """The student with the transformers interface, and with that of the training loop."""

    config_class = LstmConfig
    main_input_name = "input_ids"
    _is_stateful = True

    def __init__(self, config: LstmConfig) -> None:
        super().__init__(config)
        width, hidden = config.width, config.hidden
        self.n_target = config.decoder_vocab_size
        self.shared = nn.Parameter(torch.empty(config.vocab_size, width))
        self.encoder = LstmEncoder(config)
        self.cells = nn.ModuleList(
            nn.LSTMCell(2 * width if layer == 0 else hidden, hidden) for layer in range(config.layers)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in range(config.layers))
        self.attention = LuongAttention(config)
        self.combine = nn.Linear(3 * hidden, width)
        self.post_init()

    @classmethod
    def _supports_default_dynamic_cache(cls) -> bool:
        return False

    def get_encoder(self, *_: Any, **__: Any) -> Any:
        """Returns what generate() calls: ids and mask to encoder output."""
        return _EncoderOfIds(self)

    def encode(self, source: Tensor, attention_mask: Tensor | None = None) -> LstmEncoderOutput:
        """Maps source [batch, source_len]; without a mask all tokens are real."""
        keep = torch.ones_like(source, dtype=torch.bool) if attention_mask is None else attention_mask.bool()
        output: LstmEncoderOutput = self.encoder(F.embedding(source, self.shared), keep)
        return output

    def decode(self, target_input: Tensor, memory: LstmEncoderOutput) -> Tensor:
        """Returns hidden states [batch, target_len, width] that predict the next tokens."""
        return self.decode_aligned(target_input, memory)[0]

    def decode_aligned(self, target_input: Tensor, memory: LstmEncoderOutput) -> tuple[Tensor, Tensor]:
        """Returns also the attention scores [batch, target_len, source_len]."""
        hidden, scores, _ = self._run(target_input, memory, self._first_state(memory))
        return hidden, scores

    def logits(self, hidden: Tensor) -> Tensor:
        """Maps [..., width] -> [..., n_target]."""
        return F.linear(hidden, self.shared[: self.n_target])

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        decoder_input_ids: Tensor | None = None,
        encoder_outputs: LstmEncoderOutput | None = None,
        past_key_values: LstmState | None = None,
        **_: Any,
    ) -> Seq2SeqLMOutput:
        """Logits [batch, target_len, n_target]; past_key_values is the state after what was read."""
        assert decoder_input_ids is not None
        if encoder_outputs is None:
            assert input_ids is not None
            encoder_outputs = self.encode(input_ids, attention_mask)
        state = past_key_values or self._first_state(encoder_outputs)
        hidden, _scores, state = self._run(decoder_input_ids, encoder_outputs, state)
        return Seq2SeqLMOutput(logits=self.logits(hidden), past_key_values=state)  # type: ignore[arg-type]

    def prepare_inputs_for_generation(  # type: ignore[override]
        self,
        decoder_input_ids: Tensor,
        past_key_values: LstmState | None = None,
        encoder_outputs: Any = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        if past_key_values is not None:
            decoder_input_ids = decoder_input_ids[:, past_key_values.n_seen :]
        return {
            "decoder_input_ids": decoder_input_ids,
            "past_key_values": past_key_values,
            "encoder_outputs": encoder_outputs,
        }

    def _first_state(self, memory: LstmEncoderOutput) -> LstmState:
        assert memory.hidden is not None
        assert memory.cell is not None
        fed = memory.hidden.new_zeros(len(memory.hidden), self.config.width)
        return LstmState(memory.hidden, memory.cell, fed)

    def _run(
        self, ids: Tensor, memory: LstmEncoderOutput, state: LstmState
    ) -> tuple[Tensor, Tensor, LstmState]:
        rows = F.embedding(ids, self.shared)
        written, all_scores = [], []
        for at in range(ids.shape[1]):
            state, scores = self._step(rows[:, at], memory, state)
            written.append(state.fed)
            all_scores.append(scores)
        return torch.stack(written, 1), torch.stack(all_scores, 1), state

    def _step(
        self, embedded: Tensor, memory: LstmEncoderOutput, state: LstmState
    ) -> tuple[LstmState, Tensor]:
        """One token [batch, width]; the attentional vector is fed back (section 3.3)."""
        x = torch.cat([embedded, state.fed], -1)
        hidden, cell = [], []
        for layer, (cell_of_layer, norm) in enumerate(zip(self.cells, self.norms, strict=True)):
            h, c = cell_of_layer(x, (state.hidden[:, layer], state.cell[:, layer]))
            hidden.append(h)
            cell.append(c)
            x = F.dropout(norm(h), self.config.dropout, self.training)
        context, scores = self.attention(x, memory.last_hidden_state, memory.keep)
        fed = torch.tanh(self.combine(torch.cat([context, x], -1)))
        return LstmState(torch.stack(hidden, 1), torch.stack(cell, 1), fed, state.n_seen + 1), scores

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, (nn.LSTM, nn.LSTMCell)):
            for name, parameter in module.named_parameters():
                if parameter.dim() == 2:
                    nn.init.xavier_uniform_(parameter)
                else:
                    # An open forget gate at the start (Jozefowicz et al. 2015); gates are i, f, g, o.
                    nn.init.zeros_(parameter)
                    if "bias_ih" in name:
                        parameter[len(parameter) // 4 : len(parameter) // 2] = 1.0
        elif module is self:
            nn.init.normal_(self.shared, std=self.config.width**-0.5)


class LstmEncoder(nn.Module):
    """A bidirectional LSTM and the bridge to the decoder's first state."""

    main_input_name = "input_ids"

    def __init__(self, config: LstmConfig) -> None:
        super().__init__()
        hidden, layers = config.hidden, config.layers
        self.layers = layers
        self.lstm = nn.LSTM(
            config.width, hidden, layers, batch_first=True, bidirectional=True, dropout=config.dropout
        )
        self.norm = nn.LayerNorm(2 * hidden)
        self.bridge_hidden = nn.Linear(2 * hidden, hidden)
        self.bridge_cell = nn.Linear(2 * hidden, hidden)

    def forward(self, x: Tensor, keep: Tensor) -> LstmEncoderOutput:
        """Maps x [batch, source_len, width], keep [batch, source_len]."""
        packed = nn.utils.rnn.pack_padded_sequence(
            x, keep.sum(-1).cpu(), batch_first=True, enforce_sorted=False
        )
        output, (hidden, cell) = self.lstm(packed)
        states, _ = nn.utils.rnn.pad_packed_sequence(output, batch_first=True, total_length=x.shape[1])
        return LstmEncoderOutput(
            last_hidden_state=self.norm(states),
            hidden=torch.tanh(self.bridge_hidden(self._join(hidden))),
            cell=self.bridge_cell(self._join(cell)),
            keep=keep,
        )

    def _join(self, state: Tensor) -> Tensor:
        """[layers * 2, batch, hidden] -> [batch, layers, 2 * hidden]."""
        by_layer = state.view(self.layers, 2, *state.shape[1:])
        return by_layer.permute(2, 0, 1, 3).flatten(2)


class _EncoderOfIds:
    main_input_name = "input_ids"

    def __init__(self, model: LstmForConditionalGeneration) -> None:
        self._model = model

    def __call__(self, *ids: Tensor, **inputs: Any) -> LstmEncoderOutput:
        return self.forward(*ids, **inputs)

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None, **_: Any) -> LstmEncoderOutput:
        return self._model.encode(input_ids, attention_mask)


AutoConfig.register(LstmConfig.model_type, LstmConfig, exist_ok=True)
AutoModelForSeq2SeqLM.register(LstmConfig, LstmForConditionalGeneration, exist_ok=True)
