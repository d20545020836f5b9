"""The CSANMT teacher gives the numbers of the TensorFlow graph, to 1e-5, and the same beams."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from batchtx.distill.teacher.beam import Search, beam_search, csanmt_beam
from batchtx.distill.teacher.convert import config_of, load_weights
from batchtx.distill.teacher.losses import Draws, mgrc_samples, smoothed_loss
from batchtx.distill.teacher.modeling import CsanmtEncoderOutput, CsanmtForConditionalGeneration
from batchtx.distill.teacher.tensor_bundle import TensorBundle, crc32c
from batchtx.errors import ModelError

FIXTURES = Path(__file__).parent / "fixtures" / "csanmt"
MODELS = ("shared_abs", "split_abs", "shared_rel", "post_abs", "trainer_slots")


@dataclass(frozen=True, slots=True)
class Case:
    """A fixture: the converted model, the settings of its graph, what went in and came out."""

    model: CsanmtForConditionalGeneration
    settings: dict[str, float]
    io: dict[str, Tensor]


def bundle_of(folder: Path) -> TensorBundle:
    return TensorBundle(next(folder.glob("*.index")).with_suffix(""))


@pytest.fixture(scope="module", params=MODELS)
def case(request: pytest.FixtureRequest) -> Case:
    folder = FIXTURES / request.param
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    with np.load(folder / "io.npz") as archive:
        io = {name: torch.from_numpy(archive[name]) for name in archive.files}
    return Case(load_weights(config_of(settings), bundle_of(folder)), settings, io)


def near(given: Tensor, expected: Tensor) -> bool:
    assert given.shape == expected.shape
    return bool((given - expected).abs().max() <= 1e-5)


def labels_of(io: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Targets with one end symbol, and the mask of tokens and end."""
    labels = torch.nn.functional.pad(io["trg"], (0, 1))
    mask = torch.nn.functional.pad(io["trg"] != 0, (1, 0), value=True)
    return labels, mask


@torch.no_grad()
def test_encoder_semantic_vectors_and_logits_are_those_of_the_graph(case: Case) -> None:
    encoded = case.model.encoder(case.io["src"])
    assert near(encoded.last_hidden_state, case.io["enc"])
    assert near(encoded.semantic, case.io["sem"])
    assert near(case.model.target_semantic(case.io["trg"]), case.io["sem_trg"])
    labels, _ = labels_of(case.io)
    assert near(case.model(input_ids=case.io["src"], labels=labels).logits, case.io["logits"])


@torch.no_grad()
def test_losses_and_samples_are_those_of_the_graph(case: Case) -> None:
    labels, mask = labels_of(case.io)
    confidence = case.settings["confidence"]
    logits = case.model(input_ids=case.io["src"], labels=labels).logits
    assert near(smoothed_loss(logits, labels, mask, confidence), case.io["loss"])
    draws = Draws(along=case.io["draws"][0::2], free=case.io["draws"][1::2])
    samples = mgrc_samples(case.io["sem"], case.io["sem_trg"], draws, case.settings["eta"])
    assert near(samples, case.io["samples"])
    n = int(case.settings["num_of_samples"])
    encoded = case.model.encoder(case.io["src"])
    sampled = CsanmtEncoderOutput(encoded.last_hidden_state.repeat(n, 1, 1), semantic=samples)
    attention_mask = (case.io["src"] != 0).repeat(n, 1)
    logits = case.model(
        encoder_outputs=sampled, attention_mask=attention_mask, labels=labels.repeat(n, 1)
    ).logits
    loss = smoothed_loss(logits, labels.repeat(n, 1), mask.repeat(n, 1), confidence)
    assert near(loss, case.io["train_loss"])


@pytest.mark.parametrize(
    ("source", "sequences", "scores", "search"),
    [
        ("src", "seqs", "scores", Search(4, 0.6, 24)),
        ("beam_src", "beam_seqs", "beam_scores", Search(4, 0.6, 24)),
        ("beam_src", "short_seqs", "short_scores", Search(3, 1.0, 4)),
    ],
)
def test_the_beam_finds_the_same_sequences(
    case: Case, source: str, sequences: str, scores: str, search: Search
) -> None:
    found = beam_search(case.model, case.io[source], search)
    expected, expected_scores = case.io[sequences].long(), case.io[scores]
    used = expected_scores > -1e38
    length = max(found.sequences.shape[2], expected.shape[2])
    given = torch.nn.functional.pad(found.sequences, (0, length - found.sequences.shape[2]))
    expected = torch.nn.functional.pad(expected, (0, length - expected.shape[2]))
    assert torch.equal(given[used], expected[used])
    torch.testing.assert_close(found.scores[used], expected_scores[used], atol=1e-5, rtol=0)


def test_generate_with_the_exact_beam_gives_its_best(case: Case) -> None:
    source = case.io["beam_src"]
    expected = beam_search(case.model, source, Search(4, 0.6, case.model.config.max_target_tokens))
    written = case.model.generate(
        source,
        attention_mask=(source != 0).long(),
        num_beams=4,
        max_new_tokens=24,
        custom_generate=csanmt_beam,
    )
    assert torch.equal(written[:, 1:], expected.sequences[:, 0])


def test_generate_with_the_exact_beam_gives_its_n_best_in_order(case: Case) -> None:
    source, n_best = case.io["beam_src"], 3
    expected = beam_search(case.model, source, Search(4, 0.6, case.model.config.max_target_tokens))
    written = case.model.generate(
        source,
        attention_mask=(source != 0).long(),
        num_beams=4,
        num_return_sequences=n_best,
        max_new_tokens=24,
        custom_generate=csanmt_beam,
    )
    given = written[:, 1:].view(len(source), n_best, -1)
    used = expected.scores[:, :n_best] > -1e38
    assert torch.equal(given[used], expected.sequences[:, :n_best][used])
    assert not given[~used].any(), "a slot without a hypothesis is empty"


def test_greedy_generate_is_the_same_with_and_without_cache(case: Case) -> None:
    source = case.io["beam_src"]
    mask = (source != 0).long()
    written = [
        case.model.generate(
            source, attention_mask=mask, max_new_tokens=20, do_sample=False, use_cache=use_cache
        )
        for use_cache in (True, False)
    ]
    assert torch.equal(*written)


def test_survives_saving_and_loading(case: Case, tmp_path: Path) -> None:
    case.model.save_pretrained(tmp_path)
    again = CsanmtForConditionalGeneration.from_pretrained(tmp_path).eval()
    labels, _ = labels_of(case.io)
    with torch.no_grad():
        given = again(input_ids=case.io["src"], labels=labels).logits
    assert near(given, case.io["logits"])


def test_crc32c_is_the_one_of_the_standard() -> None:
    # RFC 3720, appendix B.4, and the check value of the CRC catalogue.
    assert crc32c(np.frombuffer(b"123456789", np.uint8)) == 0xE3069283
    assert crc32c(np.zeros(32, np.uint8)) == 0x8A9136AA
    # Long data take the way over parallel lanes: joined, they must give what bytes in a row give.
    data = np.arange(70_001, dtype=np.uint8)
    assert crc32c(data) == _crc32c_bit_by_bit(data)


def test_a_damaged_tensor_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(FIXTURES / "shared_abs", folder)
    data = folder / "ckpt-0.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[1000] ^= 1
    data.write_bytes(content)
    bundle = bundle_of(folder)
    with pytest.raises(ModelError, match="the checksum differs"):
        for name in bundle.names():
            bundle.read(name)


def test_a_checkpoint_of_another_shape_is_refused() -> None:
    settings = json.loads((FIXTURES / "shared_abs" / "config.json").read_text(encoding="utf-8"))
    deeper = config_of(settings | {"num_encoder_layers": 4})
    with pytest.raises(ModelError, match=r"encoder/layer_3.*not in the checkpoint"):
        load_weights(deeper, bundle_of(FIXTURES / "shared_abs"))
    shallower = config_of(settings | {"num_encoder_layers": 2})
    with pytest.raises(ModelError, match="unknown weights"):
        load_weights(shallower, bundle_of(FIXTURES / "shared_abs"))


def _crc32c_bit_by_bit(data: np.ndarray) -> int:
    crc = 0xFFFFFFFF
    for byte in data.tolist():
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF
