"""English function words: a phrase neither begins nor ends with one."""

from __future__ import annotations

_WORDS = """
a an the and or of to in on at by for from with without within as is are was were be been being it its
this that these those which who whom whose what when where while if then than so not no nor but into onto
upon over under after before between during through about against per via each every any all both either
other such same shall will would should may might can could must has have had having do does did done he
she they we you i his her their our your him them us also more most only own very just up out off there
here s t
"""

ENGLISH = frozenset(_WORDS.split())
