"""What gates judge besides losses: memorisation, faults, simplicity, a person's approval.

The losses are `tasks.engine.contest`, used-up nights `tasks.engine.holdout`.
"""

from datetime import date

from schemas.judgement import Cause, Contest
from schemas.ledger import Standing
from schemas.memorisation import Memorised
from schemas.model import Card
from schemas.project import Project
from tasks.engine.examine import Findings
from tasks.engine.revive import revive
from tasks.engine.standing import trigger_state
from tasks.families.ladder import default_ladder, is_simpler
from tasks.store import Store


def with_circumstances(
    store: Store,
    project: Project,
    as_of: date,
    cause: Cause,
    standing: Standing,
    card: Card | None,
    contest: Contest,
    findings: Findings | None,
) -> Contest:
    """The contest with all of them."""
    known = {
        "approved": _approval(cause),
        "memorised": None if contest.kind == "refresh" else _memorised(findings),
        "is_simpler": contest.kind == "change" and card is not None and _is_simpler(project, card),
        "open_faults": _open_faults(store, project, as_of, standing, contest),
    }
    return contest.model_copy(update=known)


def _approval(cause: Cause) -> str | None:
    return f"{cause.actor}: {cause.subject}" if cause.kind == "approval" else None


def _memorised(findings: Findings | None) -> Memorised:
    """What gates see of the panel: nothing in it where it could not be made."""
    panel = findings.examination.memorisation if findings else None
    return Memorised.model_validate(panel.model_dump() if panel else {})


def _is_simpler(project: Project, card: Card) -> bool:
    ladder = project.ladder or default_ladder(project.family, project.task)
    return is_simpler(project.family, revive(project, card).family, ladder)


def _open_faults(
    store: Store, project: Project, as_of: date, standing: Standing, contest: Contest
) -> tuple[date, ...]:
    """Nights since the first gate night whose fault nobody accepted; bad ones are dealt with."""
    if not contest.nights:
        return ()
    first = min(night.as_of for night in contest.nights)
    left_out = standing.left_out(trigger_state(store, project.name).faulty)
    still_open = left_out - standing.bad_nights
    return tuple(sorted(night for night in still_open if first <= night <= as_of))
