"""One short line that says what made a translation, in the manner of sacrebleu's signatures."""

from __future__ import annotations

from collections.abc import Mapping


def signature(parts: Mapping[str, str]) -> str:
    """Returns "engine:ctranslate2|model:zh-en@1a2b3c4d|…"; parts with an empty value are left out."""
    return "|".join(f"{name}:{value}" for name, value in parts.items() if value)
