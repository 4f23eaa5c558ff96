"""Moving the champion back. Forward is `tasks.engine.promote`."""

from datetime import date

from schemas.errors import Conflict, Damaged, Declined, Missing, ModelUnusable, NotYet
from schemas.ledger import Entry, Standing
from schemas.night import Night
from schemas.probation import ACTOR
from schemas.project import Project
from tasks.engine.promote import append_move, check_serves
from tasks.engine.reconcile import move_since
from tasks.engine.score import why_unscorable
from tasks.store import Store
from tasks.store.ledger import entries, read_standing


def roll_back(
    store: Store, project: Project, as_of: date, version: str | None, reason: str, actor: str
) -> Entry:
    """Move the champion back and freeze promotion, or tomorrow promotes its sibling.

    Raises:
        NotYet: there is no earlier champion.
        Declined: that version serves already, or the last decision was a roll-back.
        ModelUnusable, StoreError: the version cannot serve.
    """
    standing = read_standing(store, project.name)
    version = version or _one_back(store, project, standing)
    if version == standing.champion:
        raise Declined(f"{project.name}: {version} is the champion already")
    check_serves(store, project, version)
    return append_move(store, project, standing, "rollback", as_of, version, reason, actor)


def _one_back(store: Store, project: Project, standing: Standing) -> str:
    """The newest earlier champion that can serve; asked for twice, it is not two steps back."""
    if standing.seq and entries(store, project.name)[-1].action == "rollback":
        raise Declined(
            f"{project.name}: rolled back already, to {standing.champion}; to go further back "
            f"give --version, as driftloop history {project.name} lists them"
        )
    if not standing.previous_champions:
        raise NotYet(f"{project.name}: there is no earlier champion to roll back to")
    able = (v for v in standing.previous_champions if why_unscorable(store, project, v) is None)
    return next(able, standing.previous_champions[0])


def roll_back_worse(store: Store, project: Project, night_key: str) -> Entry | None:
    """Carry out a night's decision to roll back; run again it finds the entry that there is.

    Whoever moved the champion since had the last word. None where the version cannot serve any
    more: raised, it would stop every night until it is mended.
    """
    night = store.record(night_key, Night)
    standing = read_standing(store, project.name)
    back_to = night.decision.back_to
    if back_to is None or move_since(store, night):
        return move_since(store, night)
    reason = night.decision.sentence
    try:
        check_serves(store, project, back_to)
        return append_move(
            store, project, standing, "rollback", night.as_of, back_to, reason, ACTOR
        )
    except Conflict:
        return move_since(store, night)
    except (Damaged, Declined, Missing, ModelUnusable, NotYet):
        return None
