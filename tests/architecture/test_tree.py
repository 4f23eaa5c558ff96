"""No file of the project names the machine it was written on, nor where packages come from."""

import re
from collections.abc import Iterator

import pytest

from tests.architecture.tree import all_files, assert_none, name_of

FOREIGN = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|debian|docker|quay)\.(?:org|com|io)\b"
    r"|(?<![\w.~-])/(?:root/|Users/\w|work/(?:main|shared)|opt/(?:pypi|wheels)|tmp/bash)"
)


def _mentions(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        yield from (f"{number}: {found}" for found in FOREIGN.findall(line))


def test_no_file_names_a_registry_or_a_machine() -> None:
    assert_none(
        f"{name_of(path)}:{mention}"
        for path in all_files()
        for mention in _mentions(path.read_text(errors="replace"))
    )


@pytest.mark.parametrize("host", ["pypi", "files.pythonhosted", "deb.debian"])
def test_registry_hosts_are_seen(host: str) -> None:
    assert list(_mentions(f"see https://{host}" + ".org/simple"))


@pytest.mark.parametrize("path", ["root/.cache", "work/" + "main/x", "Users/me"])
def test_machine_paths_are_seen(path: str) -> None:
    assert list(_mentions(f"open('/{path}')"))
