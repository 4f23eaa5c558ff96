"""The nights before a night, as far as they were known then, and what its rows get from them.

The sums themselves are `tasks.core.past`; rows and labels come from stored batches.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

import pandas as pd

from schemas.batch import Batch
from schemas.contract import name_of
from schemas.errors import Expired
from schemas.labels import Labels
from schemas.past import PastNights
from schemas.period import shift
from schemas.project import Project
from schemas.record import digest_of
from tasks.core.past import look_back, summarise_night
from tasks.engine.frames import load_frame
from tasks.engine.records import newest_by_night, records_of
from tasks.engine.rows import load_rows, name_of_rows
from tasks.engine.summaries import gather
from tasks.store import Store


@dataclass(frozen=True)
class PastNight:
    """An earlier night: its rows, and the labels that were known."""

    batch: Batch
    labels: Labels | None


@dataclass(frozen=True)
class Past:
    """What the rows of one night may look back at, by name of the column that they get."""

    nights: Mapping[str, tuple[PastNight, ...]]

    @cached_property
    def id(self) -> str:
        """Digest of all that is looked at; "" where nothing is asked."""
        if not self.nights:
            return ""
        seen = {
            name: [(one.batch.id, one.labels and one.labels.id) for one in nights]
            for name, nights in self.nights.items()
        }
        return digest_of(seen)


class Known:
    """What a store has of a project's nights, read once and only when it is asked for.

    A night that is `pinned` is known by that revision of its batch, others by their newest.
    """

    def __init__(
        self, store: Store, project: str, pinned: Mapping[date, Batch] | None = None
    ) -> None:
        self._store, self._name, self._pinned = store, project, pinned or {}

    @cached_property
    def _batches(self) -> dict[date, Batch]:
        found = newest_by_night(self._store, Batch, self._name)
        newest = {night: one for night, (_, one) in found.items() if one.status == "accepted"}
        return {**newest, **self._pinned}

    @cached_property
    def _labels(self) -> dict[date, list[Labels]]:
        """Every revision of each night's labels."""
        found = defaultdict[date, list[Labels]](list)
        for one in records_of(self._store, Labels, self._name):
            found[one.as_of].append(one)
        return found

    def before(self, project: Project, as_of: date) -> Past:
        """What a row of this night may look back at.

        Of the target, labels of nights whose delay was over when it was scored, in the newest
        revision that was known by then: what came later would not have been there.
        """
        return Past({one.name: tuple(self._window(project, one, as_of)) for one in project.past})

    def _window(self, project: Project, one: PastNights, as_of: date) -> Iterator[PastNight]:
        is_target = one.of == project.target
        newest = shift(as_of, -max(1, project.label_delay) if is_target else -1)
        for back in range(one.nights - 1, -1, -1):
            night = shift(newest, -back)
            batch = self._batches.get(night)
            if batch is None:
                continue
            labels = self._labels_known(batch, as_of) if is_target else None
            if labels or not is_target:
                yield PastNight(batch, labels)

    def _labels_known(self, batch: Batch, as_of: date) -> Labels | None:
        known = (
            labels
            for labels in reversed(self._labels[batch.as_of])
            if labels.batch == batch.id and (labels.known is None or labels.known <= as_of)
        )
        return next(known, None)


def with_past(store: Store, project: Project, frame: pd.DataFrame, past: Past) -> pd.DataFrame:
    """The rows with a column for each look back that the project declares."""
    columns = {}
    for one in project.past:
        nights = past.nights[one.name]
        names = [_name_of(project, night) for night in nights]
        make = partial(_summarise, store, project, one, nights)
        seen = gather(store.cache, project.name, one, names, make)
        columns[one.name] = look_back(frame, one, seen)
    return frame.assign(**columns) if columns else frame


def _name_of(project: Project, night: PastNight) -> str:
    labels = night.labels.rows.key if night.labels else ""
    return digest_of([name_of_rows(project, night.batch), labels])[:32]


def _summarise(
    store: Store, project: Project, one: PastNights, nights: Sequence[PastNight], at: int
) -> pd.DataFrame | None:
    """One of the nights in short; None where it is beyond the retention."""
    night = nights[at]
    try:
        rows = load_rows(store, project, night.batch)
        if night.labels:
            key = name_of(project.contract, "key")
            rows = rows.merge(load_frame(store, night.labels.rows), on=key)
    except Expired:
        return None
    return summarise_night(rows, one)
