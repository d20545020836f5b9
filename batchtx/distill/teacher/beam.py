"""The beam search of CSANMT, exactly: for `generate(custom_generate=csanmt_beam)`.

transformers' own beam differs in the length penalty and in when it stops, which changes one
sentence in five.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from batchtx.distill.teacher.configuration import END_ID
from batchtx.distill.teacher.modeling import CsanmtEncoderOutput, CsanmtForConditionalGeneration

_NEVER = -3.4e38


@dataclass(frozen=True, slots=True)
class Search:
    """How to search: beams, exponent of the length penalty, longest target in tokens."""

    beam_size: int = 4
    length_exponent: float = 0.6
    max_target_tokens: int = 100

    def penalty(self, length: int) -> float:
        """Returns the divisor of a score (Wu et al. 2016, section 7); the length counts the end symbol."""
        return float(((5.0 + length) / 6.0) ** self.length_exponent)


@dataclass(frozen=True, slots=True)
class BeamResult:
    """sequences [batch, beam, length] with 0 behind the end, scores [batch, beam], best first.

    complete [batch] tells where the best one has an end; unused slots score -3.4e38.
    """

    sequences: Tensor
    scores: Tensor
    complete: Tensor


@torch.no_grad()
def beam_search(model: CsanmtForConditionalGeneration, source: Tensor, search: Search) -> BeamResult:
    """Translates source ids [batch, source_len]."""
    encoded, mask = model.encoder(source), source != END_ID
    beams = search.beam_size
    encoded = CsanmtEncoderOutput(
        last_hidden_state=encoded.last_hidden_state.repeat_interleave(beams, 0),
        semantic=encoded.semantic.repeat_interleave(beams, 0),
    )
    return _search(model, encoded, mask.repeat_interleave(beams, 0), search)


def csanmt_beam(
    model: Any,
    input_ids: Tensor,
    generation_config: Any = None,
    encoder_outputs: Any = None,
    attention_mask: Tensor | None = None,
    **_: Any,
) -> Tensor:
    """Returns the best targets [batch, length], for `generate(..., custom_generate=csanmt_beam,
    num_beams=4)`.

    With num_return_sequences=n the n best of each source follow one another: [batch * n, length].
    encoder_outputs come expanded to batch * beams; attention_mask does or not, by version.
    """
    assert attention_mask is not None
    config = model.config
    longest = config.max_target_tokens
    search = Search(generation_config.num_beams, config.length_exponent, longest)
    copies = len(encoder_outputs.last_hidden_state) // len(attention_mask)
    mask = attention_mask.bool().repeat_interleave(copies, 0)
    found = _search(model, encoder_outputs, mask, search)
    used = found.scores > _NEVER / 2  # a slot without a hypothesis gives an empty one
    sequences = torch.where(used[:, :, None], found.sequences, END_ID)
    best = sequences[:, : generation_config.num_return_sequences or 1].flatten(0, 1)
    return torch.nn.functional.pad(best, (1, 0), value=END_ID)


@torch.no_grad()
def _search(
    model: CsanmtForConditionalGeneration, encoded: CsanmtEncoderOutput, mask: Tensor, search: Search
) -> BeamResult:
    beams, device = search.beam_size, mask.device
    batch = len(mask) // beams
    alive = torch.full((batch, beams), _NEVER, device=device)
    alive[:, 0] = 0.0
    alive_ids = torch.zeros(batch, beams, 0, dtype=torch.long, device=device)
    done = torch.full((batch, beams), _NEVER, device=device)
    done_ids = alive_ids
    cache, last = None, torch.zeros(batch * beams, 1, dtype=torch.long, device=device)
    for step in range(search.max_target_tokens):
        output = model(
            decoder_input_ids=last,
            encoder_outputs=encoded,
            attention_mask=mask,
            past_key_values=cache,
            use_cache=True,
        )
        cache = output.past_key_values
        log_p = output.logits[:, -1].log_softmax(-1).view(batch, beams, -1)
        candidates = (alive[:, :, None] + log_p).view(batch, -1)  # [batch, beams * vocab]
        top, where = (candidates / search.penalty(step + 1)).sort(dim=-1, descending=True, stable=True)
        top, where = top[:, : 2 * beams], where[:, : 2 * beams]
        beam, token = where // log_p.shape[-1], where % log_p.shape[-1]
        ids = torch.cat([_pick(alive_ids, beam), token[:, :, None]], -1)  # [batch, 2 beams, step + 1]
        done, done_ids = _finish(done, done_ids, top, token, ids, beams)
        open_scores = torch.where(token == END_ID, torch.full_like(top, _NEVER), top)
        best = open_scores.sort(dim=-1, descending=True, stable=True).indices[:, :beams]
        alive = candidates.gather(1, where.gather(1, best))
        alive = torch.where(open_scores.gather(1, best) == _NEVER, torch.full_like(alive, _NEVER), alive)
        alive_ids = _pick(ids, best)
        rows = torch.arange(batch, device=device)[:, None] * beams + beam.gather(1, best)
        cache.self_attention_cache.reorder_cache(rows.view(-1))
        last = alive_ids[:, :, -1].reshape(-1, 1)
        if _all_settled(alive, done, search):
            break
    return _result(alive / search.penalty(alive_ids.shape[2]), alive_ids, done, done_ids)


def _finish(
    done: Tensor, done_ids: Tensor, top: Tensor, token: Tensor, ids: Tensor, beams: int
) -> tuple[Tensor, Tensor]:
    """The best finished hypotheses among the old ones and the candidates that end now."""
    ended = torch.where(token == END_ID, top, torch.full_like(top, _NEVER))
    scores = torch.cat([done, ended], 1)
    longer = torch.nn.functional.pad(done_ids, (0, 1), value=END_ID)
    order = scores.sort(dim=-1, descending=True, stable=True).indices[:, :beams]
    return scores.gather(1, order), _pick(torch.cat([longer, ids], 1), order)


def _all_settled(alive: Tensor, done: Tensor, search: Search) -> bool:
    """No row of the batch can still better its worst finished hypothesis (empty slots count as 0)."""
    used = done > _NEVER / 2
    worst = torch.where(used, done, torch.zeros_like(done)).amin(1)
    bound = alive[:, 0] / search.penalty(search.max_target_tokens)
    return bool((used.any(1) & (worst > bound)).all())


def _result(alive: Tensor, alive_ids: Tensor, done: Tensor, done_ids: Tensor) -> BeamResult:
    complete = (done > _NEVER / 2).any(1)
    sequences = torch.where(complete[:, None, None], done_ids, alive_ids)
    return BeamResult(sequences, torch.where(complete[:, None], done, alive), complete)


def _pick(ids: Tensor, beam: Tensor) -> Tensor:
    """ids [batch, n, length], beam [batch, m] -> [batch, m, length]."""
    return ids.gather(1, beam[:, :, None].expand(-1, -1, ids.shape[2]))
