"""Imports run one way, and only as far as they must. The contracts stand in pyproject.toml."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import PACKAGES, PYPROJECT, ROOT

HEAVY = {"evidently", "pandas", "pandera", "prefect", "sklearn", "xgboost"}

LOCATE = """
import importlib, json, sys
print(json.dumps([importlib.import_module(name).__file__ for name in sys.argv[1:]]))
"""

LINT_IMPORTS = """
import contextlib, io, sys
from importlinter.cli import lint_imports
with contextlib.redirect_stdout(io.StringIO()) as said:
    exit_code = lint_imports(no_cache=True, no_logo=True)
sys.exit(said.getvalue() if exit_code else 0)
"""

ASK_FOR_HELP = """
import json, sys
from deployments.cli import main
sys.argv = ["driftloop", "--help"]
try:
    main()
except SystemExit as leaving:
    print(json.dumps({"exit": leaving.code, "modules": sorted(sys.modules)}))
"""


def _run(code: str, *arguments: str, cwd: Path) -> str:
    """Run code as the `driftloop` command would: from anywhere, with the installed packages."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_contracts_are_kept() -> None:
    # in a process of its own: it disables every logger that it did not make
    _run(LINT_IMPORTS, cwd=ROOT)


def test_contracts_and_wheel_know_all_packages() -> None:
    tools = PYPROJECT["tool"]
    assert set(tools["importlinter"]["root_packages"]) == set(PACKAGES)
    assert set(tools["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(PACKAGES)


def test_every_folder_below_tasks_is_kept_from_prefect() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    [kept_away] = [
        c["source_modules"] for c in contracts if c.get("forbidden_modules") == ["prefect"]
    ]
    folders = {f"tasks.{path.parent.name}" for path in (ROOT / "tasks").glob("*/__init__.py")}
    assert folders <= set(kept_away)


def test_our_generic_package_names_win(tmp_path: Path) -> None:
    found = json.loads(_run(LOCATE, *PACKAGES, cwd=tmp_path))
    assert found == [str(ROOT / package / "__init__.py") for package in PACKAGES]


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    answer = json.loads(_run(ASK_FOR_HELP, cwd=tmp_path).splitlines()[-1])
    assert answer["exit"] in (0, None)
    assert HEAVY & set(answer["modules"]) == set()
