"""Addresses and paths with Chinese parts, and codes, are kept whole; the sentence around them is not."""

from __future__ import annotations

import time

import pytest

from batchtx.language.zh.quantities import quantities
from batchtx.text.literals import literals
from batchtx.text.protect import protect


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("访问 https://example.com/公司/api/v1 查看。", ["https://example.com/公司/api/v1"]),
        ("打开https://example.com/search?q=合同&page=2查看", ["https://example.com/search?q=合同&page=2"]),
        ("见 https://zh.wikipedia.org/wiki/人工智能 的介绍", ["https://zh.wikipedia.org/wiki/人工智能"]),
        ("见https://a.cn/文档/用户手册.pdf。", ["https://a.cn/文档/用户手册.pdf"]),
        ("见https://a.cn/文档/用户手册。", ["https://a.cn/文档/用户手册"]),
        ("访问http://a.cn查看", ["http://a.cn"]),
        ("访问https://a.cn/查看详情。", ["https://a.cn/"]),
        (r"路径为C:\项目\合同\说明.docx。", [r"C:\项目\合同\说明.docx"]),
        (r"在\\服务器\共享\合同.docx中", [r"\\服务器\共享\合同.docx"]),
        ("文件/home/用户/文档/报告.txt不存在", ["/home/用户/文档/报告.txt"]),
        ("读取./数据/输入.csv和./run.sh", ["./数据/输入.csv", "./run.sh"]),
        ("打开“用户手册.pdf”", ["用户手册.pdf"]),
        ("附件：用户手册.pdf", ["用户手册.pdf"]),
        ("和/或，客户/供应商", []),
        ("车牌京A12345，航班CA1234，零件K86", ["A12345", "CA1234", "K86"]),
        ("合同HT-2026-0117，型号AAA1111", ["HT-2026-0117", "AAA1111"]),
        ("电话13812345678，共12345678元", ["13812345678"]),
        ("RMB81.2，US$30，500mg，10.5kV，35x24mm，5G，A4，B2B", []),
    ],
)
def test_the_whole_of_it_and_nothing_else(text: str, found: list[str]) -> None:
    assert literals(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "a/" * 20_000,
        "/a/" + "甲" * 20_000,
        "C:\\" + "甲\\" * 9_000,
        "https://a.cn/" + "甲-" * 9_000,
        "A1-" * 9_000,
    ],
)
def test_long_texts_take_no_long_time(text: str) -> None:
    started = time.process_time()
    literals(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("￥5,000", "¥5,000"),
        ("¥ 30,000元", "¥30,000"),
        ("￥3.2万", "¥32,000"),
        ("€200", "€200"),
        ("5㎎", "5 mg"),
        ("3㎥", "m³"),
        ("8㎞", "8 km"),
    ],
)
def test_signs_that_small_vocabularies_lack_go_by_rule(text: str, target: str) -> None:
    (found,) = quantities(text)
    assert found.target.endswith(target)


@pytest.mark.parametrize("sign", "′″‰℃±")
def test_signs_stand_behind_marks(sign: str) -> None:
    masked = protect(f"约3{sign}。")
    assert masked is not None
    assert masked.originals == (sign,)
