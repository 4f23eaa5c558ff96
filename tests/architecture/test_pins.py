"""The versions that were tested together are the ones installed, and the lock stands for them."""

import re
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.architecture.tree import PYPROJECT, ROOT

LOCK = (ROOT / "requirements.lock").read_text()
PIN = re.compile(
    r"^([a-z0-9-]+)==([^ ]+)[^\n]*\n((?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n)*)", re.MULTILINE
)

# A resolver that cannot satisfy everything picks an old release of one of these instead of failing.
TESTED = {
    "boto3": "==1.*",
    "evidently": "==0.7.*",
    "pandas": "==3.0.*",
    "pandera": "==0.35.*",
    "prefect": "==3.9.*",
    "xgboost": ">=3.2,<3.5",
}


@pytest.mark.parametrize(("package", "versions"), TESTED.items())
def test_installed_version_is_one_that_was_tested(package: str, versions: str) -> None:
    assert version(package) in SpecifierSet(versions)


def test_every_locked_package_has_a_hash() -> None:
    entries = [line.split("==")[0] for line in LOCK.splitlines() if re.match(r"[^\s#]", line)]
    assert entries == [name for name, _, hashes in PIN.findall(LOCK) if hashes]


def test_lock_holds_no_address() -> None:
    assert "://" not in LOCK
    assert "--index" not in LOCK
    assert " @ " not in LOCK


def test_lock_satisfies_pyproject() -> None:
    groups = PYPROJECT["dependency-groups"].values()
    asked = [*PYPROJECT["project"]["dependencies"], *(line for group in groups for line in group)]
    assert [line for line in asked if not _is_locked(Requirement(line))] == [], "run `make lock`"


def _is_locked(need: Requirement) -> bool:
    name = canonicalize_name(need.name)
    return any(pin == name and locked in need.specifier for pin, locked, _ in PIN.findall(LOCK))
