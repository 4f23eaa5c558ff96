"""What people decide without touching a model: freeze, unfreeze, acknowledge, accept, mark bad.

Moving the champion is `tasks.engine.promote`.
"""

from datetime import date

from schemas.errors import Declined, NotYet
from schemas.ledger import Action, Entry, Standing
from schemas.project import Project
from tasks.engine.standing import committed_as_of, night_of, trigger_state
from tasks.store import Store
from tasks.store.ledger import append, read_standing


def decide_by_hand(
    store: Store,
    project: Project,
    action: Action,
    as_of: date,
    reason: str,
    actor: str,
    night: date | None = None,
) -> Entry:
    """Append a person's decision to the ledger; deciding the same twice has no second effect.

    Raises:
        Declined: there is nothing to decide so in the present state.
        NotYet: the night was never recorded.
    """
    standing = read_standing(store, project.name)
    _check_sense(store, project, standing, action, night)
    return append(
        store,
        project.name,
        standing,
        action,
        as_of=committed_as_of(store, project, as_of),
        reason=reason,
        actor=actor,
        night=night,
    )


def _check_sense(
    store: Store, project: Project, standing: Standing, action: Action, night: date | None
) -> None:
    if action == "freeze" and standing.frozen:
        raise Declined(f"{project.name}: frozen already: {standing.frozen_reason}")
    if action == "unfreeze" and not standing.frozen:
        raise Declined(f"{project.name}: promotion is not frozen")
    if action == "ack" and trigger_state(store, project.name).refused_in_a_row == 0:
        raise Declined(f"{project.name}: no refusals to acknowledge")
    if action == "accept" and night is not None:
        if night_of(store, project.name, night) is None:
            raise NotYet(f"{project.name}: night {night} was never recorded")
        if night not in trigger_state(store, project.name).faulty:
            raise Declined(f"{project.name}: night {night} has no open data fault")
    if action == "mark-bad" and night is not None:
        check_can_be_bad(store, project.name, standing, night)
    if action == "unmark-bad" and night is not None:
        check_can_be_sound(project.name, standing, night)


def check_can_be_bad(store: Store, project: str, standing: Standing, night: date) -> None:
    """That there is something to mark. Raises Declined or NotYet where there is not."""
    known = standing.marked(night)
    if known:
        raise Declined(
            f"{project}: night {night} is marked bad already, by {known.actor}: {known.reason}"
        )
    if store.revisions("batches", project, night):
        return
    if night_of(store, project, night):
        raise Declined(f"{project}: night {night} has no batch, so nothing was trained on it")
    raise NotYet(
        f"{project}: night {night} was never recorded; driftloop nights {project} lists those "
        "that were"
    )


def check_can_be_sound(project: str, standing: Standing, night: date) -> None:
    """That there is a mark to take back. Raises Declined where there is none."""
    if standing.marked(night) is None:
        raise Declined(f"{project}: night {night} is not marked bad")
