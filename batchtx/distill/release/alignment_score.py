"""How often the alignment head points at the right words, on a small hand-checked set.

A line of the set is source, target and links "source words=target words;...". A link is right when
most target pieces of its words attend most to a piece of its source words.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sentencepiece
import torch

from batchtx.distill.data.vocabulary import END_ID
from batchtx.distill.nets.network import Network, shift_right


@dataclass(frozen=True, slots=True)
class AlignmentScore:
    """Links of the set and how many of them the head finds."""

    n_links: int
    n_right: int


@torch.no_grad()
def score_alignment(
    network: Network, spm: sentencepiece.SentencePieceProcessor, path: Path
) -> AlignmentScore:
    """Scores the head on a set, with the targets given."""
    n_links = n_right = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        source, target, links = line.split("\t")
        source_pieces, target_pieces = _pieces(spm, source), _pieces(spm, target)
        source_ids = torch.tensor([[*(piece for piece, _, _ in source_pieces), END_ID]])
        target_ids = torch.tensor([[*(piece for piece, _, _ in target_pieces), END_ID]])
        _, scores = network.decode_aligned(shift_right(target_ids), network.encode(source_ids))
        best = scores[0].argmax(-1).tolist()  # a source position for each target position
        for link in links.split(";"):
            words, wording = link.split("=")
            goal = _inside(source_pieces, source, words)
            asked = _inside(target_pieces, target, wording)
            hits = sum(best[at] in goal for at in asked)
            n_links += 1
            n_right += 2 * hits > len(asked)
    return AlignmentScore(n_links, n_right)


def _pieces(spm: sentencepiece.SentencePieceProcessor, text: str) -> list[tuple[int, int, int]]:
    """Ids with their first and last bytes in the text."""
    proto = spm.encode(text, return_type="proto")
    return [(piece.id, piece.begin, piece.end) for piece in proto.pieces]


def _inside(pieces: list[tuple[int, int, int]], text: str, words: str) -> set[int]:
    """Positions of the pieces that overlap the first place of the words."""
    start = len(text[: text.index(words)].encode())
    end = start + len(words.encode())
    return {at for at, (_, first, last) in enumerate(pieces) if first < end and last > start}
