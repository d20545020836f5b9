"""The network as a transformers folder, there and back: Marian, Pegasus where it is pre-norm, or Bart."""

from __future__ import annotations

import re
import shutil
import warnings
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor
from transformers import (
    AutoModelForSeq2SeqLM,
    BartConfig,
    BartForConditionalGeneration,
    MarianConfig,
    MarianMTModel,
    MarianTokenizer,
    PegasusConfig,
    PegasusForConditionalGeneration,
    PreTrainedModel,
)

from batchtx.distill import folders
from batchtx.distill.data import vocabulary
from batchtx.distill.nets.network import MAX_POSITIONS, Network
from batchtx.distill.recipe import Recipe

_NEVER = -1e4
"""A logit that float16 can hold."""
_POSITIONS, _BART_OFFSET = "_position_embedding", 2


def to_transformers(network: Network, recipe: Recipe) -> PreTrainedModel:
    """Returns the network as a MarianMTModel with separate tables for source and target.

    With pre_norm it is a PegasusForConditionalGeneration, with bart a BartForConditionalGeneration:
    they have one table, and words beyond the target's are kept from being written by final_logits_bias.
    """
    n_target, table = network.n_target, network.shared.detach()
    state = {"model.encoder.embed_tokens.weight": table}
    if recipe.network.pre_norm or recipe.network.bart:
        model = _with_one_table(network, recipe)
        state |= dict.fromkeys(("model.decoder.embed_tokens.weight", "lm_head.weight"), table)
    else:
        config = MarianConfig(**_settings(network, recipe), share_encoder_decoder_embeddings=False)
        model = MarianMTModel(config)
        target_table = table[:n_target].clone()
        state |= dict.fromkeys(("model.decoder.embed_tokens.weight", "lm_head.weight"), target_table)
    for name, value in network.named_parameters():
        if name != "shared":
            state[_their_name(name)] = _their_value(name, value.detach())
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected, unexpected
    known = ("bias", "model.shared") if recipe.network.bart else ("embed_positions", "bias", "model.shared")
    assert all(any(part in key for part in known) for key in missing), missing
    return model.eval()


def _with_one_table(network: Network, recipe: Recipe) -> PreTrainedModel:
    settings = _settings(network, recipe)
    if recipe.network.pre_norm:
        model: Any = PegasusForConditionalGeneration(PegasusConfig(**settings))
    else:
        model = BartForConditionalGeneration(BartConfig(**settings))
    model.final_logits_bias[:, network.n_target :] = _NEVER
    return cast(PreTrainedModel, model)


def load_transformers(network: Network, folder: Path) -> None:
    """Gives a network the weights of a transformers folder that `save_transformers` wrote."""
    theirs = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32).state_dict()
    state = {"shared": theirs["model.encoder.embed_tokens.weight"]}
    for name, _ in network.named_parameters():
        if name != "shared":
            state[name] = theirs[_their_name(name)]
            if name.endswith(_POSITIONS):
                state[name] = state[name][_BART_OFFSET:]
    network.load_state_dict(state)


def _settings(network: Network, recipe: Recipe) -> dict[str, Any]:
    """What both classes call the same."""
    shape = recipe.network
    return {
        "vocab_size": network.shared.shape[0],
        "decoder_vocab_size": network.n_target,
        "max_position_embeddings": MAX_POSITIONS,
        "d_model": shape.width,
        "encoder_layers": shape.encoder_layers,
        "decoder_layers": shape.decoder_layers,
        "encoder_ffn_dim": shape.feed_forward,
        "decoder_ffn_dim": shape.feed_forward,
        "encoder_attention_heads": shape.heads,
        "decoder_attention_heads": shape.heads,
        "activation_function": "gelu" if shape.bart else "relu",
        "dropout": shape.dropout,
        "scale_embedding": not shape.bart,
        "pad_token_id": vocabulary.PAD_ID,
        "eos_token_id": vocabulary.END_ID,
        "forced_eos_token_id": None,
        "decoder_start_token_id": vocabulary.PAD_ID,
    }


def _their_name(name: str) -> str:
    """encoder_layers.0.fc1.bias -> model.encoder.layers.0.fc1.bias."""
    name = name.replace(_POSITIONS, "_embed_positions.weight").replace(
        "_embedding_norm", "_layernorm_embedding"
    )
    return "model." + re.sub(r"^(encoder|decoder)_(?=layers?[._]|embed_positions|layernorm)", r"\1.", name)


def _their_value(name: str, value: Tensor) -> Tensor:
    """Bart's table of positions begins with rows that are not used."""
    return (
        torch.cat([value.new_zeros(_BART_OFFSET, value.shape[1]), value])
        if name.endswith(_POSITIONS)
        else value
    )


def save_transformers(model: PreTrainedModel, spm: Path, folder: Path, recipe: Recipe) -> None:
    """Writes the model in float16 with its tokenizer, for the torch engine and further training."""
    folder.mkdir(parents=True, exist_ok=True)
    save_tokenizer(vocabulary.pieces_of(spm), model.config.decoder_vocab_size, spm, folder, recipe)
    model.config.batchtx_placeholders = True
    model.half().save_pretrained(folder)
    model.float()


def save_tokenizer(
    pieces: list[str],
    n_target: int,
    spm: Path,
    folder: Path,
    recipe: Recipe,
    pad_token: str = vocabulary.PAD,
) -> None:
    """Writes a Marian tokenizer in which piece i of the list has id i."""
    for name, size in (("vocab", len(pieces)), ("target_vocab", n_target)):
        ids = {piece: index for index, piece in enumerate(pieces[:size])}
        folders.write_json(folder / f"{name}.json", ids)
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(spm, folder / name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sacremoses is not needed: our rules are in the model
        tokenizer = MarianTokenizer(
            source_spm=str(folder / "source.spm"),
            target_spm=str(folder / "target.spm"),
            vocab=str(folder / "vocab.json"),
            target_vocab_file=str(folder / "target_vocab.json"),
            separate_vocabs=True,
            source_lang=recipe.data.source_language,
            target_lang=recipe.data.target_language,
            pad_token=pad_token,
        )
    tokenizer.save_pretrained(folder)
