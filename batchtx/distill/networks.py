"""Networks by the architecture that a recipe names."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from batchtx.distill import data
from batchtx.distill.network import Network
from batchtx.distill.recipe import NetworkRecipe, Recipe
from batchtx.distill.teacher.network import TeacherNetwork
from batchtx.student.lstm import LstmConfig, LstmForConditionalGeneration


def build_network(data_folder: Path, recipe: Recipe) -> Network:
    """An untrained network with the vocabulary sizes of a training folder."""
    manifest, shape = data.read_manifest(data_folder), recipe.network
    if shape.architecture == "csanmt":
        return cast(Network, TeacherNetwork(shape, manifest["n_source"], manifest["n_target"]))
    if shape.architecture == "lstm":
        return cast(Network, build_lstm(shape, manifest["n_source"], manifest["n_target"]))
    return Network(shape, manifest["n_source"], manifest["n_target"])


def build_lstm(shape: NetworkRecipe, n_source: int, n_target: int) -> LstmForConditionalGeneration:
    """The LSTM student, which has the methods of Network that training uses."""
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
