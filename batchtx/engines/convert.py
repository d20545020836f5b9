"""Transformers models (OPUS-MT and the like) as CTranslate2 folders, by the library's own converter."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from batchtx.errors import EngineError, ModelError

_SENTENCEPIECE = ("source.spm", "target.spm", "sentencepiece.bpe.model", "spiece.model")


def convert_transformers(source: str, target: Path, compute_type: str) -> Path:
    """Converts the model `source` (folder or hub name) into the new folder `target`.

    Raises:
        EngineError: torch or transformers is not installed.
        ModelError: `target` exists, or the model cannot be converted.
    """
    if target.exists():
        raise ModelError(f"{target}: exists already; remove it or choose another folder")
    try:
        from ctranslate2.converters import TransformersConverter
    except ImportError as error:
        raise EngineError(f"converting needs {error.name}: pip install 'batchtx[torch]'") from None
    _know_languages_of_m2m100()
    try:
        converter: Any = TransformersConverter(source)
        converter.convert(str(target), quantization=None if compute_type == "float32" else compute_type)
    except ModuleNotFoundError as error:
        raise EngineError(f"converting needs {error.name}: pip install 'batchtx[torch]'") from None
    except Exception as error:  # the converter raises whatever transformers raises
        shutil.rmtree(target, ignore_errors=True)
        raise ModelError(f"{source}: cannot be converted ({error})") from error
    _copy_tokenizers(Path(source), target)
    return target


def _know_languages_of_m2m100() -> None:
    """Mends CTranslate2 4.8's loader: it looks for the languages where transformers 5 no longer has them."""
    from ctranslate2.converters import transformers as theirs

    class Loader(theirs.M2M100Loader):  # type: ignore[misc]
        def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
            pieces: list[str] = theirs.BartLoader.get_vocabulary(self, model, tokenizer)
            if pieces[-1] == tokenizer.unk_token:
                pieces.insert(tokenizer.unk_token_id, pieces.pop())
            known = set(pieces)
            languages: dict[str, int] = getattr(tokenizer, "lang_token_to_id", {})
            pieces += [piece for piece in sorted(languages, key=languages.__getitem__) if piece not in known]
            return pieces + [f"madeupword{n}" for n in range(model.config.vocab_size - len(pieces))]

    theirs._MODEL_LOADERS["M2M100Config"] = Loader()


def _copy_tokenizers(source: Path, target: Path) -> None:
    found = [source / name for name in _SENTENCEPIECE if (source / name).is_file()]
    if not found:
        raise ModelError(
            f"{source}: converted, but no SentencePiece model was found; put it beside model.bin"
        )
    for path in found:
        shutil.copyfile(path, target / path.name)
