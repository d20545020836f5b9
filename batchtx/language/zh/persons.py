"""Persons: 联系人：周敏, 王磊、李娜、陈强, 王经理, 魏晨，男. Their names in pinyin, surname first.

A name is taken for one only where something says so: a label, a role before it, a title behind it,
a list, what a person does, or the same name elsewhere in the document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from batchtx.language.zh.lexicons import given_name_score, is_word, pinyin
from batchtx.language.zh.surnames import COMPOUND, RARE, READINGS, ROLES, SINGLE, TITLES
from batchtx.text.scripts import HAN

_COMPOUND = "|".join(COMPOUND)
_FULL = f"(?:{_COMPOUND}|[{''.join(sorted(SINGLE))}])[{HAN}]{{1,2}}"
_SURNAME = f"(?:{_COMPOUND}|[{''.join(sorted(SINGLE - RARE))}])"
_ANY_SURNAME = f"(?:{_COMPOUND}|[{''.join(sorted(SINGLE | RARE))}])"
_END = r"(?=$|[\s，。；：、！？,.;:!?（()）”\"》】…_/])"
_START = r"(?:(?<=[\s，。；：、！？,.;:!?（()）“\"【/])|^)"
_DOES = (
    "表示|指出|认为|说明|说|提出|提议|汇报|介绍|强调|主持|出席|负责|签署|担任|宣布|要求|建议|发言|致辞|"
    "讲话|参加|参与|缺席|总结|补充|询问|回答|"
    "回应|反映|承认|称|述称|辩称|诉称|起诉|上诉|诉|犯|因|于|在|向|与|和|及|以及|同|对|为|任|等|的|是|未|已|"
    "曾|将|应|出庭|到庭|到会|代表|获得|"
    "荣获|打破|当选|当|担|率领|率队|带领|带队|陪同|视察|考察|调研|撰写|编写|编制|起草|审阅|审批|批准|审核|"
    "同意|反对|辞职|办理|辞去|作为|作|作了|做|创立|"
    "创办|执导|接受|接待|会见|前往|赴|来|回国|去|从|由|被|把|先生|女士|同志|教授|老师|博士|院士|经理|律师|"
    "两位|三人|二人|一行|之|也|均|都|不服|"
    "牵头|跟进|督办|对接|统筹|主导|讲解|演示|"
    "不|提交|提供|持有|出资|写|著|译|编|报道|摄|毕业|出生|生于|男|女|分别|组成|领导|主任|总理|主席|总统|"
    "书记|部长|市长|省长|总经理|董事长|通报|传达|部署|发表|发布|指示|批示|签发|会谈|抵达|访问|去世|病逝|"
    "夫妇|父子|母子|兄弟|姐妹|出差|休假|请假|值班|加班|出任|就任|升任|调任|退休|离职|入职|获奖|入选|领衔|"
    "主演|签订|订立|达成|约定|共同|离婚|民间借贷|买卖|租赁|借款|侵权|继承|房屋|名誉|建设"
)
_AFTER = rf"(?={_END[3:-1]}|{_DOES})"
_LABEL = (
    rf"[{HAN}]{{0,8}}?(?:联系人|负责人|代表人|代理人|申请人|经办人|收件人|发件人|收款人|付款人|借款人|"
    rf"贷款人|出借人|保证人|担保人|承租人|出租人|受托人|"
    "委托人|被告人|被告|原告|上诉人|第三人|证人|监护人|主持人|记录人|审核人|审批人|复核人|填表人|制表人|"
    "签发人|验收人|审稿人|责任人|责任编辑|请假人|报告人|"
    "参会人员|参加人员|出席人员|列席人员|与会人员|值班人员|陪审员|审判员|书记员|审判长|安全员|质检员|"
    "管理员|联络员|组员|成员|姓名|签名|签字|户名|作者|译者|"
    "编者|记者|导师|教师|医师|律师|法人|法人代表|代表|股东|董事|监事|主席|组长|队长|班长|经理|总监|主任|"
    "主编|编辑|出席|列席|缺席|抄送|编制|审核|批准|复核|校对|制表|"
    "设计|绘图|编写|审定|审阅|签发|记录|主持|甲方|乙方|丙方|出租方|承租方|持有人|学生|患者|客户|演讲人|"
    "主讲人|发言人|被上诉人|法定代表人)"
)
_LABELLED = re.compile(
    rf"(?:{_LABEL}|{_START}(?!每人|个人|他人|别人|众人|人人|有人|无人)[{HAN}]{{1,4}}人)(?:[（(][^（）()]{{1,12}}[)）])?\s?[：:]\s?(?=[{HAN}])"
)
_LABELLED_BY_SPACE = re.compile(rf"{_START}{_LABEL}\s+(?={_ANY_SURNAME})")
_MAY_BE_LABELLED = re.compile(r"[：:\s]")
_ITEM = re.compile(rf"((?:{_COMPOUND})[{HAN}]{{1,2}}|[{''.join(sorted(SINGLE | RARE))}][{HAN}]{{1,2}}){_END}")
_ITEM_THEN = re.compile(
    rf"((?:{_COMPOUND})[{HAN}]{{1,2}}|[{''.join(sorted(SINGLE | RARE))}][{HAN}]{{1,2}})(?=等|和|及|与|以及)"
)
_BETWEEN = re.compile(r"\s?(?:[、，,/和及与]|以及)\s?|\s+")
_ROLE = "|".join(sorted(ROLES, key=len, reverse=True))
_BEHIND_ROLE = re.compile(rf"(?:{_ROLE})(?:[（(][^（）()]{{2,10}}[)）])?\s?(?={_ANY_SURNAME}[{HAN}])")
_TITLE = "|".join(sorted(TITLES, key=len, reverse=True))
_TITLED = re.compile(
    rf"({_SURNAME}|{_ANY_SURNAME})({_TITLE})(?!(?:办公室|办公会|助理|会议|制度|职责|岗位|证书|资格|级))"
)
_LONG_TITLE = "|".join(title for title in TITLES if len(title) > 1)
_NAMED_TITLED = re.compile(rf"(?=({_FULL})(?:同志|{_LONG_TITLE}))")
_BEFORE_TITLED = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|"
    r"[与和及由经请对向给被同跟于是让把为找见问从据在会说到替帮陪随民员人者户客属友师长授]|联系|感谢|通知|"
    r"邀请|委托|聘请|拜访|接待|会见|因为|如果|但是|所以|以及)$"
)
_BEFORE_NAMED = re.compile(
    r"^$|[^一-鿿]|"
    r"[与和及由经请对向给被同跟于是让把为的在会说到替帮长任员记授师理监裁官部处科局院校厂室司队谢知邀见问学社]$"
)
_AGENT = ("由", "请", "让", "派")
"""What stands before the one who does something."""

_LEAD = re.compile(rf"(?:{_START}|(?<=[由经据请让给与和部处科室局厂院校厅队]))(?={_SURNAME}[{HAN}])")
_OBJECT = re.compile(
    r"(?:发送给|转交给|提交给|交给|根据|按照|参照|感谢|通知|授权|委托|任命|聘请|聘任|同意|免去|报告|参考|"
    r"逮捕|邀请|推荐|选举|提名|祝贺|解聘|借调|指派|派遣)"
    rf"(?={_ANY_SURNAME}[{HAN}])|(?<=[部处科室])(?={_SURNAME}[{HAN}])"
)
_IN_LIST = re.compile(
    rf"(?<=[、])(?={_SURNAME}[{HAN}])"
    rf"|(?:{_START}|(?<=[由与和及为是部处科室老])|(?<=包括|感谢|通知|任命|邀请|"
    rf"祝贺))(?={_SURNAME}[{HAN}]{{1,2}}(?:、|和|与|及))"
)
_BIOGRAPHY = re.compile(
    rf"(?:{_START}|(?<=[如据]))({_ANY_SURNAME}[{HAN}]{{1,2}}?)(?=[，,（(]\s?(?:男|女|汉族|生于)|"
    rf"等?\s?[，,（(]\s?(?:19|20)\d\d[a-z]?[)）])"
)
_FOREIGN = re.compile(
    "[尔斯兹姆诺逊茨塔顿弗匹切尼格赛拜浦莱]|[夫克特鲁佩]$|[迪蒂莱妮娅曼拉普奇维哈海纳伊瑞]{2}"
)
"""Characters that write the sounds of foreign names; those stay the model's."""

_WHOLE = re.compile(_FULL)
_CUT = re.compile(r"[·•・?？]\s?(?=[一-鿿])")
_WITHHELD = re.compile(rf"({_SURNAME})某{{1,2}}(?![一-鿿]?[个种些年月日地])")
_NO_NAME = re.compile(
    r"[副原前兼总任为当区县市省镇乡村街]$|国家|许可|陈述|封锁|顾客|贺词|贺信|盖章|黎巴嫩|谷歌|"
    r"周[一二三四五六日]|某|[上下]$|^于[^一-鿿]|^曾孙|^孙子|^孙女|"
    r"[员部室司处科院厂店所办局委组队会方位门司商款项期间地址称话额价表单证件书号码类级别]$|^(?:项目|部门|"
    r"单位|时间|方法|金额|经理|全体|各|同上|待定|安全|管理|计划|"
    r"任何|应当|高级|常务|程序|时候|成员|方案|方面|连续|全部|明确|双方|单方|向|平均|平方|包括|关于|关系|"
    r"于是|和|明天|周[一二三四五六日末]|"
    r"[^一-鿿]|安排|石油|江西|江苏|云南|白天|段落|支付|支持|古代|左右|解除|解决|管理|黄金|金属|温度|高度|"
    r"路线|路径|车辆|时|何时|何种|如何|万元)|"
    r"[的了着是在有和与及或等也都就]"
)
_HONORED = frozenset(
    ("先生", "女士", "小姐", "夫人", "太太", "博士", "教授", "老师", "医生", "律师", "经理", "总", "副总")
) | {"主任", "局长"}
_SURE = 3
_SHORT_NAME = 2
_LEAST = {"label": -4, "role": -2, "object": 0, "title": -2, "verb": 0, "list": -1, "cell": 0}
_LEAST_LAST = {"label": -4, "role": -2, "object": 0, "title": -3, "verb": 0, "list": -1, "cell": 0}


@dataclass(frozen=True, slots=True)
class Person:
    """A name by its offsets, and its English; `name` is the name without a title."""

    start: int
    end: int
    target: str
    name: str


def persons(text: str, known: Collection[str] = ()) -> list[Person]:
    """Returns the persons of a text in order, not overlapping; `known` are names of the same document."""
    found: dict[int, Person] = {}
    for person in (*_known(text, known), *_titled(text), *_named(text)):
        cut = _CUT.match(text, person.end) or text[max(0, person.start - 1) : person.start] in tuple("·•・")
        if not cut and not any(person.start < one.end and one.start < person.end for one in found.values()):
            found[person.start] = person
    return [found[start] for start in sorted(found)]


def full_names(text: str) -> list[str]:
    """Returns the full names that labels, roles and lists of a text tell, for the rest of its document."""
    told = [*_labelled(text), *_behind_roles(text), *_listed(text)]
    return list(dict.fromkeys(person.name for person in told if not _CUT.match(text, person.end)))


def is_cell_name(text: str) -> bool:
    """Returns whether the whole text of a table's cell is a person's name: 周敏."""
    return bool(_WHOLE.fullmatch(text)) and _fits(text, "cell")


def in_english(name: str) -> str | None:
    """Returns 欧阳建国 as "Ouyang Jianguo", 吕小军 as "Lü Xiaojun"; None for what has no reading."""
    surname = next((one for one in COMPOUND if name.startswith(one)), name[:1])
    family, given = read_surname(surname), pinyin(name[len(surname) :])
    return f"{family} {given.capitalize()}" if family and given else None


def read_surname(surname: str) -> str | None:
    """Returns a surname in English: 仇 is Qiu, 欧阳 is Ouyang."""
    reading = READINGS.get(surname) or pinyin(surname)
    return reading.capitalize() if reading else None


def _known(text: str, known: Collection[str]) -> Iterator[Person]:
    for name in sorted(known, key=len, reverse=True):
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            before, after = text[max(0, start - 4) : start], text[end:]
            acts = before.endswith(_AGENT) or re.match(_AFTER, after)
            if len(name) > _SHORT_NAME or (acts and _BEFORE_TITLED.search(before)):
                yield from _person(text, start, end)
            start = text.find(name, end)


def _titled(text: str) -> Iterator[Person]:
    """王经理, 欧阳先生: a surname alone before its title."""
    for match in _TITLED.finditer(text):
        surname, title = match.groups()
        before = text[max(0, match.start() - 4) : match.start()]
        family = read_surname(surname)
        if family is None or not _BEFORE_TITLED.search(before) or (before and is_word(before[-1:] + surname)):
            continue
        if (surname in RARE | {"任", "时"} and title not in _HONORED and before) or is_word(match[0]):
            continue
        if title == "总" and text.startswith(("书记", "经理", "裁", "监", "工"), match.end()):
            continue
        if title in ("总", "工", "代表", "会计", "董事") and not re.match(_AFTER, text[match.end() :]):
            continue
        yield Person(match.start(), match.end(), TITLES[title].format(family), surname)


def _named(text: str) -> Iterator[Person]:
    yield from _unnamed(text)
    yield from _labelled(text)
    yield from _behind_roles(text)
    for match in _NAMED_TITLED.finditer(text):
        yield from _before_title(text, match)
    for match in _BIOGRAPHY.finditer(text):
        if _fits(match[1], "title"):
            yield from _person(text, *match.span(1))
    yield from _listed(text)
    for match in _LEAD.finditer(text):
        yield from _first(text, match.end(), "verb")
    for match in _OBJECT.finditer(text):
        yield from _first(text, match.end(), "object")


def _behind_roles(text: str) -> Iterator[Person]:
    for match in _BEHIND_ROLE.finditer(text):
        yield from _first(text, match.end(), "role")


def _unnamed(text: str) -> Iterator[Person]:
    """张某, 顾某某: a person whose name is withheld."""
    for match in _WITHHELD.finditer(text):
        family = read_surname(match[1])
        if family:
            yield Person(match.start(), match.end(), family, "")


def _labelled(text: str) -> Iterator[Person]:
    """The names behind a label, one or a list: 参会人员：王磊、李娜."""
    if not _MAY_BE_LABELLED.search(text):
        return
    for pattern in (_LABELLED, _LABELLED_BY_SPACE):
        for match in pattern.finditer(text):
            place = match.end()
            while item := (_ITEM.match(text, place) or _ITEM_THEN.match(text, place)):
                if not _fits(item[1], "label"):
                    break
                yield from _person(text, *item.span(1))
                between = _BETWEEN.match(text, item.end())
                if between is None:
                    break
                place = between.end()


def _listed(text: str) -> Iterator[Person]:
    """Two or more names in a row: 张伟明、李志远、王海燕等三人, 王芳和李军."""
    row: list[Person] = []
    for match in _IN_LIST.finditer(text):
        for person in _first(text, match.start(), "list"):
            if row and text[row[-1].end : person.start] not in ("、", "和", "，"):
                row = []
            row.append(person)
            joined = re.match(rf"(?:和|及|与|以及)(?={_SURNAME})", text[person.end :])
            last = list(_first(text, person.end + joined.end(), "list")) if joined else []
            if len(row) + len(last) >= 2:
                yield from (*row[-2:], *last)


def _before_title(text: str, match: re.Match[str]) -> Iterator[Person]:
    """赵忠祥教授, 曹雪峰同志: a full name before a title."""
    start, end = match.span(1)
    before = text[max(0, start - 1) : start]
    if not _BEFORE_NAMED.search(before):
        return
    if _fits(match[1], "title") and not is_word(before + match[1][0]) and not is_word(match[1][1:]):
        yield from _person(text, start, end)


def _first(text: str, start: int, evidence: str) -> Iterator[Person]:
    """The name that starts here, when one of its possible lengths is right."""
    surname = next((one for one in COMPOUND if text.startswith(one, start)), text[start : start + 1])
    if len(surname) == 1 and surname not in SINGLE and surname not in RARE:
        return
    ends = [start + len(surname) + n for n in (2, 1)]
    fitting = [
        end
        for end in ends
        if end <= len(text) and re.match(_AFTER, text[end:]) and _fits(text[start:end], evidence)
    ]
    titled = fitting and re.match(rf"同志|{_TITLE}", text[fitting[0] :])
    if (
        len(fitting) == 2
        and not titled
        and (text[fitting[0] - 1] in "任说称" or _doubtful(text[fitting[0] - 1]))
    ):
        fitting = fitting[1:]
    if fitting and not (evidence == "verb" and _does_nothing(text, start, fitting[0])):
        yield from _person(text, start, fitting[0])
        joined = _BETWEEN.match(text, fitting[0]) if evidence in ("role", "object") else None
        if joined and not joined[0].isspace():
            yield from _first(text, joined.end(), "list")


def _doubtful(char: str) -> bool:
    return given_name_score(char) < 1


def _does_nothing(text: str, start: int, end: int) -> bool:
    """A word at the start of a sentence is a person only when it does what persons do."""
    if text.startswith(("是", "为"), end) and end - start > 2:
        return given_name_score(text[start + 1 : end]) < _SURE
    return re.match(r"$|[\s。；：！？,.;:!?）)”\"》】…_/、]|[的为等是之以分组和与及]", text[end:]) is not None


def _fits(name: str, evidence: str) -> bool:
    surname = next((one for one in COMPOUND if name.startswith(one)), name[:1])
    given = name[len(surname) :]
    if evidence != "label" and (
        _FOREIGN.search(given) or given_name_score(given[-1:]) < _LEAST_LAST[evidence]
    ):
        return False
    if (
        not given
        or _NO_NAME.search(name)
        or (evidence not in ("label", "role", "title") and _is_word_or_starts_one(name, surname))
    ):
        return False
    if is_word(name) or given in TITLES:
        return False
    rare = surname in RARE and evidence not in ("label", "role", "object")
    if rare and (len(given) < 2 or given_name_score(given) < _SURE):
        return False
    return given_name_score(given) >= _LEAST[evidence]


def _is_word_or_starts_one(name: str, surname: str) -> bool:
    return len(surname) == 1 and len(name) == 3 and is_word(name[:2]) and given_name_score(name[1:]) < 6


def _person(text: str, start: int, end: int) -> Iterator[Person]:
    name = text[start:end]
    english = in_english(name)
    if english:
        yield Person(start, end, english, name)
