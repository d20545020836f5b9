"""What a person writes into a translated DOCX becomes corrections, paragraph by paragraph."""

from __future__ import annotations

import csv
from pathlib import Path

import docx
import pytest

from batchtx.memory.store import Store
from tests.helpers.command import run
from tests.helpers.sheets import correct

TEXTS = (
    "第一条 甲方应当在三十日内付款。逾期应付利息。",
    "乙方负责交货。",
    "乙方负责交货。",
    "双方各执一份。",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    document = docx.Document()
    for text in TEXTS:
        document.add_paragraph(text)
    bold = document.add_paragraph("其中")
    bold.add_run("违约金").bold = True
    bold.add_run("为百分之五。")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "金额", "五万元"
    document.save(str(tmp_path / "a.docx"))
    run("translate", "a.docx", "--engine", "pseudo", cwd=tmp_path)
    return tmp_path


def edit(folder: Path, number: int, text: str) -> str:
    """Replace the text of a paragraph (its first run takes it); what stood there."""
    path = folder / "a.en.docx"
    document = docx.Document(str(path))
    paragraph = document.paragraphs[number]
    before = paragraph.text
    for one in paragraph.runs[1:]:
        one.text = ""
    paragraph.runs[0].text = text
    document.save(str(path))
    return before


def texts(folder: Path) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(str(folder / "a.en.docx")).paragraphs]


def corrections(folder: Path) -> dict[str, str]:
    with Store(folder / ".batchtx" / "memory.sqlite") as store:
        return {one.source: one.target for one in store.corrections()}


def test_an_edited_sentence_becomes_a_correction_and_later_runs_are_not_blocked(folder: Path) -> None:
    before = texts(folder)[0]
    edited = before + " Amended."
    edit(folder, 0, edited)
    blocked = run("translate", "a.docx", "--engine", "pseudo", cwd=folder, code=3).stderr.decode()
    assert "batchtx apply" in blocked
    done = run("apply", "a.en.docx", cwd=folder).stderr.decode()
    assert "1 applied, 0 refused" in done and "1 left as they were edited" in done
    ((source, target),) = corrections(folder).items()
    assert source == "逾期应付利息。" and target.endswith("Amended.")
    stamp = (folder / "a.en.docx").read_bytes()
    run("translate", "a.docx", "--engine", "pseudo", cwd=folder)
    assert (folder / "a.en.docx").read_bytes() == stamp
    run("translate", "a.docx", "--engine", "pseudo", "--force", "--comments", "keep", cwd=folder)
    assert texts(folder)[0] == edited


def test_only_the_sentence_that_was_changed_is_corrected(folder: Path) -> None:
    before = texts(folder)[0]
    words = before.split()
    edit(folder, 0, " ".join(["Whereas", *words[1:]]))
    run("apply", "a.en.docx", cwd=folder)
    assert len(corrections(folder)) == 1
    assert "逾期应付利息。" not in corrections(folder)


def test_formatting_stays_around_edited_words(folder: Path) -> None:
    document = docx.Document(str(folder / "a.en.docx"))
    paragraph = document.paragraphs[4]
    (bold,) = [one for one in paragraph.runs if one.bold]
    bold.text = "liquidated damages"
    document.save(str(folder / "a.en.docx"))
    run("apply", "a.en.docx", cwd=folder)
    run("translate", "a.docx", "--engine", "pseudo", "--force", "--comments", "keep", cwd=folder)
    paragraph = docx.Document(str(folder / "a.en.docx")).paragraphs[4]
    assert [one.text.strip() for one in paragraph.runs if one.bold] == ["liquidated damages"]


def test_an_edited_cell_is_taken_in(folder: Path) -> None:
    document = docx.Document(str(folder / "a.en.docx"))
    document.tables[0].cell(0, 0).paragraphs[0].runs[0].text = "Amount"
    document.save(str(folder / "a.en.docx"))
    run("apply", "a.en.docx", cwd=folder)
    assert corrections(folder) == {"金额": "Amount"}


def test_added_and_deleted_paragraphs_are_told_and_keep_the_document(folder: Path) -> None:
    path = folder / "a.en.docx"
    document = docx.Document(str(path))
    document.paragraphs[1].insert_paragraph_before("A new clause by the lawyer.")
    gone = document.paragraphs[4]._element
    gone.getparent().remove(gone)
    document.paragraphs[0].runs[-1].text += " Pay."
    document.save(str(path))
    told = run("apply", "a.en.docx", cwd=folder, code=1).stderr.decode()
    assert "a paragraph was added: “A new clause by the lawyer.”" in told
    assert "a paragraph was deleted" in told
    assert corrections(folder)
    run("translate", "a.docx", "--engine", "pseudo", cwd=folder, code=3)
    assert "A new clause by the lawyer." in texts(folder)


def test_tracked_changes_count_as_accepted(folder: Path) -> None:
    path = folder / "a.en.docx"
    document = docx.Document(str(path))
    one = document.paragraphs[3].runs[0]
    inserted = one._element.makeelement(one._element.tag.replace("}r", "}ins"), {})
    one._element.addnext(inserted)
    new = docx.oxml.parse_xml(
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:t xml:space="preserve"> Signed.</w:t></w:r>'
    )
    inserted.append(new)
    document.save(str(path))
    run("apply", "a.en.docx", cwd=folder)
    ((source, target),) = corrections(folder).items()
    assert source == "双方各执一份。" and target.endswith("Signed.")


def test_nothing_edited_is_nothing_to_do(folder: Path) -> None:
    done = run("apply", "a.en.docx", cwd=folder).stderr.decode()
    assert "0 applied, 0 refused" in done
    assert corrections(folder) == {}


def test_a_dry_run_tells_of_edited_outputs(folder: Path) -> None:
    edit(folder, 1, "Party B delivers.")
    told = run("translate", "a.docx", "--engine", "pseudo", "--dry-run", cwd=folder)
    assert "was edited after batchtx wrote it" in (told.stdout + told.stderr).decode()


def test_an_edited_text_file_is_told_to_use_its_sheet(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲方应付款。\n", encoding="utf-8")
    run("translate", "a.txt", "--engine", "pseudo", cwd=tmp_path)
    (tmp_path / "a.en.txt").write_text("Party A pays.\n", encoding="utf-8")
    told = run("apply", "a.en.txt", cwd=tmp_path, code=3).stderr.decode()
    assert "use its review sheet" in told


def test_edits_and_a_sheet_of_one_segment_must_agree(folder: Path) -> None:
    edit(folder, 3, "Each party keeps one.")
    sheet = folder / "a.en.docx.review.csv"
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["correction"] = "One copy each." if row["source"].startswith("双方") else ""
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    told = run("apply", sheet, "a.en.docx", cwd=folder, code=1).stderr.decode()
    assert "another correction of this segment" in told


def test_joined_and_swapped_paragraphs_become_no_corrections(folder: Path) -> None:
    path = folder / "a.en.docx"
    document = docx.Document(str(path))
    first, _, third, fourth, *_ = document.paragraphs
    third.runs[0].text = f"{third.text} {fourth.text}"
    fourth._element.getparent().remove(fourth._element)
    cells = [document.tables[0].cell(0, column).paragraphs[0].runs[0] for column in (0, 1)]
    cells[0].text, cells[1].text = cells[1].text, cells[0].text
    first.runs[0].text = "Words that have nothing in common. With what was written."
    document.save(str(path))
    told = run("apply", "a.en.docx", cwd=folder, code=1).stderr.decode()
    assert "0 applied" in told and "cannot be told apart" in told
    assert corrections(folder) == {}


def test_a_note_of_the_editor_keeps_the_document(folder: Path) -> None:
    path = folder / "a.en.docx"
    document = docx.Document(str(path))
    document.add_comment(document.paragraphs[0].runs[0], text="Please check.", author="A", initials="A")
    document.sections[0].footer.paragraphs[0].text = "Draft of the lawyer"
    document.save(str(path))
    told = run("apply", "a.en.docx", cwd=folder, code=1).stderr.decode()
    assert "“Please check.”" in told and "“Draft of the lawyer”" in told
    run("translate", "a.docx", "--engine", "pseudo", "--comments", "keep", cwd=folder, code=3)


def test_a_sheet_and_edits_of_one_document_both_get_into_it(folder: Path) -> None:
    edit(folder, 1, "Party B delivers.")
    sheet = folder / "a.en.docx.review.csv"
    correct(sheet, {"金额": "Amount"})
    done = run("apply", sheet, "a.en.docx", cwd=folder).stderr.decode()
    assert "1 written" in done and "left as they were edited" not in done
    assert docx.Document(str(folder / "a.en.docx")).tables[0].cell(0, 0).text == "Amount"
    assert texts(folder)[1] == "Party B delivers."
    run("translate", "a.docx", "--engine", "pseudo", cwd=folder)


def test_what_was_corrected_elsewhere_since_is_not_undone(folder: Path) -> None:
    other = docx.Document()
    other.add_paragraph(TEXTS[1])
    other.save(str(folder / "b.docx"))
    run("translate", "b.docx", "--engine", "pseudo", cwd=folder)
    correct(folder / "b.en.docx.review.csv", {TEXTS[1]: "Party B delivers."})
    run("apply", "b.en.docx.review.csv", cwd=folder)
    run("apply", "a.en.docx", cwd=folder)  # nothing was edited there
    edit(folder, 3, "Each party keeps one.")
    run("apply", "a.en.docx", cwd=folder)
    assert corrections(folder)[TEXTS[1]] == "Party B delivers."
    assert texts(folder)[1] == "Party B delivers."
    assert texts(folder)[3] == "Each party keeps one."


def test_the_translation_of_an_earlier_source_corrects_no_later_one(folder: Path) -> None:
    edit(folder, 1, "Party B delivers.")
    source = docx.Document(str(folder / "a.docx"))
    source.paragraphs[3].runs[0].text = "本合同一式五份，自签字之日起生效。"
    source.save(str(folder / "a.docx"))
    told = run("apply", "a.en.docx", cwd=folder, code=1).stderr.decode()
    assert "its source has changed" in told
    assert list(corrections(folder)) == [TEXTS[1]]


def test_numbers_of_pages_are_no_edits(folder: Path) -> None:
    for name in ("a.docx", "a.en.docx"):
        path = folder / name
        document = docx.Document(str(path))
        field = docx.oxml.parse_xml(
            '<w:fldSimple xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            f'w:instr=" PAGE "><w:r><w:t>{len(name)}</w:t></w:r></w:fldSimple>'
        )
        document.sections[0].footer.paragraphs[0]._element.append(field)
        document.save(str(path))
    assert "0 applied" in run("apply", "a.en.docx", cwd=folder).stderr.decode()
