"""The families from the simplest up. How they compare on data is `tasks.engine.ladder`."""

from collections.abc import Sequence

from schemas.project import ModelFamily, Task
from tasks.families.linear import Linear
from tasks.families.neural import Neural
from tasks.families.prior import Prior
from tasks.families.tree import Tree
from tasks.families.xgboost import XGBoost


def default_ladder(own: ModelFamily, task: Task) -> tuple[ModelFamily, ...]:
    """Every shipped family that can do the task, the project's own in the place of its kind.

    A seasonal constant is among them where it is the project's own: which features tell seasons
    apart, nobody else can say. One of a kind that is not shipped stands in the place of XGBoost.
    """
    seasonal = (own,) if own.kind == "Seasonal" else ()
    rungs = (Prior(), *seasonal, Linear(), Tree(), XGBoost(), Neural())
    place = own.inner.kind if own.inner.kind in {rung.kind for rung in rungs} else "XGBoost"
    found = (own if rung.kind == place else rung for rung in rungs)
    return tuple(rung for rung in found if not rung.objection(task))


def simplest_below(
    family: ModelFamily, ladder: Sequence[ModelFamily], task: Task
) -> ModelFamily | None:
    """The simplest family that learns anything, if it is simpler than this one."""
    rungs = ladder or default_ladder(family, task)
    learned = next((rung for rung in rungs if rung.kind != "Prior"), None)
    return learned if learned and is_simpler(learned, family, rungs) else None


def is_simpler(one: ModelFamily, other: ModelFamily, ladder: Sequence[ModelFamily]) -> bool:
    """Whether one stands lower on the ladder; of families that are not on it nobody can say.

    >>> is_simpler(Linear(), XGBoost(), default_ladder(XGBoost(), "binary"))
    True
    """
    places = [_place(family, ladder) for family in (one, other)]
    return places[0] is not None and places[1] is not None and places[0] < places[1]


def _place(family: ModelFamily, ladder: Sequence[ModelFamily]) -> int | None:
    """That of the very family, else that of its kind, calibrated or not."""
    kinds = [rung.inner.kind for rung in ladder]
    if family in ladder:
        return list(ladder).index(family)
    return kinds.index(family.inner.kind) if family.inner.kind in kinds else None
