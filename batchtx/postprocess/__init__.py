"""Post-processing steps: small, pure, idempotent, `(target, segment) -> target`."""

from __future__ import annotations

STEPS: dict[str, str] = {
    "marks_removed": "batchtx.postprocess.leftovers:marks_removed",
    "prompts_removed": "batchtx.postprocess.leftovers:prompts_removed",
    "term_brackets_removed": "batchtx.postprocess.leftovers:term_brackets_removed",
    "loops_collapsed": "batchtx.postprocess.loops:loops_collapsed",
    "literals_rejoined": "batchtx.postprocess.rejoin:literals_rejoined",
    "english_punctuation": "batchtx.postprocess.punctuation:english_punctuation",
    "english_spacing": "batchtx.postprocess.spacing:english_spacing",
    "spaces_at_codes": "batchtx.postprocess.code_spacing:spaces_at_codes",
    "words_apart": "batchtx.postprocess.glued_words:words_apart",
    "one_article": "batchtx.postprocess.articles:one_article",
    "vague_amounts": "batchtx.postprocess.vague_amounts:vague_amounts",
    "final_mark": "batchtx.postprocess.final_mark:final_mark",
    "sentence_capital": "batchtx.postprocess.capital:sentence_capital",
    "east_asian_punctuation": "batchtx.postprocess.east_asian:east_asian_punctuation",
}
"""Name → "module:function". Which steps a pair of languages needs, and in which order, its record says."""
