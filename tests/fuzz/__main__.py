"""Runs the fuzzers in turn until the time is up: python -m tests.fuzz --seconds 3600 --seed 1."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator

from tests.fuzz import docx, formats, jsonl, sheets

FUZZERS: dict[str, Callable[[int], Iterator[str]]] = {
    "docx": docx.check,
    "damaged": docx.check_damaged,
    "formats": formats.check,
    "jsonl": jsonl.check,
    "sheets": sheets.check,
}
_MOST_FAULTS = 20


def main() -> None:
    """Exit with 1 when a case failed; each is named by its kind and seed, which make it again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600.0, help="how long (3600)")
    parser.add_argument("--seed", type=int, default=1, help="where to begin (1)")
    parser.add_argument("--only", choices=FUZZERS, help="one of the fuzzers")
    parser.add_argument("--cases", type=int, help="so many cases of each, whatever the time")
    wanted = parser.parse_args()
    names = [wanted.only] if wanted.only else list(FUZZERS)
    until = time.monotonic() + wanted.seconds
    n_cases = n_faults = 0
    seed = wanted.seed
    while time.monotonic() < until and n_faults < _MOST_FAULTS:
        if wanted.cases is not None and seed >= wanted.seed + wanted.cases:
            break
        for name in names:
            n_cases += 1
            for fault in faults_of(name, seed):
                n_faults += 1
                print(f"{name}, seed {seed}: {fault}", flush=True)
        seed += 1
    print(f"{n_cases} cases from seed {wanted.seed} to {seed - 1}, {n_faults} faults")
    sys.exit(1 if n_faults else 0)


def faults_of(name: str, seed: int) -> list[str]:
    """What is wrong with one case; an exception counts as a fault."""
    try:
        return list(FUZZERS[name](seed))
    except Exception:
        return [traceback.format_exc(limit=-3)]


if __name__ == "__main__":
    main()
