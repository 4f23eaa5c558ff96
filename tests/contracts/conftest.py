"""The landing zone, one family of each kind and every task, for the tests of this folder."""

import pytest

from schemas.project import ModelFamily, Task
from tests.contracts.families import FAMILIES, TASKS, name_of
from tests.landing import landing_zone, own_zone

__all__ = ["family", "landing_zone", "own_zone", "task"]


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
