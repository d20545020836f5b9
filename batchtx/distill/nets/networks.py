"""Networks by the architecture that a recipe names."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import torch

from batchtx.distill.data import pairs as data
from batchtx.distill.nets import pretrained
from batchtx.distill.nets.network import EncoderLayer, Network
from batchtx.distill.recipe import NetworkRecipe, Recipe
from batchtx.distill.teacher.network import TeacherNetwork
from batchtx.errors import ConfigError
from batchtx.student.lstm import LstmConfig, LstmForConditionalGeneration


def build_network(data_folder: Path, recipe: Recipe) -> Network:
    """Returns an untrained network with the vocabulary sizes of a training folder."""
    manifest, shape = data.read_manifest(data_folder), recipe.network
    if shape.architecture == "csanmt":
        return cast(Network, TeacherNetwork(shape, manifest["n_source"], manifest["n_target"]))
    if shape.architecture == "lstm":
        return cast(Network, build_lstm(shape, manifest["n_source"], manifest["n_target"]))
    return Network(shape, manifest["n_source"], manifest["n_target"])


def graft(network: Network, data_folder: Path) -> None:
    """Gives an untrained network the pretrained encoder of a training folder (pretrained.save_part).

    The decoder begins with the same words, positions and norm of embeddings. Words that the encoder
    never saw are drawn like its own.

    Raises:
        ConfigError: the encoder has another width, number of heads, or too few layers.
    """
    arrays = pretrained.load_part(data_folder)
    rows = torch.from_numpy(arrays.pop("rows")).long()
    words, heads = torch.from_numpy(arrays.pop("words")), int(arrays.pop("heads")[0])
    first = cast(EncoderLayer, network.encoder_layers[0])
    own, wanted = (words.shape[1], heads), (network.shared.shape[1], first.self_attn.heads)
    if own != wanted:
        raise ConfigError(
            f"{data_folder}: width and heads of the pretrained encoder are {own}, those of [network] {wanted}"
        )
    table = torch.randn(network.shared.shape) * words.std(0) + words.mean(0)
    known = rows >= 0
    table[known] = words[rows[known]]
    state = {"shared": table}
    for name, array in arrays.items():
        for side in ("encoder",) if name.startswith("layers.") else ("encoder", "decoder"):
            state[f"{side}_{name}"] = torch.from_numpy(array)
    missing, unexpected = network.load_state_dict(state, strict=False)
    if unexpected or any(name.startswith("encoder_") for name in missing):
        raise ConfigError(
            f"{data_folder}: the pretrained encoder has not the layers of [network] encoder_layers"
        )


def build_lstm(shape: NetworkRecipe, n_source: int, n_target: int) -> LstmForConditionalGeneration:
    """Returns the LSTM student, which has the methods of Network that training uses."""
    config = LstmConfig(
        vocab_size=n_source,
        decoder_vocab_size=n_target,
        width=shape.width,
        hidden=shape.feed_forward,
        layers=shape.encoder_layers,
        attention=shape.attention,
        dropout=shape.dropout,
    )
    return LstmForConditionalGeneration(config)
