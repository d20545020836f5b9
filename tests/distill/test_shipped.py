"""The shipped student is whole, small, and its card is about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from batchtx.student.bundle import Bundle, load_bundle
from batchtx.student.tokenizer import Tokenizer

FOLDER = Path(__file__).parents[2] / "batchtx" / "models" / "zh-en"
MAX_BYTES = 30_000_000


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(FOLDER)


def test_it_is_whole_and_small(bundle: Bundle) -> None:
    listed = json.loads((FOLDER / "bundle.json").read_text(encoding="utf-8"))["files"]
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert found - {"bundle.json"} == set(listed)
    assert sum((FOLDER / name).stat().st_size for name in found) <= MAX_BYTES


def test_the_card_is_about_this_version_and_names_every_source(bundle: Bundle) -> None:
    card = (FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card.startswith(f"# {bundle.name}, version {bundle.version}\n")
    for name in ("ms-dyn365ops", "tatoeba", "legal-taiwan-laws", "dictionary-entries"):
        assert f"| {name} |" in card


def test_it_translates_a_menu_command_and_keeps_its_mark(bundle: Bundle) -> None:
    ctranslate2 = pytest.importorskip("ctranslate2")
    translator = ctranslate2.Translator(str(bundle.ctranslate2), compute_type=bundle.compute_type)
    tokenizer = Tokenizer.of(bundle)
    (result,) = translator.translate_batch([tokenizer.encode("单击⟦1⟧“确定”按钮以删除该文件。")])
    target = tokenizer.decode(result.hypotheses[0])
    assert "OK" in target
    assert "file" in target
    assert target.count("⟦1⟧") == 1


@pytest.mark.filterwarnings("default")
def test_the_checkpoint_runs_in_the_torch_engine() -> None:
    from batchtx.engines import build_engine
    from batchtx.engines.spec import EngineSpec

    engine = build_engine(EngineSpec("torch", str(FOLDER.parents[2] / "checkpoints" / "zh-en")))
    for beam_size in (1, 4):
        (hypothesis,) = engine.translate(["单击“确定”按钮以删除该文件。"], beam_size=beam_size)
        assert "delete the file" in hypothesis.text
        assert hypothesis.complete
        assert hypothesis.score is not None and -2 < hypothesis.score < 0
