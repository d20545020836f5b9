"""Four documents as offices in China write them: a tender, minutes, a resume, a page of slides.

`python -m tests.fixtures_docx.kinds FOLDER` writes them, to look at (`make pictures DOCS=FOLDER`). All text
was written for this project.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fixtures_docx import paragraph, run
from tests.fixtures_docx.office import (
    BOLD,
    CENTRE,
    HEI,
    INDENT,
    PAGE_BREAK,
    SONG,
    TAB,
    UNDERLINE,
    blank,
    body,
    cell,
    contents,
    document,
    heading,
    item,
    shape,
    table,
)

_TITLE = f'{HEI}{BOLD}<w:spacing w:val="40"/><w:sz w:val="52"/>'
_LEADER = '<w:tabs><w:tab w:val="left" w:leader="underscore" w:pos="5000"/></w:tabs>'
_RIGHT = '<w:jc w:val="right"/>'
_KEY = '<w:rStyle w:val="a5"/>'


def tender() -> bytes:
    """A cover, a table of contents, chapters numbered by Word, a table with merged cells, forms."""
    cover = (
        paragraph(
            run("招　标　文　件", _TITLE), properties=f'<w:spacing w:before="2400" w:after="1200"/>{CENTRE}'
        )
        + paragraph("项目名称：", run("  市第三人民医院信息化改造项目  ", UNDERLINE))
        + paragraph("项目编号：", run(" ZB-2026-0318 ", UNDERLINE))
        + paragraph("招标人：", blank(24), "（盖单位章）")
        + paragraph("法定代表人或其委托代理人：", blank(16), "（签字）")
        + paragraph(run("二〇二六年三月", SONG), properties=f'<w:spacing w:before="2400"/>{CENTRE}')
        + PAGE_BREAK
    )
    toc = paragraph(run("目　　录", HEI), properties=CENTRE) + contents(
        (1, "第一章", "招标公告", 1),
        (2, "1.1", "招标条件", 2),
        (2, "1.2", "投标人资格要求", 3),
        (1, "第二章", "投标人须知", 4),
        (2, "2.1", "投标文件的组成", 5),
        (1, "第三章", "投标文件格式", 6),
    )
    notice = (
        PAGE_BREAK
        + heading(1, "招标公告", 1)
        + heading(2, "招标条件", 2)
        + body(
            "本项目已由",
            run("市发展和改革委员会", UNDERLINE),
            "批准建设，建设资金来自财政拨款，现进行公开招标。",
        )
        + heading(2, "投标人资格要求", 3)
        + item(0, "具有独立承担民事责任的能力；")
        + item(0, "具有", run("良好的商业信誉", BOLD), "和健全的财务会计制度；")
        + item(1, "近三年内没有重大违法记录；")
        + item(1, "未被列入", run("失信被执行人", _KEY), "名单。")
        + item(0, "本项目", run("不接受", BOLD), "联合体投标。")
        + body(
            "投标截止时间为", run("2026年4月15日9时30分", BOLD), "，逾期送达的投标文件不予受理。详见第二章。"
        )
    )
    widths = [900, 2200, 5200]
    rows = (
        ("1", "招标人", "名称：市第三人民医院。地址：人民路28号。"),
        ("2", "投标有效期", "自投标截止之日起九十日"),
        ("3", "投标保证金", "人民币伍万元整（¥50,000.00）"),
    )
    rules = (
        heading(1, "投标人须知", 4)
        + paragraph(run("投标人须知前附表", HEI), properties=CENTRE)
        + table(
            widths,
            [
                cell(paragraph(run(text, BOLD), properties=CENTRE), width=width)
                for text, width in zip(("序号", "条款名称", "编列内容"), widths, strict=True)
            ],
            *[[cell(text, width=width) for text, width in zip(row, widths, strict=True)] for row in rows],
            [
                cell("4", width=900, down="restart"),
                cell("评标办法", width=2200, down="restart"),
                cell("技术部分：50分；商务部分：20分", width=5200),
            ],
            [
                cell(width=900, down="continue"),
                cell(width=2200, down="continue"),
                cell("价格部分：30分", width=5200),
            ],
            [cell("备注：本表与正文不一致的，以本表为准。", width=8300, across=3)],
        )
        + heading(2, "投标文件的组成", 5)
        + heading(3, "商务部分")
        + body("投标函、法定代表人身份证明、授权委托书及投标保证金缴纳凭证。")
        + heading(3, "技术部分")
        + body("施工组织设计、项目管理机构及主要设备清单。")
    )
    forms = (
        PAGE_BREAK
        + heading(1, "投标文件格式", 6)
        + paragraph(run("投　标　函", f'{HEI}<w:sz w:val="36"/>'), properties=CENTRE)
        + paragraph("致：", blank(20), "（招标人名称）")
        + body(
            "我方已仔细研究了", blank(14), "（项目名称）招标文件的全部内容，愿意以人民币（大写）", blank(10),
            "（¥", blank(8), "）的投标总报价，工期", blank(4), "日历天，按合同约定实施和完成承包工程。",
        )
        + paragraph("投标人：", TAB, "（盖单位章）", properties=_LEADER)
        + paragraph("联系电话：", TAB, properties=_LEADER)
        + paragraph("　　　　年　　月　　日", properties=_RIGHT)
        + paragraph(shape(9, (260, 20), (110, 110), paragraph("（公章）", properties=CENTRE), form="ellipse"))
    )  # fmt: skip
    return document(cover + toc + notice + rules + forms, "市第三人民医院信息化改造项目招标文件")


def minutes() -> bytes:
    """A head in red, facts with labels, items numbered 一、（一）1．, a list of who does what, signatures."""
    face = '<w:rFonts w:eastAsia="方正小标宋简体"/>'
    red = f'{face}<w:color w:val="FF0000"/><w:spacing w:val="60"/><w:sz w:val="56"/>'
    line = '<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="1" w:color="FF0000"/></w:pBdr>'
    facts = (
        ("会议时间：", "2026年3月5日（星期四）14:00—16:30"),
        ("会议地点：", "公司三楼第二会议室"),
        ("主 持 人：", "陈立新"),
        ("参会人员：", "王海涛、李静、赵敏、孙国强"),
        ("记 录 人：", "周晓燕"),
    )
    head = (
        paragraph(run("远景科技有限公司会议纪要", red), properties=CENTRE)
        + paragraph(
            "远景纪要〔2026〕7号", TAB, "签发人：", run("陈立新", '<w:rFonts w:eastAsia="楷体"/>'),
            properties=f'{line}<w:tabs><w:tab w:val="right" w:pos="8300"/></w:tabs>',
        )
        + paragraph(run("关于新产品上市筹备工作的会议纪要", f'{HEI}<w:sz w:val="36"/>'), properties=CENTRE)
        + "".join(paragraph(run(label, f"{HEI}{BOLD}"), run(text, SONG)) for label, text in facts)
    )  # fmt: skip
    text = (
        body("会议听取了各部门关于新产品上市筹备情况的汇报，就有关问题进行了讨论，现将会议议定事项纪要如下：")
        + item(0, run("关于上市时间", HEI))
        + body(
            "会议决定，新产品于",
            run("2026年5月18日", BOLD),
            "正式上市，各部门应",
            run("倒排工期", _KEY),
            "，确保按期完成。",
        )
        + item(1, "研发部负责在4月10日前完成全部功能测试；")
        + item(1, "生产部负责首批", run("5000", UNDERLINE), "台设备的备货工作。")
        + item(2, "备货计划报总经理审批；")
        + item(2, "关键元器件的库存不得低于", run("两周", BOLD), "用量。")
        + item(0, run("关于宣传推广", HEI))
        + body("市场部提交的推广方案原则通过，预算控制在120万元（含税）以内。")
        + item(0, run("任务分工", HEI))
    )
    widths = [900, 3600, 1900, 1900]
    tasks = (
        ("1", "完成功能测试报告", "研发部 王海涛", "4月10日"),
        ("2", "落实首批备货", "生产部 孙国强", "4月30日"),
        ("3", "发布会场地与媒体邀请", "市场部 李静", "5月6日"),
    )
    grid = table(
        widths,
        [
            cell(paragraph(run(title, f"{HEI}{BOLD}"), properties=CENTRE), width=width)
            for title, width in zip(("序号", "工作内容", "责任人", "完成时间"), widths, strict=True)
        ],
        *[[cell(text, width=width) for text, width in zip(row, widths, strict=True)] for row in tasks],
    )
    end = (
        paragraph("参会人员签字：", TAB, properties=_LEADER)
        + paragraph("远景科技有限公司", properties=_RIGHT)
        + paragraph("2026年3月6日", properties=_RIGHT)
        + paragraph(run("主送：", BOLD), "公司领导，各部门。", properties=line)
        + paragraph(run("抄送：", BOLD), "董事会办公室、监事会。")
    )
    return document(head + text + grid + end, "内部资料　注意保存")


def resume() -> bytes:
    """One large table: labels, a cell for a photo merged downwards, titles across, vertical heads."""
    widths = [1400, 1900, 1400, 1900, 1700]
    label = f"{SONG}{BOLD}"

    def pair(name: str, value: str, at: int) -> list[str]:
        named = cell(paragraph(run(name, label), properties=CENTRE), width=widths[at])
        return [named, cell(value, width=widths[at + 1])]

    photo = cell(
        paragraph(run("照片", '<w:color w:val="808080"/>'), properties=CENTRE),
        paragraph("（近期一寸免冠）", properties=CENTRE),
        width=1700,
        down="restart",
    )
    below = cell(width=1700, down="continue")
    facts = [
        [*pair("姓　　名", "林晓峰", 0), *pair("性　　别", "男", 2), photo],
        [*pair("出生年月", "1990年6月", 0), *pair("民　　族", "汉族", 2), below],
        [*pair("政治面貌", "中共党员", 0), *pair("学　　历", "硕士研究生", 2), below],
        [*pair("联系电话", "138-0013-8000", 0), *pair("电子邮箱", "lin@example.com", 2), below],
    ]
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="D9E2F3"/>'

    def bar(title: str) -> list[str]:
        return [cell(paragraph(run(title, HEI)), width=8300, across=5, properties=shade)]

    upright = '<w:textDirection w:val="tbRlV"/>'
    study = [
        cell(paragraph(run("教育背景", label), properties=CENTRE), width=1400, properties=upright),
        cell(
            paragraph(run("2012.09—2015.06", BOLD), TAB, "华东理工大学", TAB, "计算机科学与技术（硕士）"),
            paragraph(run("2008.09—2012.06", BOLD), TAB, "南昌大学", TAB, "软件工程（本科）"),
            width=6900,
            across=4,
        ),
    ]
    work = [
        cell(paragraph(run("工作经历", label), properties=CENTRE), width=1400, properties=upright),
        cell(
            paragraph(run("2018年至今　远景科技有限公司　高级工程师", BOLD)),
            item(0, "负责订单系统的", run("架构设计", _KEY), "与性能优化，响应时间缩短了60%；", numbering=3),
            item(0, "带领8人团队完成支付平台的重构，系统可用性达到99.99%；", numbering=3),
            item(0, "获得2021年度", run("优秀员工", BOLD), "称号。", numbering=3),
            width=6900,
            across=4,
        ),
    ]
    skills = [
        cell("精通Java、Python，熟悉MySQL和Redis；英语六级，能熟练阅读英文技术文档。", width=8300, across=5)
    ]
    about = [cell("为人诚实，责任心强，具有良好的沟通能力和团队合作精神。", width=8300, across=5)]
    title = paragraph(run("个 人 简 历", f'{HEI}{BOLD}<w:sz w:val="44"/>'), properties=CENTRE)
    sheet = table(
        widths, bar("基本信息"), *facts, study, work, bar("专业技能"), skills, bar("自我评价"), about
    )
    sign = paragraph("本人承诺以上信息真实有效。", properties=INDENT) + paragraph(
        "签名：", blank(12), "　　日期：", blank(12), properties=_RIGHT
    )
    return document(title + sheet + sign, "应聘登记材料")


def slides() -> bytes:
    """A landscape page of floating boxes as people who think in slides make them."""
    white = paragraph(run("智慧园区建设方案", f'{HEI}{BOLD}<w:sz w:val="44"/>'), properties=CENTRE)
    idea = run("数据驱动", f"{BOLD}{UNDERLINE}")
    small = '<w:sz w:val="21"/>'

    def card(number: int, left: int, title: str, *lines: str) -> str:
        top = paragraph(run(title, f"{HEI}{BOLD}{small}"), properties=CENTRE)
        rest = (item(0, run(line, small), numbering=3) for line in lines)
        return shape(number, (left, 110), (190, 200), top, *rest)

    boxes = (
        shape(1, (60, 20), (500, 60), white)
        + card(2, 0, "一、现状分析", "设备分散，数据不互通", "人工巡检成本高", "能耗居高不下")
        + card(3, 220, "二、建设目标", "一张图管理全部设备", "巡检效率提升50%", "综合能耗下降15%")
        + card(4, 440, "三、实施计划", "第一阶段：2026年6月完成调研", "第二阶段：试点", "第三阶段：全面推广")
        + shape(
            5, (60, 335), (500, 40),
            paragraph("核心理念：", idea, "、", run("绿色低碳", BOLD), "、安全可控", properties=CENTRE),
        )
    )  # fmt: skip
    return document(paragraph(boxes), "远景科技有限公司　二〇二六年三月", landscape=True)


KINDS = {"招标文件": tender, "会议纪要": minutes, "个人简历": resume, "建设方案": slides}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for file, make in KINDS.items():
        (folder / f"{file}.docx").write_bytes(make())
