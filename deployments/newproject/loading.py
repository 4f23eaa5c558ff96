"""The history that a sample shows, loaded; and what can be done with so many nights."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from deployments.checking import tell_batches
from flows.clock import tonight
from flows.find import find_project
from flows.ingest import history
from schemas.errors import DriftloopError
from schemas.monitoring import CALIBRATED_NIGHTS, PROVISIONAL_NIGHTS
from schemas.night import Plan
from schemas.project import Project
from tasks.engine.planning import plan_tonight
from tasks.home import home

_HOLE = timedelta(days=400)


@dataclass(frozen=True)
class Loaded:
    """The nights that were loaded, in lines for people, and the command that comes next."""

    first: date
    last: date
    lines: tuple[tuple[str, str], ...]
    next: str


def load_history(name: str, nights: Sequence[date]) -> Loaded | None:
    """Ingest from the first to the last of these nights; None where none of them is over.

    Nights of the future wait. Nights before a hole of more than 400 days are left out.
    """
    project = find_project(name)
    over = _over(project, nights)
    if not over:
        return None
    first, last = _after_holes(over), over[-1]
    history.fn(name, first, last)
    plan = plan_tonight(home(), project, last, None, frozenset())
    lines = (*_tell_left(nights, over, first), *tell_batches(home(), project))
    can_fit = _missing(plan, project) is None
    told = (*lines, *_tell_plan(plan, project))
    return Loaded(first, last, told, f"driftloop {'retrain' if can_fit else 'night'} {name}")


def resume(name: str) -> str | None:
    """The command that goes on where loading was stopped; None where no project can be read."""
    try:
        project = find_project(name)
        over = _over(project, project.source.nights())
    except DriftloopError:
        return None
    if not over:
        return None
    return f"driftloop night {name} --history --from {_after_holes(over)} --to {over[-1]}"


def _over(project: Project, nights: Sequence[date]) -> list[date]:
    return [night for night in sorted(nights) if night <= tonight(project)]


def _after_holes(nights: Sequence[date]) -> date:
    first = nights[0]
    for before, after in pairwise(nights):
        first = after if after - before > _HOLE else first
    return first


def _tell_left(
    nights: Sequence[date], over: Sequence[date], first: date
) -> Iterator[tuple[str, str]]:
    if old := sum(night < first for night in over):
        yield "left out", f"{old} nights before {first}, which a hole of over 400 days cuts off"
    if later := len(nights) - len(over):
        yield "left out", f"{later} nights that are not over yet"


def _tell_plan(plan: Plan, project: Project) -> Iterator[tuple[str, str]]:
    yield (
        "champion",
        _missing(plan, project)
        or (
            f"the first can be fitted now, on {plan.usable} labelled {_counted(project)} with "
            f"{plan.usable_rows:,} rows"
        ),
    )
    yield "drift", _tell_drift(plan, project)


def _tell_drift(plan: Plan, project: Project) -> str:
    full, what = project.policy.reference_nights, _counted(project)
    shown = f"alarms are shown from {PROVISIONAL_NIGHTS} reference {what} on"
    if full < CALIBRATED_NIGHTS:
        return (
            f"{shown}; with reference_nights={full} they start no retrain, which takes "
            f"{CALIBRATED_NIGHTS}"
        )
    left = max(0, CALIBRATED_NIGHTS - (plan.usable - plan.gate_nights))
    when = f"in about {left} {what}" if left else "at once"
    return f"{shown}, count from {CALIBRATED_NIGHTS} and are best from {full}: they count {when}"


def _counted(project: Project) -> str:
    return "nights" if project.period == "day" else f"{project.period}s"


def _missing(plan: Plan, project: Project) -> str | None:
    """What the first champion still waits for."""
    policy = project.policy
    if plan.one_class and plan.usable:
        return "waits: all labels have one value"
    needed = policy.min_nights + plan.embargo
    nights, rows = needed - plan.usable, policy.min_rows - plan.usable_rows
    a_night = plan.usable_rows / plan.usable if plan.usable else 0
    if rows > 0 and a_night:
        nights = max(nights, -int(-rows // a_night))
    if nights <= 0 and rows <= 0:
        return None
    return (
        f"the first can be fitted after about {max(nights, 1)} more labelled {_counted(project)}: "
        f"{plan.usable} of {needed} and {plan.usable_rows:,} of {policy.min_rows:,} rows"
    )
