"""Which revisions of which nights a published fit was trained on: stored with it, read back.

What a person is told of it is `tasks.engine.lineage`.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from schemas.errors import Damaged, Missing
from schemas.model import Card, Fit, TrainedNight, TrainedOn
from schemas.record import canonical_json
from tasks.store import Store, keys

if TYPE_CHECKING:  # it brings pandas, which the page server does without
    from tasks.engine.usable import UsableNight

NOT_RECORDED = "not recorded by the driftloop that published it"


@dataclass(frozen=True)
class TrainingSet:
    """The nights of a fit; None with the reason when the store cannot name them."""

    nights: tuple[TrainedNight, ...] | None
    gap: str = ""


def record_training_set(
    store: Store, project: str, fit: Fit, nights: "Sequence[UsableNight]"
) -> Fit:
    """The fit with the list of the nights that it was fitted on, stored under its own content."""
    trained_on = TrainedOn(
        nights=tuple(
            TrainedNight(n.as_of, n.batch.revision, n.batch.id, n.labels.revision, n.labels.id)
            for n in nights
        )
    )
    body = canonical_json(trained_on.model_dump(mode="json"))
    return fit.model_copy(update={"trained_on": store.add_bytes(project, body, "json")})


def read_training_set(store: Store, fit: Fit) -> TrainingSet:
    """What the fit was trained on, by the very revisions; what cannot be read is a gap."""
    if fit.trained_on is None:
        return TrainingSet(None, NOT_RECORDED)
    try:
        body = json.loads(store.read_bytes(fit.trained_on))
    except (Missing, Damaged) as error:
        return TrainingSet(None, str(error))
    return TrainingSet(TrainedOn.model_validate(body).nights)


def may_know(store: Store, fit: Fit, nights: Collection[date]) -> bool:
    """Whether the fit was trained on one of these, or may have been where no list says so."""
    within = [night for night in nights if fit.first_night <= night <= fit.last_night]
    if not within:
        return False
    trained = read_training_set(store, fit).nights
    return trained is None or not {one.night for one in trained}.isdisjoint(within)


def may_know_any(store: Store, card: Card, nights: Collection[date]) -> bool:
    """The same for a model version: all fits that it keeps."""
    return any(may_know(store, fit, nights) for fit in card.fits)


def champion_may_know(
    store: Store, project: str, champion: str | None, nights: Collection[date]
) -> bool:
    """The same for whoever serves; nobody knows no night."""
    if champion is None or not nights:
        return False
    return may_know_any(store, store.record(keys.card(project, champion), Card), nights)
