"""`batchtx translate --glossary`: modes, domains, and what a changed glossary translates again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.helpers.command import run

TEXT = "甲方应当支付违约金。\n乙方发出通知。\n合同自签字之日起生效。\n天气很好。\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "g.csv").write_text(
        "source,target,required,domain\n违约金,default fine,,legal\n通知,memo,no,\n合同,covenant,yes,trade\n",
        encoding="utf-8",
    )
    return tmp_path


def translate(here: Path, *options: str) -> tuple[dict[str, int], dict[str, dict[str, str]]]:
    """The segments of a run by origin, and its sheet by source. The engine is the shipped student."""
    run(
        *("translate", "a.txt", "-o", "out.txt", "--sheet", "sheet.csv", "-j", "1", "--force", "-q"),
        *("--report", "r.json", *options),
        cwd=here,
    )
    report = json.loads((here / "r.json").read_text(encoding="utf-8"))
    with (here / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["source"]: row for row in csv.DictReader(file)}
    return report["segments"], rows


def severities(row: dict[str, str]) -> tuple[bool, str]:
    return "term_missed" in row["flags"], row["severity"]


def test_check_only_reports_and_changes_nothing(here: Path) -> None:
    _, plain = translate(here, "--no-memory")
    _, checked = translate(here, "--no-memory", "-g", "g.csv", "--glossary-mode", "check-only")
    assert {s: row["translation"] for s, row in plain.items()} == {
        s: row["translation"] for s, row in checked.items()
    }
    missed = {source: severities(row) for source, row in checked.items()}
    assert missed["甲方应当支付违约金。"] == (True, "critical")
    assert missed["合同自签字之日起生效。"] == (True, "critical")
    assert missed["乙方发出通知。"][0]
    assert not missed["天气很好。"][0]


def test_require_insists_and_the_column_overrules_the_mode(here: Path) -> None:
    _, rows = translate(here, "--no-memory", "-g", "g.csv")
    assert "default fine" in rows["甲方应当支付违约金。"]["translation"].lower()
    assert "covenant" in rows["合同自签字之日起生效。"]["translation"].lower()
    _, rows = translate(here, "--no-memory", "-g", "g.csv", "--glossary-mode", "prefer")
    assert "covenant" in rows["合同自签字之日起生效。"]["translation"].lower()
    assert severities(rows["甲方应当支付违约金。"])[1] != "critical"


def test_the_mode_and_domains_may_stand_in_the_settings(here: Path) -> None:
    settings = 'glossary = ["g.csv"]\nglossary_mode = "check-only"\ndomain = ["trade"]\n'
    (here / "batchtx.toml").write_text(settings, encoding="utf-8")
    _, rows = translate(here, "--no-memory")
    assert severities(rows["合同自签字之日起生效。"]) == (True, "critical")
    assert not severities(rows["甲方应当支付违约金。"])[0]


def test_a_domain_leaves_out_the_terms_of_others(here: Path) -> None:
    _, rows = translate(here, "--no-memory", "-g", "g.csv", "--domain", "trade")
    assert "default fine" not in rows["甲方应当支付违约金。"]["translation"].lower()
    assert "covenant" in rows["合同自签字之日起生效。"]["translation"].lower()
    wrong = ("translate", "a.txt", "-o", "x.txt", "-g", "g.csv", "--domain", "trad")
    assert b'unknown domain "trad"; did you mean "trade"?' in run(*wrong, cwd=here, code=2).stderr
    alone = ("translate", "a.txt", "-o", "x.txt", "--domain", "trade")
    assert b"name one with --glossary" in run(*alone, cwd=here, code=2).stderr


def test_a_changed_glossary_translates_only_the_segments_it_touches_again(here: Path) -> None:
    counts, _ = translate(here, "-g", "g.csv")
    assert (counts["mt"], counts["memory"]) == (4, 0)
    glossary = (here / "g.csv").read_text(encoding="utf-8")
    (here / "g.csv").write_text(glossary.replace("covenant", "pact"), encoding="utf-8")
    counts, rows = translate(here, "-g", "g.csv")
    assert (counts["mt"], counts["memory"]) == (1, 3)
    assert "pact" in rows["合同自签字之日起生效。"]["translation"].lower()
    (here / "g.csv").write_text(glossary + "下雨,rainfall,,\n", encoding="utf-8")
    counts, _ = translate(here, "-g", "g.csv")
    assert (counts["mt"], counts["memory"]) == (
        0,
        4,
    )  # the first run knows the old term, nobody needs the new
    counts, _ = translate(here, "-g", "g.csv", "--glossary-mode", "prefer")
    assert (counts["mt"], counts["memory"]) == (1, 3)  # only the entry that leaves it to the mode


def test_apply_and_report_find_what_a_run_with_mode_and_domain_remembered(here: Path) -> None:
    translate(here, "-g", "g.csv", "--domain", "trade", "--glossary-mode", "prefer")
    done = run("glossary", "report", "a.txt", "-g", "g.csv", "--domain", "trade", cwd=here)
    assert b"4 of 4 segments are in the memory" in done.stderr
    with (here / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["correction"] = "The weather is splendid." if row["source"] == "天气很好。" else ""
    with (here / "sheet.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    translations = {row["source"]: row["translation"] for row in rows}
    run("apply", "sheet.csv", "-q", cwd=here)
    written = (here / "out.txt").read_text(encoding="utf-8").splitlines()
    assert written[:3] == [translations[line] for line in TEXT.splitlines()[:3]]
    assert written[3] == "The weather is splendid."
