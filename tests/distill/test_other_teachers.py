"""Teachers of many languages (NLLB, M2M100, mBART) are told which two are meant."""

from __future__ import annotations

import pytest
import torch
from transformers import AutoTokenizer, M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

from batchtx.distill.teacher.port import Teacher
from batchtx.distill.teacher.search import SearchRecipe
from batchtx.errors import ConfigError

SEARCH = SearchRecipe(beam_size=2, max_target_tokens=6, n_best=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny model with random weights and the tokenizer class of NLLB."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "我", "茶", "t", "e", "a"]
    tokenizer = NllbTokenizer(
        vocab={piece: at for at, piece in enumerate(pieces)},
        merges=[],
        additional_special_tokens=["zho_Hans", "eng_Latn"],
    )
    torch.manual_seed(0)
    config = M2M100Config(
        vocab_size=len(tokenizer),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        max_position_embeddings=32,
    )
    folder = tmp_path_factory.mktemp("nllb")
    M2M100ForConditionalGeneration(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def test_the_source_is_marked_and_the_target_begins_with_its_language(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    generate = M2M100ForConditionalGeneration.generate

    def watched(model: M2M100ForConditionalGeneration, **options: object) -> torch.Tensor:
        written = generate(model, **options)
        calls.append((options["input_ids"], written))
        return written

    monkeypatch.setattr(M2M100ForConditionalGeneration, "generate", watched)
    teacher = Teacher(folder, SEARCH, languages=("zho_Hans", "eng_Latn"))
    assert [len(targets) for targets in teacher.n_best(["我 茶", "茶"])] == [2, 2]
    ((source, written),) = calls
    zh, en = AutoTokenizer.from_pretrained(folder).convert_tokens_to_ids(["zho_Hans", "eng_Latn"])
    assert (source == zh).any(1).all()
    assert not (source == en).any()
    assert (written[:, 1] == en).all()


def test_languages_are_asked_for_and_checked(folder: str) -> None:
    with pytest.raises(ConfigError, match="name its two languages with --languages"):
        Teacher(folder, SEARCH)
    with pytest.raises(ConfigError, match="no language 'zh'"):
        Teacher(folder, SEARCH, languages=("zh", "eng_Latn"))
