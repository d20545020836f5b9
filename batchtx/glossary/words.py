"""Where Chinese words begin and end, by jieba: 上海 is a word in 在上海, not in 海上海鲜."""

from __future__ import annotations

import logging
from functools import lru_cache
from importlib.util import find_spec

from batchtx.errors import GlossaryError
from batchtx.glossary.table import Entry


def require_word_edges(entry: Entry) -> None:
    """Raises GlossaryError when jieba, which `boundary` needs, is not installed."""
    if find_spec("jieba") is None:
        message = f"{entry.source} asks for a word boundary; install jieba: pip install 'batchtx[glossary]'"
        raise GlossaryError(entry.file or "glossary", message, entry.row or None)


@lru_cache(maxsize=8)
def word_edges(text: str) -> frozenset[int]:
    """Returns the offsets between the words of a text, its start and end included."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    edges = [0]
    for word in jieba.cut(text):
        edges.append(edges[-1] + len(word))
    return frozenset(edges)
