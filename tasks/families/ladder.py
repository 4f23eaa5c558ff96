"""The families from the simplest up. How they compare on data is `tasks.engine.ladder`."""

from schemas.project import ModelFamily
from tasks.families.linear import Linear
from tasks.families.neural import Neural
from tasks.families.prior import Prior
from tasks.families.tree import Tree
from tasks.families.xgboost import XGBoost


def default_ladder(own: ModelFamily) -> tuple[ModelFamily, ...]:
    """Every shipped family, the project's own in the place of its kind.

    One of a kind that is not shipped stands in the place of XGBoost.
    """
    rungs: tuple[ModelFamily, ...] = (Prior(), Linear(), Tree(), XGBoost(), Neural())
    place = own.kind if own.kind in {rung.kind for rung in rungs} else "XGBoost"
    return tuple(own if rung.kind == place else rung for rung in rungs)
