"""Chinese text for tests: made from parts, as much as wanted, no two sentences alike."""

from __future__ import annotations

from collections.abc import Iterator

_SUBJECTS = ("系统", "管理员", "客户", "供应商", "项目经理", "测试人员", "财务部门", "该设备")
_ADVERBS = ("已经", "必须", "可以", "不得", "将", "通常")
_VERBS = ("检查", "更新", "提交", "保存", "删除", "发送", "安装", "确认")
_OBJECTS = ("合同文本", "配置文件", "年度报告", "发票", "日志记录", "用户权限", "备用电池", "安全补丁")
_TAILS = ("", "，并通知相关部门", "，以免数据丢失", "，然后重新启动服务器")


def sentences(count: int) -> Iterator[str]:
    """`count` different sentences."""
    for number in range(count):
        subject = _SUBJECTS[number % 8]
        adverb = _ADVERBS[number // 8 % 6]
        verb = _VERBS[(number // 3) % 8]
        thing = _OBJECTS[(number // 5) % 8]
        yield f"{subject}{adverb}在{number + 1}天内{verb}{thing}{_TAILS[number % 4]}。"


def text(count: int, per_line: int = 3) -> str:
    """`count` sentences in lines."""
    lines: list[str] = []
    for number, sentence in enumerate(sentences(count)):
        if number % per_line == 0:
            lines.append("")
        lines[-1] += sentence
    return "\n".join(lines) + "\n"
