"""No module needs itself by way of others, not even inside a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from tests.helpers.command import ROOT


def test_imports_lead_in_no_circle() -> None:
    paths = {_module(path): path for path in (ROOT / "batchtx").rglob("*.py")}
    graph = {
        name: set(_imports(path.read_text(encoding="utf-8"), set(paths))) for name, path in paths.items()
    }
    try:
        TopologicalSorter({name: found - {name} for name, found in graph.items()}).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(error.args[1])) from None


def _module(path: object) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)  # type: ignore[attr-defined]
    return name.removesuffix(".__init__")


def _imports(text: str, known: set[str]) -> Iterator[str]:
    """The modules of this package that a text imports; those for type checking alone do not count."""
    tree = ast.parse(text)
    unused = {id(inner) for node in ast.walk(tree) if _for_types(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or id(node) in unused or not node.module:
            continue
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            found = inner if inner in known else node.module
            if found in known:
                yield found


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
