"""Models of the Hugging Face hub: looked up, downloaded, described. HF_ENDPOINT names another hub."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from batchtx.engines.foreign import ForeignModel
from batchtx.engines.language_codes import MBART, NLLB, m2m100_token
from batchtx.errors import EngineError, ModelError
from batchtx.files import file_hash

_WEIGHTS = ("model.safetensors", "model-*.safetensors", "pytorch_model.bin", "pytorch_model-*.bin")
_OTHERS = ("*.json", "*.spm", "*.model", "*.txt", "README.md")
_LANGUAGES_IN_NAME = re.compile(r"[-_]([a-z]{2,3})[-_]([a-z]{2,3})$")
_TWO_LETTERS = {"zho": "zh", "chi": "zh", "eng": "en", "jpn": "ja", "deu": "de", "fra": "fr"}
_END = "</s>"


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model of the hub at one revision: its files with their SHA-256 ("" where the hub tells none)."""

    name: str
    revision: str
    licence: str
    files: dict[str, str]
    n_bytes: int


def look_up(name: str, revision: str = "main") -> HubModel:
    """Asks the hub for a model, without downloading it.

    Raises:
        EngineError: huggingface_hub is not installed.
        ModelError: no such model, or nobody answers.
    """
    try:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError
    except ImportError as error:
        raise EngineError(f"the hub needs {error.name}: pip install 'batchtx[torch]'") from None
    try:
        info = HfApi().model_info(name, revision=revision, files_metadata=True)
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise ModelError(f"{name}: the hub does not give it ({_first_line(error)})") from error
    except Exception as error:  # the library's transport raises errors of its own when nobody answers
        raise ModelError(
            f"{name}: no answer from the hub ({_first_line(error)}); is HF_ENDPOINT right?"
        ) from error
    files = {one.rfilename: one for one in info.siblings or []}
    wanted = _wanted(list(files))
    hashes = {path: str(getattr(files[path].lfs, "sha256", "")) for path in wanted}
    n_bytes = sum(files[path].size or 0 for path in wanted)
    return HubModel(name, info.sha or revision, _licence(info), hashes, n_bytes)


def download(model: HubModel, folder: Path, *, show: bool = False) -> Path:
    """Downloads a model's files into `folder`; the same call goes on with what an earlier one left there.

    Raises:
        ModelError: the connection breaks, or a file is not the one whose SHA-256 the hub tells.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars, enable_progress_bars

    (enable_progress_bars if show else disable_progress_bars)()
    try:
        snapshot_download(
            model.name, revision=model.revision, allow_patterns=list(model.files), local_dir=folder
        )
    except Exception as error:  # whatever the library's transport raises
        raise ModelError(f"{model.name}: {_first_line(error)}; the same command goes on with it") from error
    for path, sha256 in model.files.items():
        if sha256 and file_hash(folder / path) != sha256:
            (folder / path).unlink(missing_ok=True)
            raise ModelError(
                f"{model.name}: {path} is damaged (SHA-256 differs) and was deleted; get it again"
            )
    return folder


def describe(
    folder: Path, model: HubModel, languages: tuple[str, str] | None, compute_type: str
) -> ForeignModel:
    """Describes a transformers folder: its languages and the pieces around its sources and targets.

    Raises:
        ModelError: a kind that is not known here, or languages that it does not tell.
    """
    config = _read(folder / "config.json")
    kind, tokenizer = config.get("model_type"), _read(folder / "tokenizer_config.json")
    source, target = languages or _languages(model.name, tokenizer, kind)
    before: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    after: tuple[str, ...] = (_END,)
    if kind == "m2m_100" and "nllb" in str(tokenizer.get("tokenizer_class", model.name)).lower():
        before, prefix = (NLLB.get(source, source),), (NLLB.get(target, target),)
    elif kind == "m2m_100":
        before, prefix = (m2m100_token(source),), (m2m100_token(target),)
    elif kind == "mbart":
        code, prefix = MBART.get(source, source), (MBART.get(target, target),)
        if "50" in str(tokenizer.get("tokenizer_class", "")):
            before = (code,)
        else:
            after = (_END, code)
    elif kind != "marian":
        raise ModelError(
            f"{model.name}: is a {kind} model; known are Marian (OPUS-MT), NLLB, M2M100 and mBART"
        )
    return ForeignModel(
        name=model.name.rpartition("/")[2],
        version=model.revision[:12],
        source_language=source,
        target_language=target,
        licence=model.licence,
        source_prefix=before,
        source_suffix=after,
        target_prefix=prefix,
        compute_type=compute_type,
    )


def _languages(name: str, tokenizer: dict[str, Any], kind: str | None) -> tuple[str, str]:
    """Of a model of one pair, by its tokenizer or its name."""
    if kind == "marian":
        told = (tokenizer.get("source_lang"), tokenizer.get("target_lang"))
        match = _LANGUAGES_IN_NAME.search(name)
        found = match.groups() if match else told
        if all(found):
            return _TWO_LETTERS.get(str(found[0]), str(found[0])), _TWO_LETTERS.get(
                str(found[1]), str(found[1])
            )
    raise ModelError(f"{name}: does not tell its languages, or has many; say which: --languages zh en")


def _wanted(paths: list[str]) -> list[str]:
    """The files to download: one set of weights, and what is small."""
    wanted = [path for path in paths if any(fnmatchcase(path, pattern) for pattern in _OTHERS)]
    for pattern in _WEIGHTS:
        if weights := [path for path in paths if fnmatchcase(path, pattern)]:
            return wanted + weights
    return wanted


def _licence(info: Any) -> str:
    card = getattr(info, "card_data", None)
    told = getattr(card, "license", None) if card else None
    tags = [tag.removeprefix("license:") for tag in info.tags or [] if tag.startswith("license:")]
    return str(told or (tags[0] if tags else "not stated on the hub"))


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
