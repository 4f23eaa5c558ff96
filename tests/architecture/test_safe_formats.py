"""Nothing of ours can run code out of a stored file: no pickle, under any name."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import PACKAGES, assert_none, name_of, parse, python_files

LIBRARIES = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve", "skops"}
CALLS = {"read_pickle", "to_pickle"}


def _unsafe(tree: ast.AST) -> Iterator[str]:
    """What in a syntax tree writes or reads pickles."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (n.name for n in names if n.name.split(".")[0] in LIBRARIES)
            case ast.ImportFrom(module=str(module), names=names):
                imported = {module.split(".")[0], *(n.name for n in names)}
                yield from sorted(imported & (LIBRARIES | CALLS))
            case ast.Attribute(attr=name) if name in CALLS:
                yield name
            case ast.keyword(arg="allow_pickle", value=value) if not _is_false(value):
                yield "allow_pickle"
            case _:
                pass


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def test_product_code_uses_no_pickle() -> None:
    files = python_files(*PACKAGES)
    assert_none(f"{name_of(path)}: {use}" for path in files for use in _unsafe(parse(path)))


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "def load():\n    import joblib.memory",
        "from cloudpickle import loads",
        "from pandas import read_pickle",
        "pd.read_pickle(path)",
        "frame.to_pickle(path)",
        "np.load(path, allow_pickle=True)",
        "np.load(path, allow_pickle=flag)",
    ],
)
def test_every_way_to_a_pickle_is_seen(code: str) -> None:
    assert list(_unsafe(ast.parse(code)))


def test_loading_arrays_without_pickle_is_fine() -> None:
    assert list(_unsafe(ast.parse("import json\nnp.load(path, allow_pickle=False)"))) == []
