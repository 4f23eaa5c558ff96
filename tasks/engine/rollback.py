"""Moving the champion back. Forward is `tasks.engine.promote`."""

from datetime import date

from schemas.errors import Declined, NotYet
from schemas.ledger import Entry, Standing
from schemas.project import Project
from tasks.engine.promote import append_move, check_serves
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
