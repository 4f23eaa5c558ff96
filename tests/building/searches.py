"""Searches as they are stored, for cards and pages: of families, and of parameters."""

from datetime import date
from typing import Any

from schemas.curve import Curve, Losses
from schemas.search import (
    KeptOut,
    LadderFound,
    Measured,
    RateTried,
    Search,
    Trial,
    TriedFamily,
    Tuned,
)
from tasks.core.curves import read_curve
from tests.building.project import NAME


def measured(behind: float, error: float = 0.1) -> Measured:
    """A loss so far behind the best."""
    return Measured(
        loss=1 + behind, lower=0.8 + behind, upper=1.2 + behind, behind=behind, standard_error=error
    )


def build_curve(*validation: float, chosen: int | None = None) -> Curve:
    """The curve of these losses on later rows; those on the rows fitted are half of them."""
    return read_curve(Losses(tuple(loss / 2 for loss in validation), validation, chosen))


def build_ladder(as_of: date, number: int = 1, **fields: Any) -> Search:
    """Two families, and one that failed; the first is chosen."""
    families = [
        ("Linear()", measured(0.05), ""),
        ("XGBoost()", measured(0.0), ""),
        ("Neural()", None, "fitting failed"),
    ]
    tried = [
        TriedFamily(
            family={"kind": declared[:-2]},
            declared=declared,
            measured=found,
            failure=failure,
            fit_seconds=0.5,
            model_bytes=1000,
            rows_a_second=123456,
        )
        for declared, found, failure in families
    ]
    found = LadderFound(tried=tuple(tried), chosen=0)
    return _search(as_of, number, ladder=found, why="Linear: the simplest.", **fields)


def build_tuning(as_of: date, number: int = 1, **fields: Any) -> Search:
    """Four trials: the project's, the best, one that was given up, one that failed."""
    states: list[tuple[Any, float | None, Measured | None]] = [
        ("complete", 0.7, measured(0.3)),
        ("complete", 0.6, measured(0.0)),
        ("pruned", 0.9, None),
        ("failed", None, None),
    ]
    trials = [
        Trial(
            number=number,
            params={"learning_rate": 0.1 * (number + 1), "max_depth": 3 + number},
            state=state,
            origin="sampled" if number else "project",
            folds=2,
            share=share,
            measured=found,
            failure="fitting failed" if state == "failed" else "",
        )
        for number, (state, share, found) in enumerate(states)
    ]
    sweep = (
        RateTried(rate=0.05, curve=build_curve(*(1 - at / 100 for at in range(50)))),
        RateTried(rate=0.1, curve=build_curve(1.0, 0.5, 0.4, 0.4)),
        RateTried(rate=0.2, curve=build_curve(1.0, *(0.9 + at / 9 for at in range(20)))),
        RateTried(rate=0.4, curve=build_curve(1.0, float("nan"))),
        RateTried(rate=0.8, curve=None, failure="fitting failed"),
    )
    tuned = Tuned(
        family={"kind": "XGBoost", "learning_rate": 0.1, "max_depth": 3},
        trials=tuple(trials),
        best=1,
        chosen=1,
        kept_out=KeptOut(
            cut=as_of, nights=7, rows=280, project=1.1, best=1.0, gain=0.1, standard_error=0.05
        ),
        importance={"max_depth": 0.9, "learning_rate": 0.1},
        sweep=sweep,
        rounds=99,
    )
    return _search(as_of, number, tuned=tuned, why="Trial 1 loses less.", **fields)


def _search(as_of: date, number: int, **fields: Any) -> Search:
    usual: dict[str, Any] = {
        "project": NAME,
        "as_of": as_of,
        "number": number,
        "task": "binary",
        "recipe": "0" * 64,
        "cuts": (as_of,),
        "judged_nights": 14,
        "judged_rows": 560,
        "trained_rows": 2_000,
        "folds": "2 cut-offs.",
        "next": ("driftloop tune shop",),
    }
    return Search(**{**usual, **fields})
