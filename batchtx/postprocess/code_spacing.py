"""Spaces that English wants where an inline code stands between two words or marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from batchtx.postprocess.spacing import english_spacing
from batchtx.records import Code, Segment
from batchtx.text.inline_codes import CODE_BASE, CODES, strip_codes

_RUN = re.compile(rf"(?<=[^\s{CODES}])[{CODES}]+(?=[^\s{CODES}])")
_CODES = re.compile(f"[{CODES}]+")
_UNSEEN = frozenset({"footnote", "endnote", "comment", "bookmark"})


def spaces_at_codes(target: str, segment: Segment) -> str:
    """Words are parted as they would be if no code stood between them: "Total:⟦1⟧RMB 5" gets a space.

    It goes before what opens, so that no underline begins with it. A blank to write on stands apart as a
    word does; other codes that can be seen (a picture, a page number) part words by themselves.
    """
    target = _CODES.sub(lambda run: _around_blank(target, run, segment.codes), target)
    runs = [run for run in _RUN.finditer(target) if _is_unseen(run[0], segment.codes)]
    if not runs:
        return target
    plain, _ = strip_codes(target)
    wanted = _added_spaces(plain, english_spacing(plain, replace(segment, codes=())))
    parts: list[str] = []
    done = n_codes = 0
    for run in runs:
        n_codes += len(re.findall(f"[{CODES}]", target[done : run.start()]))
        if run.start() - n_codes in wanted:
            place = run.start() + _first_opening(run[0], segment.codes)
            parts += [target[done:place], " ", target[place : run.end()]]
        else:
            parts.append(target[done : run.end()])
        n_codes += len(run[0])
        done = run.end()
    return "".join([*parts, target[done:]])


def _around_blank(target: str, run: re.Match[str], codes: Sequence[Code]) -> str:
    """The run with spaces to the words beside it, if it is blanks and nothing else."""
    found = [ord(char) - CODE_BASE for char in run[0]]
    if any(index >= len(codes) or codes[index].label != "blank" for index in found):
        return run[0]
    before, after = target[max(0, run.start() - 1) : run.start()], target[run.end() : run.end() + 1]
    left = " " if before and before.isascii() and (before.isalnum() or before in ",.;:)%") else ""
    right = " " if after and after.isascii() and (after.isalnum() or after == "(") else ""
    return f"{left}{run[0]}{right}"


def _added_spaces(plain: str, spaced: str) -> set[int]:
    """Offsets in `plain` before which `spaced` has a space more; none where more than spaces differ."""
    added: set[int] = set()
    at = 0
    for char in spaced:
        while plain[at : at + 1] != char and plain[at : at + 1].isspace():
            at += 1
        if plain[at : at + 1] == char:
            at += 1
        elif char == " ":
            added.add(at)
        else:
            return set()
    return added


def _is_unseen(run: str, codes: Sequence[Code]) -> bool:
    found = [ord(char) - CODE_BASE for char in run]
    return all(
        index < len(codes) and (codes[index].kind != "point" or codes[index].label in _UNSEEN)
        for index in found
    )


def _first_opening(run: str, codes: Sequence[Code]) -> int:
    kinds = [codes[ord(char) - CODE_BASE].kind for char in run]
    return kinds.index("open") if "open" in kinds else len(run)
