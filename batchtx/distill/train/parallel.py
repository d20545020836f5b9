"""Parameters and gradients in flat buffers, shared between one single-threaded process per core."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.multiprocessing.spawn import spawn

from batchtx.distill import LOG_FORMAT

_N_VOTES = 3
_TABLES = ("shared", "embedding")


@dataclass(frozen=True, slots=True)
class Flat:
    """Views of a network's parameters in one buffer and of their gradients in another.

    Hidden matrices stand first, those of each rank together (`owned` are the ranges by rank);
    behind the gradients stand the votes. pretrained are parameters that change slowly, as slow_rows of the
    table do.
    """

    parameters: Tensor
    gradients: Tensor
    owned: tuple[tuple[int, int], ...]
    hidden: tuple[tuple[str, nn.Parameter], ...]
    owner: tuple[int, ...]
    other: tuple[tuple[str, nn.Parameter], ...]
    pretrained: tuple[tuple[str, nn.Parameter], ...] = ()
    slow_rows: Tensor | None = None


def flatten(network: nn.Module, n_ranks: int) -> Flat:
    """Moves the parameters into one buffer, but for frozen ones; matrices are dealt out to the ranks."""
    named = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
    is_pretrained = getattr(network, "is_pretrained", lambda name: False)
    pretrained = [(name, p) for name, p in named if is_pretrained(name)]
    new = [(name, p) for name, p in named if not is_pretrained(name)]
    hidden = [(name, p) for name, p in new if p.dim() == 2 and not name.endswith(_TABLES)]
    other = [(name, p) for name, p in new if p.dim() != 2 or name.endswith(_TABLES)]
    loads = [0] * n_ranks
    shares: list[list[tuple[str, nn.Parameter]]] = [[] for _ in range(n_ranks)]
    for item in sorted(hidden, key=lambda item: -item[1].numel()):
        rank = loads.index(min(loads))
        loads[rank] += item[1].numel()
        shares[rank].append(item)
    ordered = [item for share in shares for item in share]
    owner = tuple(rank for rank, share in enumerate(shares) for _ in share)
    total = sum(p.numel() for _, p in named)
    device = named[0][1].device
    values = torch.empty(total, device=device)
    gradients = torch.zeros(total + _N_VOTES, device=device)
    at = 0
    for _, parameter in ordered + other + pretrained:
        size = parameter.numel()
        values[at : at + size] = parameter.detach().reshape(-1)
        parameter.data = values[at : at + size].view_as(parameter)
        parameter.grad = gradients[at : at + size].view_as(parameter)
        at += size
    ends = [sum(loads[: rank + 1]) for rank in range(n_ranks)]
    owned = tuple(zip([0, *ends[:-1]], ends, strict=True))
    slow_rows = network.shared.data[network.n_target :] if pretrained else None  # type: ignore[index]
    return Flat(values, gradients, owned, tuple(ordered), owner, tuple(other), tuple(pretrained), slow_rows)


@dataclass(frozen=True, slots=True)
class Vote:
    """What the ranks agree on after each step: any of them may ask to stop or save.

    elapsed_s is the clock of rank 0, so that all ranks keep the same learning rate.
    """

    stop: bool
    save: bool
    elapsed_s: float


def sum_gradients(flat: Flat, vote: Vote, rank: int) -> Vote:
    """Adds up the gradients of all ranks; the votes travel with them."""
    votes = flat.gradients[-_N_VOTES:]
    own_clock = 0.0 if rank else vote.elapsed_s
    votes[:] = torch.tensor([float(vote.stop), float(vote.save), own_clock])
    if dist.is_initialized():
        dist.all_reduce(flat.gradients)
    stop, save, elapsed_s = votes.tolist()
    return Vote(stop > 0, save > 0, elapsed_s)


def share_owned(flat: Flat) -> None:
    """Sends the matrices that each rank has updated to the others."""
    if dist.is_initialized():
        for rank, (start, end) in enumerate(flat.owned):
            dist.broadcast(flat.parameters[start:end], src=rank)


def add_up(values: Tensor) -> Tensor:
    """Returns the sum of a small tensor over the ranks."""
    if dist.is_initialized():
        dist.all_reduce(values)
    return values


def run_ranks(work: Callable[..., None], n_ranks: int, *arguments: Any) -> None:
    """Calls work(rank, n_ranks, *arguments) in n_ranks processes with one thread each."""
    torch.set_num_threads(1)
    if n_ranks == 1:
        work(0, 1, *arguments)
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    level = logging.getLogger().level
    spawn(_rank, (n_ranks, port, level, work, arguments), nprocs=n_ranks)


def _rank(
    rank: int, n_ranks: int, port: int, level: int, work: Callable[..., None], arguments: tuple[Any, ...]
) -> None:
    logging.basicConfig(level=level, format=LOG_FORMAT)
    torch.set_num_threads(1)
    address = f"tcp://127.0.0.1:{port}"
    dist.init_process_group("gloo", init_method=address, rank=rank, world_size=n_ranks)
    try:
        work(rank, n_ranks, *arguments)
    finally:
        dist.destroy_process_group()
