"""Which nights may train and judge: labelled at full delay, sound, neither faulty nor bad.

What is made of them is `tasks.core.plan` (the split) and `tasks.engine.fits` (the fit).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from schemas.batch import Batch
from schemas.classes import as_class
from schemas.contract import columns_of, is_category, name_of, names_of
from schemas.labels import Labels
from schemas.period import shift
from schemas.project import Project
from tasks.core.coding import codes_of
from tasks.core.plan import is_known_by
from tasks.engine.frames import FrameMemory, load_frame
from tasks.engine.labels import is_complete
from tasks.engine.past import Known, Past, with_past
from tasks.engine.records import newest_by_night
from tasks.engine.rows import (
    columns_of_rows,
    load_rows,
    name_of_rows,
    was_cleaned_otherwise,
)
from tasks.store import Store

_memory = FrameMemory(limit=400_000_000)


@dataclass(frozen=True)
class UsableNight:
    """A night with its batch and its complete labels."""

    as_of: date
    batch: Batch
    labels: Labels
    known: Known
    past: Past
    """What its rows look back at, under today's project."""


def usable_nights(
    store: Store, project: Project, as_of: date, left_out: frozenset[date]
) -> tuple[UsableNight, ...]:
    """Nights whose labels were mature by `as_of`, in order, without those that are left out.

    Nor those outside of the retention, whether their data is still there or not.
    """
    newest_mature = shift(as_of, -project.label_delay)
    labels = newest_by_night(store, Labels, project.name)
    batches = newest_by_night(store, Batch, project.name)
    newest = max([as_of, *batches])
    columns = columns_of(project.contract)
    needed = {(n, is_category(columns[n])) for n in names_of(project.contract, "feature")}
    also = {project.groups, project.weight} - {None}
    known = Known(store, project.name)
    nights = []
    for night, (_, batch) in batches.items():
        if night > newest_mature or night in left_out or night not in labels:
            continue
        if not project.policy.keeps(night, newest):
            continue
        if batch.status != "accepted" or was_cleaned_otherwise(project, batch):
            continue
        there = columns_of_rows(project, batch)
        if needed - there or also - {name for name, _ in there}:
            continue
        if is_complete(labels[night][1], batch, project):
            past = known.before(project, night)
            nights.append(UsableNight(night, batch, labels[night][1], known, past))
    return tuple(nights)


def nights_known_by(
    project: Project, nights: Sequence[UsableNight], cut: date
) -> tuple[UsableNight, ...]:
    """Those before the cut whose labels were complete by then: what a judged model may know."""
    delay = project.label_delay
    return tuple(night for night in nights if is_known_by(night.as_of, cut, delay))


def labelled_rows(store: Store, project: Project, night: UsableNight) -> pd.DataFrame:
    """The night's rows with their target, in the batch's order; never to be changed in place.

    Rows without a label are left out. Classes are codes: their places among the project's.
    """
    key = name_of(project.contract, "key")
    past = night.known.before(project, night.as_of)

    def join() -> pd.DataFrame:
        rows = with_past(store, project, load_rows(store, project, night.batch), past)
        labels = coded(project, load_frame(store, night.labels.rows))
        return _join(rows, labels, key, project.target)

    name = f"{name_of_rows(project, night.batch)}+{night.labels.rows.key}+{past.id}"
    name = f"{name} {project.classes}" if project.classes else name
    return _memory.recall(name, join)


def coded(project: Project, labels: pd.DataFrame) -> pd.DataFrame:
    """Stored labels as numbers; words that are no class any more are no labels."""
    if not project.classes:
        return labels
    words = labels[project.target]
    if str(words.dtype) != "str":  # they came before the project had classes
        words = words.map(as_class)
    codes = codes_of(words, project.classes)
    return labels.assign(**{project.target: codes}).dropna(subset=[project.target])


def training_frame(store: Store, project: Project, nights: Sequence[UsableNight]) -> pd.DataFrame:
    """The labelled rows of these nights, in order."""
    parts = [labelled_rows(store, project, night) for night in nights]
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _join(rows: pd.DataFrame, labels: pd.DataFrame, key: str, target: str) -> pd.DataFrame:
    """The rows that have a label, with it; an inner merge, several times faster.

    Neither side repeats a key: `tasks.core.checking` and `tasks.engine.labels` see to that.
    """
    at = pd.Index(labels[key]).get_indexer(pd.Index(rows[key]))
    is_known = at >= 0
    known = rows if is_known.all() else rows[is_known].reset_index(drop=True)
    return known.assign(**{target: labels[target].to_numpy()[at[is_known]]})


def is_one_class(nights: tuple[UsableNight, ...]) -> bool:
    """Whether all labels of these nights hold one value, so that nothing can be learned."""
    classes = set().union(*(night.labels.classes or {} for night in nights))
    if classes:
        return len(classes) == 1
    lows = {night.labels.target_min for night in nights}
    highs = {night.labels.target_max for night in nights}
    return len(lows | highs) <= 1
