"""Segments to measure on: different sentences in ordinary lengths, made up, the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterator

_WORDS = {
    "who": "系统 管理员 客户 供应商 项目经理 财务部门 甲方 乙方 该公司 操作人员 服务器 用户 审计师",
    "mood": "应当 必须 可以 不得 已经 将 通常 无法 需要 有权",
    "when": "在收到通知后三十日内 于2024年12月31日前 在合同有效期内 每个工作日 随时 自签字之日起",
    "how": "以书面形式 通过网络 按照本协议的约定 根据公司规定 免费 立即 自动 在管理控制台中",
    "do": "提交 检查 更新 支付 保存 删除 确认 终止 安装 配置 披露 转让 批准 记录 恢复",
    "what": "合同文本 配置文件 年度报告 增值税发票 日志记录 用户权限 备用电池 安全补丁 服务费用 "
    "商业秘密 知识产权 数据库连接 检验证书 访问密钥 项目预算 采购订单 应用程序 存储设备",
    "then": "并通知相关部门 以免数据丢失 否则应承担违约责任 然后重新启动服务器 并保存两年以上",
}
_PATTERNS = (
    "{who}{mood}{do}{what}。",
    "{who}{mood}{when}{how}{do}{what}。",
    "{when}，{who}{mood}{do}{what}，{then}。",
    "如果{who}未能{when}{do}{what}，{who2}{mood}{how}{do2}{what2}，{then}。",
    "{what}和{what2}",
    "{do}{what}：{n}",
)


def segments(count: int, seed: int = 1) -> Iterator[str]:
    """Yields `count` sentences, nearly all different, 4 to 70 characters long."""
    generator = random.Random(seed)
    choices = {name: words.split(" ") for name, words in _WORDS.items()}
    for _ in range(count):
        words = {name: generator.choice(options) for name, options in choices.items()}
        again = {f"{name}2": generator.choice(options) for name, options in choices.items()}
        pattern = generator.choice(_PATTERNS)
        yield pattern.format(**words, **again, n=generator.randrange(1, 100_000))
