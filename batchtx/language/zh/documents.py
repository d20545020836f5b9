"""Laws, cases, orders, standards, numbers of documents: 《公司法》, （2023）京01民终1234号."""

from __future__ import annotations

import re

from batchtx.language.zh.figures import Reader
from batchtx.language.zh.lexicons import pinyin
from batchtx.language.zh.numerals import NUMERAL, parse_numeral
from batchtx.text.scripts import HAN

_PRC = "the People's Republic of China"
_LAWS = {
    "宪法": "Constitution", "民法典": "Civil Code", "刑法": "Criminal Law",
    "刑事诉讼法": "Criminal Procedure Law",
    "民事诉讼法": "Civil Procedure Law", "行政诉讼法": "Administrative Procedure Law",
    "公司法": "Company Law",
    "劳动法": "Labor Law", "劳动合同法": "Labor Contract Law", "合同法": "Contract Law",
    "物权法": "Property Law",
    "著作权法": "Copyright Law", "专利法": "Patent Law", "商标法": "Trademark Law",
    "证券法": "Securities Law",
    "保险法": "Insurance Law", "担保法": "Guarantee Law", "票据法": "Negotiable Instruments Law",
    "仲裁法": "Arbitration Law", "企业破产法": "Enterprise Bankruptcy Law", "反垄断法": "Anti-Monopoly Law",
    "反不正当竞争法": "Anti-Unfair Competition Law",
    "消费者权益保护法": "Law on the Protection of Consumer Rights and Interests",
    "产品质量法": "Product Quality Law", "食品安全法": "Food Safety Law",
    "药品管理法": "Drug Administration Law",
    "安全生产法": "Work Safety Law", "环境保护法": "Environmental Protection Law",
    "个人信息保护法": "Personal Information Protection Law",
    "数据安全法": "Data Security Law", "网络安全法": "Cybersecurity Law", "电子商务法": "E-Commerce Law",
    "电子签名法": "Electronic Signature Law", "招标投标法": "Law on Bid Invitation and Bidding",
    "政府采购法": "Government Procurement Law",
    "建筑法": "Construction Law", "城乡规划法": "Urban and Rural Planning Law",
    "土地管理法": "Land Administration Law",
    "城市房地产管理法": "Urban Real Estate Administration Law",
    "税收征收管理法": "Law on the Administration of Tax Collection",
    "企业所得税法": "Enterprise Income Tax Law", "个人所得税法": "Individual Income Tax Law",
    "会计法": "Accounting Law",
    "审计法": "Audit Law", "预算法": "Budget Law", "商业银行法": "Commercial Bank Law",
    "中国人民银行法": "Law on the People's Bank of China",
    "外商投资法": "Foreign Investment Law", "对外贸易法": "Foreign Trade Law", "海关法": "Customs Law",
    "海商法": "Maritime Code",
    "教育法": "Education Law", "高等教育法": "Higher Education Law",
    "义务教育法": "Compulsory Education Law", "教师法": "Teachers Law",
    "社会保险法": "Social Insurance Law", "工会法": "Trade Union Law",
    "劳动争议调解仲裁法": "Law on Labor Dispute Mediation and Arbitration",
    "未成年人保护法": "Law on the Protection of Minors",
    "老年人权益保障法": "Law on the Protection of the Rights and Interests of the Elderly",
    "妇女权益保障法": "Law on the Protection of the Rights and Interests of Women",
    "治安管理处罚法": "Public Security Administration Punishments Law",
    "行政处罚法": "Administrative Punishment Law", "行政许可法": "Administrative License Law",
    "行政复议法": "Administrative Reconsideration Law",
    "行政强制法": "Administrative Compulsion Law", "国家赔偿法": "State Compensation Law",
    "公务员法": "Civil Servant Law",
    "监察法": "Supervision Law", "立法法": "Legislation Law", "标准化法": "Standardization Law",
    "计量法": "Metrology Law",
    "农业法": "Agriculture Law", "森林法": "Forest Law", "水法": "Water Law", "消防法": "Fire Protection Law",
    "道路交通安全法": "Road Traffic Safety Law", "合伙企业法": "Partnership Enterprise Law",
    "个人独资企业法": "Sole Proprietorship Enterprise Law",
    "信托法": "Trust Law", "广告法": "Advertising Law", "价格法": "Pricing Law",
    "电力法": "Electric Power Law", "档案法": "Archives Law",
    "保守国家秘密法": "Law on Guarding State Secrets",
    "出境入境管理法": "Exit and Entry Administration Law", "反洗钱法": "Anti-Money Laundering Law",
    "职业病防治法": "Law on the Prevention and Control of Occupational Diseases", "慈善法": "Charity Law",
    "侵权责任法": "Tort Liability Law",
    "婚姻法": "Marriage Law", "继承法": "Succession Law", "收养法": "Adoption Law",
    "民法通则": "General Principles of the Civil Law",
    "民法总则": "General Provisions of the Civil Law",
}  # fmt: skip
_LAW = "|".join(sorted(filter(_LAWS.get, _LAWS), key=len, reverse=True))
_NAMED_LAW = re.compile(
    rf"《(?P<full>中华人民共和国)?(?P<law>{_LAW})》|中华人民共和国(?P<bare>{_LAW})(?![{HAN}]{{0,2}}(?:典|"
    rf"修正案|解释|实施))"
)
_ORDER = re.compile(
    rf"(?P<who>中华人民共和国主席|国务院|(?:中华人民共和国)?国务院)令\s?第\s?(?P<n>[{NUMERAL}\d]{{1,8}})\s?号"
)
_CASE = re.compile(
    rf"[(（]\s?(?P<year>(?:19|"
    rf"20)\d\d)\s?[)）]\s?(?P<court>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]|"
    rf"最高法|兵)(?P<code>\d{{0,4}})"
    rf"(?P<kind>[{HAN}]{{1,6}}?)第?(?P<n>\d{{1,6}})\s?号(?:之(?P<part>[{NUMERAL}\d]{{1,3}}))?"
)
_DOCUMENT = re.compile(
    rf"(?:^(?!根据|按照|依据|依照|参照)|(?<=根据|按照|依据|依照|参照|文件|遵照|贯彻|执行|发布|印发|下发|转发|你院|我院)|"
    rf"(?<=[的和与及见于《（(，。；：、\s“]))(?P<who>[{HAN}]{{2,8}}?)[〔\[［【]\s?(?P<year>(?:19|"
    rf"20)\d\d)\s?[〕\]］】]\s?第?\s?(?P<n>\d{{1,5}})\s?号"
)
_STANDARD = re.compile(
    r"(?<![A-Za-z])(?P<body>GB(?:/[TZ])?|GBJ|GBZ(?:/T)?|JGJ(?:/T)?|JTG(?:/T)?|JB(?:/T)?|HG(?:/T)?|"
    r"YY(?:/T)?|SJ(?:/T)?|YD(?:/T)?|DL(?:/T)?|CJJ(?:/T)?"
    r"|DB\d{2}(?:/T)?|T/[A-Z]{2,8}|Q/[A-Z]{2,8}|ISO(?:/(?:IEC|TS|TR))?|IEC|IEEE|ASTM|EN|DIN|"
    r"JIS)\s?(?P<n>[A-Z]?\d{1,6}(?:[.-]\d{1,3})*?)"
    r"(?:\s?(?P<mark>[-—–－:：])\s?(?P<year>(?:19|20)\d\d))?(?![\d.]*\d)"
)
_NUMBERED = re.compile(r"(?<=号[：:])\s?[A-Z][A-Z0-9]{0,9}(?:-[A-Z0-9]{1,12}){1,5}(?![A-Za-z0-9-])")
_ISBN = re.compile(r"IS[BS]N\s?[:：]?\s?(?P<n>[\dXx][\dXx -]{7,16}[\dXx])")
_COURT_WORDS = {"行": "Xing", "重": "Chong", "长": "Chang", "藏": "Zang", "蒙": "Meng"}


def _law(match: re.Match[str]) -> str:
    name = _LAWS[match["law"] or match["bare"]]
    return f"the {name} of {_PRC}" if match["full"] or match["bare"] else f"the {name}"


def _order(match: re.Match[str]) -> str | None:
    number = parse_numeral(match["n"])
    who = f"the President of {_PRC}" if "主席" in match["who"] else "the State Council"
    return f"Order No. {number} of {who}" if number else None


def _case(match: re.Match[str]) -> str | None:
    court, kind = _letters(match["court"]), _letters(match["kind"])
    if court is None or kind is None:
        return None
    code = f" {match['code']}" if match["code"] else ""
    part = parse_numeral(match["part"]) if match["part"] else None
    return f"({match['year']}) {court}{code} {kind} No. {match['n']}{f'-{part}' if part else ''}"


def _document(match: re.Match[str]) -> str | None:
    who = _letters(match["who"])
    return f"{who} [{match['year']}] No. {match['n']}" if who else None


def _standard(match: re.Match[str]) -> str:
    mark = ":" if match["mark"] in (":", "：") else "-"
    year = f"{mark}{match['year']}" if match["year"] else ""
    return f"{match['body']} {match['n']}{year}"


def _isbn(match: re.Match[str]) -> str:
    return f"{match[0][:4]} {match['n']}"


def _letters(chars: str) -> str | None:
    """Each character by itself: 民终 is Min Zhong."""
    words = [_COURT_WORDS.get(char) or pinyin(char) for char in chars]
    return None if None in words else " ".join(word.capitalize() for word in words if word)


READERS: tuple[Reader, ...] = (
    (_NUMBERED, lambda match: match[0].strip()),
    (_ISBN, _isbn),
    (_CASE, _case),
    (_DOCUMENT, _document),
    (_ORDER, _order),
    (_NAMED_LAW, _law),
    (_STANDARD, _standard),
)
