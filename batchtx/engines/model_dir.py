"""What `--model` may name for the ctranslate2 engine: a bundle's name or folder, or a CTranslate2
folder with its SentencePiece models beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from batchtx.engines.model_files import bundle_folder, unknown_model
from batchtx.errors import ModelError
from batchtx.student.bundle import Bundle, load_bundle
from batchtx.student.tokenizer import Tokenizer

_SOURCE_NAMES = ("source.spm", "spm.src.model", "sentencepiece.model", "sentencepiece.bpe.model", "spm.model")
_TARGET_NAMES = ("target.spm", "spm.tgt.model", "sentencepiece.model", "sentencepiece.bpe.model", "spm.model")


@dataclass(frozen=True, slots=True)
class TokenModel:
    """A CTranslate2 folder and what is needed to feed it.

    n_prefix and n_suffix pieces of every source are not of its text; every target begins with target_prefix.
    """

    folder: Path
    tokenizer: Tokenizer
    n_suffix: int
    n_prefix: int = field(default=0, kw_only=True)
    compute_type: str
    max_source_tokens: int
    placeholders: bool = False
    inline_terms: bool = False
    target_prefix: tuple[str, ...] = ()


def open_token_model(model: str) -> TokenModel:
    """Returns the model that `model` names.

    Raises:
        ModelError: there is no such model, or its tokenizers are missing.
    """
    bundle = bundle_folder(model)
    if bundle is not None:
        return _from_bundle(load_bundle(bundle, verify=False))
    folder = Path(model)
    if (folder / "model.bin").is_file():
        return _from_folder(folder)
    if folder.is_dir():
        hint = "a transformers folder? Use --engine torch, or convert it: batchtx models convert"
        raise ModelError(f"{model}: neither a bundle nor a CTranslate2 folder ({hint})")
    raise ModelError(unknown_model(model))


def _from_bundle(bundle: Bundle) -> TokenModel:
    return TokenModel(
        folder=bundle.ctranslate2,
        tokenizer=Tokenizer.of(bundle),
        n_prefix=len(bundle.source_prefix),
        n_suffix=len(bundle.source_suffix),
        compute_type=bundle.compute_type,
        max_source_tokens=bundle.max_source_tokens,
        placeholders=bundle.placeholders,
        inline_terms=bundle.terms == "inline",
        target_prefix=bundle.target_prefix,
    )


def _from_folder(folder: Path) -> TokenModel:
    source, target = _first(folder, _SOURCE_NAMES), _first(folder, _TARGET_NAMES)
    config = folder / "config.json"
    adds_end = config.is_file() and json.loads(config.read_text("utf-8")).get("add_source_eos", False)
    suffix = () if adds_end else ("</s>",)
    return TokenModel(
        folder=folder,
        tokenizer=Tokenizer(source, target, suffix),
        n_suffix=len(suffix),
        compute_type="int8",
        max_source_tokens=200,
    )


def _first(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise ModelError(f"{folder}: no SentencePiece model; put {names[0]} beside model.bin")
