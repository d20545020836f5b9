"""The accelerator's way through the network, as far as a CPU can show it: same figures, same shapes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from batchtx.distill.nets import network as networks
from batchtx.distill.nets.network import Network, shift_right
from batchtx.distill.recipe import Recipe
from batchtx.distill.teacher.losses import draw, mgrc_samples, tangential_contrastive_loss


@pytest.fixture
def shape_recipe(toy_recipe: Recipe) -> Recipe:
    """Two decoder layers: the last one alone gives scores."""
    return replace(toy_recipe, network=replace(toy_recipe.network, encoder_layers=1, decoder_layers=2))


def outcome(network: Network, device: str = "cpu") -> list[Tensor]:
    """States and scores of some batches, and the gradients of all parameters."""
    found = []
    for source_len, target_len in ((5, 7), (9, 4)):
        generator = torch.Generator().manual_seed(source_len)
        source = torch.randint(3, 90, (3, source_len), generator=generator).to(device)
        target = torch.randint(3, 70, (3, target_len), generator=generator).to(device)
        hidden, scores = network.decode_aligned(shift_right(target), network.encode(source))
        (hidden.square().sum() + scores.softmax(-1).square().sum()).backward()
        found += [hidden.detach(), scores.detach()]
    return found + [p.grad for p in network.parameters() if p.grad is not None]


def fresh(recipe: Recipe) -> Network:
    torch.manual_seed(0)
    return Network(recipe.network, n_source=90, n_target=70)


def test_attention_in_one_kernel_gives_what_plain_products_give(
    shape_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = outcome(fresh(shape_recipe))
    monkeypatch.setattr(networks, "_is_on_cpu", lambda _: False)
    for one, other in zip(plain, outcome(fresh(shape_recipe)), strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


def test_an_accelerator_gets_the_same_shapes(shape_recipe: Recipe) -> None:
    here, there = outcome(fresh(shape_recipe)), outcome(fresh(shape_recipe).to("meta"), "meta")
    assert [x.shape for x in there] == [x.shape for x in here]
    assert {x.device.type for x in there} == {"meta"}


def test_the_teacher_draws_where_its_vectors_are() -> None:
    generator = torch.Generator()
    source, target = (torch.empty(6, 1, 8, device="meta") for _ in range(2))
    samples = mgrc_samples(source, target, draw(source, target, 4, generator))
    assert (samples.shape, samples.device.type) == ((24, 1, 8), "meta")
    assert tangential_contrastive_loss(source, target, generator).device.type == "meta"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor:UserWarning")
def test_compiled_layers_give_what_plain_ones_give(shape_recipe: Recipe) -> None:
    plain, network = outcome(fresh(shape_recipe)), fresh(shape_recipe)
    names = list(network.state_dict())
    network.compile_layers("aot_eager")
    assert list(network.state_dict()) == names
    for one, other in zip(plain, outcome(network), strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)
