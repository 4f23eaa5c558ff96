"""A project: one retraining policy, and the contracts a team extends.

Sources are `schemas.source`, cleaning steps `schemas.cleaning`. What implements all of these
lives one a file under `tasks`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import ConfigDict, Field, SerializeAsAny, model_validator

from schemas.agreeing import check_agreement
from schemas.classes import classes_of
from schemas.cleaning import CleaningStep
from schemas.contract import Contract, describe_contract, name_of, names_of, target_of
from schemas.costs import Costs, with_threshold
from schemas.curve import Traced
from schemas.declared import Declared
from schemas.destination import Destination
from schemas.judgement import Contest, Verdict
from schemas.names import Name
from schemas.past import PastNights
from schemas.policy import Policy
from schemas.quantiles import Quantile
from schemas.record import digest_of
from schemas.schedule import Schedule
from schemas.service import ServedLog
from schemas.source import Source

Task = Literal["binary", "multiclass", "regression", "count", Quantile]
State = Mapping[str, Any]


@dataclass(frozen=True)
class Matrix:
    """Features: `values` is float32 (rows, columns); categories are codes, unknown ones NaN."""

    names: tuple[str, ...]
    kinds: tuple[Literal["number", "category"], ...]
    values: np.ndarray
    weights: np.ndarray | None = None
    """What each row counts for in a fit, shape (rows,); without them all are alike."""

    def __len__(self) -> int:
        return len(self.values)


def stack(parts: Sequence[Matrix]) -> Matrix:
    """The rows of all parts, which have the same features."""
    weights = [part.weights for part in parts if part.weights is not None]
    return replace(
        parts[0],
        values=np.concatenate([part.values for part in parts]),
        weights=np.concatenate(weights) if weights else None,
    )


Parts = Callable[[], Iterator[tuple[Matrix, np.ndarray]]]
"""Features and target of a training set, part by part, as often as they are asked for."""


class FeatureStep(Declared, ABC):
    """Turns batch columns into features; what it learns comes from the training part alone.

    The same code makes features for training and scoring, so that a row's are equal in both.
    """

    learns: ClassVar[bool] = True
    """Whether its state depends on the training rows."""

    @abstractmethod
    def fit(self, frame: pd.DataFrame) -> State:
        """What the step learns from the training rows, target included, as plain JSON."""

    @abstractmethod
    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """The step's features, one row a row of `frame`."""

    def reads(self) -> frozenset[str]:
        """Columns that it needs, if it says so: a project where one is not there is refused."""
        return frozenset()

    def known_words(self, state: State) -> Mapping[str, Collection[str]]:
        """The words that training knew, by column of words; others are counted as unseen."""
        return {}


class ModelFamily(Traced, ABC):
    """A kind of model. Models are bytes in a safe format; fitting is deterministic in its seed."""

    suffix: ClassVar[Literal["ubj", "json", "safetensors"]]

    @abstractmethod
    def fit(self, features: Matrix, target: np.ndarray, task: Task, seed: int) -> bytes:
        """Fit and serialise; equal inputs give equal bytes.

        Classes are numbered from 0 without a gap, whole numbers as float64.
        """

    def fit_in_parts(self, parts: Parts, task: Task, seed: int) -> bytes:
        """`fit` on rows that come in parts. A family that can learn so need not hold them all."""
        matrices, targets = zip(*parts(), strict=True)
        return self.fit(stack(matrices), np.concatenate(targets), task, seed)

    @abstractmethod
    def predict(self, model: bytes, features: Matrix) -> np.ndarray:
        """One float64 a row: a probability for a binary task, for others a value.

        For a multiclass task one a row and class, shape (rows, classes).
        """

    @property
    @abstractmethod
    def rounds(self) -> int:
        """Passes over the rows that a fit makes; the cost of a fit is rows x rounds."""

    @property
    def inner(self) -> "ModelFamily":
        """The family whose fields a search varies: this one, unless it wraps another."""
        return self

    def objection(self, task: Task) -> str | None:
        """Why it could never learn this task; None if it can."""
        return None


class Gate(Declared, ABC):
    """One check on a challenger. It compares numbers it is given."""

    judges_scores: ClassVar[bool] = True
    """Whether better scores could change its mind: by such gates the self-test goes."""
    needs_simplest: ClassVar[bool] = False
    """Whether it compares with the simplest learned family, which must be fitted for it then."""

    @abstractmethod
    def judge(self, contest: Contest) -> Verdict | None:
        """The verdict, or None where this gate has nothing to say on this kind of retrain."""

    def objection(self, task: Task, slices: Sequence[str]) -> str | None:
        """Why it could never judge a model of this task, with these slices; None if it can."""
        return None


class Project(Schedule):
    """One retraining policy. Dumps are the record; the project file stays the source."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: Name
    about: str = Field(description="the question that the model answers, in one sentence")
    contract: Contract = Field(exclude=True)
    task: Task
    source: SerializeAsAny[Source]
    upcoming: SerializeAsAny[Source] | None = Field(
        default=None, description="rows to predict before their outcome; never asked for labels"
    )
    deliver: SerializeAsAny[Destination] | None = Field(
        default=None, description="where predictions of upcoming rows go besides the store"
    )
    served: SerializeAsAny[ServedLog] | None = Field(
        default=None, description="what the service answered: realised quality is judged on it"
    )
    groups: str | None = Field(
        default=None, description="column whose equal values are alike: held-out ones judge"
    )
    slices: tuple[str, ...] = Field(
        default=(), description="columns of words: models are compared for each frequent word too"
    )
    threshold: float = Field(
        default=0.5, gt=0, lt=1, description="score from which precision and recall say yes"
    )
    weight: str | None = Field(
        default=None, description="column of what each row counts for in fitting, there alone"
    )
    costs: Costs | None = Field(
        default=None, description="of wrong answers of a binary model: they set the threshold"
    )
    capacity: int | None = Field(
        default=None, ge=1, description="rows a night that can get a yes: those of highest scores"
    )
    label_delay: int = Field(default=1, ge=0, description="nights until labels are complete")
    cleaning: tuple[SerializeAsAny[CleaningStep], ...] = ()
    past: tuple[PastNights, ...] = ()
    features: tuple[SerializeAsAny[FeatureStep], ...] = Field(min_length=1)
    family: SerializeAsAny[ModelFamily]
    ladder: tuple[SerializeAsAny[ModelFamily], ...] = Field(
        default=(),
        description="families that `driftloop ladder` compares, simplest first; by default all",
    )
    gates: tuple[SerializeAsAny[Gate], ...] = Field(min_length=1)
    policy: Policy = Policy()
    seed: int = 0

    @model_validator(mode="before")
    @classmethod
    def _says_yes_where_costs_say(cls, fields: dict[str, Any]) -> dict[str, Any]:
        return with_threshold(fields)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_agreement(self)
        return self

    @property
    def target(self) -> str:
        """Name of the contract's column of labels."""
        return str(target_of(self.contract).name)

    @property
    def time(self) -> str:
        """Name of the contract's column of times."""
        return name_of(self.contract, "time")

    @property
    def classes(self) -> tuple[str, ...]:
        """What a label of a multiclass task can be, in order; of other tasks nothing."""
        return classes_of(self.contract) if self.task == "multiclass" else ()

    @property
    def recipe(self) -> dict[str, Any]:
        """What makes two retrains the same kind of model: family, features, target, seed."""
        dump = self.model_dump(mode="json", include={"family", "features", "task", "seed"})
        columns = sorted(names_of(self.contract, "feature"))
        past = {"past": [one.model_dump(mode="json") for one in self.past]} if self.past else {}
        classes = {"classes": list(self.classes)} if self.classes else {}
        weight = {"weight": self.weight} if self.weight else {}
        return {**dump, **past, **classes, **weight, "target": self.target, "columns": columns}

    @property
    def recipe_digest(self) -> str:
        """Digest of the recipe: another one is a change, not a refresh."""
        return digest_of(self.recipe)

    @property
    def contract_digest(self) -> str:
        """Digest of the data contract, and of the cleaning before it."""
        described = describe_contract(self.contract)
        steps = [step.model_dump(mode="json") for step in self.cleaning]
        return digest_of([described, steps] if steps else described)
