"""The LSTM student learns by the same loop and translates through transformers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from batchtx.distill.recipe import Recipe
from batchtx.distill.release.release import Release, release_bundle, release_checkpoint
from batchtx.distill.train import losses
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank
from batchtx.engines.torch import TorchEngine
from batchtx.errors import ConfigError
from batchtx.student.lstm import LstmConfig, LstmForConditionalGeneration


@pytest.fixture(params=["local-p", "global"])
def model(request: pytest.FixtureRequest) -> LstmForConditionalGeneration:
    torch.manual_seed(1)
    config = LstmConfig(40, 30, width=16, hidden=24, attention=request.param, window=3)
    return LstmForConditionalGeneration(config).eval()


@torch.no_grad()
def test_padding_of_a_source_changes_nothing(model: LstmForConditionalGeneration) -> None:
    source, target = torch.randint(2, 40, (1, 6)), torch.randint(2, 30, (1, 5))
    alone = model(input_ids=source, decoder_input_ids=target).logits
    padded = torch.nn.functional.pad(source, (0, 4))
    mask = (torch.arange(10) < 6)[None]
    behind = model(input_ids=padded, attention_mask=mask, decoder_input_ids=target).logits
    torch.testing.assert_close(alone, behind, atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_states_carried_over_give_what_reading_all_at_once_gives(
    model: LstmForConditionalGeneration,
) -> None:
    source, target = torch.randint(2, 40, (2, 6)), torch.randint(2, 30, (2, 5))
    whole = model(input_ids=source, decoder_input_ids=target).logits
    first = model(input_ids=source, decoder_input_ids=target[:, :3])
    second = model(input_ids=source, decoder_input_ids=target[:, 3:], past_key_values=first.past_key_values)
    joined = torch.cat([first.logits, second.logits], 1)
    torch.testing.assert_close(whole, joined, atol=1e-5, rtol=1e-5)


def test_guided_alignment_moves_the_window_of_local_attention() -> None:
    torch.manual_seed(1)
    model = LstmForConditionalGeneration(LstmConfig(40, 30, width=16, hidden=24, window=3)).eval()
    source, target = torch.randint(2, 40, (8, 30)), torch.randint(2, 30, (8, 4))
    links = torch.full((8, 4), 27)  # far from the middle, where windows begin
    optimizer = torch.optim.Adam(model.attention.place.parameters(), lr=0.02)
    losses_ = []
    for _ in range(60):
        _, scores = model.decode_aligned(target, model.encode(source))
        loss = losses.alignment_loss(scores, links)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses_.append(loss.item())
    assert losses_[-1] < 0.5 * losses_[0]


def test_a_beam_is_at_least_as_likely_as_the_greedy_target(
    model: LstmForConditionalGeneration,
) -> None:
    source = torch.randint(2, 40, (4, 6))

    def total(num_beams: int) -> torch.Tensor:
        written = model.generate(
            source, num_beams=num_beams, max_new_tokens=6, min_new_tokens=6, do_sample=False
        )
        with torch.no_grad():
            log_p = model(input_ids=source, decoder_input_ids=written[:, :-1]).logits.log_softmax(-1)
        return log_p.gather(-1, written[:, 1:, None]).sum((1, 2))

    assert (total(4) >= total(1) - 1e-4).float().mean() >= 0.75


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_learns_and_loads_with_the_auto_classes(
    toy_data: Path, toy_recipe: Recipe, pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    shape = replace(toy_recipe.network, architecture="lstm", width=64, feed_forward=64, attention="global")
    optimizer = replace(toy_recipe.optimizer, muon_weight_decay=0.0)
    recipe = replace(toy_recipe, network=shape, optimizer=optimizer)
    run_ranks(train_rank, 1, TrainingRun(toy_data, tmp_path / "run", recipe, "float32"))
    release = Release(toy_data, tmp_path / "run", recipe, "0.0.1", "2026-01-01")
    release_checkpoint(release, tmp_path / "student")
    model = AutoModelForSeq2SeqLM.from_pretrained(tmp_path / "student", dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "student")
    some = pairs[::29]
    tokens = tokenizer([source for source, _ in some], return_tensors="pt", padding=True)
    written = model.generate(**tokens, num_beams=2, max_new_tokens=30, do_sample=False)
    given = tokenizer.batch_decode(written, skip_special_tokens=True)
    right = sum(one == target for one, (_, target) in zip(given, some, strict=True))
    assert right >= 0.8 * len(some)
    engine = TorchEngine(str(tmp_path / "student"), quantize=True)
    given = [one.text for one in engine.translate([source for source, _ in some])]
    assert sum(one == target for one, (_, target) in zip(given, some, strict=True)) >= 0.7 * len(some)
    with pytest.raises(ConfigError, match="CTranslate2 runs no lstm"):
        release_bundle(release, tmp_path / "bundle")
