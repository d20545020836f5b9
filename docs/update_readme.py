"""Puts measured things into README.md: a real example, the model's scores, the speed, the sheet's picture.

python docs/update_readme.py example model picture        # seconds
python docs/update_readme.py speed                        # minutes, on an idle machine
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
BATCHTX = [sys.executable, "-m", "batchtx"]
_EXAMPLE_SETS = ("flores-dev", "wmt17", "wmt18", "dev", "test")
_GLOSSARIES = tuple(
    word for name in ("general", "legal", "finance", "software") for word in ("-g", f"glossaries/{name}.csv")
)
_N_ROWS = 20


def example() -> str:
    """samples/ through the default student: some sentences, and the summary."""
    with tempfile.TemporaryDirectory() as folder:
        summary = _translate_samples(Path(folder))
        rows = _rows(Path(folder) / "out" / "review.csv")
    clean = [row for row in rows if row["origin"] == "mt" and not row["severity"] and len(row["source"]) > 14]
    doubtful = [row for row in rows if row["severity"]][:2]
    chosen = sorted(clean, key=lambda row: -float(row["score"].lstrip("'") or -9))[
        :: max(1, len(clean) // 5)
    ][:5]
    lines = ["| source | translation | flags |", "|---|---|---|"]
    for row in chosen + doubtful:
        flags = row["flags"].replace("|", "\\|")
        lines.append(f"| {row['source']} | {row['translation']} | {flags} |")
    command = " ".join(["batchtx translate samples -o samples.en", *_GLOSSARIES])
    return (
        f"```text\n$ {command}\n{summary}\n```\n\n"
        "Five sentences without a flag and the two most doubtful ones, as the sheet shows them "
        "(made by `docs/update_readme.py`, not chosen by hand):\n\n" + "\n".join(lines)
    )


def model() -> str:
    """The newest scores of the shipped student's card."""
    scores = json.loads((ROOT / "batchtx/models/zh-en/scores.json").read_text(encoding="utf-8"))
    newest = scores["versions"][-1]
    hours = newest["position"]["elapsed_s"] / 3600
    size = sum(p.stat().st_size for p in (ROOT / "batchtx/models/zh-en").rglob("*") if p.is_file())
    lines = [
        f"`zh-en` {newest['version']}: {size / 1e6:.0f} MB, int8, trained on openly licensed pairs by the "
        f"code in `batchtx/distill`, for {hours:.1f} hours on two CPU cores. It is **weak**: it "
        "gives the gist of technical and business text, and little of anything else. Use it to try the "
        "tool, and another model (`--model`) for work.",
        "",
        "| set | segments | BLEU | chrF |",
        "|---|--:|--:|--:|",
    ]
    for score in newest["scores"]:
        if score["name"] in _EXAMPLE_SETS or score["name"].startswith("test/"):
            cells = (
                score["name"],
                f"{score['n_segments']:,}",
                f"{score['bleu']:.1f}",
                f"{score['chrf']:.1f}",
            )
            lines.append("| " + " | ".join(cells) + " |")
    lines += [
        "",
        "For orientation, BLEU on flores-dev of what people use: argos 23.4, OPUS-MT 23.0, Mozilla 27.8.",
    ]
    return "\n".join(lines)


def speed() -> str:
    """`batchtx bench throughput` and `startup` as they print."""
    arguments = (["throughput"], ["startup"])
    printed = [
        subprocess.run(
            [*BATCHTX, "bench", *words], check=True, capture_output=True, text=True, cwd=ROOT
        ).stdout
        for words in arguments
    ]
    table, start = printed
    return (
        "Measured by `batchtx bench throughput` and `batchtx bench startup`; the bare engine is the same "
        "model in as many processes with nothing around it, with the same search (a beam of 4). A whole "
        "run can be the faster of the two: dates and amounts go by rule and make sources shorter.\n\n"
        f"{table}\n```text\n{start}```"
    )


def picture() -> None:
    """The sheet of the samples in LibreOffice, as docs/sheet.png."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _translate_samples(folder)
        _spreadsheet(_rows(folder / "out" / "review.csv"), folder / "sheet.xlsx")
        convert = [
            "soffice",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            name,
            str(folder / "sheet.xlsx"),
        ]
        subprocess.run(convert, check=True, capture_output=True)
        subprocess.run(
            [
                "pdftoppm",
                "-r",
                "110",
                "-png",
                "-singlefile",
                str(folder / "sheet.pdf"),
                str(folder / "sheet"),
            ],
            check=True,
        )
        shutil.copyfile(folder / "sheet.png", ROOT / "docs" / "sheet.png")


def _spreadsheet(rows: list[dict[str, str]], path: Path) -> None:
    """The first rows as a person sees them after opening the CSV and setting column widths."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    widths = {
        "document": 16,
        "place": 16,
        "source": 40,
        "translation": 44,
        "correction": 14,
        "severity": 9,
        "flags": 40,
    }
    book = Workbook()
    page = book.active
    page.append(list(widths))
    for row in rows[:_N_ROWS]:
        page.append([row[name] for name in widths])
    for letter, width in zip("ABCDEFG", widths.values(), strict=True):
        page.column_dimensions[letter].width = width
    for cells in page.iter_rows():
        lines = max(
            len(str(c.value or "").encode("gb18030")) / w for c, w in zip(cells, widths.values(), strict=True)
        )
        page.row_dimensions[cells[0].row].height = 13 * (int(lines * 1.1) + 1)
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(size=9, bold=cell.row == 1)
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.page_margins.left = page.page_margins.right = page.page_margins.top = 0.3
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.gridLines = True
    book.save(path)


def _translate_samples(folder: Path) -> str:
    options = ["-o", str(folder / "out"), *_GLOSSARIES, "--no-memory"]
    done = subprocess.run(
        [*BATCHTX, "translate", "samples", *options], cwd=ROOT, capture_output=True, text=True, check=True
    )
    summary = [line for line in done.stderr.splitlines() if not line.startswith("note:")]
    return "\n".join(summary).replace(str(folder / "out"), "samples.en")


def _rows(sheet: Path) -> list[dict[str, str]]:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _put(name: str, text: str) -> None:
    path = ROOT / "README.md"
    page = path.read_text(encoding="utf-8")
    pattern = re.compile(f"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", re.DOTALL)
    path.write_text(pattern.sub(lambda match: f"{match[1]}{text}\n{match[2]}", page), encoding="utf-8")


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        if wanted == "picture":
            picture()
        else:
            _put(wanted, {"example": example, "model": model, "speed": speed}[wanted]())
