"""A released CSANMT directory (ModelScope, TensorFlow) becomes a transformers directory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from batchtx.distill.teacher.configuration import CsanmtConfig
from batchtx.distill.teacher.modeling import CsanmtForConditionalGeneration
from batchtx.distill.teacher.tensor_bundle import TensorBundle
from batchtx.errors import ModelError

_ROOT = "NmtModel/"
_OPTIMIZER_SUFFIXES = ("/Adam", "/Adam_1", "beta1_power", "beta2_power", "global_step")
_TRAINER_ONLY = ("Target_Semantic_Embedding",)

Names = Iterator[tuple[str, str, slice | None]]


def convert_teacher(source: Path, folder: Path) -> None:
    """Reads configuration.json, vocabularies, BPE codes and tf_ckpts/ of `source`; writes `folder`.

    Raises:
        ModelError: a file is missing, a checksum differs, or the checkpoint holds other weights
            than the configuration asks for.
    """
    settings = _settings(source / "configuration.json")
    config = config_of(settings["model"])
    model = load_weights(config, TensorBundle(source / "tf_ckpts" / "ckpt-0"))
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    _copy_text_files(source, folder, settings)


def config_of(model: Mapping[str, Any]) -> CsanmtConfig:
    """Returns the `model` section of a released configuration.json as a CsanmtConfig."""
    shared = bool(model["shared_source_target_embedding"])
    return CsanmtConfig(
        vocab_size=model["src_vocab_size"],
        target_vocab_size=model["trg_vocab_size"],
        d_model=model["hidden_size"],
        feed_forward=model["filter_size"],
        heads=model["num_heads"],
        encoder_layers=model["num_encoder_layers"],
        decoder_layers=model["num_decoder_layers"],
        semantic_layers=model["num_semantic_encoder_layers"],
        positions=model["position_info_type"],
        max_relative_distance=model["max_relative_dis"],
        shared_embeddings=shared,
        normalize_before=model["layer_preproc"] == "layer_norm",
        dropout=model.get("residual_dropout", 0.0),
        beam_size=model["beam_size"],
        length_exponent=model["lp_rate"],
        max_target_tokens=model["max_decoded_trg_len"],
    )


def load_weights(config: CsanmtConfig, bundle: TensorBundle) -> CsanmtForConditionalGeneration:
    """Returns a model with exactly the weights of the checkpoint; optimizer slots are skipped."""
    state: dict[str, Tensor] = {}
    used = set()
    available = {name for name in bundle.names() if not name.endswith(_OPTIMIZER_SUFFIXES)}
    for ours, theirs, columns in weight_names(config):
        if theirs not in available:
            if any(part in theirs for part in _TRAINER_ONLY):
                continue
            raise ModelError(f"{theirs}: not in the checkpoint; does configuration.json fit to it?")
        used.add(theirs)
        array = bundle.read(theirs)
        array = array if columns is None else array[..., columns]
        transposed = theirs.endswith("/matrix")
        state[ours] = torch.from_numpy(np.ascontiguousarray(array.T if transposed else array).copy())
    if unknown := sorted(available - used):
        raise ModelError(f"{', '.join(unknown[:3])}: unknown weights; this is not a CSANMT checkpoint")
    model = CsanmtForConditionalGeneration(config)
    if not config.shared_embeddings and "target_semantic_embedding" not in state:
        state["target_semantic_embedding"] = model.state_dict()["target_semantic_embedding"]
    _check_shapes(model, state)
    model.load_state_dict(state)
    return model.eval()


def weight_names(config: CsanmtConfig) -> Names:
    """Returns our name of each weight, the checkpoint's, and the columns that are ours (None: all)."""
    if config.shared_embeddings:
        yield "encoder.embedding", f"{_ROOT}Shared_Embedding/Weights", None
        yield "encoder.semantic_embedding", f"{_ROOT}Shared_Semantic_Embedding/Weights", None
    else:
        yield "encoder.embedding", f"{_ROOT}Source_Embedding/Weights", None
        yield "encoder.semantic_embedding", f"{_ROOT}Source_Semantic_Embedding/Weights", None
        yield "target_embedding", f"{_ROOT}Target_Embedding/Weights", None
        yield "target_semantic_embedding", f"{_ROOT}Target_Semantic_Embedding/Weights", None
    yield "encoder.input_bias", f"{_ROOT}encoder_input_bias", None
    relative = config.positions == "relative"
    for layer in range(config.encoder_layers):
        yield from _encoder_layer(config, "encoder", f"{_ROOT}encoder", layer, relative=relative)
    for layer in range(config.semantic_layers):
        yield from _encoder_layer(
            config, "encoder.semantic", f"{_ROOT}mini_xlm_encoder", layer, relative=True
        )
    for layer in range(config.decoder_layers):
        yield from _decoder_layer(config, layer, relative=relative)
    yield from _linear("encoder.semantic.pooling", f"{_ROOT}mini_xlm_encoder/pooling_layer/linear")
    if config.normalize_before:
        for ours, theirs in (
            ("encoder", "encoder"),
            ("encoder.semantic", "mini_xlm_encoder"),
            ("decoder", "decoder"),
        ):
            yield from _norm(f"{ours}.norm", f"{_ROOT}{theirs}/layer_norm")


def _encoder_layer(config: CsanmtConfig, ours: str, theirs: str, layer: int, *, relative: bool) -> Names:
    ours, theirs = f"{ours}.layers.{layer}", f"{theirs}/layer_{layer}"
    yield from _self_attention(
        config, f"{ours}.attention", f"{theirs}/encoder_self_attention", relative=relative
    )
    yield from _feed_forward(f"{ours}.feed_forward", f"{theirs}/ffn_layer")
    yield from _norm(f"{ours}.attention_residual.norm", f"{theirs}/layer_norm")
    yield from _norm(f"{ours}.feed_forward_residual.norm", f"{theirs}/layer_norm_1")


def _decoder_layer(config: CsanmtConfig, layer: int, *, relative: bool) -> Names:
    ours, theirs, width = f"decoder.layers.{layer}", f"{_ROOT}decoder/layer_{layer}", config.d_model
    yield from _feed_forward(f"{ours}.augmentation", f"{theirs}/embedding_augmentation_layer")
    yield from _self_attention(
        config, f"{ours}.self_attention", f"{theirs}/decoder_self_attention", relative=relative
    )
    across = f"{theirs}/encdec_attention"
    yield from _linear(f"{ours}.source_attention.query", f"{across}/q_transform")
    for at, name in enumerate(("key", "value")):
        columns = slice(at * width, (at + 1) * width)
        yield from _linear(f"{ours}.source_attention.{name}", f"{across}/kv_transform", columns)
    yield from _linear(f"{ours}.source_attention.output", f"{across}/output_transform")
    yield from _feed_forward(f"{ours}.feed_forward", f"{theirs}/ffn_layer")
    # The checkpoint counts its norms: the first is that of the semantic vector.
    for name, norm in (
        ("augmentation", "layer_norm"),
        ("self_attention", "layer_norm_1"),
        ("source_attention", "layer_norm_2"),
        ("feed_forward", "layer_norm_3"),
    ):
        yield from _norm(f"{ours}.{name}_residual.norm", f"{theirs}/{norm}")


def _self_attention(config: CsanmtConfig, ours: str, theirs: str, *, relative: bool) -> Names:
    width = config.d_model
    for at, name in enumerate(("query", "key", "value")):
        columns = slice(at * width, (at + 1) * width)
        yield from _linear(f"{ours}.{name}", f"{theirs}/qkv_transform", columns)
    yield from _linear(f"{ours}.output", f"{theirs}/output_transform")
    if relative:
        yield f"{ours}.relative.keys", f"{theirs}/rpr_k", None
        yield f"{ours}.relative.values", f"{theirs}/rpr_v", None


def _feed_forward(ours: str, theirs: str) -> Names:
    yield from _linear(f"{ours}.input", f"{theirs}/input_layer/linear")
    yield from _linear(f"{ours}.output", f"{theirs}/output_layer/linear")


def _linear(ours: str, theirs: str, columns: slice | None = None) -> Names:
    yield f"{ours}.weight", f"{theirs}/matrix", columns
    yield f"{ours}.bias", f"{theirs}/bias", columns


def _norm(ours: str, theirs: str) -> Names:
    yield f"{ours}.weight", f"{theirs}/layer_norm_scale", None
    yield f"{ours}.bias", f"{theirs}/layer_norm_offset", None


def _check_shapes(model: CsanmtForConditionalGeneration, state: Mapping[str, Tensor]) -> None:
    for name, tensor in model.state_dict().items():
        given = tuple(state[name].shape)
        if given != tuple(tensor.shape):
            raise ModelError(
                f"{name}: {given} in the checkpoint, {tuple(tensor.shape)} by configuration.json"
            )


def _settings(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ModelError(f"{path}: missing; give the directory that ModelScope downloads")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _copy_text_files(source: Path, folder: Path, settings: Mapping[str, Any]) -> None:
    """Vocabularies and BPE codes under the names that CsanmtTokenizer reads, and the languages."""
    languages = settings.get("preprocessor", {})
    source_language = languages.get("src_lang", "zh")
    target_language = languages.get("tgt_lang", "en")
    for there, here in (
        ("src_vocab.txt", "source_vocab.txt"),
        ("trg_vocab.txt", "target_vocab.txt"),
        (f"bpe.{source_language}", "source_codes.txt"),
    ):
        if not (source / there).is_file():
            raise ModelError(f"{source / there}: missing; download the directory again")
        shutil.copyfile(source / there, folder / here)
    from batchtx.distill.teacher.tokenization import CsanmtTokenizer

    CsanmtTokenizer(
        source_vocab_file=str(folder / "source_vocab.txt"),
        target_vocab_file=str(folder / "target_vocab.txt"),
        codes_file=str(folder / "source_codes.txt"),
        source_language=source_language,
        target_language=target_language,
        source_size=settings["model"]["src_vocab_size"],
    ).save_pretrained(folder)
