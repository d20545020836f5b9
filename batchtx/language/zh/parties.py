"""The parties of a contract: 甲方, 乙方, 甲乙双方."""

from __future__ import annotations

import re

from batchtx.language.zh.figures import Reader

_PARTY = re.compile(r"([甲乙丙丁戊])方(?![面法式位案])")
_BOTH = re.compile(r"甲[、和与]?\s?乙[、和与]?\s?(丙[、和与]?\s?)?(?:双方|三方|各方)(?:当事人)?")
_LETTERS = dict(zip("甲乙丙丁戊", "ABCDE", strict=True))


def _party(match: re.Match[str]) -> str:
    return f"Party {_LETTERS[match[1]]}"


def _both(match: re.Match[str]) -> str:
    return "Party A, Party B and Party C" if match[1] else "Party A and Party B"


READERS: tuple[Reader, ...] = ((_BOTH, _both), (_PARTY, _party))
