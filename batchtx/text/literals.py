"""Finding what must not be translated: addresses, paths, code, placeholders, tags, identifiers."""

from __future__ import annotations

import re
from functools import lru_cache

from batchtx.text.inline_codes import CODES
from batchtx.text.scripts import EMOJI

_SUFFIXES = (
    "docx?|xlsx?|pptx?|pdf|txt|csv|tsv|jsonl?|xml|ya?ml|toml|ini|cfg|conf|log|md|rst|html?|css|jsx?|tsx?|vue|py|pyc|"
    "java|class|jar|c|cc|cpp|h|hpp|cs|go|rs|rb|php|sh|bat|ps1|sql|db|exe|dll|so|zip|rar|7z|tar|gz|xz|bz2|png|jpe?g|"
    "gif|svg|mp[34]|wav|avi|mov|iso|img|bin|key|pem|crt|lock|proto|ipynb"
)
_LITERALS = (
    rf"[{CODES}]+",
    r"⟦[^⟦⟧\n]{0,40}⟧|[⟦⟧]",
    r"```[^`]+```|`[^`\n]+`",
    r"<!--.*?-->|<%.*?%>|</?[A-Za-z][\w:.-]*(?:\s[^<>\n]{0,300})?/?>",
    r"&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});",
    r"(?<=\]\()[^\s()]*[/.#:][^\s()]+(?=\))",
    r"(?:(?:https?|ftps?|file|ssh|git|wss?|jdbc|s3|hdfs|data|tel|mailto)(?=:)(?:://|:)|(?<![\w.@-])www\.)[!-;=?-_a-z{|}~]+",
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,80}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,9}",
    r"(?<![\w.@-])(?:[A-Za-z0-9-]{1,63}\.){1,9}(?:com|cn|org|net|edu|gov|io|dev|info|co|uk|de|jp|hk|tw|eu|us|ai)\b"
    r"(?:/[!-;=?-_a-z{|}~]*)?",
    r"\{\{[^{}\n]{0,60}\}\}|[$#]\{[^{}\n]{1,60}\}|\{[A-Za-z0-9_.:!$-]{0,40}\}",
    r"%(?:\([A-Za-z_]\w*\)|\d+\$)[-+0#]*\d*(?:\.\d+)?[sdifgxXeEcoru]"
    r"|(?<![\d%])%[-+0#]*\d*(?:\.\d+)?l{0,2}[sdifgxXcu@](?![A-Za-z])|%%",
    r"(?<![\w:/])[A-Za-z]:[\\/][!#-)+-.0-9;=@-_a-z{}~\\/]*",
    r"\\\\[\w.$-]+(?:\\[\w.$-]+)+|(?<!\w)%[A-Z_]+%(?:\\[\w.$-]+)*",
    r"(?<![\w/.)\]])(?:~|\.{1,2})?/[A-Za-z_.][\w.+-]*(?:/[\w.*+-]+)+/?",
    r"(?<![\w/.)\]])(?:~|\.{1,2})/[\w.*+-]+",
    r"(?<![\w/.-])[A-Za-z_][\w.-]{0,80}(?:/[\w.-]{1,80}){2,40}/?",
    rf"(?<![\w/.-])[\w./-]{{0,200}}\w\.(?:{_SUFFIXES})(?![\w.]*\w)",
    r"\$[A-Za-z_]\w*|(?<![\w@])@[A-Za-z_][\w.-]*\w",
    r"(?<![\w-])--[A-Za-z][\w-]*(?:=[\w./:-]+)?|(?<![\w)-])-[A-Za-z](?![\w-])",
    r"(?<!\w)[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?!\w)|(?<!\w)0x[0-9a-fA-F]+",
    r"(?<!\w)(?=[0-9a-f]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,64}(?!\w)",
    r"(?<![\w.])v\d+(?:\.\d+)+(?:[-+][\w.]*\w)?|(?<![\w.])\d+(?:\.\d+){2,}(?:[-+][A-Za-z][\w.]*\w)?",
    r"(?<!\w)[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w+)*\(\)",
    r"(?<![\w.])[A-Za-z_]\w+(?:(?:\.|::|->)[A-Za-z_]\w+)+",
    r"(?<![\w.])(?:[A-Za-z]\w*_\w+|_+\w+)(?!\w)",
    r"(?<![\w.])[a-z]{2,}[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*(?!\w)",
    EMOJI,
)  # fmt: skip
_NUMBER = r"(?<![A-Za-z\d_])[-+]?\d+(?:[,.:/-]\d+)*%?"

_LITERAL = re.compile("|".join(f"(?:{pattern})" for pattern in _LITERALS), re.ASCII)
_WITH_NUMBERS = re.compile(f"{_LITERAL.pattern}|{_NUMBER}", re.ASCII)
_MAY_HOLD_ONE = re.compile(
    rf"[⟦⟧`<&@{{%\\/$_~#{CODES}\U0001f1e6-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ue000-\uf8ff]"
    r"|\.[\w/.]|:\S|0x|[a-z][A-Z]|--|(?<![\w)-])-[A-Za-z]|->|[0-9a-fA-F]{4}-[0-9a-fA-F]|[0-9a-f]{7}",
    re.ASCII,
)
"""Cheap test that every literal passes; most sentences do not, and are spared the large pattern."""

_URL_START = re.compile(r"[a-z0-9]{2,6}:|www\.|[\w-]+\.", re.ASCII)
_TRAILING = ".,;:!?'\""


def literal_spans(text: str, *, numbers: bool = False) -> list[tuple[int, int]]:
    """Spans of everything that must stand unchanged in the target, in order, not overlapping.

    A URL ends at the first character that is not ASCII: 见https://a.cn/b。 and 访问http://a.cn查看
    are cut right; a path in Han characters must be percent-encoded to be kept. In a Markdown link
    its bracket ends it.
    """
    return list(_spans(text, numbers))


@lru_cache(maxsize=256)
def _spans(text: str, numbers: bool) -> tuple[tuple[int, int], ...]:
    """Cached: steps and checks ask for the same few texts a dozen times."""
    if not numbers and not _MAY_HOLD_ONE.search(text):
        return ()
    pattern = _WITH_NUMBERS if numbers else _LITERAL
    spans = ((m.start(), _trimmed_end(text, m.start(), m.end())) for m in pattern.finditer(text))
    return tuple((start, end) for start, end in spans if end > start)


def literals(text: str) -> list[str]:
    """The literals themselves, in order, with repeats."""
    return [text[start:end] for start, end in literal_spans(text)]


def without_literals(text: str) -> str:
    """The text with a line break in place of each literal, so that nothing grows together."""
    parts: list[str] = []
    done = 0
    for start, end in literal_spans(text):
        parts += [text[done:start], "\n"]
        done = end
    return "".join([*parts, text[done:]])


def _trimmed_end(text: str, start: int, end: int) -> int:
    """The end without the punctuation of the sentence around an address."""
    if not _URL_START.match(text, start, end):
        return end
    while end > start:
        last = text[end - 1]
        stretch = text[start:end]
        if last in _TRAILING or (last in ")]}" and stretch.count(last) > stretch.count(_PAIR[last])):
            end -= 1
        else:
            break
    return end


_PAIR = {")": "(", "]": "[", "}": "{"}
