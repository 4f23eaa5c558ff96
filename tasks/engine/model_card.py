"""All that the store says of a model version, collected from records; no rows are read.

How it is told is `tasks.telling.model_card`. A page server reads it too, so nothing here needs
pandas.
"""

from collections.abc import Iterator
from datetime import date

from schemas.batch import Batch
from schemas.errors import Missing
from schemas.judgement import Judgement
from schemas.ledger import Entry
from schemas.lineage import ModelLineage, Move
from schemas.model import Card
from schemas.model_card import Examined, InService, ModelCard
from schemas.monitoring import QualityPoint
from schemas.night import Night
from schemas.period import between
from schemas.predictions import Predictions
from tasks.engine.cards import card_of
from tasks.engine.lineage import Lineage
from tasks.engine.records import newest_by_night
from tasks.engine.searches import searches_for
from tasks.store import Store
from tasks.store.ahead import read_ahead

_LOOKED_BACK = 60
"""Nights after one that was scored in which its labels may still be told."""


def model_card(store: Store, project: str, version: str) -> ModelCard:
    """The card of a version with its judgement, its use and its lineage.

    Raises:
        NotYet: there is no such version.
    """
    card = card_of(store, project, version)
    records = Lineage(store, project)
    lineage = records.of_model(version)
    judgement = store.record(lineage.judgement, Judgement) if lineage.judgement else None
    before, replaced = _around(records.ledger, version)
    return ModelCard(
        card=card,
        lineage=lineage,
        judgement=judgement,
        examined=examined_of(store, card),
        cleaning=_cleaning(store, lineage),
        in_service=_in_service(store, project, version),
        before=before,
        replaced=replaced,
        searches=searches_for(store, project, judgement.as_of if judgement else card.as_of),
    )


def examined_of(store: Store, card: Card) -> Examined | None:
    """The newest examination of the card's recipe that was made by then."""
    found = store.places("judgements", card.project)
    until = [key for place, key in found if place.as_of and place.as_of <= card.as_of]
    names = [key for _, key in found]
    if card.judgement in names:
        until = names[: names.index(card.judgement) + 1]
    for key in reversed(until):
        judgement = store.record(key, Judgement)
        if judgement.recipe == card.recipe_digest and judgement.examination:
            return Examined(judgement=key, examination=judgement.examination)
    return None


def _around(ledger: tuple[Entry, ...], version: str) -> tuple[str | None, Move | None]:
    """Who served before the version first did, and what replaced it last."""
    moves = [entry for entry in ledger if entry.version]
    places = [place for place, entry in enumerate(moves) if entry.version == version]
    if not places:
        return None, None
    first, last = places[0], places[-1]
    after = next((entry for entry in moves[last + 1 :] if entry.version != version), None)
    told = after.model_dump(include=set(Move.model_fields)) if after else None
    before = moves[first - 1].version if first else None
    return before, Move.model_validate(told) if told else None


def _cleaning(store: Store, lineage: ModelLineage) -> tuple[str, ...]:
    """What the newest night of the served model went through, where the store can say it."""
    used = lineage.fits[0].trained_on
    if not used:
        return ()
    try:
        batch = store.record(used[-1].batch.key, Batch)
    except Missing:
        return ()
    return tuple(step.step for step in batch.cleaning)


def _in_service(store: Store, project: str, version: str) -> InService:
    scored = newest_by_night(store, Predictions, project)
    mine = {night for night, (_, one) in scored.items() if one.version == version}
    if not mine:
        return InService()
    records = list(_records(store, project, min(mine), max(mine)))
    points: dict[date, QualityPoint] = {}
    served: set[date] = set()
    rows: dict[date, int] = {}
    for record in records:
        evidence = record.evidence
        points |= {one.as_of: one for one in evidence.quality.points if one.as_of in mine}
        served |= mine.intersection(evidence.quality.served)
        if record.as_of in mine:
            rows[record.as_of] = evidence.rows
    return InService(
        nights=tuple(sorted(mine)),
        rows=sum(rows.values()),
        points=tuple(points[night] for night in sorted(points)),
        served=tuple(sorted(served)),
    )


def _records(store: Store, project: str, first: date, last: date) -> Iterator[Night]:
    """The records of these nights, and of those after them that may tell of their labels."""
    found = [
        key
        for place, key in store.places("nights", project)
        if place.as_of and place.as_of >= first and between(place.as_of, last) <= _LOOKED_BACK
    ]
    read_ahead(store, found, Night)
    return (store.record(key, Night) for key in found)
