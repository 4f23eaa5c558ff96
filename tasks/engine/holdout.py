"""How often the gate nights of a contest have judged before, read from past judgements.

The count itself is `tasks.core.holdout`.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from schemas.errors import Damaged, Missing
from schemas.judgement import Contest, Judgement
from schemas.project import Project
from tasks.core.holdout import judged_before
from tasks.store import Store


def with_judged_before(
    store: Store, project: Project, contest: Contest, challenger: str
) -> Contest:
    """The contest with that count; nothing is read for a refresh."""
    gate = [night.as_of for night in contest.nights]
    if not gate:
        return contest
    past = _past(store, project, min(gate))
    count = judged_before(contest.kind, challenger, gate, past)
    return contest.model_copy(update={"judged_before": count})


def _past(store: Store, project: Project, since: date) -> Iterator[tuple[str, list[date]]]:
    """Challenger and gate nights of the attempts since that night: earlier ones had none of it."""
    for place, key in store.places("judgements", project.name):
        if place.as_of is None or place.as_of < since:
            continue
        with suppress(Missing, Damaged):  # for `driftloop verify` to tell, not a reason to stop
            judged = store.record(key, Judgement)
            if judged.challenger and judged.contest:
                yield judged.challenger.id, [night.as_of for night in judged.contest.nights]
