"""A trained network becomes a bundle and a transformers folder that translate alike."""

from __future__ import annotations

import json
import lzma
import shutil
from dataclasses import replace
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
import sentencepiece
import torch

from batchtx.distill.data import pairs as data
from batchtx.distill.data.vocabulary import END_ID
from batchtx.distill.nets.marian import to_transformers
from batchtx.distill.nets.network import shift_right
from batchtx.distill.recipe import Recipe
from batchtx.distill.release.evaluate import BundleTranslator, EvaluationSet, read_domains
from batchtx.distill.release.export import Abilities, save_bundle
from batchtx.distill.release.release import Release, load_network, release_bundle, release_checkpoint
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank
from batchtx.errors import ModelError
from batchtx.student.bundle import load_bundle
from batchtx.student.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def sources(pairs: list[tuple[str, str]]) -> list[str]:
    return [source for source, _ in pairs][::37]


@pytest.fixture(scope="module")
def release(toy_data: Path, toy_run: Path, toy_recipe: Recipe) -> Release:
    tests = tuple(read_domains(toy_data / "test.tsv"))
    return Release(toy_data, toy_run, toy_recipe, "0.0.1", "2026-01-01", tests, beam_size=2)


@pytest.fixture(scope="module")
def folder(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles") / "toy"
    release_bundle(release, folder)
    return folder


def test_the_bundle_translates_what_was_held_out(release: Release, folder: Path) -> None:
    test: EvaluationSet = release.tests[0]
    hypotheses, _ = BundleTranslator(load_bundle(folder)).translate(test.sources)
    right = sum(h == r for h, r in zip(hypotheses, test.references, strict=True))
    assert right >= 0.8 * len(test.sources)


def test_ctranslate2_in_float32_writes_what_torch_writes(
    release: Release, sources: list[str], tmp_path: Path
) -> None:
    network, _ = load_network(release)
    model = to_transformers(network, release.recipe)
    spm = release.data_folder / "vocabulary.spm"
    save_bundle(model, spm, tmp_path / "b", release.recipe, Abilities(), "", "float32")
    bundle = load_bundle(tmp_path / "b")
    tokenizer = Tokenizer.of(bundle)
    hypotheses, _ = BundleTranslator(bundle, beam_size=1).translate(sources)
    for source, hypothesis in zip(sources, hypotheses, strict=True):
        ids = torch.tensor([tokenizer.source_ids(source)])
        written = model.generate(ids, num_beams=1, max_new_tokens=40, do_sample=False)[0]
        assert tokenizer.decode_ids(written.tolist()) == hypothesis


def test_quantising_leaves_the_model_as_it_was(release: Release, tmp_path: Path) -> None:
    network, _ = load_network(release)
    model = to_transformers(network, release.recipe)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    spm = release.data_folder / "vocabulary.spm"
    save_bundle(model, spm, tmp_path / "b", release.recipe, Abilities(), "", "int8")
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name


@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_the_transformers_folder_loads_with_its_tokenizer(
    release: Release, tmp_path: Path, folder: Path, sources: list[str]
) -> None:
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    release_checkpoint(release, tmp_path)
    model = AutoModelForSeq2SeqLM.from_pretrained(tmp_path, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    tokens = tokenizer(sources, return_tensors="pt", padding=True)
    written = model.generate(**tokens, num_beams=1, max_new_tokens=40, do_sample=False)
    expected, _ = BundleTranslator(load_bundle(folder), beam_size=1).translate(sources)
    given = tokenizer.batch_decode(written, skip_special_tokens=True)
    same = sum(one == other for one, other in zip(given, expected, strict=True))
    assert same >= len(sources) - 1  # int8 against float16


def test_a_second_release_goes_on_with_the_table_of_versions(release: Release, folder: Path) -> None:
    release_bundle(replace(release, version="0.0.2"), folder)
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "| 0.0.1 |" in card
    assert "| 0.0.2 |" in card
    assert load_bundle(folder).version == "0.0.2"


def test_the_card_tells_what_was_measured_and_changed(
    release: Release, tmp_path: Path, pairs: list[tuple[str, str]]
) -> None:
    links = tmp_path / "links.tsv"
    source, target = pairs[0]
    links.write_text(f"{source}\t{target}\t苹果=apples;我=I\n", encoding="utf-8", newline="\n")
    with lzma.open(tmp_path / "glosses.tsv.xz", "wt", encoding="utf-8", newline="\n") as file:
        file.write("苹果\tapples/pears\n面包\tbread/toast\n")
    asked = replace(
        release, dictionary=tmp_path / "glosses.tsv.xz", alignment_set=links, compare_float32=True
    )
    release_bundle(asked, tmp_path / "bundle")
    card = (tmp_path / "bundle" / "MODEL_CARD.md").read_text(encoding="utf-8")
    for words in (
        "terms obeyed",
        "words aligned (hand-checked links) | 2 |",
        "was trained in: 1",
        "In float32, test has",
    ):
        assert words in card


def test_the_card_tells_through_which_stages_the_weights_went(
    toy_data: Path, toy_run: Path, toy_recipe: Recipe, tmp_path: Path
) -> None:
    recipe = replace(toy_recipe, rl=replace(toy_recipe.rl, label_smoothing=0.07))
    for _ in range(2):  # the second piece needs no --start
        run = TrainingRun(toy_data, tmp_path / "rl", recipe, "float32", 2, "rl", toy_run)
        run_ranks(train_rank, 1, run)
    release = Release(toy_data, tmp_path / "rl", recipe, "0.0.1", "2026-01-01")
    release_bundle(release, tmp_path / "bundle")
    card = (tmp_path / "bundle" / "MODEL_CARD.md").read_text(encoding="utf-8")
    begun = f"Stages: mle → rl (distillation with a reward, begun with the weights of {toy_run.name})"
    assert f"{begun}; label smoothing 0.07" in card
    (entry,) = json.loads((tmp_path / "bundle" / "scores.json").read_text(encoding="utf-8"))["versions"]
    assert (entry["stage"], entry["stages"]) == ("rl", ["mle", "rl"])
    assert [piece["stages"] for piece in entry["pieces"]] == [["mle", "rl"]] * 2


@pytest.mark.parametrize("has_links", [False, True])
def test_alignment_is_declared_where_the_data_has_links(
    toy_data: Path, toy_recipe: Recipe, tmp_path: Path, has_links: bool
) -> None:
    folder = shutil.copytree(toy_data, tmp_path / "data")
    if has_links:
        np.save(folder / data.LINKS, np.zeros(len(data.load_corpus(folder).target_ids), np.int16))
    recipe = replace(toy_recipe, mle=replace(toy_recipe.mle, alignment_weight=0.2))
    run_ranks(train_rank, 1, TrainingRun(folder, tmp_path / "run", recipe, "float32", 2))
    release_bundle(Release(folder, tmp_path / "run", recipe, "0.0.1", "2026-01-01"), tmp_path / "bundle")
    manifest = json.loads((tmp_path / "bundle" / "bundle.json").read_text(encoding="utf-8"))
    assert manifest["supports"]["alignment"] is has_links
    card = (tmp_path / "bundle" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert ("eflomal" in card) is has_links


def test_a_changed_file_is_refused_by_name(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "MODEL_CARD.md").write_text("another card", encoding="utf-8")
    with pytest.raises(ModelError, match=r"MODEL_CARD.md: not the file of the bundle"):
        load_bundle(copy)
    assert load_bundle(copy, verify=False).name == "toy"


def test_a_folder_without_a_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no bundle.json here"):
        load_bundle(tmp_path)


def test_the_alignment_of_the_bundle_is_the_attention_of_the_trained_head(
    release: Release, sources: list[str], tmp_path: Path
) -> None:
    network, _ = load_network(release)
    spm = release.data_folder / "vocabulary.spm"
    model = to_transformers(network, release.recipe)
    save_bundle(model, spm, tmp_path / "b", release.recipe, Abilities(), "", "float32")
    bundle = load_bundle(tmp_path / "b")
    tokenizer = Tokenizer.of(bundle)
    translator = ctranslate2.Translator(str(bundle.ctranslate2), compute_type="float32", intra_threads=1)
    for source in sources[:3]:
        pieces = tokenizer.encode(source)
        (result,) = translator.translate_batch([pieces], beam_size=1, return_attention=True)
        ids = tokenizer.source_ids(source)
        written = [spm_id(release, piece) for piece in result.hypotheses[0]]
        with torch.no_grad():
            memory = network.encode(torch.tensor([ids]))
            _, scores = network.decode_aligned(shift_right(torch.tensor([[*written, END_ID]])), memory)
        expected = scores[0].softmax(-1)[: len(written)]
        given = torch.tensor(result.attention[0])[: len(written)]
        torch.testing.assert_close(given, expected, atol=1e-4, rtol=0)


def spm_id(release: Release, piece: str) -> int:
    spm = sentencepiece.SentencePieceProcessor(model_file=str(release.data_folder / "vocabulary.spm"))
    return int(spm.piece_to_id(piece))
