"""Text formats take time that grows with the size of a file, whatever is in it."""

from __future__ import annotations

import io
import time

import pytest

from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR

SIZE = 150_000
SECONDS = 8.0
"""Linear: under two seconds on a slow machine. Quadratic: minutes."""

PIECES = {
    "md": ("`", "{", "{{", "{%", "[a](", "<!--", "中\n", " ", "[^a", "{#", "$", "<a ", "["),
    "html": ("<a ", '<a "', "<?", "<!", "<!--", " ", "\n", "中\n", "<a <b ", "<svg "),
    "srt": ("<a", "{\\", " ", "中\n", "<", "00:00:01,000 -->"),
    "ass": ("{", "{\\p", "{\\p1}", "\\N", ","),
    "po": ("%", "{", "<a ", "%(", "\\\\", '"\n"'),
    "xliff": ("&lt;", "&amp;%", "中 ", "<x/>", "<g>中</g>"),
    "txt": ("```\n", "~~~\n中\n", "`", "\t"),
}
HEADS = {
    "md": "中文 ",
    "html": "<p>中",
    "srt": "1\n00:00:01,000 --> 00:00:02,000\n中",
    "ass": "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,中",
    "po": 'msgid "中',
    "xliff": '<xliff version="1.2"><file><body><trans-unit id="1"><source>中',
    "txt": "中\n",
}
TAILS = {"po": '"\nmsgstr ""\n', "xliff": "</source></trans-unit></body></file></xliff>"}


@pytest.mark.parametrize(
    ("format_name", "piece"), [(name, one) for name, some in PIECES.items() for one in some]
)
def test_one_piece_again_and_again_is_read_in_linear_time(format_name: str, piece: str) -> None:
    text = HEADS[format_name] + piece * (SIZE // len(piece)) + "文" + TAILS.get(format_name, "")
    began = time.monotonic()
    source = Source(f"a.{format_name}", stream=io.BytesIO(text.encode()))
    document = open_document(format_name, source, FormatChoices(), PAIR)
    assert list(document.units()) or format_name == "md"
    assert time.monotonic() - began < SECONDS
