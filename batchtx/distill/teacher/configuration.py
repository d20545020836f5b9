"""The shape of a CSANMT model."""

from __future__ import annotations

from typing import Any

from transformers import PretrainedConfig

END_ID = 0


class CsanmtConfig(PretrainedConfig):
    """Configuration of CSANMT; the defaults are those of the released zh2en model.

    Id 0 is the end of a sentence, padding and the start of the decoder at once.
    """

    model_type = "csanmt"
    keys_to_ignore_at_inference = ("past_key_values",)

    def __init__(
        self,
        vocab_size: int = 50000,
        target_vocab_size: int | None = None,
        d_model: int = 1024,
        feed_forward: int = 4096,
        heads: int = 16,
        encoder_layers: int = 24,
        decoder_layers: int = 6,
        semantic_layers: int = 4,
        positions: str = "absolute",
        max_relative_distance: int = 16,
        shared_embeddings: bool = True,
        normalize_before: bool = True,
        dropout: float = 0.0,
        beam_size: int = 4,
        length_exponent: float = 0.6,
        max_target_tokens: int = 100,
        initializer_scale: float = 0.1,
        **others: Any,
    ) -> None:
        self.vocab_size = vocab_size
        self.target_vocab_size = target_vocab_size or vocab_size
        self.d_model = d_model
        self.feed_forward = feed_forward
        self.heads = heads
        self.encoder_layers = encoder_layers
        self.decoder_layers = self.num_hidden_layers = decoder_layers
        self.semantic_layers = semantic_layers
        self.positions = positions
        self.max_relative_distance = max_relative_distance
        self.shared_embeddings = shared_embeddings
        self.normalize_before = normalize_before
        self.dropout = dropout
        self.beam_size = beam_size
        self.length_exponent = length_exponent
        self.max_target_tokens = max_target_tokens
        self.initializer_scale = initializer_scale
        ids = {"pad_token_id": END_ID, "eos_token_id": END_ID, "decoder_start_token_id": END_ID}
        super().__init__(**(ids | {"is_encoder_decoder": True, "tie_word_embeddings": False} | others))
