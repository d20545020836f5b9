"""A Marian folder as OPUS-MT publishes them: tiny, with random weights."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

from tests.helpers.texts import sentences


def make_opus(folder: Path) -> Path:
    """Writes a model with one vocabulary for both sides, like Helsinki-NLP/opus-mt-zh-en."""
    import sentencepiece
    import torch
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

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
