"""Pictures of documents before and after translation, side by side: `make pictures DOCS="a.docx b.docx"`.

Needs LibreOffice (soffice) and poppler (pdftoppm). For each document: the original and its translation
as PDF, their first pages next to each other as PNG. What is lost to the eye shows at once: fonts, line
breaks, clipped cells, bold on the wrong words.
"""

from __future__ import annotations

import argparse
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

GAP = 24
DPI = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("documents", nargs="+", type=Path, help="documents, or folders of them")
    parser.add_argument("-o", "--output", type=Path, default=Path("pictures"))
    parser.add_argument("--engine", default="ctranslate2")
    parser.add_argument("--pages", type=int, default=3, help="pages of each document")
    options = parser.parse_args()
    missing = [tool for tool in ("soffice", "pdftoppm") if shutil.which(tool) is None]
    if missing:
        print(f"pictures need {' and '.join(missing)}: apt install libreoffice-writer poppler-utils")
        return 3
    documents = [path for given in options.documents for path in _documents(given)]
    options.output.mkdir(parents=True, exist_ok=True)
    failed = [path for path in documents if not _picture(path, options)]
    print(f"{len(documents) - len(failed)} of {len(documents)} documents → {options.output}")
    return 1 if failed else 0


def _documents(given: Path) -> list[Path]:
    if not given.is_dir():
        return [given]
    return sorted(path for path in given.rglob("*.docx") if not path.name.startswith(("~$", ".")))


def _picture(path: Path, options: argparse.Namespace) -> bool:
    """Translate one document and write its pictures; False when something failed."""
    folder = options.output / path.stem
    folder.mkdir(exist_ok=True)
    before, after = folder / "before.docx", folder / "after.docx"
    before.write_bytes(path.read_bytes())
    command = [sys.executable, "-m", "batchtx", "translate", str(before), "-o", str(after), "--force", "-q"]
    run = [*command, "--no-memory", "--no-sheet", "--engine", options.engine]
    if subprocess.run(run, check=False).returncode not in (0, 1):
        return False
    pages = [_pages(document, options.pages) for document in (before, after)]
    counts = " → ".join(str(_page_count(document)) for document in (before, after))
    print(f"{path.name}: {counts} pages")
    for number, (left, right) in enumerate(zip(*pages, strict=False), 1):
        write_png(folder / f"page-{number}.png", beside(read_ppm(left), read_ppm(right)))
    for page in [*pages[0], *pages[1]]:
        page.unlink()
    return bool(pages[0] and pages[1])


def _pages(document: Path, count: int) -> list[Path]:
    """The first pages of a document as PPM files; none when LibreOffice cannot open it."""
    profile = f"-env:UserInstallation=file://{document.parent.resolve()}/.profile"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(document.parent)]
    try:
        subprocess.run(
            [*convert, str(document)],
            check=True,
            timeout=300,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return []
    finally:
        shutil.rmtree(document.parent / ".profile", ignore_errors=True)
    pdf, stem = document.with_suffix(".pdf"), document.with_suffix("")
    if pdf.exists():
        subprocess.run(["pdftoppm", "-r", str(DPI), "-l", str(count), str(pdf), str(stem)], check=True)
    return sorted(document.parent.glob(f"{document.stem}-*.ppm"))


def _page_count(document: Path) -> str:
    pdf = document.with_suffix(".pdf")
    if not pdf.exists() or shutil.which("pdfinfo") is None:
        return "?"
    facts = subprocess.run(["pdfinfo", str(pdf)], check=False, capture_output=True, text=True).stdout
    return next((line.split()[-1] for line in facts.splitlines() if line.startswith("Pages")), "?")


Image = tuple[int, int, bytes]
"""Width, height, RGB bytes."""


def read_ppm(path: Path) -> Image:
    """A binary PPM (P6) as pdftoppm writes it."""
    magic, size, _, pixels = path.read_bytes().split(b"\n", 3)
    if magic != b"P6":
        raise ValueError(f"{path}: not a binary PPM")
    width, height = map(int, size.split())
    return width, height, pixels


def beside(left: Image, right: Image) -> Image:
    """Two images next to each other on grey."""
    height = max(left[1], right[1])
    rows: list[bytes] = []
    for y in range(height):
        rows += [_row(left, y), b"\x80" * 3 * GAP, _row(right, y)]
    return left[0] + GAP + right[0], height, b"".join(rows)


def _row(image: Image, y: int) -> bytes:
    width, height, pixels = image
    return pixels[3 * width * y : 3 * width * (y + 1)] if y < height else b"\x80" * 3 * width


def write_png(path: Path, image: Image) -> None:
    """Write an RGB image as PNG."""
    width, height, pixels = image
    stride = 3 * width
    lines = b"".join(b"\0" + pixels[stride * y : stride * (y + 1)] for y in range(height))
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


if __name__ == "__main__":
    sys.exit(main())
