"""Files loaded as they are now, whatever Python remembers of them."""

import os
import sys
from pathlib import Path

import pytest

from flows.load import load_module
from schemas.errors import InvalidProject


def _write(path: Path, text: str) -> Path:
    """Written at one and the same second, always."""
    path.write_text(text)
    os.utime(path, ns=(10**18, 10**18))
    return path


def test_an_edit_of_equal_size_in_the_same_second_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "sales.py"
    values = [load_module(_write(path, f"VALUE = {value}\n")).VALUE for value in (1, 2, 1)]
    assert values == [1, 2, 1]


def test_a_neighbour_is_imported_and_its_edit_seen(tmp_path: Path) -> None:
    path = _write(tmp_path / "sales.py", "from .sales_contract import VALUE\n")
    neighbour = tmp_path / "sales_contract.py"
    values = []
    for value in (1, 2):
        _write(neighbour, f"VALUE = {value}\n")
        values.append(load_module(path).VALUE)
    assert values == [1, 2]


def test_an_unedited_file_is_not_run_again(tmp_path: Path) -> None:
    path = _write(tmp_path / "sales.py", "VALUE = object()\n")
    assert load_module(path) is load_module(path)


def test_neither_the_search_path_nor_the_folder_is_touched(tmp_path: Path) -> None:
    before = list(sys.path)
    path = _write(tmp_path / "json.py", "VALUE = 1\n")
    assert load_module(path).VALUE == 1
    assert sys.path == before
    assert sys.modules["json"].__file__ != str(path)
    assert list(tmp_path.iterdir()) == [path]


def test_files_of_one_name_in_two_folders_are_two_modules(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        _write(tmp_path / name / "sales.py", f"VALUE = {name!r}\n")
    assert [load_module(tmp_path / name / "sales.py").VALUE for name in "ab"] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("X = 1\ny = = 2\n", r"SyntaxError.* line 2"),
        ("\n\nraise ValueError('no\\nluck')\n", "ValueError in sales.py line 3: no luck"),
        ("import sys\nsys.exit(3)\n", "SystemExit in sales.py line 2: 3"),
        ("import absent_module\n", "No module named 'absent_module'"),
        ("from .absent import x\n", "absent"),
        ("def f(): return f()\nf()\n", "RecursionError"),
        ("X = '\0'\n", "null bytes"),
    ],
)
def test_whatever_goes_wrong_is_said_with_its_place(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(InvalidProject, match=why) as refusal:
        load_module(_write(tmp_path / "sales.py", text))
    assert "\n" not in str(refusal.value)


def test_a_field_that_is_refused_is_named_without_its_input_or_a_link(tmp_path: Path) -> None:
    text = "from schemas.policy import Policy\nPolicy(budget=-1, min_nights='x')\n"
    with pytest.raises(InvalidProject, match=r"line 2: min_nights: .*; budget: ") as refusal:
        load_module(_write(tmp_path / "sales.py", text))
    assert "http" not in str(refusal.value)
    assert "input_value" not in str(refusal.value)


def test_text_in_another_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "sales.py").write_bytes(b"X = '\xff'\n")
    with pytest.raises(InvalidProject, match="SyntaxError"):
        load_module(tmp_path / "sales.py")
