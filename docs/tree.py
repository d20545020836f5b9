"""Writes the tree of modules into docs/architecture.md, a line a file, from the first lines of docstrings."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
START, END = "<!-- tree: made by `make docs` -->\n", "<!-- end of tree -->\n"


def tree() -> str:
    """Returns the tree as Markdown: a heading's worth of line for each room, a line for each module."""
    return "```\n" + "\n".join(_lines(ROOT / "batchtx", 0)) + "\n```\n"


def page(text: str) -> str:
    """Returns the page with its tree made anew."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return before + START + tree() + END + after


def _lines(folder: Path, depth: int) -> Iterator[str]:
    modules = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
    for path in modules:
        yield _line(path.name, _first(path), depth)
    for room in sorted(path.parent for path in folder.glob("*/__init__.py")):
        yield _line(f"{room.name}/", _first(room / "__init__.py"), depth)
        yield from _lines(room, depth + 1)


def _line(name: str, about: str, depth: int) -> str:
    return f"{'  ' * depth}{name:<{26 - 2 * depth}} {about}".rstrip()


def _first(path: Path) -> str:
    """The first sentence of a module, without its full stop."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(text.partition("\n\n")[0].split())
    return paragraph.rstrip(".")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
