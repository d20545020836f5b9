"""Chinese function words: where a term candidate cannot begin or end."""

from __future__ import annotations

import re


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ANYWHERE = frozenset("的了吗呢呀吧啊们很")
_NOT_FIRST = frozenset("和与及或之其是于以由把被让且则即若如也都就还又再已曾那哪此该本每某我你他她它您等并后")
_NOT_LAST = frozenset(
    "和与及或之其是在于以由对将为从把被让给向并而但且则若如因也都就还又再最曾未没这那哪此该每"
)
_FIRST_ALL_THE_SAME = _words("""
    和解 和平 与会 及时 或有 以太 由来 被告 被保险 被申请 被许可 被执行 被投资 即期 还款 还原 再生
    再融资 再审 已实现 此前 本金 本地 本币 本息 每股 等级 等额 等价 并购 并发 并行 并表 后台 后端 后续
    就业 都市 其他应
""")
_LAST_ALL_THE_SAME = _words("""
    共和 饱和 温和 总和 参与 普及 涉及 自由 理由 事由 行为 面向 相对 绝对 核对 校对 比对 合并 兼并
    吞并 转让 出让 受让 方向 定向 双向 单向 导向 意向 供给 补给 存在 潜在 内在
""")
_FUNCTION_WORDS = _words("""
    应当 可以 必须 不得 如果 以及 或者 根据 按照 依照 对于 关于 由于 因此 所以 但是 并且 而且 进行
    通过 其中 其他 有关 相关 上述 下列 以下 以上 如下 我们 你们 他们 它们 这个 那个 这些 那些 这种
    一个 一种 一些 一项 一次 没有 不是 不能 不会 不要 无法 能够 需要 已经 正在 将会 随着 为了 因为
    虽然 同时 之间 之后 之前 以后 以前 之日 期间 时候 情况 包括 是否 目前 分别 均为 不同 以便 除非
    非常 使用 具有 属于 作为 成为 对其 例如 比如 主要 以内 之内 即可 所有 任何 每个 自动 小时 今天
    明天 昨天 可能 就是 也是 还是 只有 只能 另有 另行 予以 给予 导致 造成 发生 提供 及其 向其 未能
    应该 不可以 应在 应于 不应 均应 均可 也可 还可 可在 将在 由甲方 由乙方 当时 此时 为止
""")
_LOOSE_FIRST = _words(
    "应由 应将 应按 应对 须在 需在 可由 会在 要在 不再 未按 在本 对本 为本 从本 将其 因其 向甲 向乙"
)
_NUMBER = re.compile(
    "[〇零一二三四五六七八九十百千万亿两几数第半]+"
    "(?:[个条款项页年月日号次元份天种倍季度周位名件台套章节编届期批类级层点小时分钟秒岁人步家]+"
    "(?:以[内上下]|[内前后中])?)?"
)


def can_be_term(text: str) -> bool:
    """Returns whether a run of Han characters may be a term by its looks; most function words are caught."""
    if not _ANYWHERE.isdisjoint(text) or _NUMBER.fullmatch(text):
        return False
    if text.startswith(_FUNCTION_WORDS + _LOOSE_FIRST) or text.endswith(_FUNCTION_WORDS):
        return False
    if text[0] in _NOT_FIRST and not text.startswith(_FIRST_ALL_THE_SAME):
        return False
    return text[-1] not in _NOT_LAST or text.endswith(_LAST_ALL_THE_SAME)
