"""Models that others made, stored as bundles: then every command finds, shows and checks them as its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from batchtx.files import file_hash
from batchtx.student.bundle import FORMAT, MANIFEST


@dataclass(frozen=True, slots=True)
class ForeignModel:
    """What is known of a model in a folder with ctranslate2/, source.spm and perhaps target.spm."""

    name: str
    version: str
    source_language: str
    target_language: str
    licence: str
    source_prefix: tuple[str, ...] = ()
    source_suffix: tuple[str, ...] = ()
    target_prefix: tuple[str, ...] = ()
    max_source_tokens: int = 200
    compute_type: str = "int8"


def write_manifest(folder: Path, model: ForeignModel, name: str, origin: str) -> None:
    """Writes bundle.json and a card beside the files of a model, with their hashes."""
    target = "target.spm" if (folder / "target.spm").is_file() else "source.spm"
    card = (
        f"# {name}\n\n{model.source_language} → {model.target_language}, "
        f"from {origin}, {model.compute_type}.\n\n"
        f"Licence: {model.licence}\n\nThis model was not made or measured by batchtx: "
        "`batchtx distill evaluate` scores it on your own sentences.\n"
    )
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8", newline="\n")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    manifest = {
        "format": FORMAT,
        "name": name,
        "version": model.version,
        "source_language": model.source_language,
        "target_language": model.target_language,
        "architecture": "transformer",
        "tokenizer": {
            "source": "source.spm",
            "target": target,
            "source_prefix": model.source_prefix,
            "source_suffix": model.source_suffix,
            "target_prefix": model.target_prefix,
        },
        "ctranslate2": {"path": "ctranslate2", "compute_type": model.compute_type},
        "max_source_tokens": model.max_source_tokens,
        "supports": {"placeholders": False, "terms": None, "alignment": False},
        "licence": model.licence,
        "origin": origin,
        "files": {path.relative_to(folder).as_posix(): file_hash(path) for path in files},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
