"""Negation: the smallest word with the largest price."""

from __future__ import annotations

import re

from batchtx.records import Flag, Segment
from batchtx.text.spans import find_words

_AFFIRMED = re.compile(
    r"不仅|不但|不只|不光|不论|不管|无论|不得不|不能不|不可不|是不是|能不能|会不会|要不要|有没有|是否不|不断|不久|不同|不少|不过|不然"
    r"|无不|不是.{0,12}而是|好不|差不多|不一|不用说|用不着|不得已|没有不|不无|莫不|不平等|不确|不服|不动产|不锈|不丹|不列颠|不莱梅|那不勒斯"
    r"|不行为|不足|不良|不佳|不明|不变|不便|不安|不幸|不妨|不禁|不料|不如|不时|不止|不惜|不愧|不法|不当|不利|不等|不定期|不规则|不可抗力"
    r"|最不|不小心|迫不及待|不尽然|不堪|不可避免|不可或缺|不可分割|不可思议|要不|只不|并不.{0,2}少|从而不|毫不|不满|未来|未成年|未婚|未必|未遂|埋没|淹没|没收|出没|沉没"
)
_DENIED = re.compile(r"不|未|没|无(?=[法权效须需人])|勿|并非|绝非|禁止|严禁")
_ENGLISH = re.compile(
    r"\b(?:no|not|none|never|nor|neither|nothing|nobody|nowhere|without|cannot|unable|unless|fail\w*|prohibit\w*|forb[ai]d\w*"
    r"|prevent\w*|refus\w*|reject\w*|den(?:y|ie\w*)|lack\w*|absen\w+|avoid\w*|except\w*|exempt\w*|free|exclud\w*|hardly|rarely"
    r"|ban(?:s|ned)?|cease\w*|stop\w*|ignor\w*|omit\w*|skip\w*|void|waive\w*|zero|missing|less"
    r"|miss|preclude\w*|restrict\w*|barred"
    r"|otherwise|or else|only if|refrain\w*)\b|n['’]t\b"
    r"|\bun(?!der|it|ion|ique|iver|iform|til)[a-z]{3,}"
    r"|\bin(?:valid|correct|complet|accura|sufficien|compatib|consisten|visib|activ|eligib|applicab|abilit|capab|dependen"
    r"|direct|definit|adequa|appropria|effectiv|accessib|conven|secur|evit|finit|elig|divis|expens)\w*"
    r"|\bim(?:possib|prop|perfect|permis|matur|mov|mutab)\w*|\bir(?:relevan|regular|respective|revoc|revers)\w*"
    r"|\bil(?:legal|legit|legib|logic)\w*|\bnon-?\w+|\bmis\w{3,}|\w+less\b"
    r"|\bdis(?:abl|allow|agree|approv|qualif|regard|satisf|continu|connect|advant|honest|claim|card|similar|miss|appear|tinct)\w*",
    re.IGNORECASE,
)

_FORBIDDEN = re.compile(
    r"请勿|切勿|不得(?![不了已])|严禁|禁止|不准(?!确)|不许|不允许|不应当?(?![有求])|不可以|除非|否则"
)


def negation_kept(segment: Segment, target: str) -> Flag | None:
    """A negation of the source (不, 未, 没有, 禁止) has some negative word in the target.

    Set phrases (不仅, 不断, 无论) do not count. English can deny in many ways, so this is a hint, not a
    finding: three in four lost negations are seen, 1 to 4 % of good translations are flagged. A
    prohibition or an exception that is lost (请勿, 不得, 除非) is critical: it says the opposite.
    """
    forbidden = _FORBIDDEN.search(segment.source)
    if forbidden and not _ENGLISH.search(target):
        message = f"the source forbids or excepts ({forbidden[0]}), the target does not"
        return Flag("negation", message, "critical", (forbidden.span(),))
    found = _DENIED.search(_AFFIRMED.sub("", segment.source))
    if not found or _ENGLISH.search(target):
        return None
    return Flag(
        "negation",
        f"the source denies ({found[0]}), the target does not seem to",
        "minor",
        find_words([found[0]], segment.source),
    )
