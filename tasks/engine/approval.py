"""Challengers that wait for a person's approval, and their approval: judged again, as approved.

That a challenger has to wait is for `tasks.gates.approval` to say.
"""

from dataclasses import dataclass
from datetime import date

from schemas.errors import Conflict, Declined, NotYet
from schemas.judgement import Cause, Judgement
from schemas.period import between
from schemas.project import Project
from tasks.engine.attempt import make_attempt
from tasks.engine.reconcile import entry_for
from tasks.engine.standing import committed_as_of
from tasks.store import Store
from tasks.store.ledger import read_standing


@dataclass(frozen=True)
class Waiting:
    """The newest attempt, which waits for a person; `over` says why approval comes too late."""

    key: str
    judgement: Judgement
    over: str | None


def find_waiting(store: Store, project: Project) -> Waiting | None:
    """The challenger that a person may approve now."""
    newest = _newest(store, project.name)
    if newest is None or newest[1].outcome != "waiting":
        return None
    waiting = _waiting(store, project, *newest)
    return None if waiting.over else waiting


def approve(store: Store, project: Project, as_of: date | None, reason: str, actor: str) -> str:
    """Judge the waiting challenger again, approved; the key of the judgement to carry out.

    Run again after a crash it finds the judgement that it made.

    Raises:
        NotYet: nothing waits.
        Declined: what was asked for is superseded, too old, or decided by somebody else.
    """
    newest = _newest(store, project.name)
    if newest is None:
        raise NotYet(f"{project.name}: nothing waits for approval: no retrain was made yet")
    key, judgement = newest
    if judgement.cause.kind == "approval" and judgement.outcome == "passed":
        if entry := entry_for(store, project.name, key):
            raise Declined(
                f"{project.name}: approved already by {entry.actor}: {entry.version} serves "
                f"(ledger {entry.seq})"
            )
        return key
    if judgement.outcome != "waiting":
        raise NotYet(
            f"{project.name}: nothing waits for approval: the newest retrain, of night "
            f"{judgement.as_of}, ended as: {judgement.sentence}"
        )
    waiting = _waiting(store, project, key, judgement)
    if as_of not in (None, judgement.as_of):
        raise Declined(
            f"{project.name}: no challenger of night {as_of} waits; the newest that does is of "
            f"night {judgement.as_of}: driftloop approve {project.name} --as-of "
            f"{judgement.as_of} --reason ..."
        )
    if waiting.over:
        raise Declined(f"{project.name}: {waiting.over}; the next retrain is judged anew")
    cause = Cause(kind="approval", subject=reason, actor=actor)
    return _judge_again(store, project, judgement, cause)


def _judge_again(store: Store, project: Project, judgement: Judgement, cause: Cause) -> str:
    standing = read_standing(store, project.name)
    if standing.frozen:
        raise Declined(
            f"{project.name}: promotion is frozen ({standing.frozen_reason}); "
            f"first: driftloop unfreeze {project.name} --reason ..."
        )
    try:
        again = make_attempt(store, project, judgement.as_of, cause, judgement.challenger)
    except Conflict as error:
        raise Declined(
            f"{project.name}: somebody else decided at this moment; driftloop history "
            f"{project.name} says who"
        ) from error
    if again is None:
        raise Declined(
            f"{project.name}: the champion, or the nights that the challenger of "
            f"{judgement.as_of} was fitted on, have changed since (driftloop history "
            f"{project.name}); make another: driftloop retrain {project.name}"
        )
    return again


def _newest(store: Store, project: str) -> tuple[str, Judgement] | None:
    """The newest attempt, approvals that led nowhere left out: what they approved waits still."""
    led_nowhere = set()
    for _, key in reversed(store.places("judgements", project)):
        judgement = store.record(key, Judgement)
        is_vain = judgement.cause.kind == "approval" and judgement.outcome in ("failed", "lost")
        if is_vain and judgement.supersedes:
            led_nowhere.add(judgement.supersedes)
        if not is_vain and key not in led_nowhere:
            return key, judgement
    return None


def _waiting(store: Store, project: Project, key: str, judgement: Judgement) -> Waiting:
    return Waiting(key, judgement, _why_over(store, project, judgement))


def _why_over(store: Store, project: Project, judgement: Judgement) -> str | None:
    which = f"the challenger of night {judgement.as_of} is superseded"
    if judgement.champion != read_standing(store, project.name).champion:
        return f"{which}: the champion that it was judged against serves no more"
    if judgement.recipe != project.recipe_digest:
        return f"{which}: the recipe in the project file was edited since"
    age = between(committed_as_of(store, project, judgement.as_of), judgement.as_of)
    if age > project.policy.max_age:
        return f"{which}: it waited {age} nights, limit {project.policy.max_age} (max_age)"
    return None
