"""Public docstrings begin with a verb in the third person, as CONTRIBUTING.md asks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import batchtx

_PACKAGE = Path(batchtx.__file__).parent
_VERB = re.compile(r"[A-Z][a-z]+s\b")
_STATES_WHAT_IS_RIGHT = ("checks", "postprocess")
"""Rooms whose `(…segment…)` functions say what is right of a target, as docs/quality.md repeats."""


def _public_functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_"):
            yield child
        elif isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from _public_functions(child)


def _is_exempt(room: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is a property (a noun), a command (its help, imperative), a check or a step (a state)."""
    decorators = " ".join(ast.unparse(decorator) for decorator in function.decorator_list)
    if re.search(r"property|\.(command|group)\b|click\.", decorators):
        return True
    return room in _STATES_WHAT_IS_RIGHT and any(argument.arg == "segment" for argument in function.args.args)


def test_docstrings_of_public_functions_begin_with_a_verb_in_the_third_person() -> None:
    wrong = []
    for path in sorted(_PACKAGE.rglob("*.py")):
        relative = path.relative_to(_PACKAGE)
        for function in _public_functions(ast.parse(path.read_text("utf-8"))):
            docstring = ast.get_docstring(function)
            if docstring and not _is_exempt(relative.parts[0], function) and not _VERB.match(docstring):
                wrong.append(f"{relative}:{function.lineno} {function.name}: {docstring.splitlines()[0]}")
    assert not wrong, "\n".join(wrong)
