"""The past as a replay sees it: nights, their rows, their labels and when these became known.

Two things can be replayed: what a store holds, and in benchmarks whatever else comes in nights.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.batch import Batch, Unusual
from schemas.costs import Costs
from schemas.labels import Labels
from schemas.monitoring import ColumnKind
from schemas.night import DataState
from schemas.period import shift
from schemas.project import FeatureStep, Gate, ModelFamily, Project, Task
from tasks.core.held_out import is_held_out
from tasks.engine.commit import data_state
from tasks.engine.fits import training_set_id
from tasks.engine.frames import FrameMemory
from tasks.engine.labels import is_complete
from tasks.engine.records import newest_by_night
from tasks.engine.reference import watched_columns
from tasks.engine.rows import load_rows, name_of_rows
from tasks.engine.standing import nights_in_order
from tasks.engine.usable import UsableNight, is_one_class, training_frame, usable_nights
from tasks.store import Store
from tasks.store.ledger import entries, fold

_ROWS_REMEMBERED = 200_000_000  # bytes


@dataclass(frozen=True)
class Setting:
    """What of a project a simulation needs, its policy aside; `recipe` is the recipe's digest."""

    name: str
    recipe: str
    task: Task
    target: str
    features: tuple[FeatureStep, ...]
    family: ModelFamily
    gates: tuple[Gate, ...]
    kinds: Mapping[str, ColumnKind]
    label_delay: int
    seed: int
    groups: str | None = None
    slices: tuple[str, ...] = ()
    threshold: float = 0.5
    classes: tuple[str, ...] = ()
    weight: str | None = None
    costs: Costs | None = None
    capacity: int | None = None
    timezone: str = "UTC"
    time: str = "event_time"


def setting_of(project: Project) -> Setting:
    """The project as its file says now."""
    return Setting(
        name=project.name,
        recipe=project.recipe_digest,
        task=project.task,
        target=project.target,
        features=project.features,
        family=project.family,
        gates=project.gates,
        kinds=watched_columns(project),
        label_delay=project.label_delay,
        seed=project.seed,
        groups=project.groups,
        slices=project.slices,
        threshold=project.threshold,
        classes=project.classes,
        weight=project.weight,
        costs=project.costs,
        capacity=project.capacity,
        timezone=project.timezone,
        time=project.time,
    )


class Past(ABC):
    """Nights by date. A night is *labelled* when enough of its rows have their label at last."""

    @property
    @abstractmethod
    def known_from(self) -> Mapping[date, date]:
        """Every labelled night, in order, with the night from which its labels are known."""

    @property
    def accepted(self) -> frozenset[date]:
        """Faulty nights that a person accepted."""
        return frozenset()

    def unusual(self, night: date) -> tuple[Unusual, ...]:
        """What no night before it had."""
        return ()

    def bad(self, as_of: date) -> frozenset[date]:
        """Nights that were marked bad when this night was decided."""
        return frozenset()

    @abstractmethod
    def state(self, night: date) -> DataState:
        """What the night's data is; only an accepted batch has rows."""

    @abstractmethod
    def rows(self, night: date) -> pd.DataFrame:
        """The rows of an accepted batch; never to be changed in place."""

    @abstractmethod
    def labelled(self, nights: Sequence[date]) -> pd.DataFrame:
        """The labelled rows of labelled nights, end to end; never to be changed in place."""

    @abstractmethod
    def count(self, night: date) -> int:
        """How many labelled rows a labelled night has."""

    @abstractmethod
    def is_one_class(self, nights: Sequence[date]) -> bool:
        """Whether all labels of these nights hold one value."""

    @abstractmethod
    def training_set(self, nights: Sequence[date]) -> str:
        """Digest of the batches and labels of these nights."""


def judging_rows(past: Past, setting: Setting, nights: Sequence[date]) -> npt.NDArray[np.bool_]:
    """Which labelled rows of these nights judge: without groups all of them."""
    frame = past.labelled(nights)
    if setting.groups is None:
        return np.ones(len(frame), dtype=np.bool_)
    return is_held_out(frame[setting.groups], setting.name)


def can_judge(past: Past, setting: Setting, night: date) -> bool:
    """Whether the labelled night has rows that judge."""
    return setting.groups is None or bool(judging_rows(past, setting, (night,)).any())


class StoredPast(Past):
    """What a store holds of a project, by its newest revisions; records made later do not show."""

    def __init__(self, store: Store, project: Project) -> None:
        self._store = store
        self._project = project
        self._batches = newest_by_night(store, Batch, project.name)
        end = shift(max(self._batches, default=date.min), project.label_delay)
        self._usable = {
            night.as_of: night for night in usable_nights(store, project, end, frozenset())
        }
        self._known = _known_from(store, project, self._usable)
        self._ledger = entries(store, project.name)
        self._accepted = frozenset(fold(self._ledger).accepted)
        self._memory = FrameMemory(_ROWS_REMEMBERED)

    @property
    def known_from(self) -> Mapping[date, date]:
        return self._known

    @property
    def accepted(self) -> frozenset[date]:
        return self._accepted

    def bad(self, as_of: date) -> frozenset[date]:
        return fold(entry for entry in self._ledger if entry.as_of < as_of).bad_nights

    def state(self, night: date) -> DataState:
        key = self._batches[night][0] if night in self._batches else None
        return data_state(self._store, key, deadline_passed=True)

    def unusual(self, night: date) -> tuple[Unusual, ...]:
        return self._batches[night][1].unusual if night in self._batches else ()

    def rows(self, night: date) -> pd.DataFrame:
        batch = self._batches[night][1]
        name = name_of_rows(self._project, batch)
        return self._memory.recall(name, lambda: load_rows(self._store, self._project, batch))

    def labelled(self, nights: Sequence[date]) -> pd.DataFrame:
        return training_frame(self._store, self._project, self._pick(nights))

    def count(self, night: date) -> int:
        return self._usable[night].labels.kept

    def is_one_class(self, nights: Sequence[date]) -> bool:
        return is_one_class(tuple(self._pick(nights)))

    def training_set(self, nights: Sequence[date]) -> str:
        return training_set_id(self._pick(nights))

    def _pick(self, nights: Sequence[date]) -> list[UsableNight]:
        return [self._usable[night] for night in nights]


def _known_from(
    store: Store, project: Project, usable: Mapping[date, UsableNight]
) -> dict[date, date]:
    """The end of the label delay, or the later night whose decision first saw complete labels.

    Labels of history nights were there long before a decision saw them.
    """
    records = [night for _, night in nights_in_order(store, project.name)]
    history = {record.as_of for record in records if record.evidence.history}
    seen: dict[tuple[str, int], date] = {}
    for record in records:
        for revision in record.evidence.labels.items():
            seen.setdefault(revision, record.as_of)
    known = {}
    for night, found in usable.items():
        delay = shift(night, project.label_delay)
        complete = str(night), _first_complete(store, project, found)
        known[night] = delay if night in history else max(delay, seen.get(complete, delay))
    return known


def _first_complete(store: Store, project: Project, night: UsableNight) -> int:
    keys = store.revisions("labels", project.name, night.as_of)
    revisions = (store.record(key, Labels) for key in keys)
    return next(
        labels.revision for labels in revisions if is_complete(labels, night.batch, project)
    )
