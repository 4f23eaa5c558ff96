"""The night record: every number that decided, the decision, the trigger state it leads to.

The decision itself is the pure function `tasks.core.policy.decide`.
"""

from datetime import date
from typing import ClassVar, Literal

from pydantic import field_validator

from schemas.batch import Unusual
from schemas.judgement import Cause, Kind, Outcome
from schemas.monitoring import ColumnDrift, Fault, QualityPoint
from schemas.period import AsOf
from schemas.policy import Policy
from schemas.probation import Probation
from schemas.record import ObjectRef, Record, Value
from schemas.served import ServedRows

DataState = Literal["accepted", "refused", "no_data_yet", "no_data"]
DriftState = Literal["calibrated", "provisional", "insufficient", "pooled", "not_scored"]
QualityState = Literal["known", "not_yet_known", "insufficient"]
AlertKind = Literal[
    "drift",
    "quality",
    "refused",
    "missing",
    "fault",
    "unusual",
    "breaker",
    "stale",
    "labels",
    "unscorable",
    "joined",
]


class Drift(Value):
    """Tonight's distances from the champion's reference, thin nights `pooled` with it."""

    state: DriftState
    reference_nights: int = 0
    columns: tuple[ColumnDrift, ...] = ()
    pooled: tuple[AsOf, ...] = ()


class Quality(Value):
    """Realised quality of matured nights. `coverage`: labelled rows of the newest.

    Complete labels reach up to `latest_labels`, `labels_behind` nights less than they should. On
    the `served` nights the loss is that of the service's own answers, on others that of our scores.
    """

    state: QualityState
    points: tuple[QualityPoint, ...] = ()
    coverage: float | None = None
    latest_labels: AsOf | None = None
    labels_behind: int = 0
    served: tuple[AsOf, ...] = ()


class Plan(Value):
    """What a retrain tonight would judge: usable nights are labelled in full, not faulty or bad.

    Of the nights just before the cut an `embargo` of so many trains neither judged model.
    """

    retrain: Kind
    cut: AsOf | None = None
    gate_nights: int = 0
    embargo: int = 0
    nights_needed: int = 0
    usable: int = 0
    usable_rows: int = 0
    one_class: bool = False
    groups: str | None = None
    """The column of whose groups a held-out fifth judges; a night without their rows is no gate."""


class ReadJudgement(Value):
    """A retrain attempt that ended since the night record before."""

    key: str
    as_of: AsOf
    retrain: Kind
    cause: Cause
    outcome: Outcome
    recipe: str
    sentence: str


class Evidence(Value):
    """All that tonight's decision may look at.

    `has_earlier` says whether there is an earlier champion to roll back to (older records do not).
    `refused_since` is why a later reading was refused, where the accepted rows stand all the same;
    `labels` are the label revisions, by night, that no decision has seen before; `label_faults`
    what is wrong with them, nothing where they are sound. `bad` are the nights that a person marked
    bad, `erasures` those of rows that the champion was trained on.
    """

    as_of: AsOf
    data: DataState
    rows: int = 0
    history: bool = False
    late: bool = False
    faults: tuple[Fault, ...] = ()
    unusual: tuple[Unusual, ...] = ()
    refused_since: str | None = None
    labels: dict[str, int] = {}
    label_faults: dict[str, tuple[Fault, ...]] = {}
    drift: Drift = Drift(state="not_scored")
    quality: Quality = Quality(state="not_yet_known")
    served: ServedRows | None = None
    champion: str | None = None
    champion_recipe: str | None = None
    champion_last_night: AsOf | None = None
    stand_in_cut: AsOf | None = None
    unscorable: str | None = None
    has_earlier: bool = True
    recipe: str
    plan: Plan
    frozen: bool = False
    judgements: tuple[ReadJudgement, ...] = ()
    accepted: tuple[AsOf, ...] = ()
    bad: tuple[AsOf, ...] = ()
    acknowledged: int = 0
    ledger: int = 0
    erasures: tuple[str, ...] = ()
    probation: Probation | None = None


class OpenCause(Value):
    """An alarm that was raised and has not cleared, or an erasure that the champion still knows.

    `column` is empty for quality, and the key of the record for an erasure.
    """

    kind: Literal["drift", "quality", "erasure"]
    column: str
    since: AsOf
    brought_forward: bool = False


class DriftNight(Value):
    """Which columns drifted on a night that was evaluated."""

    as_of: AsOf
    columns: tuple[str, ...]


class WaitingRecipe(Value):
    """An edited recipe that waits for a person's approval, and whom its challenger met."""

    recipe: str
    since: AsOf
    champion: str | None


class TriggerState(Value):
    """What the trigger remembers from night to night."""

    last_attempt: AsOf | None = None
    attempts: tuple[AsOf, ...] = ()
    refused_in_a_row: int = 0
    acknowledged: int = 0
    causes: tuple[OpenCause, ...] = ()
    recent_drift: tuple[DriftNight, ...] = ()
    pooled: tuple[AsOf, ...] = ()
    faulty_batches: tuple[AsOf, ...] = ()
    faulty_labels: tuple[AsOf, ...] = ()
    refused_recipe: str | None = None
    waiting: WaitingRecipe | None = None
    alerted: tuple[str, ...] = ()
    judgements_read: tuple[str, ...] = ()
    labels_read: dict[str, int] = {}

    @property
    def faulty(self) -> tuple[date, ...]:
        """Nights with an open fault in their rows or their labels."""
        return tuple(sorted({*self.faulty_batches, *self.faulty_labels}))


class Alert(Value):
    """One message to people: once a cause, until it clears."""

    kind: AlertKind
    subject: str
    sentence: str
    next_step: str


class Decision(Value):
    """What the night leads to, in one sentence."""

    action: Literal["retrain", "rollback", "wait"]
    state: str
    sentence: str
    retrain: Kind | None = None
    cause: Cause | None = None
    back_to: str | None = None
    """The version that a roll-back puts in service again."""
    alerts: tuple[Alert, ...] = ()


class Cost(Value):
    """What the night cost, in units that do not depend on the machine."""

    bytes_written: int = 0
    rows_scored: int = 0


class Link(Value):
    """A record by its key and digest."""

    key: str
    digest: str


class Night(Record):
    """One night, committed also when it did nothing. `follows` is commit order, not date order."""

    kind: ClassVar[str] = "night"

    project: str
    as_of: AsOf
    revision: int
    seq: int
    follows: Link | None
    batch: str | None
    labels: tuple[str, ...]
    predictions: str | None
    report: ObjectRef | None
    evidence: Evidence
    policy: Policy
    decision: Decision
    trigger: TriggerState
    cost: Cost

    @field_validator("policy", mode="before")
    @classmethod
    def _known_fields(cls, policy: object) -> object:
        """A policy that a later version recorded may say more than this one knows."""
        if isinstance(policy, dict):
            return {name: policy[name] for name in Policy.model_fields.keys() & policy.keys()}
        return policy
