"""Python files loaded by their path, always as they are now.

Python's own import keeps a module once loaded, and takes compiled code for fresh when the second
and the size of its source did not change; a project file is edited between two nights of a process.
"""

import hashlib
import importlib
import sys
import traceback
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.errors import InvalidProject

_PREFIX = "_driftloop_projects_"
_LONGEST_EXPLANATION = 400


def load_module(path: Path) -> ModuleType:
    """The module in this file. It may import its neighbours: `from .sales_contract import Sales`.

    Each state of its folder is a package of its own, so that an edit anywhere in it is seen.

    Raises:
        InvalidProject: the file cannot be read or fails when it runs; the message says where.
    """
    try:
        return importlib.import_module(f"{_package(path.parent)}.{path.stem}")
    except (Exception, SystemExit) as error:
        raise InvalidProject(f"{path}: {_explain(error, path.parent)}; mend the file") from error


class _FreshLoader(SourceFileLoader):
    """Compiles the source each time: a compiled copy beside it is neither read nor written."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class _Finder(MetaPathFinder):
    """Finds the modules of the packages made here."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None or not fullname.startswith(_PREFIX):
            return None
        return FileFinder(path[0], (_FreshLoader, SOURCE_SUFFIXES)).find_spec(fullname)


def _package(folder: Path) -> str:
    """The name of the package that stands for the folder as it is now, made if need be."""
    digest = hashlib.sha256(str(folder).encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"\0{path}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    name = _PREFIX + digest.hexdigest()[:20]
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    return name


def _explain(error: BaseException, folder: Path) -> str:
    """The error in one line, with the newest line of the folder's own files that led to it."""
    told = "; ".join(map(_field, error.errors())) if isinstance(error, ValidationError) else error
    text = " ".join(str(told).split())[:_LONGEST_EXPLANATION]
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"{Path(f.filename).name} line {f.lineno}"
        for f in frames
        if f.filename.startswith(str(folder))
    ]
    where = f" in {lines[-1]}" if lines else ""
    return f"{type(error).__name__}{where}: {text}"


def _field(problem: ErrorDetails) -> str:
    """Which field, and what is wrong with it; pydantic would add the input and a link."""
    where = ".".join(map(str, problem["loc"]))
    what = problem["msg"].removeprefix("Value error, ")
    return f"{where}: {what}" if where else what
