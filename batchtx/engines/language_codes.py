"""What models of many languages call a language."""

from __future__ import annotations

NLLB = {"zh": "zho_Hans", "en": "eng_Latn", "ja": "jpn_Jpan", "de": "deu_Latn", "fr": "fra_Latn"}
MBART = {"zh": "zh_CN", "en": "en_XX", "ja": "ja_XX", "de": "de_DE", "fr": "fr_XX"}


def m2m100_token(language: str) -> str:
    """Returns the piece of M2M100 for a language."""
    return f"__{language}__"
