"""The network is a MarianMTModel in all but speed, and its losses are what their names say."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from batchtx.distill.data.vocabulary import END_ID
from batchtx.distill.nets.marian import to_transformers
from batchtx.distill.nets.network import Network, shift_right
from batchtx.distill.recipe import Recipe
from batchtx.distill.train import kd_losses, losses


@pytest.fixture
def network(toy_recipe: Recipe) -> Network:
    torch.manual_seed(0)
    return Network(toy_recipe.network, n_source=90, n_target=70).eval()


@pytest.mark.parametrize(
    ("pre_norm", "name"), [(False, "MarianMTModel"), (True, "PegasusForConditionalGeneration")]
)
def test_gives_the_logits_of_a_transformers_model(toy_recipe: Recipe, pre_norm: bool, name: str) -> None:
    torch.manual_seed(0)
    recipe = replace(toy_recipe, network=replace(toy_recipe.network, pre_norm=pre_norm))
    network = Network(recipe.network, n_source=90, n_target=70).eval()
    source, target = torch.randint(3, 90, (3, 11)), torch.randint(3, 70, (3, 7))
    model = to_transformers(network, recipe)
    assert type(model).__name__ == name
    with torch.no_grad():
        expected = model(input_ids=source, decoder_input_ids=shift_right(target)).logits
        given = network.logits(network(source, target))
    torch.testing.assert_close(given, expected[..., :70], atol=1e-5, rtol=1e-5)
    assert (expected[..., 70:] < -1000).all(), "words of the source alone are never written"


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_fused_loss_has_the_value_and_gradients_of_the_plain_one(
    network: Network, smoothing: float
) -> None:
    source, target = torch.randint(3, 90, (3, 5)), torch.randint(3, 70, (3, 6))
    mask = torch.ones(3, 6, dtype=torch.bool)
    mask[0, 4:] = False
    fused, fused_nll = losses.output_loss(
        network(source, target)[mask], network.shared, 70, target[mask], smoothing
    )
    fused.backward()
    fused_gradients = [p.grad.clone() for p in network.parameters() if p.grad is not None]
    for p in network.parameters():
        p.grad = None
    logits = network.logits(network(source, target))
    plain, plain_nll = losses.label_smoothed_loss(logits, target, mask, smoothing)
    torch.testing.assert_close(torch.stack([fused, fused_nll]), torch.stack([plain, plain_nll]))
    # The lookup adds to .grad by itself while the plain output layer returns a gradient of its own.
    plain.backward()
    plain_gradients = [p.grad for p in network.parameters() if p.grad is not None]
    for one, other in zip(fused_gradients, plain_gradients, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_the_fused_distillation_has_the_value_and_gradients_of_its_parts(temperature: float) -> None:
    torch.manual_seed(1)
    hidden = torch.randn(400, 8, requires_grad=True)  # more than a chunk of rows
    table, labels = torch.randn(70, 8, requires_grad=True), torch.randint(60, (400,))
    kept = (2 * torch.randn(400, 60) / temperature).softmax(-1).topk(5, dim=-1)
    soft = losses.SoftTargets(kept.indices, kept.values, temperature, weight=0.3)
    loss, nll = losses.distilled_output_loss(hidden, table, 60, labels, 0.1, 0.6, soft)
    loss.backward()
    fused = [hidden.grad.clone(), table.grad.clone()]
    hidden.grad = table.grad = None
    logits = hidden @ table[:60].T
    everything = torch.ones(400, dtype=torch.bool)
    smoothed, expected_nll = losses.label_smoothed_loss(logits, labels, everything, 0.1)
    divergence = kd_losses.word_kd_loss(
        logits, kept.indices, kept.values, torch.full((400,), temperature)
    ).sum()
    expected = 0.6 * smoothed + 0.3 * divergence
    expected.backward()
    # 1 - the kept mass loses digits in float32 when nearly everything is kept.
    for given, wanted in ((loss, expected), (nll, expected_nll)):
        torch.testing.assert_close(given, wanted, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(fused, [hidden.grad, table.grad], atol=1e-4, rtol=1e-4)


def test_the_fused_policy_gradient_has_the_value_and_gradients_of_the_plain_one() -> None:
    torch.manual_seed(2)
    hidden = torch.randn(6, 8, requires_grad=True)
    table, sampled = torch.randn(70, 8, requires_grad=True), torch.randint(60, (2, 3))
    advantage = torch.tensor([0.4, -0.2])
    tokens = advantage.repeat_interleave(3)
    loss = losses.policy_output_loss(hidden, table, 60, sampled.flatten(), tokens)
    loss.backward()
    fused = [hidden.grad.clone(), table.grad.clone()]
    hidden.grad = table.grad = None
    log_p = (hidden @ table[:60].T).log_softmax(-1).gather(-1, sampled.view(-1, 1)).view(2, 3)
    expected = kd_losses.policy_gradient_loss(log_p, advantage)
    expected.backward()
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(fused, [hidden.grad, table.grad])


def test_label_smoothing_matches_a_sum_worked_out_by_hand() -> None:
    # Logits (0, 0): log p = -ln 2 for both tokens, whatever the smoothing.
    logits = torch.zeros(1, 2, 2)
    labels, mask = torch.tensor([[END_ID, END_ID]]), torch.tensor([[True, False]])
    loss, nll = losses.label_smoothed_loss(logits, labels, mask, 0.3)
    assert loss.item() == pytest.approx(0.693147, abs=1e-6)
    assert nll.item() == pytest.approx(0.693147, abs=1e-6)


def test_padding_behind_a_target_changes_nothing_before_it(network: Network) -> None:
    source, target = torch.randint(3, 90, (1, 5)), torch.randint(3, 70, (1, 6))
    padded = torch.cat([target, torch.zeros(1, 3, dtype=torch.long)], dim=1)
    with torch.no_grad():
        alone, behind = network(source, target), network(source, padded)[:, :6]
    torch.testing.assert_close(alone, behind, atol=1e-5, rtol=1e-5)
