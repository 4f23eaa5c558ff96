"""README and docs against the command line: what they tell people to type exists."""

import re
import shlex
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from cyclopts import CycloptsError

from deployments.cli import app
from tests.architecture.tree import ROOT, assert_none, name_of

README = ROOT / "README.md"
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND_IN_TABLE = re.compile(r"`driftloop ([a-z][a-z-]*)")
OPERATORS = {"&&", "||", "|", ";", "&", ">", ">>", "<"}


def _pages() -> list[Path]:
    return [README, *sorted((ROOT / "docs").rglob("*.md"))]


def _typed(page: Path, program: str) -> Iterator[list[str]]:
    """The arguments of each call of a program in a page's shell blocks."""
    for block in SHELL_BLOCK.findall(page.read_text()):
        for line in block.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars=True)
            lexer.commenters, lexer.whitespace_split = "#", True
            for is_operator, words in groupby(lexer, key=OPERATORS.__contains__):
                call = [word for word in words if not re.match(r"[A-Z_]+=", word)]
                if not is_operator and call and Path(call[0]).name == program:
                    yield call[1:]


def _commands() -> set[str]:
    return {name for name in app if not name.startswith("-")}


def _refusal(arguments: list[str]) -> str | None:
    """Why the command line would not take these arguments; nothing is run."""
    try:
        app.parse_args(arguments, print_error=False, exit_on_error=False)
    except CycloptsError as error:
        return f"driftloop {shlex.join(arguments)}: {error}"
    return None


def test_every_command_line_in_the_docs_is_accepted() -> None:
    assert_none(
        f"{name_of(page)}: {refusal}"
        for page in _pages()
        for arguments in _typed(page, "driftloop")
        if (refusal := _refusal(arguments))
    )


def test_the_source_that_the_readme_shows_is_the_one_that_a_wheel_runs_in_the_tests() -> None:
    (shown,) = re.findall(r"^```python\n(.*?)^```", README.read_text(), re.DOTALL | re.MULTILINE)
    assert (
        shown in (ROOT / "tests" / "deployments" / "own_server" / "team" / "sales.py").read_text()
    )


def test_readme_lists_exactly_the_commands_that_exist() -> None:
    rows = [line for line in README.read_text().splitlines() if line.startswith("|")]
    assert {name for row in rows for name in COMMAND_IN_TABLE.findall(row)} == _commands()


def test_every_make_target_in_the_docs_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    typed = [word for page in _pages() for call in _typed(page, "make") for word in call]
    assert {word for word in typed if "=" not in word} <= targets


def test_shell_blocks_are_read_as_a_shell_reads_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```sh\n"
        "$ DRIFTLOOP_STORE=file:///x .venv/bin/driftloop night sales --from 2026-03-01 # why\n"
        "make demo && driftloop status | head\n"
        "driftloop rollback \\\n  --reason 'it is worse'\n"
        "```\n"
        "```text\ndriftloop nothing\n```\n"
    )
    assert list(_typed(page, "driftloop")) == [
        ["night", "sales", "--from", "2026-03-01"],
        ["status"],
        ["rollback", "--reason", "it is worse"],
    ]
