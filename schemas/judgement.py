"""The record of one retrain attempt: who met whom on which nights, and what each gate said.

It is committed before any promotion. The gates themselves are in `tasks.gates`.
"""

from typing import Any, ClassVar, Literal

from schemas.evaluation import Evaluation
from schemas.examination import Examination
from schemas.memorisation import Memorised
from schemas.model import Fit
from schemas.period import AsOf
from schemas.record import Record, Value
from schemas.self_test import SelfTest

Kind = Literal["first", "refresh", "change"]
Outcome = Literal["passed", "refused", "undecided", "one_class", "failed", "lost"]


class GateNight(Value):
    """Loss sums of one gate night. `rival` is the stand-in's, None for a first champion.

    `simplest` is that of the simplest learned family, fitted on the challenger's nights, where a
    gate asks for it.
    """

    as_of: AsOf
    rows: int
    challenger: float
    rival: float | None
    prior: float
    simplest: float | None = None


class GroupSums(Value):
    """Loss sums of some held-out groups over all gate nights: whole groups, bundled by their hash.

    The rows of one group depend on each other, on whatever nights they are.
    """

    bundle: int
    rows: int
    challenger: float
    rival: float | None = None
    prior: float
    simplest: float | None = None


class HeldOut(Value):
    """Whose rows judged, where a project has groups: those that neither model has seen."""

    column: str
    groups: int
    bundles: tuple[GroupSums, ...]


class Contest(Value):
    """What gates judge: nights that neither model has seen, the challenger's metrics on them.

    With `held_out` these nights count the rows of held-out groups alone.
    """

    kind: Kind
    nights: tuple[GateNight, ...]
    metrics: dict[str, float]
    nights_needed: int = 0
    held_out: HeldOut | None = None
    evaluation: Evaluation | None = None
    """Of both models over all these nights; driftloop's first versions made none."""
    challenger_bytes: int | None = None
    """Model and feature state as they are stored."""
    judged_before: int | None = None
    """Other challengers that the most used of these nights has judged; not told of a refresh."""
    memorised: Memorised | None = None
    """Of the examination's panel; a refresh has none."""
    is_simpler: bool = False
    """Whether the challenger's family stands lower on the project's ladder than the champion's."""
    open_faults: tuple[AsOf, ...] | None = None
    """Nights since the first gate night with a data fault that nobody has accepted."""


class Verdict(Value):
    """What one gate says, with its numbers and limits."""

    gate: str
    outcome: Literal["passed", "refused", "undecided"]
    sentence: str
    numbers: dict[str, float] = {}
    limits: dict[str, float] = {}
    nights_needed: int = 0


class Cause(Value):
    """Why a retrain was started: a night's decision, or a person."""

    kind: Literal[
        "first", "schedule", "drift", "quality", "erasure", "change", "undecided", "person"
    ]
    subject: str = ""
    night: str | None = None
    actor: str = "nightly"


class Judgement(Record):
    """One retrain attempt. Outcome `passed` promises that a ledger entry or a failure follows."""

    kind: ClassVar[str] = "judgement"

    project: str
    as_of: AsOf
    number: int
    retrain: Kind
    cause: Cause
    attempt: int
    head: int
    champion: str | None
    recipe: str
    challenger: Fit | None
    rival: tuple[str, ...]
    cut: AsOf | None
    embargo: int = 0
    """Nights just before the cut that train no judged model: their labels were not complete."""
    contest: Contest | None
    gates: tuple[dict[str, Any], ...] = ()
    verdicts: tuple[Verdict, ...]
    outcome: Outcome
    sentence: str
    supersedes: str | None = None
    row_rounds: int = 0
    examination: Examination | None = None
    """Of a first champion and of a change; of it gates see `contest.memorised` alone."""
    self_test: SelfTest | None = None
    """Of the gates, on each change."""

    @property
    def freezes(self) -> bool:
        """Whether its gates are not to be trusted, so that promotion is frozen."""
        return self.self_test is not None and bool(self.self_test.wrong)
