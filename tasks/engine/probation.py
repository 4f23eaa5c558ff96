"""The line of champions on probation, measured against the champion before it, night by night.

What was served stands in the predictions of its nights; the shadow scores those nights now. The
rule is `tasks.core.probation`, the way back `tasks.engine.rollback`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import takewhile

import numpy as np

from schemas.batch import Batch
from schemas.contract import name_of
from schemas.errors import Damaged, Missing, ModelUnusable
from schemas.labels import Labels
from schemas.ledger import Entry
from schemas.period import between, shift
from schemas.predictions import Predictions
from schemas.probation import Probation, ProbationNight
from schemas.project import Project
from schemas.record import digest_of
from tasks.core.metrics import row_losses
from tasks.core.probation import NEWEST
from tasks.engine.frames import load_frame
from tasks.engine.labels import is_complete
from tasks.engine.predicted import predictions_of
from tasks.engine.records import newest, newest_by_night
from tasks.engine.rows import load_rows
from tasks.engine.score import score_frame
from tasks.engine.standing import newest_night
from tasks.engine.usable import coded
from tasks.store import Store
from tasks.store.ledger import entries


def watch_probation(
    store: Store, project: Project, as_of: date, left_out: frozenset[date]
) -> Probation | None:
    """What tonight is known of the promotions on probation; None where there is none.

    Nights that are faulty or marked bad judge nobody.
    """
    moves = [one for one in entries(store, project.name) if one.version and one.as_of < as_of]
    promotions = on_probation(moves, as_of, project.policy.probation_nights)
    shadow = moves[-len(promotions) - 1].version if promotions else None
    if shadow is None:
        return None
    told = Probation(since=promotions[0].as_of, promotions=len(promotions), shadow=shadow)
    try:
        nights = tuple(_nights(store, project, as_of, told, left_out))
    except (Missing, Damaged, ModelUnusable) as error:
        return told.model_copy(update={"no_shadow": str(error)})
    return told.model_copy(update={"nights": nights})


def on_probation(moves: Sequence[Entry], as_of: date, nights: int) -> Sequence[Entry]:
    """The newest promotions that gates allowed, of so many nights at most, in order.

    What a person put in service is on no probation, nor is anything before it; nor is the first
    champion, which replaced none.
    """

    def is_on(move: Entry) -> bool:
        is_judged = move.action == "promote" and move.judgement is not None
        return is_judged and between(as_of, move.as_of) <= nights

    return [*takewhile(is_on, reversed(moves[1:]))][::-1]


def _nights(
    store: Store, project: Project, as_of: date, told: Probation, left_out: frozenset[date]
) -> Iterator[ProbationNight]:
    """The newest nights that were served on probation and have matured."""
    batches = newest_by_night(store, Batch, project.name)
    labels = newest_by_night(store, Labels, project.name)
    newest_mature, kept_by = shift(as_of, -project.label_delay), max([as_of, *batches])
    matured = [
        (batch, labels[night][1])
        for night, (_, batch) in batches.items()
        if told.since < night <= newest_mature
        and batch.status == "accepted"
        and night in labels
        and night not in left_out
        and project.policy.keeps(night, kept_by)
        and is_complete(labels[night][1], batch, project)
    ]
    known = _compared_before(store, project.name, told.shadow)
    for batch, of_batch in matured[-NEWEST:]:
        before = known.get(_id(batch, of_batch))
        yield from [before] if before else _compare(store, project, batch, of_batch, told.shadow)


def _compared_before(store: Store, project: str, shadow: str) -> dict[str, ProbationNight]:
    """By id what the newest night record says of this shadow: it need not score them again."""
    newest = newest_night(store, project)
    told = newest[1].evidence.probation if newest else None
    return {one.id: one for one in told.nights} if told and told.shadow == shadow else {}


def _id(batch: Batch, labels: Labels) -> str:
    return digest_of([batch.id, labels.id])[:16]


def _compare(
    store: Store, project: Project, batch: Batch, labels: Labels, shadow: str
) -> Iterator[ProbationNight]:
    """Nothing where nobody scored these very rows, or none of them has a label."""
    scored = newest(store, Predictions, project.name, batch.as_of)
    if scored is None or scored[1].batch != batch.id:
        return
    key = name_of(project.contract, "key")
    rows = load_rows(store, project, batch)
    shadowed, _ = score_frame(store, project, shadow, rows, batch.as_of)
    served = load_frame(store, scored[1].rows)
    labelled = coded(project, load_frame(store, labels.rows))
    both = labelled.merge(served[[key]], on=key).merge(shadowed[[key]], on=key)
    if both.empty:
        return
    target = both[project.target].to_numpy(dtype=np.float64)
    losses = [
        float(row_losses(project.task, target, predictions_of(project, rows)).sum())
        for rows in (both[[key]].merge(said, on=key) for said in (served, shadowed))
    ]
    yield ProbationNight(
        as_of=batch.as_of,
        rows=len(both),
        served=losses[0],
        shadow=losses[1],
        id=_id(batch, labels),
    )
