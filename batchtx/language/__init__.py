"""What batchtx knows of languages: a room for each, and a record for each pair."""

from __future__ import annotations

DEFAULT_SOURCE = "zh"
DEFAULT_TARGET = "en"

ALIASES = {
    "zh": frozenset({"zh", "zho", "chi", "cmn"}),
    "en": frozenset({"en", "eng"}),
}
"""Other codes of a language in files of other programs."""

BLEU_TOKENIZERS = {"zh": "zh", "ja": "char", "ko": "char"}
"""How sacrebleu cuts targets of a language into words; "13a" for all others. None needs another library."""
