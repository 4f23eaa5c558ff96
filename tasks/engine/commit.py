"""The night record: evidence, decision and trigger state, committed last.

Measuring is `tasks.engine.monitor`, deciding `tasks.core.policy`.
"""

from datetime import date

from schemas.batch import Batch
from schemas.errors import Conflict
from schemas.judgement import Judgement
from schemas.night import Cost, DataState, Evidence, Link, Night, ReadJudgement, TriggerState
from schemas.period import parse
from schemas.predictions import Predictions
from schemas.project import Project
from schemas.record import ObjectRef
from tasks.core.policy import decide
from tasks.engine.monitor import watch_night
from tasks.engine.outcomes import unread_labels
from tasks.engine.records import next_revision
from tasks.engine.standing import committed_as_of, newest_night, night_of
from tasks.store import Store, keys


def commit_night(
    store: Store,
    project: Project,
    as_of: date,
    *,
    data: DataState,
    batch: str | None,
    predictions: str | None,
    history: bool = False,
) -> str:
    """Decide the night and commit its record; a night that is complete already has no effect.

    A record of an earlier night than the newest one is a late revision, which decides nothing.
    Where another machine was first, its record counts, and this one goes on from there.

    Raises:
        Conflict: another machine was first, twice in a row; run again.
    """
    given = (store, project, as_of, data, batch, predictions, history)
    try:
        return _decide_and_commit(*given)
    except Conflict:
        return _decide_and_commit(*given)


def _decide_and_commit(
    store: Store,
    project: Project,
    as_of: date,
    data: DataState,
    batch: str | None,
    predictions: str | None,
    history: bool,
) -> str:
    before = night_of(store, project.name, as_of)
    follows = newest_night(store, project.name)
    late = as_of < committed_as_of(store, project, as_of)
    state = follows[1].trigger if follows else TriggerState()
    unread = {} if late else unread_labels(store, project, as_of, state)
    if before and not unread and _is_same(before[1], data, batch, predictions):
        return before[0]
    record = store.record(batch, Batch) if batch else None
    how = {"scored": predictions is not None, "history": history, "late": late}
    watched = watch_night(store, project, as_of, state, record, data, unread, **how)
    read = () if history or late else unread_judgements(store, project.name, follows)
    evidence = watched.evidence.model_copy(update={"judgements": read})
    return _commit(
        store, project, evidence, state, follows, before, batch, predictions, watched.report
    )


def _is_same(before: Night, data: DataState, batch: str | None, predictions: str | None) -> bool:
    now = (data, batch, predictions)
    return (before.evidence.data, before.batch, before.predictions) == now


def _commit(
    store: Store,
    project: Project,
    evidence: Evidence,
    state: TriggerState,
    follows: tuple[str, Night] | None,
    before: tuple[str, Night] | None,
    batch: str | None,
    predictions: str | None,
    report: ObjectRef | None,
) -> str:
    trigger, decision = decide(state, evidence, project.policy)
    revision = next_revision(before[0] if before else None)
    night = Night(
        project=project.name,
        as_of=evidence.as_of,
        revision=revision,
        seq=follows[1].seq + 1 if follows else 1,
        follows=Link(key=follows[0], digest=follows[1].digest) if follows else None,
        batch=batch,
        labels=_label_keys(project, evidence),
        predictions=predictions,
        report=report,
        evidence=evidence,
        policy=project.policy,
        decision=decision,
        trigger=trigger,
        cost=_cost(store, batch, predictions),
    )
    key = keys.night(project.name, evidence.as_of, revision)
    store.commit(key, night)
    return key


def _label_keys(project: Project, evidence: Evidence) -> tuple[str, ...]:
    return tuple(
        keys.labels(project.name, parse(night), revision)
        for night, revision in evidence.labels.items()
    )


def data_state(store: Store, batch: str | None, deadline_passed: bool) -> DataState:
    """What the night's data is, in one word; a delivery without rows is none yet."""
    status = store.record(batch, Batch).status if batch else "empty"
    if status == "empty":
        return "no_data" if deadline_passed else "no_data_yet"
    return status


def unread_judgements(
    store: Store, project: str, follows: tuple[str, Night] | None
) -> tuple[ReadJudgement, ...]:
    """Retrain attempts that no night record has read yet, in order.

    Attempts are made for a night that is committed, so none can be older than the last night
    whose record read any.
    """
    read = set(follows[1].trigger.judgements_read) if follows else set()
    oldest = min((keys.parse(key).as_of or date.min for key in read), default=date.min)
    found = []
    for place, key in store.places("judgements", project):
        if key not in read and (place.as_of or date.min) >= oldest:
            found.append(_as_read(key, store.record(key, Judgement)))
    return tuple(found)


def _as_read(key: str, judgement: Judgement) -> ReadJudgement:
    return ReadJudgement(
        key=key,
        as_of=judgement.as_of,
        retrain=judgement.retrain,
        cause=judgement.cause,
        outcome=judgement.outcome,
        recipe=judgement.recipe,
        sentence=judgement.sentence,
    )


def _cost(store: Store, batch: str | None, predictions: str | None) -> Cost:
    written = rows = 0
    if batch:
        record = store.record(batch, Batch)
        refs = [ref for ref in (record.rows, record.quarantine) if ref]
        written += sum(ref.bytes for ref in refs)
    if predictions:
        scored = store.record(predictions, Predictions)
        written += scored.rows.bytes
        rows = store.record(batch, Batch).counts.kept if batch else 0
    return Cost(bytes_written=written, rows_scored=rows)
