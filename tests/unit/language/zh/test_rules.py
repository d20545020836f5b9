"""Rules together: names before the numbers in them, kinds switched off, names of a whole document."""

from batchtx.language.zh.rules import RULES, by_rule
from batchtx.language.zh_en import PAIR
from batchtx.pipeline.person_names import know_persons
from batchtx.records import Segment


def english(text: str, *rules: str) -> list[str]:
    return [one.target for one in by_rule(text, kinds=rules or RULES)]


def segment(source: str, document: str = "a.docx", kind: str = "text") -> Segment:
    return Segment(document, "p1", "p1", 0, source, kind)  # type: ignore[arg-type]


def known(items: list[Segment]) -> list[object]:
    return list(know_persons(items, PAIR))


def test_a_number_inside_a_name_is_the_name_s() -> None:
    assert english("根据国发〔2021〕5号文件，于2021年5月1日起施行") == ["Guo Fa [2021] No. 5", "May 1, 2021"]


def test_a_person_of_a_company_of_a_place() -> None:
    text = "北京云帆科技有限公司董事长李建国于上海市签署合同，金额5 万元"
    assert english(text) == ["Beijing Yunfan Technology Co., Ltd.", "Li Jianguo", "Shanghai", "50,000 yuan"]


def test_a_kind_that_is_switched_off_says_nothing() -> None:
    text = "李先生在四川支付5万元"
    assert english(text, "amounts") == ["50,000 yuan"]
    assert english(text, "persons", "places") == ["Mr. Li", "Sichuan"]


def test_a_name_that_a_later_label_tells_is_known_before_it() -> None:
    found = list(known([segment("随后白雪峰补充了两点。"), segment("记录人：白雪峰")]))
    assert [one.persons for one in found if isinstance(one, Segment)] == [("白雪峰",), ("白雪峰",)]


def test_days_of_the_week_are_read_where_nothing_else_can_be_meant() -> None:
    assert english("预计本周三上线，每周五下午复盘") == ["this Wednesday", "every Friday"]
    assert english("营业时间为周一至周日") == ["Monday", "Sunday"]
    for text in ("他这个星期一直很忙", "早上周一鸣来过", "每周一次，每次三周五天", "上周五名学生请假"):
        assert not any(word.endswith(("Monday", "Wednesday", "Friday")) for word in english(text)), text


def test_names_of_one_document_are_not_known_in_the_next() -> None:
    items = [segment("记录人：白雪峰"), segment("白雪峰到场。", "b.docx")]
    assert [one.persons for one in known(items) if isinstance(one, Segment)] == [("白雪峰",), ()]


def test_a_cell_that_is_a_name_is_one() -> None:
    cells = [segment(text, kind="cell") for text in ("周敏", "金额", "石材", "陈建国")]
    assert [one.persons for one in known(cells) if isinstance(one, Segment)] == [
        ("周敏",), (), (), ("陈建国",),
    ]  # fmt: skip


def test_the_label_that_a_line_starts_with_is_in_the_phrasebook() -> None:
    assert english("参会人员：王磊、李娜") == ["Attendees", "Wang Lei and Li Na"]
    assert english("会议时间：2026年3月15日（星期日）") == ["Time of meeting", "March 15, 2026", "Sunday"]
    assert english("双方约定：价款5万元") == ["50,000 yuan"]


def test_a_row_of_a_form_has_its_labels_and_short_values() -> None:
    assert english("姓名：张晓明 性别：男 学历：本科") == [
        "Name", "Zhang Xiaoming", "Gender", "Male", "Education", "Bachelor's degree",
    ]  # fmt: skip


def test_a_label_in_the_segment_before_tells_a_name() -> None:
    items = [segment("授权代表："), segment("刘济民"), segment("联系电话："), segment("高效稳定")]
    found = [one.persons for one in known(items) if isinstance(one, Segment)]
    assert found == [(), ("刘济民",), (), ()]


def test_a_label_tells_nothing_of_another_document() -> None:
    items = [segment("授权代表：", "a.docx"), segment("文明", "b.docx")]
    assert [one.persons for one in known(items) if isinstance(one, Segment)] == [(), ()]


def test_the_cell_before_a_cell_is_its_label() -> None:
    items = [
        segment("指导教师", kind="cell"),
        segment("金建国", kind="cell"),
        segment("姓名（学号）", kind="cell"),
        segment("周新斌（2118140201）", kind="cell"),
        segment("周新斌：负责项目全过程", kind="cell"),
        segment("颜色", kind="cell"),
        segment("红色", kind="cell"),
    ]
    found = [one.persons for one in known(items) if isinstance(one, Segment)]
    assert found[1] == ("金建国",)
    assert found[3] == found[4] == ("周新斌",)
    assert found[6] == ()
