"""A lexical shortlist (CTranslate2's vmap) measured: what it saves and costs, and whether batches matter."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ctranslate2

from batchtx.bench.tables import markdown
from batchtx.engines.model_dir import TokenModel, open_token_model

_BATCH = 32
_ALWAYS = 200
"""The most frequent pieces are always allowed."""


@dataclass(frozen=True, slots=True)
class Shortlisted:
    """One search with or without the list; seconds of processor time for all sources."""

    name: str
    cpu_s: float
    bleu: float | None
    same_as_full: float
    same_alone: float
    """Share of sources that say the same alone and in a batch."""


def measure_shortlist(
    learn: Sequence[str], pairs: Sequence[tuple[str, str]], model: str, per_piece: int
) -> list[Shortlisted]:
    """Learns the list from the student's own translations of `learn`; measures on sources with references."""
    found = open_token_model(model)
    sources = [source for source, _ in pairs]
    references = [reference for _, reference in pairs]
    rows: list[Shortlisted] = []
    with tempfile.TemporaryDirectory(prefix="batchtx-shortlist-") as name:
        folder = Path(name) / "model"
        shutil.copytree(found.folder, folder)
        _write_map(folder / "vmap.txt", _learn(found, learn, per_piece))
        translator = ctranslate2.Translator(str(folder), device="cpu", compute_type="int8", intra_threads=1)
        for beam in (1, 4):
            full: list[str] = []
            for listed in (False, True):
                said, cpu_s = _translate(translator, found, sources, beam, listed=listed, size=_BATCH)
                full = full or said
                alone, _ = _translate(translator, found, sources[:60], beam, listed=listed, size=1)
                rows.append(
                    Shortlisted(
                        f"beam {beam}, {'shortlist' if listed else 'all pieces'}",
                        cpu_s,
                        _bleu(said, references),
                        _share(said, full),
                        _share(alone, said[: len(alone)]),
                    )
                )
    return rows


def _learn(model: TokenModel, texts: Sequence[str], per_piece: int) -> dict[str, list[str]]:
    """For each source piece the target pieces that stand beside it more often than chance has it."""
    translator = ctranslate2.Translator(str(model.folder), device="cpu", compute_type="int8", intra_threads=1)
    encoded = [model.tokenizer.encode(text) for text in texts]
    results = translator.translate_batch(encoded, beam_size=1, max_batch_size=512, replace_unknowns=False)
    together: dict[str, Counter[str]] = defaultdict(Counter)
    alone: Counter[str] = Counter()
    for pieces, result in zip(encoded, results, strict=True):
        targets = set(result.hypotheses[0])
        alone.update(targets)
        for piece in set(pieces):
            together[piece].update(targets)
    learned = {
        piece: sorted(seen, key=lambda one: -seen[one] / alone[one] * min(seen[one], 5))[:per_piece]
        for piece, seen in together.items()
    }
    learned[""] = [piece for piece, _ in alone.most_common(_ALWAYS)]
    return learned


def _write_map(path: Path, learned: dict[str, list[str]]) -> None:
    lines = (f"{piece}\t{' '.join(targets)}\n" for piece, targets in learned.items() if targets)
    path.write_text("".join(lines), encoding="utf-8")


def _translate(
    translator: Any, model: TokenModel, texts: Sequence[str], beam: int, *, listed: bool, size: int
) -> tuple[list[str], float]:
    encoded = [model.tokenizer.encode(text) for text in texts]
    started = time.process_time()
    results = translator.translate_batch(
        encoded,
        beam_size=beam,
        max_batch_size=size,
        use_vmap=listed,
        disable_unk=True,
        max_decoding_length=256,
    )
    cpu_s = time.process_time() - started
    return [model.tokenizer.decode(list(one.hypotheses[0])) for one in results], cpu_s


def _share(some: Sequence[str], others: Sequence[str]) -> float:
    return sum(one == other for one, other in zip(some, others, strict=True)) / max(1, len(some))


def _bleu(said: Sequence[str], references: Sequence[str]) -> float | None:
    if not any(references):
        return None
    import sacrebleu

    return float(sacrebleu.corpus_bleu(list(said), [list(references)]).score)


def table(rows: Sequence[Shortlisted]) -> str:
    """Returns the measurements, with what is saved."""
    columns = ("search", "s", "BLEU", "as with all pieces", "alone as in a batch")
    cells = [
        [
            row.name,
            f"{row.cpu_s:.2f}",
            "" if row.bleu is None else f"{row.bleu:.1f}",
            f"{100 * row.same_as_full:.0f} %",
            f"{100 * row.same_alone:.0f} %",
        ]
        for row in rows
    ]
    saved = [1 - with_list.cpu_s / full.cpu_s for full, with_list in zip(rows[::2], rows[1::2], strict=True)]
    lines = [f"saved, beam {beam}: {100 * share:.0f} %" for beam, share in zip((1, 4), saved, strict=True)]
    return "\n".join([*markdown(columns, cells), *lines])
