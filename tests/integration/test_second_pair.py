"""A second pair of languages goes all the way: English to Chinese, with a toy engine and its own layout.

Nothing here is known to any room but by the record of the pair.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from batchtx.engines import ENGINES
from batchtx.engines.kind import EngineKind
from batchtx.engines.spec import EngineSpec
from batchtx.formats.docx.check.audit import audit_documents
from batchtx.formats.docx.options import DocxOptions
from batchtx.language.pair import find_pair
from batchtx.memory.store import Store
from batchtx.pipeline.apply import ApplyOptions, apply_sheets
from batchtx.pipeline.options import TranslateOptions
from batchtx.pipeline.run import translate_documents
from batchtx.pipeline.setup import set_up
from batchtx.pipeline.silent import Silent
from batchtx.records import Hypothesis
from batchtx.report.report import Report
from tests.fixtures_docx import body_of, package, paragraph, parts_of, run

WORDS = {
    "save": "保存",
    "the": "",
    "file": "文件",
    "close": "关闭",
    "window": "窗口",
    "this": "本",
    "contract": "契约",
    "is": "",
    "valid": "有效",
}
GLOSSARY = "source,target\ncontract,合同\n"


class ToyEngine:
    """Translates word by word, as a student of English and Chinese might on its first day."""

    translates = True
    placeholders = True
    inline_terms = False
    max_source_tokens = 200

    def translate(
        self, sources: Sequence[str], *, beam_size: int = 1, align: bool = False
    ) -> list[Hypothesis]:
        return [Hypothesis(_chinese(source), -0.1) for source in sources]

    def count_tokens(self, source: str) -> int:
        return len(source.split())


def _chinese(source: str) -> str:
    return "".join(WORDS.get(piece.lower(), piece) for piece in re.findall(r"⟦\d+⟧|\w+|[^\w\s]", source))


def build(spec: EngineSpec) -> ToyEngine:
    assert (spec.source_language, spec.target_language) == ("en", "zh")
    return ToyEngine()


TOY = EngineKind("toy", f"{__name__}:build", needs_model=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(ENGINES, "toy", f"{__name__}:TOY")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("Save the file. Close the window.\n1.5\n", encoding="utf-8")
    (tmp_path / "b.docx").write_bytes(
        package(
            paragraph("Save the file. ", run("Close the window.", "<w:b/>"))
            + paragraph("This contract is valid.")
        )
    )
    (tmp_path / "terms.csv").write_text(GLOSSARY, encoding="utf-8")
    return tmp_path


def translate(*inputs: str, store: Store) -> Report:
    options = TranslateOptions(
        inputs=inputs,
        engine=EngineSpec("toy", source_language="en", target_language="zh"),
        executor="serial",
        glossaries=(Path("terms.csv"),),
        sheet=Path("review.csv"),
    )
    made, plan = set_up(options)
    return translate_documents(made, plan.jobs, store, Silent())


def test_a_text_becomes_chinese_without_spaces_and_with_full_width_stops(here: Path) -> None:
    with Store(None) as store:
        report = translate("a.txt", store=store)
    assert report.exit_code == 0
    assert (here / "a.zh.txt").read_text(encoding="utf-8") == "保存文件。关闭窗口。\n1.5\n"
    assert report.origins["mt"] == 2 and report.origins["copied"] == 1


def test_a_document_gets_the_language_and_the_face_of_its_target(here: Path) -> None:
    with Store(None) as store:
        assert translate("b.docx", store=store).exit_code == 0
    body = body_of((here / "b.zh.docx").read_bytes())
    texts = re.findall(r"<w:t[^>]*>([^<]*)<", body)
    assert "".join(texts) == "保存文件。关闭窗口。本合同有效。"
    assert "<w:b/>" in body
    assert 'w:eastAsia="zh-CN"' in body and 'w:eastAsia="SimSun"' in body
    assert "en-US" not in body and not re.search(r">[^<]*[A-Za-z][^<]*</w:t>", body)


def test_a_term_is_put_into_chinese_as_chinese(here: Path) -> None:
    with Store(None) as store:
        report = translate("b.docx", store=store)
    assert "本合同有效。" in body_of((here / "b.zh.docx").read_bytes())
    assert report.checks["term_missed"] == 0


def test_verify_finds_nothing_lost_and_nothing_left(here: Path) -> None:
    with Store(None) as store:
        translate("b.docx", store=store)
    audit = audit_documents(here / "b.docx", here / "b.zh.docx", DocxOptions(), find_pair("en", "zh"))
    assert audit.sound and audit.n_left == 0
    assert sum(part.n_units for part in audit.coverage) > 0


def test_a_correction_goes_back_into_the_document(here: Path) -> None:
    with Store(here / "memory.sqlite") as store:
        translate("b.docx", store=store)
        with Path("review.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if row["translation"] == "保存文件。":
                row["correction"] = "请保存文件。"
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        Path("review.csv").write_text(out.getvalue(), encoding="utf-8-sig", newline="")
        applied = apply_sheets([Path("review.csv")], store, ApplyOptions(reviewer="li"), Silent())
    assert (applied.exit_code, len(applied.changed)) == (0, 1)
    body = body_of((here / "b.zh.docx").read_bytes())
    assert "请保存文件。" in body and "本合同有效。" in body


def test_all_other_parts_stay(here: Path) -> None:
    with Store(None) as store:
        translate("b.docx", store=store)
    before, after = (parts_of((here / name).read_bytes()) for name in ("b.docx", "b.zh.docx"))
    assert before.keys() == after.keys()
