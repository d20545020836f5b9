"""From a checkpoint to a bundle (CTranslate2) and to a transformers folder (MarianMTModel)."""

from __future__ import annotations

import copy
import json
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path

import ctranslate2.converters
import sentencepiece
import torch
from ctranslate2.converters.transformers import BartLoader
from transformers import MarianConfig, MarianMTModel, MarianTokenizer, PreTrainedModel

from batchtx.distill import folders, vocabulary
from batchtx.distill.network import MAX_POSITIONS, Network
from batchtx.distill.recipe import Recipe
from batchtx.student import bundle

TOKENIZER_FILE = "source.spm"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the bundle declares that the student supports."""

    placeholders: bool = True
    terms: str | None = "inline"
    alignment: bool = False


def to_marian(network: Network, recipe: Recipe) -> MarianMTModel:
    """The network as a MarianMTModel with separate tables for source and target."""
    shape = recipe.network
    config = MarianConfig(
        vocab_size=network.shared.shape[0],
        decoder_vocab_size=network.n_target,
        max_position_embeddings=MAX_POSITIONS,
        d_model=shape.width,
        encoder_layers=shape.encoder_layers,
        decoder_layers=shape.decoder_layers,
        encoder_ffn_dim=shape.feed_forward,
        decoder_ffn_dim=shape.feed_forward,
        encoder_attention_heads=shape.heads,
        decoder_attention_heads=shape.heads,
        activation_function="relu",
        dropout=shape.dropout,
        scale_embedding=True,
        share_encoder_decoder_embeddings=False,
        pad_token_id=vocabulary.PAD_ID,
        eos_token_id=vocabulary.END_ID,
        forced_eos_token_id=None,
        decoder_start_token_id=vocabulary.PAD_ID,
    )
    model = MarianMTModel(config)
    target_table = network.shared.detach()[: network.n_target].clone()
    state = {
        "model.encoder.embed_tokens.weight": network.shared.detach(),
        "model.decoder.embed_tokens.weight": target_table,
        "lm_head.weight": target_table,
    }
    for name, value in network.named_parameters():
        if name != "shared":
            state["model." + name.replace("_layers.", ".layers.", 1)] = value.detach()
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected, unexpected
    assert all("embed_positions" in key or "bias" in key for key in missing), missing
    return model.eval()


def load_marian(network: Network, folder: Path) -> None:
    """Give a network the weights of a transformers folder that `save_transformers` wrote."""
    model = MarianMTModel.from_pretrained(folder, dtype=torch.float32)
    theirs = model.state_dict()
    state = {"shared": theirs["model.encoder.embed_tokens.weight"]}
    for name, _ in network.named_parameters():
        if name != "shared":
            state[name] = theirs["model." + name.replace("_layers.", ".layers.", 1)]
    network.load_state_dict(state)


def save_transformers(model: PreTrainedModel, spm: Path, folder: Path, recipe: Recipe) -> None:
    """Write the model in float16 with its tokenizer, for the torch engine and further training."""
    folder.mkdir(parents=True, exist_ok=True)
    save_tokenizer(pieces_of(spm), model.config.decoder_vocab_size, spm, folder, recipe)
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
    """Write a Marian tokenizer in which piece i of the list has id i."""
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


def save_bundle(
    model: MarianMTModel,
    spm: Path,
    folder: Path,
    recipe: Recipe,
    abilities: Abilities,
    card: str,
    compute_type: str = "int8",
) -> None:
    """Write a bundle beside `folder`, then put it in its place."""
    new = folders.beside(folder)
    _Converter(model, pieces_of(spm)).convert(str(new / "ctranslate2"), quantization=compute_type)
    shutil.copyfile(spm, new / TOKENIZER_FILE)
    (new / "MODEL_CARD.md").write_text(card, encoding="utf-8", newline="\n")
    folders.write_json(new / bundle.MANIFEST, _manifest(new, recipe, abilities, compute_type))
    folders.put_in_place(new, folder)


def refresh_manifest(folder: Path, version: str) -> None:
    """Hash the files of a bundle anew, after its card or scores were written."""
    path = folder / bundle.MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["version"] = version
    manifest["files"] = _hashes(folder)
    folders.write_json(path, manifest)


class _Loader(BartLoader):
    """Marian with a learned start vector and two vocabularies."""

    def get_model_spec(self, model):  # type: ignore[no-untyped-def]
        model.config.normalize_before = False
        model.config.normalize_embedding = False
        return super().get_model_spec(model)


class _Converter(ctranslate2.converters.Converter):
    def __init__(self, model: MarianMTModel, pieces: list[str]) -> None:
        self._model, self._pieces = model, pieces

    def _load(self):  # type: ignore[no-untyped-def]
        with torch.no_grad():
            # A copy: the quantizer writes over the weights that it is given.
            spec = _Loader().get_model_spec(copy.deepcopy(self._model))
        spec.register_source_vocabulary(self._pieces)
        spec.register_target_vocabulary(self._pieces[: self._model.config.decoder_vocab_size])
        spec.config.unk_token = vocabulary.UNKNOWN
        spec.config.eos_token = vocabulary.END
        spec.config.bos_token = vocabulary.PAD
        spec.config.decoder_start_token = vocabulary.PAD
        return spec


def _manifest(folder: Path, recipe: Recipe, abilities: Abilities, compute_type: str) -> dict[str, object]:
    return {
        "format": bundle.FORMAT,
        "name": recipe.name,
        "version": recipe.version,
        "source_language": recipe.data.source_language,
        "target_language": recipe.data.target_language,
        "architecture": "transformer",
        "tokenizer": {
            "source": TOKENIZER_FILE,
            "target": TOKENIZER_FILE,
            "source_suffix": [vocabulary.END],
        },
        "ctranslate2": {"path": "ctranslate2", "compute_type": compute_type},
        "max_source_tokens": recipe.data.max_tokens,
        "supports": {
            "placeholders": abilities.placeholders,
            "terms": abilities.terms,
            "alignment": abilities.alignment,
        },
        "licence": recipe.licence,
        "files": _hashes(folder),
    }


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: bundle.file_hash(path) for name, path in names.items() if name != bundle.MANIFEST}


def pieces_of(spm: Path) -> list[str]:
    """All pieces of a SentencePiece model, in order of their ids."""
    processor = sentencepiece.SentencePieceProcessor(model_file=str(spm))
    return [processor.id_to_piece(index) for index in range(len(processor))]
