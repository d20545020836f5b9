"""The memory's human entries out to files and back, exactly; other tools' TMX in, ours out."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from batchtx.errors import ConfigError, StoreError
from batchtx.memory.exchange import export_memory, import_memory
from batchtx.memory.keys import source_key
from batchtx.memory.store import Correction, Store
from batchtx.text.inline_codes import code_char

LANGUAGES = ("zh", "en")
HOSTILE = [
    ("=1+1的结果", "=HYPERLINK(\"http://x\",\"a\")"),
    ("引号“”与\"逗号,", "quotes \"\" and, commas; 'tabs\t"),
    ("换行\n第二行", "line\nbreak"),
    ("空\0字符", "NUL \0 and \x0b and \u202e right to left"),
    ("<标签>&amp;", "<tag> & &lt; ]]>"),
    (f"粗{code_char(0)}体{code_char(1)}。", f"{code_char(0)}Bold{code_char(1)}."),
    ("长" * 40_000, "long " * 8_000),
    ("'单引号", "'quote"),
    ("␛{0}标记", "␛{41} mark"),
]  # fmt: skip


def corrections(pairs: list[tuple[str, str]]) -> list[tuple[bytes, Correction]]:
    return [
        (source_key(source), Correction(source, target, "machine", "Li 李", "a.docx", 1.7e9 + n))
        for n, (source, target) in enumerate(pairs)
    ]


@pytest.mark.parametrize("suffix", [".tmx", ".csv", ".jsonl"])
def test_hostile_texts_come_back_exactly(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"out{suffix}"
    with Store(tmp_path / "a.sqlite") as store:
        store.correct(corrections(HOSTILE))
        assert export_memory(store, file, LANGUAGES) == len(HOSTILE)
    with Store(tmp_path / "b.sqlite") as store:
        done = import_memory(store, file, LANGUAGES)
        back = list(store.corrections())
    assert (done.n_new, done.n_kept, done.n_unusable) == (len(HOSTILE), 0, 0)
    assert [(entry.source, entry.target) for entry in back] == HOSTILE
    assert {(entry.reviewer, entry.document) for entry in back} == {("Li 李", f"import:out{suffix}")}
    assert [entry.made_at for entry in back] == [1.7e9 + n for n in range(len(HOSTILE))]


def test_no_cell_of_the_csv_would_run_as_a_formula(tmp_path: Path) -> None:
    with Store(None) as store:
        store.correct(corrections(HOSTILE))
        export_memory(store, tmp_path / "out.csv", LANGUAGES)
    assert "\n'=1+1" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


def test_translate_toolkit_reads_our_tmx(tmp_path: Path) -> None:
    tmx = pytest.importorskip("translate.storage.tmx")
    with Store(None) as store:
        store.correct(corrections([("甲方应付款。", "Party A shall pay."), ("A & <B>", "A & <B>!")]))
        export_memory(store, tmp_path / "out.tmx", LANGUAGES)
    file = tmx.tmxfile.parsefile(str(tmp_path / "out.tmx"))
    units = [(unit.source, unit.target) for unit in file.units]
    assert units == [("甲方应付款。", "Party A shall pay."), ("A & <B>", "A & <B>!")]


def test_the_header_has_what_tmx_1_4b_asks_for(tmp_path: Path) -> None:
    with Store(None) as store:
        store.correct(corrections([("甲", "A")]))
        export_memory(store, tmp_path / "out.tmx", ("zh-CN", "en-GB"))
    tree = etree.parse(tmp_path / "out.tmx")
    assert tree.docinfo.system_url == "tmx14.dtd"
    root = tree.getroot()
    assert root.get("version") == "1.4"
    needed = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert set(root.find("header").keys()) == needed
    assert root.find("header").get("srclang") == "zh-CN"
    languages = root.xpath("//tuv/@xml:lang", namespaces={"xml": "http://www.w3.org/XML/1998/namespace"})
    assert languages == ["zh-CN", "en-GB"]


FOREIGN = """<?xml version="1.0" encoding="UTF-16"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header creationtool="CAT" creationtoolversion="5" datatype="xml" segtype="sentence"
 adminlang="en" srclang="*all*" o-tmf="CAT"/><body>
<tu changedate="20200102T030405Z" creationid="old" changeid="Wang">
<tuv xml:lang="en-US">
<seg>Party A <bpt i="1" x="1">&lt;b&gt;</bpt>shall<ept i="1">&lt;/b&gt;</ept> pay<ph>{1}</ph>.</seg></tuv>
<tuv xml:lang="ZH-CN"><seg>甲方<hi>应</hi>付款。</seg></tuv></tu>
<tu><tuv xml:lang="fr"><seg>Bonjour</seg></tuv><tuv xml:lang="zh"><seg>你好</seg></tuv></tu>
<tu><tuv lang="zh"><seg>旧版本</seg></tuv><tuv lang="en"><seg>old version</seg></tuv></tu>
</body></tmx>"""


def test_reads_what_other_tools_write(tmp_path: Path) -> None:
    (tmp_path / "cat.tmx").write_bytes(FOREIGN.encode("utf-16"))
    with Store(None) as store:
        assert import_memory(store, tmp_path / "cat.tmx", LANGUAGES).n_new == 2
        first, second = store.corrections()
    assert (first.source, first.target, first.reviewer) == ("甲方应付款。", "Party A shall pay.", "Wang")
    assert first.made_at == 1577934245.0  # 2020-01-02 03:04:05 UTC
    assert (second.source, second.target) == ("旧版本", "old version")


def test_translate_toolkits_tmx_comes_in(tmp_path: Path) -> None:
    tmx = pytest.importorskip("translate.storage.tmx")
    file = tmx.tmxfile()
    file.addtranslation("甲方 & 乙方", "zh", "Parties <A> & B", "en")
    file.savefile(str(tmp_path / "tk.tmx"))
    with Store(None) as store:
        import_memory(store, tmp_path / "tk.tmx", LANGUAGES)
        assert [(e.source, e.target) for e in store.corrections()] == [("甲方 & 乙方", "Parties <A> & B")]


def test_what_a_person_wrote_before_is_kept_unless_asked(tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("source,target\n甲方,Side A\n乙方,Party B\n空,\n", encoding="utf-8")
    with Store(None) as store:
        store.correct(corrections([("甲方", "Party A")]))
        done = import_memory(store, tmp_path / "new.csv", LANGUAGES)
        assert (done.n_new, done.n_kept, done.n_unusable) == (1, 1, 1)
        assert store.find_corrections([source_key("甲方")])[source_key("甲方")].target == "Party A"
        done = import_memory(store, tmp_path / "new.csv", LANGUAGES, replace_known=True)
        assert (done.n_new, done.n_replaced) == (0, 2)
        assert store.find_corrections([source_key("甲方")])[source_key("甲方")].target == "Side A"


def test_in_one_file_the_last_one_counts(tmp_path: Path) -> None:
    rows = "".join(f"甲方,A{n}\n{n},x\n" for n in range(1500))  # more than one batch
    (tmp_path / "many.csv").write_text(f"source,target\n{rows}", encoding="utf-8")
    with Store(None) as store:
        assert import_memory(store, tmp_path / "many.csv", LANGUAGES).n_new == 1501
        assert store.find_corrections([source_key("甲方")])[source_key("甲方")].target == "A1499"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.tmx", "<tmx version='1.4'><body><tu>", "line 1: no TMX file, or damaged"),
        ("a.tmx", "<html><body/></html>", "no TMX file"),
        ("a.tmx", "", "no TMX file"),
        ("a.csv", "term,definition\na,b\n", "no columns source and target"),
        ("a.jsonl", '{"source": "甲", "target": "A"}\n[1]\n', "line 2: not an entry"),
    ],
)
def test_says_where_a_file_is_wrong(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with Store(None) as store, pytest.raises(StoreError, match=message):
        import_memory(store, tmp_path / name, LANGUAGES)


def test_refuses_a_file_of_another_kind(tmp_path: Path) -> None:
    with Store(None) as store, pytest.raises(ConfigError, match=r"\.tmx, \.csv, \.jsonl"):
        export_memory(store, tmp_path / "a.xlsx", LANGUAGES)


def test_expands_no_entities_and_reads_no_other_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    text = FOREIGN.replace(
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">', '<!DOCTYPE tmx [<!ENTITY e SYSTEM "secret">]>'
    )
    (tmp_path / "x.tmx").write_bytes(text.replace("旧版本", "旧&e;版本").encode("utf-16"))
    with Store(None) as store:
        import_memory(store, tmp_path / "x.tmx", LANGUAGES)
        assert "secret" not in str(list(store.corrections()))


def tmx(folder: Path, units: list[dict[str, str]], namespace: str = "") -> Path:
    """A TMX file with one translation unit for each dictionary of language → text."""
    rows = (
        "<tu>"
        + "".join(f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in unit.items())
        + "</tu>"
        for unit in units
    )
    path = folder / "x.tmx"
    path.write_text(f'<tmx{namespace} version="1.4"><body>{"".join(rows)}</body></tmx>', encoding="utf-8")
    return path


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://www.lisa.org/tmx14"'])
@pytest.mark.parametrize("source", ["zh-CN", "ZH-CN", "zh_CN", "zho", "chi", "cmn-Hans-CN", "zh-Hans", "zh"])
@pytest.mark.parametrize("target", ["en", "EN-GB", "en_US", "eng"])
def test_any_code_and_namespace_is_read(tmp_path: Path, namespace: str, source: str, target: str) -> None:
    path = tmx(tmp_path, [{source: "甲方付款。", target: "Party A pays."}], namespace)
    with Store(None) as store:
        assert import_memory(store, path, ("zh", "en")).n_new == 1
        (entry,) = store.corrections()
        assert (entry.source, entry.target) == ("甲方付款。", "Party A pays.")


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("simplified", "traditional"), [("zh-CN", "zh-TW"), ("zh-Hans", "zh-Hant"), ("zh-SG", "zh-HK")]
)
def test_simplified_comes_before_traditional(
    tmp_path: Path, order: int, simplified: str, traditional: str
) -> None:
    variants = [(simplified, "软件"), (traditional, "軟體")][::order]
    path = tmx(tmp_path, [dict([*variants, ("en", "software")])])
    with Store(None) as store:
        import_memory(store, path, ("zh", "en"))
        assert [entry.source for entry in store.corrections()] == ["软件"]


def test_units_without_the_languages_are_counted(tmp_path: Path) -> None:
    path = tmx(tmp_path, [{"ja": "ソフト", "en": "software"}, {"zh": "软件", "fr": "logiciel"}])
    with Store(None) as store:
        done = import_memory(store, path, ("zh", "en"))
    assert done.n_lacking == {"zh (they have en, ja)": 1, "en (they have fr, zh)": 1}


def test_what_no_document_can_hold_is_left_out_where_it_is_used(tmp_path: Path) -> None:
    from batchtx.language.zh_en import PAIR
    from batchtx.memory.lookup import Lookup
    from batchtx.records import Segment

    (tmp_path / "x.jsonl").write_text(
        '{"source": "甲。", "target": "A\\ud800\\u0007\\u000bB."}\n', encoding="utf-8"
    )
    with Store(None) as store:
        import_memory(store, tmp_path / "x.jsonl", ("zh", "en"))
        lookup = Lookup(store, "s", 1, PAIR)
        segment = Segment("d", "a", "p", 0, "甲。")
        (found,) = lookup.find([segment], [lookup.key(segment)])
    assert found is not None
    assert found.target == "A\nB."
