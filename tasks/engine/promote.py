"""Moving the champion: after a passed judgement, or by a person's override.

Back is `tasks.engine.rollback`. The entry itself is `tasks.store.ledger`; what is stored for it is
`tasks.engine.publish`.
"""

from datetime import date
from typing import Literal

from schemas.errors import Conflict, Damaged, Declined, Missing, ModelUnusable, NotYet
from schemas.judgement import Cause, Judgement
from schemas.ledger import Action, Entry, Standing
from schemas.model import Card, Fit
from schemas.project import Project
from tasks.core.plan import embargo_of
from tasks.engine.attempt import (
    fitter_of,
    make_attempt,
    nothing_new,
    plan_for,
    scorable_champion,
)
from tasks.engine.closure import check_closure
from tasks.engine.distrust import freeze_if_untrusted
from tasks.engine.fits import judged_set_id
from tasks.engine.planning import Planned
from tasks.engine.publish import publish
from tasks.engine.score import why_unscorable
from tasks.engine.standing import committed_as_of
from tasks.engine.training_set import may_know_any
from tasks.store import Store, keys
from tasks.store.ledger import append, check_decidable, read_standing
from tasks.store.probe import why_undecidable

_JUDGED_AGAIN = 3


def settle_attempt(store: Store, project: Project, judgement_key: str) -> str:
    """Carry a passed judgement out; the key of the record that says how the attempt ended.

    An attempt that lost its slot to another decision is judged again on the new standing.
    """
    ended = _finish_if_passed(store, project, judgement_key)
    for _ in range(_JUDGED_AGAIN):
        lost = None if ended.startswith("ledger/") else store.record(ended, Judgement)
        if lost is None or lost.outcome != "lost":
            break
        again = make_attempt(store, project, lost.as_of, lost.cause)
        if again is None:
            break
        ended = _finish_if_passed(store, project, again)
    return ended


def _finish_if_passed(store: Store, project: Project, judgement_key: str) -> str:
    freeze_if_untrusted(store, project, judgement_key)
    if store.record(judgement_key, Judgement).outcome != "passed":
        return judgement_key
    ended = finish_attempt(store, project, judgement_key)
    return ended if isinstance(ended, str) else keys.ledger(project.name, ended.seq)


def finish_attempt(store: Store, project: Project, judgement_key: str) -> Entry | str:
    """Publish and promote what a passed judgement allows; the entry, or the key of its failure.

    Run again after a crash it finds its own entry. A promotion that lost its slot, or that a
    freeze or the store forbids, is committed as a lost or failed judgement and never retried
    blindly.
    """
    judgement = store.record(judgement_key, Judgement)
    standing = read_standing(store, project.name)
    if standing.seq != judgement.head:
        return _own_entry(store, project, judgement, judgement_key)
    unfit = "promotion is frozen" if standing.frozen else why_undecidable(store)
    if unfit:
        return _fail(store, judgement, judgement_key, unfit)
    card = scorable_champion(store, project, standing)
    planned = plan_for(store, project, judgement.as_of, card, standing)
    try:
        if judgement.challenger is None or not _is_same(project, planned, judgement.challenger):
            raise ModelUnusable("the nights have changed since the judgement")
        published = publish(
            store,
            project,
            standing,
            card,
            planned,
            judgement.challenger,
            judgement.contest,
            judgement_key,
        )
        check_closure(store, project.name, published.version)
        return append(
            store,
            project.name,
            standing,
            "promote",
            as_of=committed_as_of(store, project, judgement.as_of),
            reason=judgement.sentence,
            actor=judgement.cause.actor,
            version=published.version,
            judgement=judgement_key,
            judgement_digest=judgement.digest,
        )
    except Conflict as error:
        return _fail(store, judgement, judgement_key, str(error), "lost")
    except (ModelUnusable, Missing, Damaged) as error:
        return _fail(store, judgement, judgement_key, str(error))


def _is_same(project: Project, planned: Planned, challenger: Fit) -> bool:
    """Whether the challenger would be fitted on the very same rows and labels today."""
    return judged_set_id(project, planned.train) == challenger.training_set


def _own_entry(
    store: Store, project: Project, judgement: Judgement, judgement_key: str
) -> Entry | str:
    """The entry that this judgement's earlier run made, if the slot is ours."""
    slot = keys.ledger(project.name, judgement.head + 1)
    entry = store.record(slot, Entry)
    if entry.judgement == judgement_key:
        return entry
    text = f"{entry.action} by {entry.actor} came between judgement and promotion"
    return _fail(store, judgement, judgement_key, text, "lost")


def _fail(
    store: Store,
    judgement: Judgement,
    judgement_key: str,
    why: str,
    outcome: Literal["failed", "lost"] = "failed",
) -> str:
    """Commit that a passed judgement led nowhere, so that nobody waits for it."""
    number = len(store.places("judgements", judgement.project, judgement.as_of)) + 1
    failure = judgement.model_copy(
        update={
            "number": number,
            "outcome": outcome,
            "sentence": f"Not promoted: {why}.",
            "supersedes": judgement_key,
            "row_rounds": 0,
        }
    )
    key = keys.judgement(judgement.project, judgement.as_of, number)
    store.commit(key, Judgement.model_validate(failure.model_dump()))
    return key


def override(
    store: Store, project: Project, as_of: date, version: str | None, reason: str, actor: str
) -> Entry:
    """Promote without gates, by a person who gives a reason: a stored version, or a new fit.

    Agreement and the child's smoke test still hold.

    Raises:
        Declined: promotion is frozen, the store is not fit, or the version already serves.
        NotYet: there is nothing to fit on.
        ModelUnusable, StoreError: the version cannot serve.
    """
    standing = read_standing(store, project.name)
    if standing.frozen:
        raise Declined(
            f"{project.name}: promotion is frozen ({standing.frozen_reason}); "
            f"first: driftloop unfreeze {project.name} --reason ..."
        )
    check_decidable(store, project.name)
    chosen = version or _fit_unjudged(store, project, as_of, standing, actor)
    check_serves(store, project, chosen)
    if chosen == standing.champion:
        raise Declined(f"{project.name}: {chosen} is the champion already")
    return append_move(store, project, standing, "promote", as_of, chosen, reason, actor)


def _fit_unjudged(
    store: Store, project: Project, as_of: date, standing: Standing, actor: str
) -> str:
    card = scorable_champion(store, project, standing)
    planned = plan_for(store, project, as_of, card, standing)
    if not planned.train or planned.split.cut is None:
        needed = project.policy.gate_nights + 1 + embargo_of(project.label_delay)
        raise NotYet(
            f"{project.name}: {len(planned.nights)} usable nights by {as_of}, {needed} are needed "
            "to fit anything"
        )
    knows_bad = card is not None and may_know_any(store, card, standing.bad_nights)
    if nothing_new(planned, card) and not knows_bad:
        raise Declined(f"{project.name}: no labelled night is newer than the champion's")
    challenger, _ = fitter_of(store, project, standing).fit_to_be_judged(
        planned.train, planned.split.cut
    )
    cause = Cause(kind="person", actor=actor).actor
    return publish(
        store, project, standing, None, planned, challenger, None, f"override by {cause}"
    ).version


def check_serves(store: Store, project: Project, version: str) -> None:
    """That the version could serve now. Raises NotYet, ModelUnusable or StoreError where not."""
    if not store.exists(keys.card(project.name, version)):
        raise NotYet(
            f"{project.name}: there is no model version {version}; "
            f"driftloop history {project.name} lists them"
        )
    card = store.record(keys.card(project.name, version), Card)
    problem = why_unscorable(store, project, card.version)
    if problem:
        raise ModelUnusable(f"{project.name}: {version} cannot serve: {problem}")
    check_closure(store, project.name, version, stand_in=False)


def append_move(
    store: Store,
    project: Project,
    standing: Standing,
    action: Action,
    as_of: date,
    version: str,
    reason: str,
    actor: str,
) -> Entry:
    """Append the move, as of the newest committed night. Errors as in `append`."""
    return append(
        store,
        project.name,
        standing,
        action,
        as_of=committed_as_of(store, project, as_of),
        reason=reason,
        actor=actor,
        version=version,
    )
