"""Models that batchtx did not make: a Marian folder as OPUS-MT publishes them, tiny and random."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from batchtx.engines import build_engine
from batchtx.engines.spec import EngineSpec
from tests.helpers.command import run
from tests.helpers.texts import sentences

pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def opus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Marian folder with one vocabulary for both sides, like Helsinki-NLP/opus-mt-zh-en."""
    import sentencepiece
    import torch
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    folder = tmp_path_factory.mktemp("opus") / "opus-mt-zh-en"
    folder.mkdir()
    corpus = folder.parent / "corpus.txt"
    english = ["the system saves the file", "the manager checks the annual report of the customer"]
    corpus.write_text("\n".join([*sentences(300), *english * 20]), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder.parent / "m"), vocab_size=220, minloglevel=2
    )
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder.parent / "m.model"))
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes((folder.parent / "m.model").read_bytes())
    pieces = [processor.id_to_piece(n) for n in range(len(processor)) if n > 2]
    names = ["</s>", "<unk>", *pieces, "<pad>"]
    (folder / "vocab.json").write_text(
        json.dumps({name: n for n, name in enumerate(names)}), encoding="utf-8"
    )
    torch.manual_seed(7)
    config = MarianConfig(
        vocab_size=len(names),
        d_model=32,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=128,
        pad_token_id=len(names) - 1,
        eos_token_id=0,
        forced_eos_token_id=0,
        decoder_start_token_id=len(names) - 1,
        init_std=0.5,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        MarianMTModel(config).save_pretrained(folder)
        tokenizer = MarianTokenizer(
            source_spm=str(folder / "source.spm"),
            target_spm=str(folder / "target.spm"),
            vocab=str(folder / "vocab.json"),
            source_lang="zh",
            target_lang="en",
        )
        tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_an_opus_model_runs_in_both_engines_and_says_the_same(opus: Path, tmp_path: Path) -> None:
    run("models", "convert", opus, tmp_path / "converted", "--compute-type", "float32", cwd=tmp_path)
    converted = build_engine(EngineSpec("ctranslate2", str(tmp_path / "converted"), compute_type="float32"))
    original = build_engine(EngineSpec("torch", str(opus)))
    sources = list(sentences(8))
    # random weights find no end: the engines stop one piece apart, at their length limits
    ours = [hypothesis.text[:40] for hypothesis in converted.translate(sources)]
    theirs = [hypothesis.text[:40] for hypothesis in original.translate(sources)]
    assert ours == theirs
    assert len(set(ours)) > 3


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_document_goes_through_an_opus_model(opus: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("".join(sentences(3)) + "\n见 https://a.cn/x 。\n", encoding="utf-8")
    run("models", "convert", opus, tmp_path / "converted", cwd=tmp_path)
    run("translate", "a.txt", "--model", "converted", cwd=tmp_path)
    first = (tmp_path / "a.en.txt").read_text(encoding="utf-8")
    assert "https://a.cn/x" in first
    run("translate", "a.txt", "--engine", "torch", "--model", opus, "-o", "b.txt", cwd=tmp_path)
    assert "https://a.cn/x" in (tmp_path / "b.txt").read_text(encoding="utf-8")


def test_a_transformers_folder_given_to_the_wrong_engine_is_told(opus: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    done = run("translate", "a.txt", "--model", opus, cwd=tmp_path, code=3)
    assert "batchtx models convert" in done.stderr.decode()
