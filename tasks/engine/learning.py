"""A family between codes of classes and classes: what it learns from, what it says of all.

Families learn and predict the classes that training had, numbered without a gap; models are judged
on all classes of the project. Whose rows these are is `tasks.engine.fits`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

import numpy as np
import pandas as pd

from schemas.curve import Losses
from schemas.errors import ModelUnusable
from schemas.project import Matrix, ModelFamily, Parts, Task
from tasks.core.coding import among_all, among_known, known_codes
from tasks.core.metrics import constant_of

_RAISED = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError),
    *(RuntimeError, TypeError, ValueError),
)


class Learner(Protocol):
    """What of a project says how a family is asked."""

    @property
    def name(self) -> str: ...
    @property
    def task(self) -> Task: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def family(self) -> ModelFamily: ...
    @property
    def seed(self) -> int: ...


class Fitted(Protocol):
    """What of a fit says what it has learned from labels alone, of its classes in order."""

    @property
    def prior(self) -> float: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def rates(self) -> tuple[float, ...]: ...


def known_classes(learner: Learner, target: np.ndarray) -> tuple[str, ...]:
    """The classes that these labels hold, in their order; none of other tasks."""
    if learner.task != "multiclass":
        return ()
    return tuple(learner.classes[code] for code in known_codes(target))


def fit_family(learner: Learner, features: Matrix, target: np.ndarray) -> bytes:
    """The family's model of these rows, whose labels are codes of the project's classes."""
    _refuse_task(learner)
    if learner.task == "multiclass" and len(target):
        target = among_known(target, known_codes(target))
    return _as_bytes(learner, learner.family.fit(features, target, learner.task, learner.seed))


def fit_family_in_parts(learner: Learner, parts: Parts, target: np.ndarray) -> bytes:
    """The same of rows that come in parts; `target` is that of all of them."""
    _refuse_task(learner)
    known = known_codes(target)

    def coded() -> Iterator[tuple[Matrix, np.ndarray]]:
        is_coded = learner.task == "multiclass"
        return ((m, among_known(codes, known) if is_coded else codes) for m, codes in parts())

    return _as_bytes(learner, learner.family.fit_in_parts(coded, learner.task, learner.seed))


def _as_bytes(learner: Learner, model: object) -> bytes:
    """A family of a team's own may return anything."""
    if isinstance(model, bytes):
        return model
    raise TypeError(f"fit of {learner.family.kind} returned {type(model).__name__}, not bytes")


def _refuse_task(learner: Learner) -> None:
    """A project's own family was asked with its file; those of a ladder were not."""
    if objection := learner.family.objection(learner.task):
        raise ValueError(objection)


def trace_family(
    learner: Learner,
    family: ModelFamily,
    fitted: tuple[Matrix, np.ndarray],
    judged: tuple[Matrix, np.ndarray],
) -> Losses | None:
    """The family's losses pass by pass; later rows of classes that it never met count for none."""
    if learner.task != "multiclass":
        return family.trace(fitted, judged, learner.task, learner.seed)
    known = known_codes(fitted[1])
    is_met = np.isin(judged[1], known)
    if not is_met.any():
        return None
    values = replace(judged[0], values=judged[0].values[is_met])
    later = values, among_known(judged[1][is_met], known)
    learned = fitted[0], among_known(fitted[1], known)
    return family.trace(learned, later, learner.task, learner.seed)


def predict_features(
    learner: Learner, model: bytes, features: Matrix, known: Sequence[str]
) -> np.ndarray:
    """One model's predictions: one float64 a row, or one a row and class of the project.

    Raises:
        ModelUnusable: the family fails on these rows, or a prediction is not finite.
    """
    with said_of(learner, "predicting"):
        prediction = np.asarray(learner.family.predict(model, features))
    return of_all_classes(learner, prediction, len(features), known)


def of_all_classes(
    learner: Learner, prediction: np.ndarray, rows: int, known: Sequence[str]
) -> np.ndarray:
    """A family's predictions, proved, with a column a class of the project."""
    if learner.task != "multiclass":
        return _checked(prediction, (rows,), learner.name)
    if len(known) == 1:  # there is nothing to choose from
        prediction = np.ones((rows, 1))
    checked = _checked(prediction, (rows, len(known)), learner.name)
    return among_all(checked, known, learner.classes)


def weighted(features: Matrix, weight: str | None, frame: pd.DataFrame) -> Matrix:
    """The training rows' features with what each row counts for."""
    if weight is None:
        return features
    return replace(features, weights=frame[weight].to_numpy(dtype=np.float64, copy=True))


def known_rates(learner: Learner, target: np.ndarray) -> tuple[float, ...]:
    """The share of each class that these labels hold; none of other tasks."""
    if learner.task != "multiclass":
        return ()
    _, counts = np.unique(target, return_counts=True)
    return tuple((counts / len(target)).tolist())


def constant_after(learner: Learner, target: np.ndarray, rows: int) -> np.ndarray:
    """What learning from these labels alone, without any feature, would predict."""
    if learner.task != "multiclass":
        return np.full(rows, constant_of(learner.task, target))
    rates = np.tile(known_rates(learner, target), (rows, 1))
    return among_all(rates, known_classes(learner, target), learner.classes)


def predict_constant(learner: Learner, fit: Fitted, rows: int) -> np.ndarray:
    """What the fit would predict without any feature."""
    if learner.task != "multiclass":
        return np.full(rows, fit.prior)
    return among_all(np.tile(fit.rates, (rows, 1)), fit.classes, learner.classes)


@contextmanager
def said_of(learner: Learner, doing: str) -> Iterator[None]:
    """What feature steps, families and their libraries raise, as a refusal of the model."""
    try:
        yield
    except _RAISED as error:
        text = " ".join(str(error).split())[:300]
        raise ModelUnusable(
            f"{learner.name}: {doing} failed ({type(error).__name__}: {text}); "
            "mend features, family or contract"
        ) from error


def _checked(prediction: np.ndarray, shape: tuple[int, ...], project: str) -> np.ndarray:
    if prediction.shape == shape and np.isfinite(prediction).all():
        return prediction
    raise ModelUnusable(
        f"{project}: the model predicted shape {prediction.shape} for {shape[0]} rows, "
        f"{int((~np.isfinite(prediction)).sum())} not finite; retrain, or roll back"
    )
