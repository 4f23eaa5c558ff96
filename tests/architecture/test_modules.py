"""Modules open with a charter, stay small, and test folders are packages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import PACKAGES, assert_none, name_of, parse, python_files

MAX_FILE_LINES = 250
MAX_FUNCTION_LINES = 40
LONG_FOR_A_REASON: dict[str, str] = {}  # "path" or "path:function" -> why it is not cut

CHARTER = re.compile(r"[A-Z`].{18,}?[.!?](\s|$)", re.DOTALL)


def _too_long(path: Path) -> Iterator[str]:
    """A file, and the functions in it, that pass the limits; docstrings of functions are free."""
    lines = len(path.read_text().splitlines())
    if lines > MAX_FILE_LINES:
        yield f"{name_of(path)} has {lines} lines"
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = _body_lines(node)
            if lines > MAX_FUNCTION_LINES:
                yield f"{name_of(path)}:{node.name} has {lines} lines"


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def test_every_module_opens_with_a_charter() -> None:
    assert_none(
        name_of(path)
        for path in python_files(*PACKAGES)
        if not CHARTER.match(ast.get_docstring(parse(path)) or "")
    )


def test_files_and_functions_fit_in_a_glance() -> None:
    found = [long for path in python_files(*PACKAGES, "tests") for long in _too_long(path)]
    assert_none(long for long in found if long.split(" has ")[0] not in LONG_FOR_A_REASON)
    assert LONG_FOR_A_REASON.keys() <= {long.split(" has ")[0] for long in found}


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in python_files("tests")}
    assert_none(name_of(f) for f in sorted(folders) if not (f / "__init__.py").exists())
