"""What was guessed from a sample: plain values, each with the notes that ask for a review.

How each is guessed lies in the modules beside this one; how it is written, in deployments.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.contract import Role
from schemas.period import Period
from schemas.project import Task
from tasks.core.reading import Kind

_GIVEN = "as given"

StepKind = Literal["NullSentinels", "NormaliseWords", "KeepOne"]


@dataclass(frozen=True)
class Answer:
    """A value of the project, how it was come by, and whether a person should be asked.

    What a person gave is not to be reviewed.
    """

    value: str
    why: str
    is_sure: bool

    @classmethod
    def given(cls, value: str) -> "Answer":
        """What a person said."""
        return cls(value, _GIVEN, is_sure=True)

    @property
    def is_given(self) -> bool:
        """Whether a person said so."""
        return self.why == _GIVEN


@dataclass(frozen=True)
class ColumnGuess:
    """One column of the contract, named as it is delivered; `notes` are to be reviewed."""

    name: str
    kind: Kind
    role: Role
    nullable: bool = False
    unique: bool = False
    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] = ()
    unit: str = ""
    sensitive: bool = False
    zone: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepGuess:
    """A cleaning step. One that is not evident is told as a comment."""

    kind: StepKind
    columns: tuple[str, ...]
    values: tuple[float | str, ...] = ()
    case: Literal["lower"] | None = None
    is_evident: bool = True
    note: str = ""


@dataclass(frozen=True)
class PolicyGuess:
    """A number of the policy that differs from its default, and why."""

    name: str
    value: int
    note: str


@dataclass(frozen=True)
class Guess:
    """Everything that a contract and a project file need beside their names and their source."""

    columns: tuple[ColumnGuess, ...]
    left_out: tuple[tuple[str, str], ...]
    task: Task
    time: str
    target: str
    key: tuple[str, ...]
    key_why: Answer
    zone: Answer
    period: Period
    delay: Answer
    has_clock: bool
    cleaning: tuple[StepGuess, ...]
    policy: tuple[PolicyGuess, ...]
    nights: tuple[date, ...]
    rows_a_night: int
    labelled_nights: int

    @property
    def notes(self) -> int:
        """How many guesses ask for a review."""
        columns = sum(len(column.notes) for column in self.columns)
        steps = sum(bool(step.note) for step in self.cleaning)
        answers = sum(not one.is_given for one in (self.zone, self.key_why, self.delay))
        return columns + steps + len(self.policy) + len(self.left_out) + answers

    def of_role(self, role: Role) -> list[ColumnGuess]:
        """The columns of this role, in the order of the file."""
        return [column for column in self.columns if column.role == role]
