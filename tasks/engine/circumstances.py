"""What gates judge besides losses: memorisation, used-up nights, open faults, a simpler family.

The losses are `tasks.engine.contest`.
"""

from datetime import date

from schemas.examination import Examination
from schemas.judgement import Contest
from schemas.memorisation import Memorised
from schemas.model import Card
from schemas.project import Project
from tasks.engine.holdout import with_judged_before
from tasks.engine.revive import revive
from tasks.engine.standing import trigger_state
from tasks.families.ladder import default_ladder, is_simpler
from tasks.store import Store
from tasks.store.ledger import read_standing


def with_circumstances(
    store: Store,
    project: Project,
    as_of: date,
    card: Card | None,
    contest: Contest,
    challenger: str,
    examination: Examination | None,
) -> Contest:
    """The contest with all of them."""
    panel = examination.memorisation if examination else None
    known = {
        "memorised": Memorised.model_validate(panel.model_dump()) if panel else None,
        "is_simpler": contest.kind == "change" and card is not None and _is_simpler(project, card),
        "open_faults": _open_faults(store, project, as_of, contest),
    }
    counted = with_judged_before(store, project, contest, challenger)
    return counted.model_copy(update=known)


def _is_simpler(project: Project, card: Card) -> bool:
    ladder = project.ladder or default_ladder(project.family)
    return is_simpler(project.family, revive(project, card).family, ladder)


def _open_faults(store: Store, project: Project, as_of: date, contest: Contest) -> tuple[date, ...]:
    """Nights since the first gate night whose fault nobody accepted; bad ones are dealt with."""
    if not contest.nights:
        return ()
    standing = read_standing(store, project.name)
    settled = {*standing.accepted, *standing.bad_nights}
    first = min(night.as_of for night in contest.nights)
    faulty = trigger_state(store, project.name).faulty
    return tuple(sorted(n for n in faulty if first <= n <= as_of and n not in settled))
