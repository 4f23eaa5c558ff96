"""Where the project's files are. The rules on them are the test modules beside this one."""

import ast
import os
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = ("schemas", "tasks", "flows", "deployments")
IGNORED = {".git", *(ROOT / ".gitignore").read_text().replace("/", "").split()}


def all_files() -> Iterator[Path]:
    """Every file that belongs to the project, whether or not git is there to ask."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - IGNORED)
        yield from (Path(folder, name) for name in sorted(set(names) - IGNORED))


def python_files(*folders: str) -> list[Path]:
    """The Python files of some top-level folders."""
    return [
        path
        for path in all_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders
    ]


def parse(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(), filename=str(path))


def name_of(path: Path) -> str:
    """A file's name inside the project, with slashes."""
    return path.relative_to(ROOT).as_posix()


def assert_none(offenders: Iterable[str]) -> None:
    """Fail with every offender on a line of its own."""
    found = list(offenders)
    assert not found, "\n".join(["", *found])
