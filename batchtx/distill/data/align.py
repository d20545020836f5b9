"""Word alignment of the training set by eflomal (Östling and Tiedemann 2016), over token ids.

The links train one attention head (losses.alignment_loss): inline codes and terms are placed by it,
and the source is found thousands of steps sooner.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from batchtx.distill.data import pairs as data
from batchtx.distill.labels import soft_labels
from batchtx.errors import EngineError


def align_corpus(folder: Path, pairs: np.ndarray | None = None) -> Path:
    """Aligns the pairs with these indices (None: all) of a training or label folder; writes the links there.

    Takes about a microsecond a token and direction on one core. Needs the package `eflomal`.
    """
    corpus = (
        soft_labels.load_labels(folder)[0] if soft_labels.has_labels(folder) else data.load_corpus(folder)
    )
    chosen = np.arange(len(corpus)) if pairs is None else pairs
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        source, target, forward = (Path(temporary) / name for name in ("source", "target", "forward"))
        _write(source, corpus.source_ids, corpus.source_offsets, chosen)
        _write(target, corpus.target_ids, corpus.target_offsets, chosen)
        program = str(Path(sys.executable).parent / "eflomal-align")
        command = [program, "--n-samplers", "1", "--overwrite", "-s", str(source), "-t", str(target)]
        files = ["-f", str(forward), "-r", str(Path(temporary) / "reverse")]
        try:
            subprocess.run([*command, *files], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise EngineError(f"eflomal failed ({error}); is it installed? pip install eflomal") from error
        return save_links(folder, corpus, chosen, forward)


def save_links(folder: Path, corpus: data.Corpus, chosen: np.ndarray, forward: Path) -> Path:
    """Writes the links of an eflomal file ("i-j i-j …", a line for each chosen pair) as one array."""
    links = np.full(len(corpus.target_ids), -1, np.int16)
    for pair, line in zip(chosen, _lines(forward), strict=True):
        start = corpus.target_offsets[pair]
        for link in line.split():
            source_at, target_at = link.split("-")
            links[start + int(target_at)] = int(source_at)
    path = folder / data.LINKS
    np.save(path, links)
    return path


def _write(path: Path, ids: np.ndarray, offsets: np.ndarray, chosen: np.ndarray) -> None:
    """One pair a line, ids as words, without the end token."""
    with path.open("w", encoding="ascii", newline="\n") as file:
        for pair in chosen:
            words = ids[offsets[pair] : offsets[pair + 1] - 1]
            file.write(" ".join(map(str, words.tolist())) + "\n")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="ascii") as file:
        yield from file
