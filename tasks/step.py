"""How a task is worn: a Prefect task inside a flow run, the plain function everywhere else.

So every flow also runs without a server: `flow.fn(...)` calls the same functions directly.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext

P = ParamSpec("P")
R = TypeVar("R")


class _Step(Task[..., Any]):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if FlowRunContext.get() is None:
            return self.fn(*args, **kwargs)
        return super().__call__(*args, **kwargs)


def step(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function a task; it is never cached by its inputs, since ids are by content."""
    return cast(Callable[P, R], _Step(function, cache_policy=NO_CACHE, persist_result=False))
