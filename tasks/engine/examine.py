"""Leak alarms, feature gains and memorisation of a challenger, on its own nights. None refuses.

The rules are pure: `tasks.core.leaks`, `tasks.core.known_later`, `tasks.core.gains`; what of it is
memorised, `tasks.engine.memorise`.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.batch import Batch
from schemas.contract import name_of, names_of
from schemas.curve import Curve
from schemas.errors import Damaged, Missing, ModelUnusable
from schemas.examination import Examination, FeatureGain, LeakAlarm
from schemas.model import Fit
from schemas.project import Matrix, Project
from tasks.core import known_later, leaks, leaky_rows
from tasks.core.curves import read_curve
from tasks.core.gains import feature_gains
from tasks.core.leaks import Part
from tasks.engine.contest import Scorer
from tasks.engine.fits import features_of
from tasks.engine.frames import load_frame
from tasks.engine.groups import rows_to_judge, rows_to_learn
from tasks.engine.learning import predict_features, said_of, trace_family
from tasks.engine.memorise import Looked, Refit, fit_shuffled, make_panel
from tasks.engine.planning import Planned
from tasks.engine.usable import UsableNight, labelled_rows
from tasks.store import Store

TRAINING_ROWS = 50_000
GATE_ROWS = 20_000
GAINS = 200
"""Features whose gain is measured: of wide projects those that rank the gate rows best alone."""

_Chosen = Callable[[Store, Project, UsableNight], pd.DataFrame]
"""Which of a night's labelled rows are looked at."""

_CELLS = 20_000_000
_SHUFFLED_CELLS = 1_000_000_000
_REVISED = 14


@dataclass(frozen=True)
class Findings:
    """What was found, and the recipe's fit on shuffled labels, by which gates are tested."""

    examination: Examination
    shuffled: Refit | None = None

    @property
    def row_rounds(self) -> int:
        """What the extra fits cost."""
        panel = self.examination.memorisation
        return panel.row_rounds if panel else 0

    @property
    def impostors(self) -> Mapping[str, Scorer]:
        """Models that must not pass, for the self-test of the gates."""
        return {"shuffled": self.shuffled.predict} if self.shuffled else {}


def examine_if_new(
    store: Store, project: Project, planned: Planned, challenger: Fit
) -> Findings | None:
    """None for a refresh, whose recipe was examined before, and where it cannot be done."""
    if planned.kind == "refresh":
        return None
    with suppress(ModelUnusable, Missing, Damaged):
        return examine(store, project, planned, challenger)
    return None


def examine(store: Store, project: Project, planned: Planned, challenger: Fit) -> Findings:
    """Look at the newest training rows of a challenger, and at its gate rows if there are any.

    Above the limits rows are left out evenly, so that the cost stays bounded.
    """
    looking = _Looking(store, project, challenger)
    frame, training = looking.at(planned.train, TRAINING_ROWS, rows_to_learn, newest=True)
    alarms = [*looking.training_alarms(frame, training), *_later_alarms(store, project, planned)]
    gains: tuple[FeatureGain, ...] = ()
    gate, panel, shuffled, curve = None, None, None, None
    if planned.gate:
        rows, gate = looking.at(planned.gate, GATE_ROWS, rows_to_judge)
        scores = leaks.one_feature_scores(project.task, training, gate)
        predicted = looking.predict(gate.features)
        model = leaks.rank_model(project.task, gate.target, predicted)
        alarms += leaks.single_features(project.task, training, scores, model)
        alarms += leaky_rows.duplicates(training, gate, project.groups)
        gains = looking.gains(gate, scores)
        curve = looking.curve(training, gate)
        with suppress(ModelUnusable):  # a recipe that cannot learn from noise is still examined
            noise = fit_shuffled(project, frame)
            known = Looked(frame, training, looking.predict(training.features))
            panel = make_panel(project, challenger, known, Looked(rows, gate, predicted), noise)
            shuffled = noise
    examination = Examination(
        rows=len(training.target),
        nights=_count(training),
        gate_rows=len(gate.target) if gate else 0,
        gate_nights=_count(gate) if gate else 0,
        features=len(training.features.names),
        alarms=tuple(alarms),
        gains=gains,
        memorisation=panel,
        curve=curve,
    )
    return Findings(examination, shuffled)


@dataclass(frozen=True)
class _Looking:
    """One challenger's features and predictions."""

    store: Store
    project: Project
    challenger: Fit

    def at(
        self, nights: Sequence[UsableNight], limit: int, chosen: _Chosen, *, newest: bool = False
    ) -> tuple[pd.DataFrame, Part]:
        """Rows of these nights, or of the `newest` ones that make up the limit, and their part."""
        width = len(
            self._features(labelled_rows(self.store, self.project, nights[-1]).head(1)).names
        )
        limit = min(limit, max(1, _CELLS // width))
        if newest:
            nights = _newest(nights, limit)
        frames = [chosen(self.store, self.project, night) for night in nights]
        every = max(1, -(-sum(map(len, frames)) // limit))
        thinned = [frame.iloc[::every] for frame in frames]
        frame = pd.concat(thinned, ignore_index=True)
        numbers = np.repeat(np.arange(len(thinned)), [len(rows) for rows in thinned])
        target = frame[self.project.target].to_numpy(dtype=np.float64)
        return frame, Part(self._features(frame), target, numbers)

    def predict(self, features: Matrix) -> npt.NDArray[np.float64]:
        """The challenger's predictions."""
        model = self.store.read_bytes(self.challenger.model)
        return predict_features(self.project, model, features, self.challenger.classes)

    def training_alarms(self, frame: pd.DataFrame, training: Part) -> Iterator[LeakAlarm]:
        """What the training rows alone tell."""
        states = json.loads(self.store.read_bytes(self.challenger.features))
        steps = zip(self.project.features, states, strict=True)
        words = sorted({name for step, state in steps for name in step.known_words(state)})
        order = frame[name_of(self.project.contract, "time")].rank(na_option="top")
        times = np.asarray(order, dtype=np.float64)
        yield from leaks.copies_of_target(training)
        yield from leaky_rows.id_like(training, times, {name: frame[name] for name in words})
        gaps = _gaps(frame, training.features, words)
        for part in leaks.by_class(self.project.task, training):
            yield from leaks.missingness(part, gaps)

    def gains(self, gate: Part, scores: npt.NDArray[np.float64]) -> tuple[FeatureGain, ...]:
        """Gains on the gate rows, or on every so many of them where features are many."""
        width = len(scores)
        positions = np.sort(np.argsort(-scores, kind="stable")[:GAINS])
        every = max(1, -(-len(gate.target) * width * len(positions) // _SHUFFLED_CELLS))
        some = Matrix(gate.features.names, gate.features.kinds, gate.features.values[::every])
        return feature_gains(
            self.project.task,
            some,
            gate.target[::every],
            np.unique(gate.nights[::every], return_inverse=True)[1],
            self.predict,
            positions.tolist(),
        )

    def curve(self, training: Part, gate: Part) -> Curve | None:
        """Of a fit on the training rows, its losses there and on the gate rows, pass by pass."""
        project = self.project
        fitted, judged = ((part.features, part.target) for part in (training, gate))
        with suppress(ModelUnusable), said_of(project, "tracing the fit"):
            losses = trace_family(project, project.family, fitted, judged)
            return read_curve(losses) if losses else None
        return None

    def _features(self, frame: pd.DataFrame) -> Matrix:
        return features_of(self.store, self.project, self.challenger, frame)


def _newest(nights: Sequence[UsableNight], limit: int) -> Sequence[UsableNight]:
    """The newest whole nights that together have as many rows as the limit."""
    rows = np.cumsum([night.labels.kept for night in reversed(nights)])
    return nights[-min(len(nights), int(np.searchsorted(rows, limit)) + 1) :]


def _count(part: Part) -> int:
    return len(np.unique(part.nights))


def _gaps(
    frame: pd.DataFrame, features: Matrix, words: Sequence[str]
) -> dict[str, npt.NDArray[np.bool_]]:
    """Where each feature says that something is missing: a null, a null word, an indicator."""
    gaps = {name: frame[name].isna().to_numpy() for name in words}
    for position, (name, kind) in enumerate(zip(features.names, features.kinds, strict=True)):
        if kind == "number":
            values = features.values[:, position]
            gaps[name] = values == 1 if name.endswith("_missing") else np.isnan(values)
    return {name: is_gap for name, is_gap in gaps.items() if is_gap.any()}


def _later_alarms(store: Store, project: Project, planned: Planned) -> Iterator[LeakAlarm]:
    """What batches tell: of nights newer than the last labelled one, and of earlier revisions."""
    columns = names_of(project.contract, "feature")
    revisions: dict[date, list[str]] = defaultdict(list)
    for place, key in store.places("batches", project.name):
        if place.as_of:
            revisions[place.as_of].append(key)
    newest = [keys[-1] for night, keys in revisions.items() if night > planned.nights[-1].as_of]
    fresh = [batch for key in newest if (batch := store.record(key, Batch)).status == "accepted"]
    yield from known_later.filled_since(columns, [night.batch for night in planned.nights], fresh)
    again = [night for night in planned.nights if len(revisions[night.as_of]) > 1][-_REVISED:]
    shares: dict[str, list[float]] = defaultdict(list)
    for night in again:
        with suppress(Missing):  # its data may have been let go
            for name, share in _changed(store, project, night, revisions[night.as_of]).items():
                shares[name].append(share)
    yield from known_later.changed_since(shares)


def _changed(
    store: Store, project: Project, night: UsableNight, revisions: Sequence[str]
) -> dict[str, float]:
    first = next(
        batch.rows for key in revisions if (batch := store.record(key, Batch)).status == "accepted"
    )
    if first is None or night.batch.rows is None or first == night.batch.rows:
        return {}
    key, columns = name_of(project.contract, "key"), names_of(project.contract, "feature")
    return known_later.changed_shares(
        load_frame(store, first), load_frame(store, night.batch.rows), key, columns
    )
