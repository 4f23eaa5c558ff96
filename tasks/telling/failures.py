"""Runs that failed, crashed or never started, in words. Finding them is `tasks.engine.outbox`."""

from collections.abc import Iterator
from datetime import date

from schemas.names import check_night
from schemas.period import periods
from schemas.project import Project
from tasks.engine.outbox import Topic
from tasks.engine.reconcile import find_undone, judgements_for
from tasks.engine.standing import night_of
from tasks.store import Store
from tasks.telling.content import Content

_REPAIR = {
    "nightly": "The next nightly run makes up for missed nights, oldest first.",
    "retrain": "The next nightly run carries out what was decided and left undone.",
}


def tell_failed_run(project: Project, flow: str, night: date | None, state: str) -> Content:
    """A run that has just ended badly; Prefect says in which state."""
    about = f" of night {night}" if night else ""
    return Content(
        tone="failure",
        as_of=night,
        headline=f"a {flow} run has failed",
        sentence=f"The {flow} run{about} ended in state {state}.",
        meaning="What a run had not finished has no effect, and can be run again safely.",
        did=(_REPAIR.get(flow, "Nothing: whoever started it must start it again."),),
        commands=(_again(project.name, flow, night),),
    )


def tell_silent_runs(store: Store, project: Project, topic: Topic) -> Content:
    """The same as a later round sees it, from what the store lacks."""
    flow = topic.source.split("/")[1]
    last = check_night(topic.source.rpartition("/")[2])
    if flow == "nightly":
        return _silent_nights(store, project, check_night(topic.subjects[0]), last)
    if flow == "retrain":
        return _silent_retrain(store, project, last)
    return tell_failed_run(project, flow, last, "Failed or Crashed")


def _silent_nights(store: Store, project: Project, first: date, last: date) -> Content:
    nights = list(periods(first, last))
    missing = [night for night in nights if night_of(store, project.name, night) is None]
    one = len(nights) == 1
    which = f"night {last}" if one else f"the nights from {first} to {last}"
    return Content(
        tone="failure",
        as_of=last,
        headline="a nightly run did not finish" if one else "nightly runs did not finish",
        sentence=f"No nightly run of {which} came to its end.",
        meaning="It failed, was killed or never started; or it ran where DRIFTLOOP_ALERT_URLS is "
        "not set.",
        did=tuple(_made_up(len(nights), len(missing))),
        commands=tuple(_run_again(project.name, missing)),
    )


def _made_up(nights: int, missing: int) -> Iterator[str]:
    if missing < nights:
        made = "it" if nights == 1 else f"{nights - missing} of the {nights} nights"
        yield f"A later run made up for {made}, with the decisions that were due then."
    if missing:
        left = "This night has" if nights == 1 else f"{missing} of the {nights} nights have"
        yield f"{left} no record, and no run will make up for that: a person may."


def _run_again(project: str, missing: list[date]) -> Iterator[str]:
    if not missing:
        yield f"driftloop nights {project}"
    elif len(missing) == 1:
        yield f"driftloop night {project} --as-of {missing[0]}"
    else:
        yield f"driftloop night {project} --from {missing[0]} --to {missing[-1]}"


def _silent_retrain(store: Store, project: Project, night: date) -> Content:
    ended = _ended(store, project.name, night)
    return Content(
        tone="failure",
        as_of=night,
        headline="a retrain did not finish",
        sentence=f"The retrain that night {night} decided had not ended by the next night.",
        meaning="It failed, was killed or never started.",
        did=(f"A nightly run has carried it out: {ended}",)
        if ended
        else ("Nothing came of it so far; each nightly run tries again.",),
        commands=(f"driftloop why {project.name} {night}",),
    )


def _ended(store: Store, project: str, night: date) -> str | None:
    """What its newest attempt came to, unless that is still to be carried out."""
    found = night_of(store, project, night)
    attempts = judgements_for(store, project, found[0]) if found else []
    undone = find_undone(store, project)
    if not found or not attempts or (undone and undone.night_key == found[0]):
        return None
    return attempts[-1][1].sentence


def _again(project: str, flow: str, night: date | None) -> str:
    if flow == "nightly" and night:
        return f"driftloop night {project} --as-of {night}"
    if flow == "retrain":
        return f"driftloop retrain {project}"
    return f"driftloop status {project}"
