"""How a flow ends: on Prefect in a state named after its outcome, elsewhere with its value.

What the states are called is `tasks.telling.states`.
"""

from typing import Any, TypeVar

from prefect.context import FlowRunContext
from prefect.states import Completed

from tasks.telling.states import Ending

R = TypeVar("R")


def end(value: R, ending: Ending) -> R:
    """The value itself outside of a run; in a run a completed state whose name says the outcome."""
    if FlowRunContext.get() is None:
        return value
    state: Any = Completed(name=ending.name, message=ending.sentence, data=value)
    return state  # type: ignore[no-any-return]  # a flow may return a state for its value
