"""Lineage from records alone: a model down to its files, a night up to whoever knows it.

Which nights a fit was trained on is `tasks.engine.training_set`; words are `tasks.telling.lineage`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from schemas.batch import Batch
from schemas.errors import InvalidName, NotYet
from schemas.judgement import Judgement
from schemas.labels import Labels
from schemas.ledger import Entry, Standing
from schemas.lineage import (
    FitLineage,
    ModelLineage,
    ModelUse,
    Move,
    NightLineage,
    NightUsed,
    PredictionsLineage,
    Revision,
    Role,
    ScoredNight,
    Use,
)
from schemas.model import Card, Fit
from schemas.predictions import Predictions
from tasks.engine.ahead import ahead_of_night, ahead_with
from tasks.engine.cards import card_of
from tasks.engine.training_set import read_training_set
from tasks.store import Store, keys
from tasks.store.ahead import read_ahead
from tasks.store.ledger import entries, fold


@dataclass(frozen=True)
class Lineage:
    """The records of one project as they point at each other; each folder is listed once."""

    store: Store
    project: str

    def of_model(self, version: str) -> ModelLineage:
        """A model version, down to the files that its nights were read from.

        Raises:
            NotYet: there is no such version.
        """
        card = card_of(self.store, self.project, version)
        judgement = _judgement_of(card)
        return ModelLineage(
            project=self.project,
            version=version,
            card=keys.card(self.project, version),
            as_of=card.as_of,
            judgement=judgement,
            gate=self._gate(judgement),
            fits=tuple(self._fit(role, fit) for role, fit in _fits(card)),
            moves=self._moves(version),
            scored=self._scored_by(version),
        )

    def of_night(self, night: date) -> NightLineage:
        """A night: what was delivered, who scored it, and every model that knows it.

        Raises:
            NotYet: nothing was ever delivered for it.
        """
        batches = self.store.revisions("batches", self.project, night)
        if not batches:
            raise NotYet(
                f"{self.project}: night {night} has no batch; "
                f"driftloop nights {self.project} lists those that were recorded"
            )
        labels = self.store.revisions("labels", self.project, night)
        scored = [self._scored(key, one) for key, one in self._predictions if one.as_of == night]
        return NightLineage(
            project=self.project,
            night=night,
            bad=self.standing.marked(night),
            batches=tuple(map(self._batch, batches)),
            labels=tuple(map(self._labels, labels)),
            predictions=(*scored, *ahead_of_night(self.store, self.project, night)),
            models=self.models_that_know(night),
        )

    def of_predictions(self, sha256: str) -> PredictionsLineage:
        """Stored predictions with these bytes, and the model that made them.

        Raises:
            NotYet: no record names them.
        """
        found = [
            self._scored(key, one) for key, one in self._predictions if one.rows.sha256 == sha256
        ]
        found += ahead_with(self.store, self.project, sha256)
        if not found:
            raise NotYet(
                f"{self.project}: no record of predictions names a file of sha256 {sha256}; "
                "those of driftloop score are not recorded, a file that was changed is another"
            )
        model = self.of_model(found[-1].version)
        return PredictionsLineage(
            project=self.project, sha256=sha256, records=tuple(found), model=model
        )

    def models_that_know(self, night: date) -> tuple[ModelUse, ...]:
        """Every version that was trained on the night, may have been, or was judged on it."""
        found = []
        for card in self.cards:
            uses = tuple(self._uses(card, night))
            if uses:
                moves, scored = self._moves(card.version), self._scored_by(card.version)
                found.append(ModelUse(version=card.version, uses=uses, moves=moves, scored=scored))
        return tuple(found)

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """Every model version, in the order of their newest nights."""
        found = [key for _, key in self.store.places("models", self.project)]
        read_ahead(self.store, found, Card)
        cards = [self.store.record(key, Card) for key in found]
        return tuple(sorted(cards, key=lambda card: (card.as_of, card.version)))

    @cached_property
    def ledger(self) -> tuple[Entry, ...]:
        """The project's ledger."""
        return entries(self.store, self.project)

    @cached_property
    def standing(self) -> Standing:
        """What the ledger adds up to."""
        return fold(self.ledger)

    @cached_property
    def _predictions(self) -> tuple[tuple[str, Predictions], ...]:
        found = [key for _, key in self.store.places("predictions", self.project)]
        read_ahead(self.store, found, Predictions)
        return tuple((key, self.store.record(key, Predictions)) for key in found)

    @cached_property
    def _newest(self) -> frozenset[str]:
        """Keys of the newest batch and labels of each night."""
        folders: tuple[Literal["batches", "labels"], ...] = ("batches", "labels")
        return frozenset(
            key
            for folder in folders
            for key in {p.as_of: key for p, key in self.store.places(folder, self.project)}.values()
        )

    def _fit(self, role: Role, fit: Fit) -> FitLineage:
        known = read_training_set(self.store, fit)
        used = None
        if known.nights is not None:
            batches = [keys.batch(self.project, n.night, n.batch) for n in known.nights]
            labels = [keys.labels(self.project, n.night, n.labels) for n in known.nights]
            read_ahead(self.store, batches, Batch)
            read_ahead(self.store, labels, Labels)
            used = tuple(
                NightUsed(
                    night=n.night,
                    bad=n.night in self.standing.bad_nights,
                    batch=self._batch(batch),
                    labels=self._labels(label),
                )
                for n, batch, label in zip(known.nights, batches, labels, strict=True)
            )
        return FitLineage(
            role=role, trained_on=used, gap=known.gap, **fit.model_dump(include=_FIT_FIELDS)
        )

    def _uses(self, card: Card, night: date) -> Iterator[Use]:
        for role, fit in _fits(card):
            if fit.first_night <= night <= fit.last_night:
                yield from self._use(role, fit, night)
        if night in self._gate(_judgement_of(card)):
            yield Use(role="gate")

    def _use(self, role: Role, fit: Fit, night: date) -> Iterator[Use]:
        known = read_training_set(self.store, fit)
        if known.nights is None:
            yield Use(role=role, gap=known.gap)
        for one in known.nights or ():
            if one.night == night:
                yield Use(
                    role=role,
                    batch=keys.batch(self.project, night, one.batch),
                    labels=keys.labels(self.project, night, one.labels),
                )

    def _gate(self, judgement: str | None) -> tuple[date, ...]:
        contest = self.store.record(judgement, Judgement).contest if judgement else None
        return tuple(night.as_of for night in contest.nights) if contest else ()

    def _moves(self, version: str) -> tuple[Move, ...]:
        return tuple(
            Move.model_validate(entry.model_dump(include=set(Move.model_fields)))
            for entry in self.ledger
            if entry.version == version
        )

    def _scored_by(self, version: str) -> tuple[date, ...]:
        return tuple(sorted({one.as_of for _, one in self._predictions if one.version == version}))

    def _scored(self, key: str, one: Predictions) -> ScoredNight:
        batches = map(self._batch, self.store.revisions("batches", self.project, one.as_of))
        return ScoredNight(
            key=key,
            night=one.as_of,
            version=one.version,
            sha256=one.rows.sha256,
            batch=next((batch for batch in batches if batch.id == one.batch), None),
        )

    def _batch(self, key: str) -> Revision:
        batch = self.store.record(key, Batch)
        return self._revision(key, batch, batch.counts.kept)

    def _labels(self, key: str) -> Revision:
        labels = self.store.record(key, Labels)
        return self._revision(key, labels, labels.kept)

    def _revision(self, key: str, record: Batch | Labels, rows: int) -> Revision:
        is_newest = key in self._newest
        return Revision(key=key, id=record.id, rows=rows, files=record.files, newest=is_newest)


_FIT_FIELDS = {"id", "training_set", "first_night", "last_night", "nights", "rows", "parts"}


def _fits(card: Card) -> Iterator[tuple[Role, Fit]]:
    yield from (("served", fit) for fit in card.members)
    yield from (("stand-in", fit) for fit in card.stand_in)
    yield from (("pruned", fit) for fit in card.pruned)


def _judgement_of(card: Card) -> str | None:
    """The key of the judgement; of a person's override the card says so in words."""
    try:
        return card.judgement if keys.parse(card.judgement).folder == "judgements" else None
    except InvalidName:
        return None
