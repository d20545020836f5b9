"""transformers on our checkpoint, one thread: tokenizer, `generate` and decoding in batches.

That is what `pipeline("translation")` did; transformers 5 has it no more, and 4 cannot load two vocabularies.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class PipelineTranslator:
    """The body of the old pipeline."""

    def __init__(self, checkpoint: str, beam_size: int) -> None:
        import torch
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

        torch.set_num_threads(1)
        self._tokenizer = AutoTokenizer.from_pretrained(checkpoint)
        self._model = AutoModelForSeq2SeqLM.from_pretrained(checkpoint).eval()
        self._beam_size = beam_size
        self._torch = torch

    def __call__(self, lines: Sequence[str], batch_size: int) -> list[str]:
        """Translates lines in batches, in order."""
        said: list[str] = []
        for start in range(0, len(lines), batch_size):
            batch = self._tokenizer(
                list(lines[start : start + batch_size]), return_tensors="pt", padding=True
            )
            with self._torch.inference_mode():
                tokens = self._model.generate(**batch, num_beams=self._beam_size, max_length=256)
            said += self._tokenizer.batch_decode(tokens, skip_special_tokens=True)
        return said


def main() -> None:
    """Translates lines, in two batchings."""
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    translate = PipelineTranslator(task["checkpoint"], task["beam_size"])
    lines = sorted(task["lines"], key=len)
    say("first", text=translate(lines[:1], 1)[0])
    started = time.process_time()
    known = dict(zip(lines, translate(lines, 16), strict=True))
    used_s = time.process_time() - started
    few = lines[:: max(1, len(lines) // task["n_batched"])]
    say("done", cpu_s=used_s, same=translate(few, 1) == [known[line] for line in few])


def say(event: str, **facts: Any) -> None:
    """Tells the caller."""
    sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
