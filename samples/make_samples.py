"""Make the sample documents of this folder: `python samples/make_samples.py [FOLDER]`.

All text was written for this project. The results are committed, so that nobody needs to run this to
try batchtx; run it after a change here.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

DATE = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
NUMBERING = """
<w:abstractNum %s w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="space"/>
<w:lvlText w:val="第%%1章"/><w:lvlJc w:val="left"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/>
<w:lvlText w:val="（%%2）"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>"""


def main(folder: Path) -> None:
    """Write all samples into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    make_contract(folder / "采购合同.docx")
    make_manual(folder / "产品手册.docx")
    (folder / "会议纪要.txt").write_bytes(MINUTES.encode("utf-8"))
    (folder / "通知-gb18030.txt").write_bytes(NOTICE.replace("\n", "\r\n").encode("gb18030"))
    lines = (json.dumps(ticket, ensure_ascii=False) for ticket in TICKETS)
    (folder / "工单.jsonl").write_bytes("".join(line + "\n" for line in lines).encode("utf-8"))


def make_contract(path: Path) -> None:
    """An excerpt of a purchase contract: heads in bold, a table, a footnote, a link, numbering."""
    document = new_document("设备采购合同")
    add_numbering(document)
    section = document.sections[0]
    section.header.paragraphs[0].text = "合同编号：HT-2026-0117"
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("第 ")
    add_field(footer, "PAGE", "1")
    footer.add_run(" 页，共 ")
    add_field(footer, "NUMPAGES", "2")
    footer.add_run(" 页")
    title = document.add_heading("设备采购合同", 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for label, value in (
        ("甲方（买方）：", "江州云帆物流有限公司"),
        ("乙方（卖方）：", "海宁精工机械股份有限公司"),
    ):
        paragraph = document.add_paragraph()
        paragraph.add_run(label).bold = True
        paragraph.add_run(value)
    document.add_paragraph(
        "根据《中华人民共和国民法典》的有关规定，双方经友好协商，就甲方向乙方采购分拣设备一事达成如下协议。"
    )
    add_numbered(document, "标的与价款", 0)
    add_price_table(document)
    total = document.add_paragraph("合同总价为人民币")
    total.add_run("壹佰贰拾捌万元整").bold = True
    total.add_run("（1,280,000.00 元），含税。")
    add_footnote(document, total, "总价包含运输、安装、调试和两年保修的费用。")
    add_numbered(document, "付款与交货", 0)
    add_numbered(document, "合同签订后 10 个工作日内，甲方支付合同总价的 30% 作为预付款。", 1)
    add_numbered(document, "乙方应在收到预付款之日起 60 日内将全部设备运至甲方指定地点。", 1)
    add_numbered(document, "设备验收合格后 15 日内，甲方支付合同总价的 65%，其余 5% 作为质量保证金。", 1)
    add_numbered(document, "违约责任", 0)
    late = document.add_paragraph("乙方逾期交货的，每逾期一日，应向甲方支付合同总价")
    late.add_run("千分之一").bold = True
    late.add_run("的违约金；逾期超过三十日的，甲方有权解除合同。")
    notice = document.add_paragraph("设备的技术要求见")
    add_link(notice, "https://example.com/specs/sorter", "《分拣设备技术规格书》")
    notice.add_run("，该文件是本合同的组成部分。")
    add_signatures(document)
    save(document, path)


def make_manual(path: Path) -> None:
    """A product manual: headings, steps, a table, a caption with a number field, a text box."""
    document = new_document("云帆智能温湿度计使用手册")
    document.add_heading("云帆智能温湿度计", 0)
    document.add_paragraph("使用手册（型号：YF-T20）")
    document.add_heading("一、产品简介", 1)
    document.add_paragraph(
        "YF-T20 是一款面向仓库和冷链车辆的无线温湿度计。它每隔五分钟记录一次温度和湿度，"
        "并通过蓝牙把数据发送到手机。内置电池可以连续工作十二个月。"
    )
    document.add_heading("二、快速开始", 1)
    steps = (
        "取下电池仓的绝缘片，指示灯闪烁三次表示已经开机。",
        "在手机上打开“云帆”应用，点击右上角的“添加设备”。",
        "把手机靠近温湿度计，等待连接成功的提示。",
    )
    for step in steps:
        document.add_paragraph(step, style="List Number")
    add_warning_box(document)
    document.add_heading("三、技术参数", 1)
    caption = document.add_paragraph("表 ", style="Caption")
    add_field(caption, "SEQ 表 \\* ARABIC", "1")
    caption.add_run("　主要技术参数")
    rows = (("项目", "数值"), ("测温范围", "-30 ℃ 至 60 ℃"), ("测湿范围", "0% 至 99%"), ("防护等级", "IP65"))
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    document.add_heading("四、常见问题", 1)
    for question, answer in (
        ("应用里找不到设备怎么办？", "请确认手机的蓝牙和定位功能已经打开，并且距离不超过五米。"),
        ("读数与其他仪表不一致怎么办？", "请把两台仪表放在同一位置静置半小时，然后再比较读数。"),
    ):
        paragraph = document.add_paragraph()
        paragraph.add_run("问：" + question).bold = True
        paragraph.add_run().add_break()
        paragraph.add_run("答：" + answer)
    save(document, path)


def save(document: Any, path: Path) -> None:
    """Save with fixed times in the archive: the same text gives the same bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            info = zipfile.ZipInfo(name, DATE.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, made.read(name))


def new_document(title: str) -> Any:
    """A document whose properties and styles look as Chinese ones do."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = "batchtx"
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = DATE
    style = document.styles["Normal"]
    style.font.name = "宋体"
    style.font.size = Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    return document


def add_numbering(document: Any) -> None:
    """A numbering definition: 第一章, （1）."""
    numbering = document.part.numbering_part.element
    abstract = parse_xml(NUMBERING % nsdecls("w"))
    numbering.insert(0, abstract)
    number = parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
    numbering.append(number)


def add_numbered(document: Any, text: str, level: int) -> None:
    """A paragraph that Word numbers."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold = True if level == 0 else None
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
    )


def add_price_table(document: Any) -> None:
    """Goods, quantities and prices."""
    rows = (
        ("序号", "设备名称", "数量", "单价（元）", "备注"),
        ("1", "交叉带分拣机", "2 台", "480,000.00", "含控制软件"),
        ("2", "伸缩皮带输送机", "8 台", "32,500.00", "长度 12 米"),
        ("3", "手持扫码终端", "40 套", "1,500.00", "含充电座"),
    )
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for number, row in enumerate(rows):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.bold = True if number == 0 else None
    document.add_paragraph()


def add_signatures(document: Any) -> None:
    """Lines to sign on: tabs and underlined blanks."""
    document.add_paragraph()
    for left, right in (("甲方（盖章）：", "乙方（盖章）："), ("签字日期：", "签字日期：")):
        paragraph = document.add_paragraph(left)
        paragraph.add_run(" " * 16).underline = True
        paragraph.add_run("\t")
        paragraph.add_run(right)
        paragraph.add_run(" " * 16).underline = True


def add_field(paragraph: Any, instruction: str, result: str) -> None:
    """A complex field, as Word writes them."""
    for xml in (
        '<w:fldChar {} w:fldCharType="begin"/>',
        f'<w:instrText {{}} xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar {} w:fldCharType="separate"/>',
        f"<w:t {{}}>{result}</w:t>",
        '<w:fldChar {} w:fldCharType="end"/>',
    ):
        paragraph.add_run()._r.append(parse_xml(xml.format(nsdecls("w"))))


def add_link(paragraph: Any, address: str, text: str) -> None:
    """A hyperlink."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = parse_xml(
        f'<w:hyperlink {nsdecls("w", "r")} r:id="{relation}"><w:r><w:rPr><w:color w:val="0563C1"/>'
        f'<w:u w:val="single"/></w:rPr><w:t>{text}</w:t></w:r></w:hyperlink>'
    )
    paragraph._p.append(link)


def add_footnote(document: Any, paragraph: Any, text: str) -> None:
    """A footnote behind the last word of the paragraph; python-docx makes no footnotes part by itself."""
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{}/></w:r>'
    xml = (
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
        f'</w:footnote><w:footnote w:id="1"><w:p>{mark.format("footnoteRef")}'
        f'<w:r><w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES_TYPE, xml.encode("utf-8"), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    last = paragraph.runs[-1]._r
    reference = parse_xml(
        f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        '<w:footnoteReference w:id="1"/></w:r>'
    )
    before, after = last.text[:-1], last.text[-1]
    last.text = before
    last.addnext(reference)
    end = deepcopy(last)
    end.text = after
    reference.addnext(end)


def add_warning_box(document: Any) -> None:
    """A text box, once for new versions of Word and once (the fallback) for old ones."""
    content = (
        "<w:txbxContent><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>注意：</w:t></w:r>"
        "<w:r><w:t>请勿将本产品浸入水中，也不要在超过 60 ℃ 的环境中使用。</w:t></w:r></w:p></w:txbxContent>"
    )
    run = parse_xml(
        f"""<w:r {nsdecls("w", "wp", "a")}
  xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
  xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
  xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
  <wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="5040000" cy="720000"/>
  <wp:docPr id="7" name="文本框 7" descr="使用环境的警告"/><a:graphic>
  <a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
  <wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="5040000" cy="720000"/></a:xfrm>
  <a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:ln w="9525"><a:solidFill><a:srgbClr val="C00000"/>
  </a:solidFill></a:ln></wps:spPr><wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData>
  </a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict>
  <v:rect style="width:397pt;height:57pt"><v:textbox>{content}</v:textbox></v:rect></w:pict></mc:Fallback>
  </mc:AlternateContent></w:r>"""
    )
    document.add_paragraph()._p.append(run)


MINUTES = """产品部周例会纪要

时间：2026 年 1 月 12 日（星期一）上午 9:30
地点：三号楼 502 会议室
主持人：周敏
参会人员：李伟、王芳、陈强、赵雪

一、上周工作回顾
　　1. 移动端 3.2 版本已经提交应用商店审核，预计本周三上线。
　　2. 客户反馈的 17 个问题中，已解决 14 个，其余 3 个需要后端配合。

二、本周重点
　　王芳负责整理新版定价方案，周四前发给销售部征求意见。陈强负责修复登录超时的问题，完成后通知测试组。

三、讨论事项
　　大家一致认为，“离线模式”应当在第二季度完成；如果人手不足，可以推迟“深色主题”。
　　赵雪提出：培训材料太旧，截图与现在的界面不一致。会议决定由赵雪牵头更新，月底前完成。

四、下次会议
　　1 月 19 日上午 9:30，地点不变。请各位提前把材料上传到 https://example.com/minutes 。
"""

NOTICE = """关于调整办公时间的通知

各部门：

　　为配合冬季供暖安排，自 2026 年 2 月 1 日起，公司办公时间调整为上午 8:30 至 12:00，下午 13:30 至 17:30。

　　请各部门负责人及时通知本部门员工，并做好值班安排。如有疑问，请联系行政部（电话：0571-8800-1234）。

　　特此通知。

行政部
2026 年 1 月 20 日
"""

TICKETS: tuple[dict[str, Any], ...] = (
    {
        "id": 10421,
        "created": "2026-01-08T09:12:44+08:00",
        "text": "登录时提示“验证码已过期”，但是验证码是刚刚收到的。",
        "messages": [
            {"role": "customer", "content": "我换了两部手机都不行，请尽快处理。"},
            {"role": "agent", "content": "您好，请问您使用的是哪个版本的应用？"},
        ],
        "tags": ["登录", "验证码"],
    },
    {
        "id": 10422,
        "created": "2026-01-08T10:03:10+08:00",
        "text": "导出的报表里缺少十二月的数据。",
        "messages": [
            {"role": "customer", "content": "报表编号是 RPT-2025-12，请帮忙看一下。"},
            {"role": "agent", "content": "已经重新生成报表，请在十分钟后下载。"},
        ],
        "tags": ["报表"],
    },
    {
        "id": 10423,
        "created": "2026-01-08T11:47:29+08:00",
        "text": "Hello, is there an English version of the invoice?",
        "messages": [{"role": "agent", "content": "Yes, please see {invoice_url}."}],
        "tags": ["invoice"],
    },
    {
        "id": 10424,
        "created": "2026-01-09T08:30:00+08:00",
        "text": "希望增加按部门统计费用的功能。\n现在每个月都要手工汇总，非常耗时。",
        "messages": [],
        "tags": ["建议", "费用"],
    },
)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
