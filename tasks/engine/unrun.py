"""Delivered nights that no run has taken up: those missed beyond what is made up for by itself.

Which nights a run makes up for is `tasks.engine.standing.nights_to_run`.
"""

from datetime import date

from schemas.errors import DriftloopError
from schemas.period import period_of, periods, shift, within
from schemas.project import Project
from tasks.engine.standing import nights_to_run
from tasks.store import Store


def find_unrun(store: Store, project: Project, tonight: date) -> tuple[date, ...]:
    """Nights after the first recorded one that are in no record, though something was delivered.

    Those that the next run makes up for do not count. The source is only asked what it has, and
    only where a night is missing; a source that does not answer is told of by the night's run.
    """
    recorded = {place.as_of for place, _ in store.places("nights", project.name) if place.as_of}
    if not recorded or period_of(max(recorded)) != project.period:
        return ()
    newest = max(recorded)
    next_run = nights_to_run(newest, tonight, project.policy.catch_up)[0]
    missing = [
        night
        for night in periods(min(recorded), shift(next_run, -1))
        if night not in recorded and project.policy.keeps(night, newest)
    ]
    delivered = _delivered(project) if missing else frozenset()
    return tuple(night for night in missing if night in delivered)


def _delivered(project: Project) -> frozenset[date]:
    """What the source has, in the project's periods: it may name days whatever they are."""
    try:
        named = project.source.nights()
    except DriftloopError:
        return frozenset()
    return frozenset(
        one for night in named for one in within(project.period, night, project.timezone)
    )
