"""Review flags: each check raises one doubt about a target, or none: `(segment, target) -> Flag | None`.

Names are those of pofilter (Translate Toolkit) where it has the test. Which of them hold for a pair of
languages, its record says (language/pair.py).
"""

from __future__ import annotations

CHECKS: dict[str, str] = {
    "blank": "batchtx.checks.copies:not_blank",
    "unchanged": "batchtx.checks.copies:translated",
    "copied": "batchtx.checks.copies:not_copied",
    "leftover_han": "batchtx.checks.leftovers:no_han_left",
    "fullwidth": "batchtx.checks.leftovers:no_fullwidth_left",
    "unknown": "batchtx.checks.leftovers:no_unknown_left",
    "repetition": "batchtx.checks.repetition:said_once",
    "length": "batchtx.checks.length:length_plausible",
    "numbers": "batchtx.checks.numbers:numbers_kept",
    "currencies": "batchtx.checks.units:currencies_kept",
    "signs": "batchtx.checks.units:signs_kept",
    "weekdays": "batchtx.checks.weekdays:weekdays_kept",
    "placeholders": "batchtx.checks.literals:literals_kept",
    "codes": "batchtx.checks.codes:codes_kept",
    "term_missed": "batchtx.checks.terms:terms_used",
    "term_overused": "batchtx.checks.overused:no_term_too_often",
    "term_forbidden": "batchtx.checks.terms:no_forbidden_terms",
    "negation": "batchtx.checks.negation:negation_kept",
    "brackets": "batchtx.checks.pairs:brackets_balanced",
    "quotes": "batchtx.checks.pairs:quotes_balanced",
    "endpunc": "batchtx.checks.typography:final_mark_kept",
    "startcaps": "batchtx.checks.typography:starts_with_capital",
    "doublewords": "batchtx.checks.words:no_doubled_words",
    "invented": "batchtx.checks.invented:no_invented_words",
    "acronyms": "batchtx.checks.words:acronyms_kept",
    "doublespacing": "batchtx.checks.typography:single_spaces",
}
"""Name → "module:function"; a flag's `check` is the name."""
