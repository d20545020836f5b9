"""Places and addresses, the smaller part first: 北京市海淀区 is Haidian District, Beijing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from batchtx.language.zh.lexicons import pinyin, place_names
from batchtx.text.scripts import HAN
from batchtx.text.spans import Quantity

_VAGUE = frozenset(
    {"城区", "郊区", "矿区", "东区", "西区", "南区", "北区", "新城区", "江北区", "市中区", "市南区", "市北区"}
)
"""Names of districts that are words too: places only behind the city they are in."""

_ENDINGS = "省市区县州旗盟"
_NOT_AFTER = re.compile("[语话菜]|时间|烤鸭")
_KINDS = {
    "路": "Road", "大街": "Street", "街": "Street", "大道": "Avenue", "道": "Road", "巷": "Lane",
    "胡同": "Hutong",
    "弄": "Lane", "街道": "Subdistrict",
}  # fmt: skip
_SIDES = {"东": "East", "西": "West", "南": "South", "北": "North", "中": "Middle"}
_N = r"[\dA-Za-z一二三四五六七八九十]{1,5}"
_ROAD = rf"(?P<road>[{HAN}]{{1,6}}?)(?P<side>[东西南北中])?(?P<kind>大街|大道|路|街|巷|胡同|弄|道)"
_DETAILS = (
    rf"(?:(?P<number>\d{{1,5}}(?:[-—]\d{{1,4}})?)\s?(?P<what>号院|号|弄))"
    rf"(?:\s?(?P<estate>[{HAN}]{{2,8}}(?:大厦|广场|中心|大楼|花园|小区|公寓|苑)))?"
    rf"(?:\s?(?P<building>{_N})\s?(?P<block>号楼|栋|幢|座|号院))?(?:\s?(?P<unit>{_N})\s?单元)?"
    rf"(?:\s?(?P<floor>{_N})\s?[层楼])?(?:\s?(?P<room>[\dA-Za-z-]{{1,6}})\s?(?:室|房间|房|号房))?"
)
_ADDRESS = re.compile(rf"\s?{_ROAD}\s?{_DETAILS}")
_ROAD_START = re.compile(r"(?:^|(?<=[\s，。；：:、（(位于在址]))(?=[一-鿿]{2,8}(?:路|街|道|巷|胡同)\s?\d)")
_READINGS = str.maketrans(
    {"长": "常", "朝": "潮", "乐": "勒", "厦": "夏", "重": "崇", "都": "督", "藏": "葬", "行": "航"}
)
"""Characters that names of roads read otherwise than alone, as others that are read so."""

_ESTATES = {
    "大厦": "Building", "广场": "Plaza", "中心": "Center", "大楼": "Building", "花园": "Garden",
    "小区": "Community", "公寓": "Apartments", "苑": "Garden",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Places that stand in a row, the larger first, by offsets; `english` has the smaller first."""

    start: int
    end: int
    english: str
    n_parts: int


def places(text: str) -> list[Quantity]:
    """Places and addresses of a text in order, not overlapping."""
    found: list[Quantity] = []
    done = 0
    roads = {match.end() for match in _ROAD_START.finditer(text)}
    known = place_names()
    for start in range(len(text)):
        if start < done or (start not in roads and text[start : start + 2] not in known):
            continue
        place = place_at(text, start)
        if place and start in roads and text[place.end - 1] not in _ENDINGS and _ADDRESS.match(text, start):
            place = None  # 南京西路1266号
        end = place.end if place else start
        address = _ADDRESS.match(text, end) if place or start in roads else None
        street = _street(address) if address else None
        if address and street:
            english = f"{street}, {place.english}" if place else street
            found.append(Quantity(start, address.end(), english))
        elif place and not _NOT_AFTER.match(text, end):
            found.append(Quantity(start, end, place.english))
        done = found[-1].end if found else 0
    return found


def place_at(text: str, start: int) -> Place | None:
    """Returns the places that begin at an offset: a province, a city in it, a district of that."""
    parts: list[str] = []
    end = start
    while name := _name_at(text, end, chained=bool(parts)):
        if parts and name[0][-1] not in _ENDINGS and text[end - 1] in _ENDINGS and text[end - 1] != "省":
            break  # 静安区南京西路
        if not parts or name[1] != parts[-1]:  # 北京市北京
            parts.append(name[1])
        end += len(name[0])
        if len(parts) > 1 and text[end - 1] not in _ENDINGS:
            break
    if not parts:
        return None
    return Place(start, end, ", ".join(reversed(parts)), len(parts))


def _name_at(text: str, start: int, *, chained: bool) -> tuple[str, str] | None:
    for name, english in place_names().get(text[start : start + 2], ()):
        if text.startswith(name, start) and (chained or not _is_part(text, start, name)):
            return name, english
    return None


def _is_part(text: str, start: int, name: str) -> bool:
    """城区 is a word, and 马里兰州 is no 兰州."""
    return name in _VAGUE or (
        len(name) == 2 and name[1] == "州" and text[start - 1 : start] in tuple("里荷芬波")
    )


def _street(match: re.Match[str]) -> str | None:
    road = road_name(match["road"], match["side"], match["kind"])
    if road is None:
        return None
    what = match["what"]
    street = road if what == "号院" else f"No. {match['number']} {road}"
    if what == "弄":
        street = f"Lane {match['number']}, {road}"
    parts = [f"Room {match['room']}"] if match["room"] else []
    parts += [f"{_ordinal_floor(match['floor'])} Floor"] if match["floor"] else []
    parts += [f"Unit {_number(match['unit'])}"] if match["unit"] else []
    if match["building"]:
        parts.append(f"{'Block' if match['block'] == '座' else 'Building'} {_number(match['building'])}")
    if match["estate"]:
        estate = _estate(match["estate"])
        if estate is None:
            return None
        parts.append(estate)
    parts += [f"Yard {match['number']}"] if what == "号院" else []
    return ", ".join([*parts, street])


def road_name(stem: str, side: str | None, kind: str) -> str | None:
    """Returns 中关村, 南, 大街 as "Zhongguancun South Street"."""
    word = pinyin(stem.translate(_READINGS))
    if word is None or (len(stem) < 2 and side is None):
        return None
    return f"{word.capitalize()} {f'{_SIDES[side]} ' if side else ''}{_KINDS[kind]}"


def _estate(name: str) -> str | None:
    kind = next((ending for ending in _ESTATES if name.endswith(ending)), "")
    word = pinyin(name.removesuffix(kind)) if name != kind else None
    return f"{word.capitalize()} {_ESTATES[kind]}" if word else None


def _number(written: str) -> str:
    from batchtx.language.zh.numerals import parse_numeral

    value = parse_numeral(written)
    return written if value is None else str(value)


def _ordinal_floor(written: str) -> str:
    from batchtx.language.zh.figures import ordinal

    number = _number(written)
    return ordinal(int(number)) if number.isdecimal() else number
