"""Muon for hidden matrices, AdamW for embeddings, norms and biases, and the learning-rate plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor

from batchtx.distill.recipe import OptimizerRecipe
from batchtx.distill.train.parallel import Flat, add_up, share_owned

_LAST_SCALE = 0.01


class Optimizer:
    """Both optimizers over flat buffers; each rank runs Muon on the matrices that it owns."""

    def __init__(self, flat: Flat, recipe: OptimizerRecipe, rank: int) -> None:
        self._flat, self._recipe, self._rank = flat, recipe, rank
        own = [p for (_, p), owner in zip(flat.hidden, flat.owner, strict=True) if owner == rank]
        self._muon = torch.optim.Muon(
            own,
            lr=recipe.muon_rate,
            weight_decay=recipe.muon_weight_decay,
            momentum=0.95,
            nesterov=True,
            adjust_lr_fn="original",
        )
        rates = ((flat.other, recipe.adam_rate), (flat.pretrained, recipe.encoder_rate))
        self._adam = torch.optim.AdamW(
            [{"params": [p for _, p in named], "lr": rate, "rate": rate} for named, rate in rates if named],
            betas=(0.9, 0.98),
            weight_decay=0.0,
            fused=True,
        )

    def step(self, scale: float, divisor: float) -> float:
        """Divides the summed gradients, clips them, updates, shares; returns the gradient's norm."""
        gradients = self._flat.gradients[: self._flat.parameters.numel()]
        gradients.div_(divisor)
        norm = float(gradients.norm())
        if norm > self._recipe.clip_norm:
            gradients.mul_(self._recipe.clip_norm / norm)
        for group in self._muon.param_groups:
            group["lr"] = self._recipe.muon_rate * scale
        for group in self._adam.param_groups:
            group["lr"] = group["rate"] * scale
        self._muon.step()
        with self._slow_rows():
            self._adam.step()
        share_owned(self._flat)
        gradients.zero_()
        return norm

    @contextmanager
    def _slow_rows(self) -> Iterator[None]:
        """Words that only sources have move at the encoder's rate, where it is pretrained."""
        rows = self._flat.slow_rows
        if rows is None:
            yield
            return
        before = rows.clone()
        yield
        rows.sub_(before).mul_(self._recipe.encoder_rate / self._recipe.adam_rate).add_(before)

    def state(self) -> dict[str, Tensor]:
        """Moments by name of parameter, gathered from all ranks: every rank must call it."""
        tensors: dict[str, Tensor] = {}
        for (name, p), owner in zip(self._flat.hidden, self._flat.owner, strict=True):
            mine = self._muon.state[p].get("momentum_buffer") if owner == self._rank else None
            momentum = torch.zeros_like(p) if mine is None else mine.clone()
            tensors[f"muon.{name}"] = add_up(momentum)
        for name, p in (*self._flat.other, *self._flat.pretrained):
            for key, value in self._adam.state[p].items():
                tensors[f"adam.{key}.{name}"] = value
        return tensors

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Takes up the moments of `state`, for any number of ranks."""
        for (name, p), owner in zip(self._flat.hidden, self._flat.owner, strict=True):
            if owner == self._rank:
                self._muon.state[p]["momentum_buffer"] = tensors[f"muon.{name}"].to(p.device, copy=True)
        for name, p in (*self._flat.other, *self._flat.pretrained):
            for key in ("step", "exp_avg", "exp_avg_sq"):
                self._adam.state[p][key] = tensors[f"adam.{key}.{name}"].to(p.device, copy=True)


def rate_scale(recipe: OptimizerRecipe, step: int, left: float) -> float:
    """Returns the factor on the learning rates: warm-up by steps, constant, linear decay at the end.

    left is the share of the training that is still to come.
    """
    decay = min(1.0, max(0.0, left) / recipe.decay_share) if recipe.decay_share else 1.0
    return min(1.0, (step + 1) / recipe.warmup_steps) * max(_LAST_SCALE, decay)
