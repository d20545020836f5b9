"""Pre- and post-processing of the released CSANMT models, and the conversion of a directory."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from batchtx.distill.teacher import CsanmtTokenizer
from batchtx.distill.teacher.convert import convert_teacher
from batchtx.errors import ModelError

FIXTURES = Path(__file__).parent / "fixtures" / "csanmt"
TEXT = FIXTURES / "text"


@pytest.fixture(scope="module", params=["zh2en", "en2zh"])
def expected(request: pytest.FixtureRequest) -> dict[str, Any]:
    cases = json.loads((TEXT / "text.json").read_text(encoding="utf-8"))
    return dict(cases[request.param])


@pytest.fixture
def tokenizer(expected: dict[str, Any]) -> CsanmtTokenizer:
    source, target = expected["src_lang"], expected["tgt_lang"]
    return CsanmtTokenizer(
        source_vocab_file=str(TEXT / f"vocab.{source}"),
        target_vocab_file=str(TEXT / f"vocab.{target}"),
        codes_file=str(TEXT / f"bpe.{source}"),
        source_language=source,
        target_language=target,
        source_size=expected["src_vocab_size"],
    )


def test_splits_words_and_pieces_as_the_pipeline_does(
    tokenizer: CsanmtTokenizer, expected: dict[str, Any]
) -> None:
    assert [tokenizer.words(text) for text in expected["text"]] == expected["tokenized"]
    pieces = [" ".join(tokenizer.tokenize(text)) for text in expected["text"]]
    assert pieces == [" ".join(line.split()) for line in expected["bpe"]]


def test_gives_the_ids_of_the_pipeline(tokenizer: CsanmtTokenizer, expected: dict[str, Any]) -> None:
    assert [tokenizer(text)["input_ids"] for text in expected["text"]] == expected["input_ids"]
    batch = tokenizer(expected["text"][:4], padding=True)["input_ids"]
    assert batch == expected["batch_of_first_4"]


def test_puts_targets_together_as_the_pipeline_does(
    tokenizer: CsanmtTokenizer, expected: dict[str, Any]
) -> None:
    given = [tokenizer.decode([0, *ids, 0, 0]) for ids in expected["output_ids"]]
    assert given == expected["detokenized"]


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A directory as ModelScope downloads it, around a tiny model."""
    folder = tmp_path / "damo"
    (folder / "tf_ckpts").mkdir(parents=True)
    for path in (FIXTURES / "shared_abs").glob("ckpt-0.*"):
        shutil.copyfile(path, folder / "tf_ckpts" / path.name)
    model = json.loads((FIXTURES / "shared_abs" / "config.json").read_text(encoding="utf-8"))
    settings = {"model": model, "preprocessor": {"src_lang": "zh", "tgt_lang": "en"}}
    (folder / "configuration.json").write_text(json.dumps(settings), encoding="utf-8")
    for name, there in (("zh", "src_vocab.txt"), ("en", "trg_vocab.txt")):
        lines = (TEXT / f"vocab.{name}").read_text(encoding="utf-8").splitlines()[:60]
        (folder / there).write_text("\n".join(lines) + "\n", encoding="utf-8")
    shutil.copyfile(TEXT / "bpe.zh", folder / "bpe.zh")
    return folder


def test_a_converted_directory_loads_with_the_auto_classes(released: Path, tmp_path: Path) -> None:
    convert_teacher(released, tmp_path / "teacher")
    model = AutoModelForSeq2SeqLM.from_pretrained(tmp_path / "teacher")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "teacher")
    tokens = tokenizer(["今天的天气很好", "你好"], return_tensors="pt", padding=True)
    written = model.generate(**tokens, max_new_tokens=5, do_sample=False)
    assert written.dtype == torch.long
    assert all(isinstance(text, str) for text in tokenizer.batch_decode(written))


def test_a_directory_without_its_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"configuration.json: missing"):
        convert_teacher(tmp_path, tmp_path / "teacher")
