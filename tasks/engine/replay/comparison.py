"""What lived policies came to over the same nights: metric, loss, kept gain, worst month, cost.

Living through them is `tasks.engine.replay.simulate`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

import numpy as np

from schemas.errors import NotYet
from schemas.project import Task
from schemas.quantiles import LEVELS
from tasks.core.metrics import summarise
from tasks.engine.replay.moves import count_causes
from tasks.engine.replay.simulate import Lived, ScoredNight

Metric = Literal["auc", "log_loss", "rmse", "deviance", "pinball"]
METRICS: dict[Task, Metric] = {
    "binary": "auc",
    "multiclass": "log_loss",
    "regression": "rmse",
    "count": "deviance",
    **dict.fromkeys(LEVELS, "pinball"),
}
NEVER, NIGHTLY = "never", "nightly"

_MONTH_NIGHTS = 10  # a month of fewer nights says little


@dataclass(frozen=True)
class Month:
    """The metric of one month's nights."""

    name: str
    value: float


@dataclass(frozen=True)
class Result:
    """One policy. `kept` is its share of what nightly retraining gains over never, by the metric.

    `states` counts its nights by their state, also those before the nights that are compared.
    `row_rounds` are those of its retrains; the first champion, which all share, is not counted.
    """

    policy: str
    nights: int
    retrains: int
    retrains_a_night: float
    refused: int
    states: dict[str, int]
    causes: dict[str, int]
    alarms: int
    metric: float | None
    loss: float
    kept: float | None
    worst_month: Month | None
    row_rounds: int
    losses: dict[date, float]
    promoted: tuple[date, ...]


@dataclass(frozen=True)
class Comparison:
    """Policies over the nights that all of them scored, in the order given."""

    metric: Metric
    first: date
    last: date
    results: tuple[Result, ...]


def compare(task: Task, lives: Sequence[Lived], since: date | None = None) -> Comparison:
    """Compare policies over the nights that all of them scored, from `since` on.

    Raises:
        NotYet: there is no such night.
    """
    common = set.intersection(*({night.as_of for night in lived.scored} for lived in lives))
    common = {night for night in common if since is None or night >= since}
    if not common:
        raise NotYet("no night was scored by all policies: is there a first champion before them?")
    scored = {
        lived.policy: [night for night in lived.scored if night.as_of in common] for lived in lives
    }
    metrics = {policy: pooled(task, nights) for policy, nights in scored.items()}
    results = [
        _result(task, lived, scored[lived.policy], kept_gain(METRICS[task], metrics, lived.policy))
        for lived in lives
    ]
    return Comparison(METRICS[task], min(common), max(common), tuple(results))


def _result(task: Task, lived: Lived, nights: Sequence[ScoredNight], kept: float | None) -> Result:
    since = nights[0].as_of
    retrains = [ended for ended in lived.retrains if ended.move.as_of >= since]
    return Result(
        policy=lived.policy,
        nights=len(nights),
        retrains=len(retrains),
        retrains_a_night=len(retrains) / len(nights),
        states=dict(sorted(Counter(lived.states).items())),
        refused=sum(ended.outcome != "passed" for ended in retrains),
        causes=count_causes([ended.move for ended in retrains]),
        alarms=sum(alarm.as_of >= since for alarm in lived.alarms),
        metric=pooled(task, nights),
        loss=_mean_loss(nights),
        kept=kept,
        worst_month=worst_month(task, nights),
        row_rounds=lived.row_rounds,
        losses={night.as_of: night.loss for night in nights},
        promoted=tuple(ended.move.as_of for ended in retrains if ended.outcome == "passed"),
    )


def pooled(task: Task, nights: Sequence[ScoredNight]) -> float | None:
    """The metric over the rows of all these nights; None where one class makes AUC undefined."""
    target = np.concatenate([night.target for night in nights])
    prediction = np.concatenate([night.prediction for night in nights])
    return summarise(task, target, prediction).get(METRICS[task])


def kept_gain(metric: Metric, found: dict[str, float | None], policy: str) -> float | None:
    """(policy - never) / (nightly - never); None when nightly retraining gains nothing, or loses.

    >>> kept_gain("auc", {"never": 0.70, "nightly": 0.74, "own": 0.73}, "own")
    0.75
    """
    never, nightly, own = (found.get(name) for name in (NEVER, NIGHTLY, policy))
    if never is None or nightly is None or own is None:
        return None
    gain = nightly - never
    if (gain if metric == "auc" else -gain) <= 0:
        return None
    return round((own - never) / gain, 6) + 0.0  # no -0.0


def worst_month(task: Task, nights: Sequence[ScoredNight]) -> Month | None:
    """The calendar month with the worst metric, of those with at least 10 nights."""
    months = list(_months(task, nights))
    worst = min if METRICS[task] == "auc" else max
    return worst(months, key=lambda month: month.value) if months else None


def _months(task: Task, nights: Sequence[ScoredNight]) -> Iterator[Month]:
    for name, group in groupby(nights, key=lambda night: f"{night.as_of:%Y-%m}"):
        month = list(group)
        value = pooled(task, month)
        if len(month) >= _MONTH_NIGHTS and value is not None:
            yield Month(name, value)


def _mean_loss(nights: Sequence[ScoredNight]) -> float:
    """Mean loss of a row."""
    rows = [len(night.target) for night in nights]
    return float(np.average([night.loss for night in nights], weights=rows))


def rolling(losses: dict[date, float], nights: int = 14) -> dict[date, float]:
    """Mean of the newest so many nights' losses, from the first night that has as many behind it.

    >>> one, two = date(2026, 1, 1), date(2026, 1, 2)
    >>> rolling({one: 1.0, two: 3.0}, nights=2)
    {datetime.date(2026, 1, 2): 2.0}
    """
    dates = sorted(losses)
    return {
        dates[end]: float(np.mean([losses[night] for night in dates[end - nights + 1 : end + 1]]))
        for end in range(nights - 1, len(dates))
    }
