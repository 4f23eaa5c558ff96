"""Losses of stored versions and stored predictions, night by night. Each version is read once."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from schemas.contract import name_of
from schemas.model import Card
from schemas.predictions import Predictions
from schemas.project import Project
from tasks.core.metrics import row_losses
from tasks.engine.fits import predict
from tasks.engine.frames import load_frame
from tasks.engine.predicted import PREDICTION
from tasks.engine.records import newest_by_night
from tasks.engine.revive import revive
from tasks.engine.usable import UsableNight, labelled_rows, training_frame, usable_nights
from tasks.store import Store, keys

Floats = npt.NDArray[np.float64]


class Scorer:
    """Losses of one project's models on the nights whose labels are in."""

    def __init__(self, store: Store, project: Project, last: date) -> None:
        self._store = store
        self._project = project
        end = last + timedelta(days=project.label_delay)
        found = usable_nights(store, project, end, frozenset())
        self.labelled: Mapping[date, UsableNight] = {night.as_of: night for night in found}

    def served(self) -> dict[date, float]:
        """Mean loss of each night's stored predictions."""
        key = name_of(self._project.contract, "key")
        losses = {}
        for night, (_, scored) in newest_by_night(
            self._store, Predictions, self._project.name
        ).items():
            if night in self.labelled:
                labels = load_frame(self._store, self.labelled[night].labels.rows)
                both = labels.merge(load_frame(self._store, scored.rows), on=key, how="inner")
                target = both[self._project.target].to_numpy(dtype=np.float64)
                losses[night] = self._mean(target, both[PREDICTION].to_numpy(dtype=np.float64))
        return losses

    def version(self, version: str, nights: Sequence[date]) -> dict[date, float]:
        """Mean loss of each of these nights, scored by a stored version."""
        card = self._store.record(keys.card(self._project.name, version), Card)
        made_by = revive(self._project, card)
        known = [night for night in nights if night in self.labelled]
        if not known:
            return {}
        frame = training_frame(self._store, self._project, self._pick(known))
        return self.split(known, predict(self._store, made_by, card.members, frame))

    def split(self, nights: Sequence[date], scores: Floats) -> dict[date, float]:
        """Mean loss of each night out of the scores of all their labelled rows, end to end."""
        found = {}
        start = 0
        for night in self._pick(nights):
            frame = labelled_rows(self._store, self._project, night)
            target = frame[self._project.target].to_numpy(dtype=np.float64)
            found[night.as_of] = self._mean(target, scores[start : start + len(frame)])
            start += len(frame)
        return found

    def rows(self, night: date) -> int:
        """Labelled rows of a night."""
        return self.labelled[night].labels.kept

    def _pick(self, nights: Sequence[date]) -> list[UsableNight]:
        return [self.labelled[night] for night in nights]

    def _mean(self, target: Floats, scores: Floats) -> float:
        return float(row_losses(self._project.task, target, scores).mean())


def mean(losses: Mapping[date, float], rows: Mapping[date, int]) -> float | None:
    """Mean loss a row over these nights, or None over no night.

    >>> one, two = date(2013, 6, 1), date(2013, 6, 2)
    >>> mean({one: 0.5, two: 0.8}, {one: 2, two: 1})
    0.6
    """
    total = sum(rows[night] for night in losses)
    return sum(loss * rows[night] for night, loss in losses.items()) / total if total else None
