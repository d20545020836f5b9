"""Finding what must not be translated: addresses, paths, code, placeholders, tags, identifiers."""

from __future__ import annotations

import re
from functools import lru_cache

from batchtx.text.inline_codes import CODES
from batchtx.text.scripts import EMOJI, HAN

_SUFFIXES = (
    "docx?|xlsx?|pptx?|pdf|txt|csv|tsv|jsonl?|xml|ya?ml|toml|ini|cfg|conf|log|md|rst|html?|css|jsx?|tsx?|vue|py|pyc|"
    "java|class|jar|c|cc|cpp|h|hpp|cs|go|rs|rb|php|sh|bat|ps1|sql|db|exe|dll|so|zip|rar|7z|tar|gz|xz|bz2|png|jpe?g|"
    "gif|svg|mp[34]|wav|avi|mov|iso|img|bin|key|pem|crt|lock|proto|ipynb"
)
_VERB = (
    "(?:查看|查询|了解|下载|获取|进行|即可|注册|登录|访问|打开|点击|或|和|与|并|以|可|来|的|中|里|上|页面|网站|链接"
    "|网址)"
)
_URL_CHAR = r"[!-;=?-_a-z{|}~]"
_HAN_IN_URL = (
    rf"(?<=[/=#?&+_.-])[{HAN}][{HAN}\d_-]*(?=[/=#&?.%_-]{_URL_CHAR}*[A-Za-z0-9{HAN}%])"
    rf"|(?<=[/=])(?!{_VERB})[{HAN}]{{1,30}}(?=[.,;:!?]?(?:[\s\"'”’》）)\]>]|$))"
    rf"|(?<=[/=])(?!{_VERB})(?:(?![的了])[{HAN}]){{1,12}}(?=[。，、；：！？])"
)
"""Han characters that go on with an address: between two of its delimiters, or its last part. Right
after the address itself (见http://a.cn查看) they are the sentence again."""

_NAME = rf"[\w.$~+\-{HAN}·()（）]"
_FOLDER = rf"(?:[\w.+-]+|[{HAN}][\w+\-{HAN}]*?)"
_NO_CODE = (
    r"(?<![A-Za-z0-9])(?!(?:RMB|CNY|USD?|EUR|GBP|HKD?|NTD?|JPY)\d)"
    r"(?!\d+(?:\.\d+)?[xX*-]\d+(?:[xX*]\d+)?[a-z]{0,3}(?![A-Za-z0-9]))"
    r"(?!\d+(?:[.,]\d+)*[A-Za-z]{1,4}[23]?(?![A-Za-z0-9]))"
)
"""Where no code begins: not inside of a word, at an amount, at dimensions or at a measure."""

_FILE_END = rf"(?:[\w.-]*\.(?:{_SUFFIXES})(?![\w.]*\w)|[\w.$~+-]*(?![\w{HAN}])|(?=[\s\"'”’》）)\]>]|$))"
_LITERALS = (
    rf"[{CODES}]+",
    r"⟦[^⟦⟧\n]{0,40}⟧|[⟦⟧]",
    r"```[^`]+```|`[^`\n]+`",
    r"<!--.*?-->|<%.*?%>|</?[A-Za-z][\w:.-]*(?:\s[^<>\n]{0,300})?/?>",
    r"&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});",
    r"(?<=\]\()[^\s()]*[/.#:][^\s()]+(?=\))",
    r"(?:(?:https?|ftps?|file|ssh|git|wss?|jdbc|s3|hdfs|data|tel|mailto)(?=:)(?:://|:)|(?<![\w.@-])www\.)"
    rf"(?:{_URL_CHAR}|{_HAN_IN_URL})+",
    rf"(?<![\w:/])[A-Za-z]:\\(?:{_NAME}+\\)*{_NAME}*?{_FILE_END}",
    rf"\\\\{_NAME}+(?:\\{_NAME}+)*\\{_NAME}*?{_FILE_END}",
    rf"(?<![\w/.)\]])(?:~|\.{{1,2}})?/[A-Za-z_.][\w.+-]*/(?:{_FOLDER}/)*{_FOLDER}??{_FILE_END}",
    rf"(?<![\w/.)\]])(?:~|\.{{1,2}})/(?:{_FOLDER}/)*{_FOLDER}??{_FILE_END}",
    rf"(?<=[“「『《])[\w\-{HAN}]{{1,60}}\.(?:{_SUFFIXES})(?=[”」』》])"
    rf"|(?:(?<=文件：)|(?<=附件：)|(?<=文件名：))[\w\-{HAN}]{{1,60}}\.(?:{_SUFFIXES})(?![\w.]*\w)",
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
    rf"{_NO_CODE}(?=[A-Za-z0-9./-]{{0,40}}[A-Za-z])"
    r"(?=(?:[A-Za-z./-]{0,20}\d){3})[A-Za-z0-9]{1,40}(?:[-./][A-Za-z0-9]{1,40}){0,8}(?![A-Za-z0-9])",
    rf"{_NO_CODE}(?:[A-Z]{{1,4}}-?\d{{2,9}}[A-Z]?|(?=[A-Z]{{0,9}}\d)(?=\d{{0,9}}[A-Z])[A-Z0-9]{{5,20}})(?![A-Za-z0-9])",
    r"(?<![A-Za-z0-9.,])\d{8,}(?![A-Za-z0-9])(?![.,]\d)(?!\s?[%％十百千万亿元年月日号个人件台美港欧日英])",
    EMOJI,
)  # fmt: skip
_NUMBER = r"(?<![A-Za-z\d_])[-+]?\d+(?:[,.:/-]\d+)*%?"

_LITERAL = re.compile("|".join(f"(?:{pattern})" for pattern in _LITERALS), re.ASCII)
_WITH_NUMBERS = re.compile(f"{_LITERAL.pattern}|{_NUMBER}", re.ASCII)
_MAY_HOLD_ONE = re.compile(
    rf"[⟦⟧`<&@{{%\\/$_~#{CODES}\U0001f1e6-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ue000-\uf8ff]"
    r"|\.[\w/.]|:\S|0x|[a-z][A-Z]|[A-Za-z][./-]?\d|\d[./-]?[A-Za-z]|\d{8}|--|(?<![\w)-])-[A-Za-z]|->|[0-9a-fA-F]{4}-[0-9a-fA-F]|[0-9a-f]{7}",
    re.ASCII,
)
"""Cheap test that every literal passes; most sentences do not, and are spared the large pattern."""

_URL_START = re.compile(r"[a-z0-9]{2,6}:|www\.|[\w-]+\.", re.ASCII)
_TRAILING = ".,;:!?'\""


def literal_spans(text: str, *, numbers: bool = False) -> list[tuple[int, int]]:
    """Spans of everything that must stand unchanged in the target, in order, not overlapping.

    A URL ends at the first character that is not ASCII: 见https://a.cn/b。 and 访问http://a.cn查看
    are cut right; Han characters belong to it where they stand between its delimiters or are its last
    part. In a Markdown link its bracket ends it.
    """
    return list(_spans(text, numbers))


@lru_cache(maxsize=4096)
def _spans(text: str, numbers: bool) -> tuple[tuple[int, int], ...]:
    """Cached: steps and checks ask for the same few texts a dozen times."""
    if not numbers and not _MAY_HOLD_ONE.search(text):
        return ()
    pattern = _WITH_NUMBERS if numbers else _LITERAL
    spans = ((m.start(), _trimmed_end(text, m.start(), m.end())) for m in pattern.finditer(text))
    return tuple((start, end) for start, end in spans if end > start)


def literals(text: str) -> list[str]:
    """Returns the literals themselves, in order, with repeats."""
    return [text[start:end] for start, end in literal_spans(text)]


def without_literals(text: str) -> str:
    """Returns the text with a line break in place of each literal, so that nothing grows together."""
    spans = _spans(text, False)
    if not spans:
        return text
    parts: list[str] = []
    done = 0
    for start, end in spans:
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
