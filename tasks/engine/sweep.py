"""One family's fit at several learning rates, pass by pass: which are too high, which too low.

What a curve says of its rate is `tasks.core.curves`.
"""

from collections.abc import Callable, Iterator

from pydantic import ValidationError

from schemas.errors import ModelUnusable
from schemas.project import ModelFamily, Project
from schemas.search import Params, RateTried
from tasks.core.curves import read_curve
from tasks.engine.folds import FoldRows
from tasks.engine.learning import said_of, trace_family
from tasks.engine.limited import limited

FACTORS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""By which the project's own rate is multiplied."""

_RATE = "learning_rate"


def with_params(family: ModelFamily, params: Params) -> ModelFamily:
    """The family with other parameters, checked as in a project file.

    Raises:
        ValidationError: it does not take them.
    """
    varied = family.inner
    fields = varied.model_dump(exclude={"kind"})
    changed = type(varied).model_validate({**fields, **params})
    return changed if varied is family else family.model_copy(update={"family": changed})


def sweep_rates(
    project: Project, rows: FoldRows, minutes: float, tell: Callable[[str], None]
) -> tuple[RateTried, ...]:
    """The curves of one fold at each rate that the family takes; none where it has no such field.

    A rate at which the fit fails is told with the reason.
    """
    if _RATE not in type(project.family.inner).model_fields:
        return ()
    return tuple(_try(project, one, rows, minutes, tell) for one in _families(project.family))


def _families(own: ModelFamily) -> Iterator[ModelFamily]:
    for factor in FACTORS:
        try:
            yield with_params(own, {_RATE: float(f"{getattr(own.inner, _RATE) * factor:.3g}")})
        except ValidationError:
            continue


def _try(
    project: Project,
    family: ModelFamily,
    rows: FoldRows,
    minutes: float,
    tell: Callable[[str], None],
) -> RateTried:
    rate = getattr(family.inner, _RATE)
    tell(f"{rate:g}")
    _, matrix, target = rows.prepared
    judged = (rows.judging.matrix, rows.judging.target)
    try:
        with limited(minutes, project.name), said_of(project, "fitting"):
            losses = trace_family(project, family, (matrix, target), judged)
    except ModelUnusable as error:
        return RateTried(
            rate=rate, curve=None, failure=str(error).removeprefix(f"{project.name}: ")
        )
    return RateTried(rate=rate, curve=read_curve(losses) if losses else None)
