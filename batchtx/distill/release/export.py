"""From a transformers model (marian.py) to a bundle (CTranslate2)."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import ctranslate2.converters
import torch
from ctranslate2.converters.transformers import BartLoader
from torch import nn
from transformers import BartForConditionalGeneration, PegasusForConditionalGeneration, PreTrainedModel

from batchtx.distill import folders
from batchtx.distill.data import vocabulary
from batchtx.distill.data.vocabulary import pieces_of
from batchtx.distill.recipe import Recipe
from batchtx.student import bundle

TOKENIZER_FILE = "source.spm"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the bundle declares that the student supports."""

    placeholders: bool = True
    terms: str | None = "inline"
    alignment: bool = False


def save_bundle(
    model: PreTrainedModel,
    spm: Path,
    folder: Path,
    recipe: Recipe,
    abilities: Abilities,
    card: str,
    compute_type: str = "int8",
) -> None:
    """Writes a bundle beside `folder`, then put it in its place."""
    new = folders.beside(folder)
    _Converter(model, pieces_of(spm)).convert(str(new / "ctranslate2"), quantization=compute_type)
    shutil.copyfile(spm, new / TOKENIZER_FILE)
    (new / "MODEL_CARD.md").write_text(card, encoding="utf-8", newline="\n")
    folders.write_json(new / bundle.MANIFEST, _manifest(new, recipe, abilities, compute_type))
    folders.put_in_place(new, folder)


def refresh_manifest(folder: Path, version: str) -> None:
    """Hashes the files of a bundle anew, after its card or scores were written."""
    path = folder / bundle.MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["version"] = version
    manifest["files"] = _hashes(folder)
    folders.write_json(path, manifest)


class _Loader(BartLoader):
    """Marian, Pegasus or Bart with a learned start vector and two vocabularies."""

    def get_model_spec(self, model):  # type: ignore[no-untyped-def]
        model.config.normalize_before = isinstance(model, PegasusForConditionalGeneration)
        model.config.normalize_embedding = isinstance(model, BartForConditionalGeneration)
        return super().get_model_spec(model)


class _Converter(ctranslate2.converters.Converter):
    def __init__(self, model: PreTrainedModel, pieces: list[str]) -> None:
        self._model, self._pieces = model, pieces

    def _load(self):  # type: ignore[no-untyped-def]
        n_target = self._model.config.decoder_vocab_size
        with torch.no_grad():
            # A copy: the quantizer writes over the weights that it is given.
            model = copy.deepcopy(self._model)
            if isinstance(model, PegasusForConditionalGeneration | BartForConditionalGeneration):
                _cut_target(model, n_target)
            spec = _Loader().get_model_spec(model)
        spec.register_source_vocabulary(self._pieces)
        spec.register_target_vocabulary(self._pieces[:n_target])
        spec.config.unk_token = vocabulary.UNKNOWN
        spec.config.eos_token = vocabulary.END
        spec.config.bos_token = vocabulary.PAD
        spec.config.decoder_start_token = vocabulary.PAD
        return spec


def _cut_target(model: PegasusForConditionalGeneration | BartForConditionalGeneration, n_target: int) -> None:
    """Give the decoder a table of the words alone that it can write."""
    table = model.lm_head.weight[:n_target].clone()
    model.model.decoder.embed_tokens = nn.Embedding.from_pretrained(table)
    model.lm_head.weight = nn.Parameter(table)
    model.final_logits_bias = nn.Buffer(model.final_logits_bias[:, :n_target])


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
