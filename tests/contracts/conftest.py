"""The landing zone, one family of each kind and every task, for the tests of this folder."""

from typing import Any

import pytest

from schemas.project import ModelFamily, Task
from tests.contracts.families import FAMILIES, TASKS, name_of
from tests.landing import landing_zone, own_zone

__all__ = ["family", "landing_zone", "own_zone", "task"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """No test of a task that its family refuses with the project file."""
    items[:] = [item for item in items if not _is_refused(getattr(item, "callspec", None))]


def _is_refused(spec: Any) -> bool:
    told = spec.params if spec else {}
    return "task" in told and "family" in told and told["family"].objection(told["task"])


@pytest.fixture(params=FAMILIES, ids=name_of)
def family(request: pytest.FixtureRequest) -> ModelFamily:
    """One of each kind."""
    made: ModelFamily = request.param
    return made


@pytest.fixture(params=TASKS)
def task(request: pytest.FixtureRequest) -> Task:
    """Every task."""
    made: Task = request.param
    return made
