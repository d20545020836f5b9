"""`batchtx glossary` and `batchtx bench terms` as a user runs them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.helpers.command import ROOT, run

GENERAL = ROOT / "glossaries" / "general.csv"
TEXT = (
    "甲方应当支付违约金。\n乙方须承担违约金，并通知客户。\n违约金的比例为百分之五。\n"
    "关于违约金，双方另行商定。\n合同自签字之日起生效。\n"
)
TERMS = "source,target,forbidden\n违约金,liquidated damages,penalty\n合同,contract,\n"


@pytest.fixture
def translated(tmp_path: Path) -> Path:
    """A document translated by the echo engine: no term is used; its sheet is review.csv."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "g.csv").write_text(TERMS, encoding="utf-8")
    run(
        "translate",
        "a.txt",
        "-o",
        "out/a.txt",
        "--sheet",
        "review.csv",
        "--engine",
        "echo",
        "-q",
        cwd=tmp_path,
    )
    return tmp_path / "review.csv"


def correct(sheet: Path, corrections: dict[str, str]) -> None:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["correction"] = corrections.get(row["source"], "")
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_lint_passes_what_is_shipped_and_fails_a_conflict(tmp_path: Path) -> None:
    done = run("glossary", "lint", *sorted((ROOT / "glossaries").glob("*.csv")), cwd=tmp_path)
    assert (done.stdout, done.stderr) == (b"", b"4 files, 0 errors, 0 warnings\n")
    (tmp_path / "bad.csv").write_text("合同,contract\n合同,agreement\n人,person\n", encoding="utf-8")
    done = run("glossary", "lint", "bad.csv", "none.csv", "--format", "json", cwd=tmp_path, code=1)
    facts = json.loads(done.stdout)
    assert (facts["errors"], facts["warnings"]) == (2, 1)
    assert [finding["kind"] for finding in facts["findings"]] == ["conflict", "one_character", "unreadable"]


def test_a_converted_glossary_translates_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "g.csv").write_text(TERMS, encoding="utf-8")
    sheets = []
    for name in ("g.csv", "g.tbx", "g.xlsx"):
        if name != "g.csv":
            run("glossary", "convert", "g.csv", name, cwd=tmp_path)
        run(
            *("translate", "a.txt", "-o", f"out.{name}.txt", "--sheet", f"{name}.sheet.csv"),
            *("--engine", "echo", "-g", name, "--no-memory", "-q"),
            cwd=tmp_path,
        )
        sheets.append((tmp_path / f"{name}.sheet.csv").read_bytes())
    assert sheets[0] == sheets[1] == sheets[2]
    assert "违约金 = liquidated damages" in sheets[0].decode("utf-8-sig")


def test_a_report_counts_misses_and_corrections(translated: Path, tmp_path: Path) -> None:
    done = run("glossary", "report", translated, "-g", "g.csv", "--fail-under", "98", cwd=tmp_path, code=1)
    out = done.stdout.decode("utf-8")
    assert "required     5: 0 used, 5 missed" in out
    assert "a.txt, line 1/1: 违约金 → liquidated damages missed" in out
    correct(
        translated,
        {
            "甲方应当支付违约金。": "Party A shall pay liquidated damages.",
            "乙方须承担违约金，并通知客户。": "Party B bears liquidated damages and tells the customer.",
            "违约金的比例为百分之五。": "Liquidated damages, not a penalty, are five percent.",
            "关于违约金，双方另行商定。": "Liquidated damages are agreed separately.",
            "合同自签字之日起生效。": "The contracts take effect on signature.",
        },
    )
    done = run(
        *("glossary", "report", translated, "-g", "g.csv", "--fail-under", "98", "--json", "r.json"),
        cwd=tmp_path,
    )
    facts = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (facts["required"], facts["used"], facts["success"], facts["forbidden_used"]) == (5, 5, 1.0, 1)
    assert "forbidden: penalty" in done.stdout.decode("utf-8")


def test_a_report_on_documents_looks_in_the_memory(translated: Path, tmp_path: Path) -> None:
    correct(translated, {"合同自签字之日起生效。": "The contract takes effect on signature."})
    run("apply", translated, "-q", cwd=tmp_path)
    done = run("glossary", "report", "a.txt", "-g", "g.csv", cwd=tmp_path)
    assert "required     5: 1 used, 4 missed" in done.stdout.decode("utf-8")
    assert b"a.txt: 5 of 5 segments are in the memory" in done.stderr
    done = run("glossary", "report", "a.txt", "-g", "g.csv", "--memory", "none.sqlite", cwd=tmp_path)
    assert b"a.txt: 0 of 5 segments are in the memory" in done.stderr


def test_consistency_needs_no_glossary(translated: Path, tmp_path: Path) -> None:
    correct(
        translated,
        {
            "甲方应当支付违约金。": "Party A shall pay a penalty.",
            "乙方须承担违约金，并通知客户。": "Party B bears liquidated damages and informs the customer.",
            "违约金的比例为百分之五。": "The penalty is five percent.",
            "关于违约金，双方另行商定。": "On liquidated damages both agree separately.",
        },
    )
    done = run("glossary", "report", translated, "--consistency", cwd=tmp_path)
    assert done.stdout.decode("utf-8") == (
        "a.txt: 违约金 is translated in 2 ways: penalty (line 1/1, line 3/1); "
        "liquidated damages (line 2/1, line 4/1)\n"
    )
    run("glossary", "report", translated, cwd=tmp_path, code=2)


def test_mining_fills_in_what_the_sheet_and_the_memory_show(translated: Path, tmp_path: Path) -> None:
    corrections = {
        "甲方应当支付违约金。": "Party A shall pay liquidated damages.",
        "乙方须承担违约金，并通知客户。": "Party B bears liquidated damages and tells the customer.",
        "违约金的比例为百分之五。": "Liquidated damages are five percent.",
        "关于违约金，双方另行商定。": "On liquidated damages both agree separately.",
        "合同自签字之日起生效。": "The contract takes effect on signature.",
    }
    correct(translated, corrections)
    run("glossary", "mine", "a.txt", "--sheet", translated, "-o", "sheet.csv", cwd=tmp_path)
    run("apply", translated, "-q", cwd=tmp_path)
    run("glossary", "mine", "a.txt", "-o", "memory.csv", cwd=tmp_path)
    for name in ("sheet.csv", "memory.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            (row,) = csv.DictReader(file)
        assert (row["source"], row["target"], row["frequency"]) == ("违约金", "liquidated damages", "4")
        assert row["note"] == "stands in 4 of 4 translations with the term and in 0 of 1 without it"
    run("glossary", "lint", "memory.csv", cwd=tmp_path)
    run("glossary", "mine", "a.txt", "-g", "memory.csv", "-o", "again.csv", cwd=tmp_path)
    assert (tmp_path / "again.csv").read_text(encoding="utf-8-sig").count("\n") == 1


def test_mining_reads_every_format_and_says_what_it_cannot_read(tmp_path: Path) -> None:
    rows = [json.dumps({"body": line}, ensure_ascii=False) for line in TEXT.splitlines()]
    (tmp_path / "b.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "c.docx").write_bytes(b"no document")
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.en.txt").write_text("x\n", encoding="utf-8")
    done = run(
        *("glossary", "mine", "a.txt", "a.en.txt", "b.jsonl", "c.docx", "--field", "body", "-o", "t.csv"),
        cwd=tmp_path,
    )
    assert b"c.docx" in done.stderr
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["source"]: row for row in csv.DictReader(file)}
    assert (found["违约金"]["frequency"], found["违约金"]["documents"]) == ("8", "2")


def test_bench_terms_measures_with_and_without(tmp_path: Path) -> None:
    pytest.importorskip("sacrebleu")
    references = [
        "Party A shall pay liquidated damages.",
        "Party B bears liquidated damages and informs the customer.",
        "The liquidated damages are five percent.",
        "On liquidated damages both agree separately.",
        "The contract takes effect on signature.",
    ]
    pairs = zip(TEXT.splitlines(), references, strict=True)
    (tmp_path / "t.tsv").write_text("".join(f"{s}\t{r}\n" for s, r in pairs), encoding="utf-8")
    (tmp_path / "g.csv").write_text("合同,contract\n客户,client\n", encoding="utf-8")
    (tmp_path / "d.tsv").write_text(
        "通知\tto notify; to inform\tx\n签字\tsignature (of a person)\n双方\tboth (sides)\n", encoding="utf-8"
    )
    run(
        *("bench", "terms", "--source", "t.tsv", "-g", "g.csv", "--dictionary", "d.tsv"),
        *("--engine", "pseudo", "--model", "", "--sizes", "0,100", "--json", "b.json"),
        cwd=tmp_path,
    )
    facts = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    shown = [(s["terms"], s["mode"], s["n_segments"], s["n_terms"]) for s in facts["scores"]]
    assert shown == [
        ("proper", "without", 1, 1),  # 客户 is left out: the reference says customer
        ("proper", "with", 1, 1),
        ("random", "without", 2, 2),
        ("random", "with", 2, 2),
    ]
    assert [s["lemma"] for s in facts["scores"]] == [0, 1, 0, 1]  # behind marks
    assert [speed["n_terms"] for speed in facts["speeds"]] == [0, 100]


def test_bench_terms_reads_a_term_set(tmp_path: Path) -> None:
    pytest.importorskip("sacrebleu")
    pairs = [
        ("合同自签字之日起生效。", "The pact takes effect on signature."),
        ("双方付款。", "Both sides pay."),
    ]
    own = [({"合同": "pact"}, {"签字": "signature"}), ({}, {"付款": "pay"})]
    lines = [
        json.dumps({"source": s, "reference": r, "proper": proper, "random": random}, ensure_ascii=False)
        for (s, r), (proper, random) in zip(pairs, own, strict=True)
    ]
    (tmp_path / "set.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run(
        *("bench", "terms", "--terms", "set.jsonl", "--engine", "pseudo", "--model", ""),
        *("--sizes", "", "--json", "b.json"),
        cwd=tmp_path,
    )
    facts = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    shown = [(s["terms"], s["mode"], s["n_terms"], s["lemma"]) for s in facts["scores"]]
    assert shown == [
        ("proper", "without", 1, 0),
        ("proper", "with", 1, 1),
        ("random", "without", 2, 0),
        ("random", "with", 2, 1),
    ]
    done = run("bench", "terms", cwd=tmp_path, code=2)
    assert b"name sentences with --source, or a file of `bench term-set` with --terms" in done.stderr


def test_bench_term_speed_compares_runs(tmp_path: Path) -> None:
    done = run(
        *("bench", "term-speed", "--sizes", "0,300", "--segments", "40", "--repeat", "1"), cwd=tmp_path
    )
    assert "| 300 |" in done.stdout.decode("utf-8")


def test_bench_terms_refuses_files_that_do_not_fit(tmp_path: Path) -> None:
    (tmp_path / "s.zh").write_text("甲\n乙\n", encoding="utf-8")
    (tmp_path / "s.en").write_text("a\n", encoding="utf-8")
    done = run("bench", "terms", "--source", "s.zh", "--reference", "s.en", cwd=tmp_path, code=2)
    assert b"s.zh has 2 lines, s.en has 1" in done.stderr
    done = run("bench", "terms", "--source", "s.zh", "--reference", "s.zh", cwd=tmp_path, code=2)
    assert b"no segment holds a term that its reference uses" in done.stderr
