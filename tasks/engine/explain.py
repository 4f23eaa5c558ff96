"""One row of a stored batch, explained: prediction, contributions, the way of its values.

How a prediction is taken apart is `tasks.families.contributions`, or `tasks.core.switching` where
the family has no trees. Nothing is stored.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from schemas.batch import Batch
from schemas.contract import columns_of, is_sensitive, name_of, names_of, sensitive_names
from schemas.explained import (
    ClassChance,
    ColumnPath,
    Contribution,
    Explained,
    RecordedPrediction,
    Stage,
)
from schemas.model import Card
from schemas.predictions import Predictions
from schemas.project import Matrix, Project, State
from tasks.engine.behind import columns_behind, is_hidden
from tasks.engine.cards import card_of, champion_of
from tasks.engine.delivered import Delivered, delivered_row
from tasks.engine.find_batch import find_batch_of
from tasks.engine.fits import features_of, predict
from tasks.engine.frames import load_frame
from tasks.engine.keeping.erased import key_texts
from tasks.engine.past import Known, with_past
from tasks.engine.predicted import PREDICTION, predictions_of
from tasks.engine.records import newest
from tasks.engine.revive import revive
from tasks.engine.rows import load_rows
from tasks.engine.taken_apart import TakenApart, take_apart
from tasks.store import Store
from tasks.store.champion import find_serving


def explain(store: Store, project: Project, key: str, as_of: date | None = None) -> Explained:
    """The row by the version that scored it that night; by the champion where none did.

    Raises:
        NotYet: no stored row has this key, or there is no model.
        ModelUnusable, Missing, Damaged: the model or the rows cannot be used any more.
    """
    batch_key, batch = find_batch_of(store, project, key, as_of)
    recorded = _recorded(store, project, batch, key)
    version = recorded.version if recorded else champion_of(store, project.name)
    card = card_of(store, project.name, version)
    row = _Row(store, revive(project, card), card, batch, key)
    parts = take_apart(store, row.made_by, card, row.by_member, row.prediction)
    shown, hidden = _split(row, parts)
    is_secret = is_sensitive(columns_of(project.contract)[name_of(project.contract, "key")])
    delivered = delivered_row(project, batch, key)
    return Explained(
        project=project.name,
        key="(sensitive)" if is_secret else key,
        as_of=batch.as_of,
        batch=batch_key,
        version=version,
        is_champion=find_serving(store, project.name).champion == version,
        task=project.task,
        prediction=float(row.prediction.max()),
        recorded=recorded,
        how=parts.how,
        unit=parts.unit,
        base=parts.base,
        margin=parts.margin,
        contributions=tuple(sorted(shown, key=lambda one: -abs(one.contribution))),
        hidden=len(hidden),
        hidden_contribution=float(sum(hidden)),
        paths=tuple(_paths(row, delivered)),
        delivered=delivered.gap,
        chances=_chances(row.made_by, row.prediction),
    )


def _recorded(store: Store, project: Project, batch: Batch, key: str) -> RecordedPrediction | None:
    found = newest(store, Predictions, project.name, batch.as_of)
    if found is None:
        return None
    rows = load_frame(store, found[1].rows)
    texts = key_texts(rows[name_of(project.contract, "key")])
    if key not in texts:
        return None
    row = rows.iloc[[texts.index(key)]]
    return RecordedPrediction(
        version=found[1].version,
        prediction=float(predictions_of(project, row).max()),
        same_batch=found[1].batch == batch.id,
        class_name=str(row[PREDICTION].iloc[0]) if project.classes else "",
    )


def _chances(project: Project, prediction: np.ndarray) -> tuple[ClassChance, ...]:
    """The classes, the likeliest first; none of other tasks."""
    pairs = zip(project.classes, np.atleast_1d(prediction).tolist(), strict=False)
    return tuple(sorted((ClassChance(*pair) for pair in pairs), key=lambda one: -one.probability))


@dataclass(frozen=True)
class _Row:
    """The row as the version sees it."""

    store: Store
    made_by: Project
    card: Card
    batch: Batch
    key: str

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The stored row, with what it looks back at."""
        rows = load_rows(self.store, self.made_by, self.batch)
        texts = key_texts(rows[name_of(self.made_by.contract, "key")])
        row = rows.iloc[[texts.index(self.key)]].reset_index(drop=True)
        past = Known(self.store, self.made_by.name).before(self.made_by, self.batch.as_of)
        return with_past(self.store, self.made_by, row, past)

    @cached_property
    def states(self) -> list[State]:
        """What each feature step has learned."""
        states: list[State] = json.loads(self.store.read_bytes(self.card.members[0].features))
        return states

    @cached_property
    def features(self) -> Matrix:
        """The row's features, as the member makes them that knows most nights."""
        return self.by_member[0]

    @cached_property
    def by_member(self) -> list[Matrix]:
        """The same of every member: each has learned its features from its own nights."""
        return [features_of(self.store, self.made_by, m, self.frame) for m in self.card.members]

    @cached_property
    def prediction(self) -> np.ndarray:
        """The version's prediction, made again: a number, or one a class."""
        return np.asarray(predict(self.store, self.made_by, self.card.members, self.frame)[0])

    @cached_property
    def behind(self) -> list[tuple[str, tuple[str, ...]]]:
        """Each feature with its columns."""
        return list(columns_behind(self.made_by, self.states, self.frame))


def _split(row: _Row, parts: TakenApart) -> tuple[list[Contribution], list[float]]:
    """Contributions that may be shown, and the numbers of those that may not."""
    shown, hidden = [], []
    for place, (name, columns) in enumerate(row.behind):
        number = float(parts.numbers[place])
        if is_hidden(row.made_by, columns):
            hidden.append(number)
            continue
        typical = parts.typical[place] if parts.typical is not None else None
        shown.append(
            Contribution(
                feature=name,
                value=_feature_value(row, place, columns),
                columns=columns,
                contribution=number,
                typical=None if typical is None else _number(typical),
            )
        )
    return shown, hidden


def _feature_value(row: _Row, place: int, columns: Sequence[str]) -> str:
    """A number, or the word that a category's code stands for."""
    value = float(row.features.values[0, place])
    if row.features.kinds[place] == "number" or len(columns) != 1:
        return _number(value)
    word = written(row.frame[columns[0]].iloc[0])
    return word if not np.isnan(value) or word == "null" else f"missing (unknown: {word})"


def _number(value: float) -> str:
    return "missing" if np.isnan(value) else f"{value:.6g}"


def _paths(row: _Row, delivered: Delivered) -> Iterator[ColumnPath]:
    """The way of every column that a shown feature is made of."""
    made = {name: columns for name, columns in row.behind if not is_hidden(row.made_by, columns)}
    looked_back = {one.name for one in row.made_by.past}
    features = names_of(row.made_by.contract, "feature")
    wanted = dict.fromkeys((*features, *(c for columns in made.values() for c in columns)))
    for column in wanted:
        if column in sensitive_names(row.made_by.contract) or column not in row.frame:
            continue
        used = tuple(name for name, columns in made.items() if column in columns)
        end = "looked back" if column in looked_back else "stored"
        value = written(row.frame[column].iloc[0])
        if column in looked_back and is_hidden(row.made_by, (column,)):
            continue
        stages = [*_stages(delivered, column), Stage(at=end, value=value)]
        yield ColumnPath(column=column, stages=tuple(stages), features=used)


def _stages(delivered: Delivered, column: str) -> Iterator[Stage]:
    """As delivered, and after each step that changed it or gave it its name."""
    before: str | None = None
    for at, row in delivered.stages:
        value = written(row[column]) if column in row.index else None
        if value is not None and value != before:
            yield Stage(at=at, value=value)
        before = value


def written(value: object) -> str:
    """A value of a cell as text of bounded length."""
    if pd.isna(value):  # type: ignore[call-overload]  # any scalar
        return "null"
    return f"{value:.10g}" if isinstance(value, float) else str(value)[:80]
