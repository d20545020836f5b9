"""Our student as an argos package (.argosmodel): the same weights for a tool that reads those."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from batchtx.engines.model_files import bundle_folder, unknown_model
from batchtx.errors import ModelError
from batchtx.student.bundle import load_bundle


def argos_package(model: str, folder: Path) -> Path:
    """Writes the bundle called `model` as an argos package into a folder and gives its path.

    argos adds no end mark to sources, which our bundle says its tokenizer does; CTranslate2 adds it then.

    Raises:
        ModelError: there is no such bundle.
    """
    found = bundle_folder(model)
    if found is None:
        raise ModelError(unknown_model(model))
    bundle = load_bundle(found)
    facts = {
        "package_version": "1.0",
        "argos_version": "1.9",
        "from_code": bundle.source_language,
        "to_code": bundle.target_language,
        "from_name": bundle.source_language,
        "to_name": bundle.target_language,
    }
    path = folder / f"{bundle.name}.argosmodel"
    with zipfile.ZipFile(path, "w") as archive:
        root = f"{bundle.source_language}_{bundle.target_language}"
        archive.writestr(f"{root}/metadata.json", json.dumps(facts))
        archive.write(found / "source.spm", f"{root}/sentencepiece.model")
        config = json.loads((found / "ctranslate2" / "config.json").read_text(encoding="utf-8"))
        archive.writestr(f"{root}/model/config.json", json.dumps({**config, "add_source_eos": True}))
        for name in ("model.bin", "source_vocabulary.json", "target_vocabulary.json"):
            archive.write(found / "ctranslate2" / name, f"{root}/model/{name}")
    return path
