"""Organisations: companies, universities, courts, ministries, governments, bureaus, banks, hospitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from batchtx.language.zh.lexicons import pinyin
from batchtx.language.zh.numerals import parse_numeral
from batchtx.language.zh.organisation_names import BUREAUS, INDUSTRIES, NAMES, UNIVERSITY_KINDS
from batchtx.language.zh.places import place_at
from batchtx.text.scripts import HAN
from batchtx.text.spans import Quantity

_COMPANY_KINDS = {
    "股份有限公司": "Co., Ltd.", "有限责任公司": "Co., Ltd.", "有限公司": "Co., Ltd.",
    "律师事务所": "Law Firm", "会计师事务所": "Accounting Firm",
}  # fmt: skip
_ENDING = "|".join(_COMPANY_KINDS)
_COMPANY = re.compile(rf"(?P<body>[{HAN}]{{3,22}}?)(?P<group>集团)?(?P<kind>{_ENDING})")
_STARTS_AFTER = re.compile(
    r".*(?:甲方|乙方|丙方|委托|根据|原告|被告|上诉人|申请人|关于|本公司|我公司|作为|成为|以及|对于|系|即|"
    r"在|由|与|和|及|向|对|为|是|给|被|将|于|至|从|经)(?=[一-鿿]{3})"
)
_NAME = re.compile("|".join(sorted(map(re.escape, NAMES), key=len, reverse=True)))
_NOT_A_MINISTRY = re.compile("[门分长级]")
_FOREIGN = re.compile(
    r"(?:(?<![中我本全])国|日本|俄罗斯|印度|印尼|加拿大|巴西|越南|朝鲜|伊朗|以色列|西班牙|澳大利亚|新加坡|欧盟)的?$"
)
_UNIVERSITY = re.compile(
    rf"(?P<kind>{'|'.join(sorted(UNIVERSITY_KINDS, key=len, reverse=True))})?大学(?![生城本专学])"
)
_COURT = re.compile(
    r"(?:第?(?P<n>[一二三四五六七八九十])?(?P<level>高级|中级)?|铁路运输)?人民(?P<what>法院|检察院)"
)
_GOVERNMENT = re.compile("人民政府(?P<office>办公厅|办公室)?")
_BUREAU = re.compile("|".join(sorted(BUREAUS, key=len, reverse=True)))
_HOSPITAL = re.compile(
    r"(?:市|县|区|省)?(?:第(?P<n>[一二三四五六七八九十])|(?P<central>中心))?(?P<people>人民)?医院"
)
_COUNTED = ("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


def organisations(text: str) -> list[Quantity]:
    """Returns the organisations of a text in order, not overlapping."""
    found: list[Quantity] = []
    for one in (*_companies(text), *_named(text), *_of_places(text)):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _named(text: str) -> Iterator[Quantity]:
    for match in _NAME.finditer(text):
        is_ministry = match[0][-1] in "部局委"
        foreign = is_ministry and _FOREIGN.search(text[max(0, match.start() - 4) : match.start()])
        if not foreign and not (is_ministry and _NOT_A_MINISTRY.match(text, match.end())):
            yield Quantity(*match.span(), NAMES[match[0]])


def _companies(text: str) -> Iterator[Quantity]:
    if "公司" not in text and "事务所" not in text:
        return
    for match in _COMPANY.finditer(text):
        lead = _STARTS_AFTER.match(match["body"])
        start = match.start() + (lead.end() if lead else 0)
        starts_alone = lead or not text[:start] or not re.match(f"[{HAN}]", text[start - 1])
        known = _NAME.match(text, start)
        english = NAMES[known[0]] if known and known.end() == match.end("body") else None
        english = english or (_company(text[start : match.end("body")]) if starts_alone else None)
        if english:
            group = " Group" if match["group"] else ""
            yield Quantity(start, match.end(), f"{english}{group} {_COMPANY_KINDS[match['kind']]}")


def _company(body: str) -> str | None:
    """Place, brand and trade: 北京云帆科技 is Beijing Yunfan Technology."""
    place = place_at(body, 0)
    rest = body[place.end :] if place else body
    trades: list[str] = []
    while found := next((name for name in INDUSTRIES if rest.endswith(name)), None):
        trades.insert(0, INDUSTRIES[found])
        rest = rest[: -len(found)]
    if (
        not 2 <= len(rest) <= 4
        or not (trades or place)
        or any(char in "的了和与或某各该本一国" for char in rest)
    ):
        return None
    brand = pinyin(rest)
    if brand is None:
        return None
    where = [place.english.split(", ")[0].removesuffix(" Province")] if place else []
    return " ".join([*where, brand.capitalize(), *trades])


def _of_places(text: str) -> Iterator[Quantity]:
    """What is told by the place it belongs to: a court, a government, a bureau, a university, a hospital."""
    if not re.search("人民|大学|局|委员会|医院|厅", text):
        return
    done = 0
    for start in range(len(text)):
        place = place_at(text, start) if start >= done else None
        if place is None:
            continue
        for pattern, say in _KINDS:
            match = pattern.match(text, place.end)
            english = say(match, place.english) if match else None
            if match and english:
                yield Quantity(start, match.end(), english)
                done = match.end()
                break
        else:
            done = place.end


def _court(match: re.Match[str], place: str) -> str:
    number = parse_numeral(match["n"]) if match["n"] else None
    level = {"高级": "High ", "中级": "Intermediate "}.get(match["level"] or "", "")
    what = "Court" if match["what"] == "法院" else "Procuratorate"
    return f"the {f'No. {number} ' if number else ''}{level}People's {what} of {place}"


def _government(match: re.Match[str], place: str) -> str:
    office = "the General Office of " if match["office"] else ""
    return f"{office}the People's Government of {place}"


def _bureau(match: re.Match[str], place: str) -> str:
    return f"the {BUREAUS[match[0]]} of {place}"


def _university(match: re.Match[str], place: str) -> str | None:
    if "," in place or (match["kind"] is None and place.endswith(("District", "County"))):
        return None
    place = place.removesuffix(" Province")
    kind = UNIVERSITY_KINDS[match["kind"]] if match["kind"] else "{} University"
    return kind.format(place)


def _hospital(match: re.Match[str], place: str) -> str | None:
    if not (match["n"] or match["central"] or match["people"]):
        return None
    number = f"{_COUNTED[parse_numeral(match['n']) or 0]} " if match["n"] else ""
    central = "Central " if match["central"] else ""
    people = "People's " if match["people"] else ""
    return f"the {number}{central}{people}Hospital of {place}"


_KINDS = (
    (_COURT, _court),
    (_GOVERNMENT, _government),
    (_BUREAU, _bureau),
    (_UNIVERSITY, _university),
    (_HOSPITAL, _hospital),
)
