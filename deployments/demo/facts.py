"""What the demo's page and summary tell, as plain frozen values.

Collecting them from the store is `deployments.demo.collect`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Mark = Literal[
    "nothing due", "promoted", "early", "refused", "failed", "undecided", "batch refused", "fault",
    "other",
]  # fmt: skip
Losses = Mapping[date, float]


@dataclass(frozen=True)
class Revision:
    """One committed record of a night: its data and what it decided."""

    number: int
    data: str
    told: str
    state: str
    sentence: str


@dataclass(frozen=True)
class NightFact:
    """A live night as its newest record tells it; `revisions` are all of its records, in order.

    `nearness` is distance over threshold by column, 1 at the limit; None where no distance could
    alarm. `loss` is that of the scores of the model that served, None until labels are in.
    """

    as_of: date
    revisions: tuple[Revision, ...]
    mark: Mark
    read: int
    kept: int
    quarantined: int
    deduplicated: int
    version: str | None
    loss: float | None
    drifted: tuple[str, ...]
    nearness: Mapping[str, float | None]
    faults: tuple[str, ...]
    cause: str | None
    alarms: tuple[str, ...]
    alerts: tuple[str, ...]
    simulated: tuple[str, ...]

    @property
    def newest(self) -> Revision:
        """What counts."""
        return self.revisions[-1]


@dataclass(frozen=True)
class Check:
    """One number that a gate looked at; `limit` is None for a number that only informs."""

    gate: str
    name: str
    value: float
    limit: float | None


@dataclass(frozen=True)
class RetrainFact:
    """One retrain attempt: what started it, what judged it, where it ended."""

    as_of: date
    kind: str
    cause: str
    is_early: bool
    gate_nights: tuple[date, ...]
    checks: tuple[Check, ...]
    verdicts: tuple[str, ...]
    outcome: Mark
    sentence: str
    version: str | None


@dataclass(frozen=True)
class ChampionFact:
    """A model version as the ledger put it into service."""

    seq: int
    version: str
    since: date
    until: date | None
    first_night: date
    last_night: date
    nights: int
    rows: int
    actor: str
    reason: str


@dataclass(frozen=True)
class PromotionFact:
    """The nights after a promotion, scored by the new model and by the one that it replaced."""

    as_of: date
    version: str
    replaced: str
    nights: int
    new_loss: float | None
    old_loss: float | None

    @property
    def gain(self) -> float | None:
        """What the new model's loss is lower by; negative when it is higher."""
        if self.new_loss is None or self.old_loss is None:
            return None
        return self.old_loss - self.new_loss


@dataclass(frozen=True)
class Lines:
    """Loss by night of three ways to run the same project."""

    trained_once: Losses
    schedule_only: Losses
    driftloop: Losses


@dataclass(frozen=True)
class DefaultsFact:
    """What Evidently's default tests would have flagged on one night, and driftloop's alarms."""

    as_of: date
    flagged: int
    compared: int
    alarmed: bool

    @property
    def any_column(self) -> bool:
        """The strict reading."""
        return self.flagged > 0

    @property
    def whole_dataset(self) -> bool:
        """Evidently's own reading: half of the columns."""
        return self.compared > 0 and 2 * self.flagged >= self.compared


@dataclass(frozen=True)
class SimulatedFact:
    """An announced simulation: its nights (`last` None for good) and its sentence."""

    kind: str
    first: date
    last: date | None
    sentence: str

    def covers(self, night: date) -> bool:
        """Whether it shows on that night."""
        return self.first <= night and (self.last is None or night <= self.last)


@dataclass(frozen=True)
class Facts:
    """The whole story."""

    project: str
    question: str
    loss_name: str
    refresh_every: int
    history: tuple[date, date]
    history_rows: int
    nights: tuple[NightFact, ...]
    retrains: tuple[RetrainFact, ...]
    champions: tuple[ChampionFact, ...]
    promotions: tuple[PromotionFact, ...]
    lines: Lines
    defaults: tuple[DefaultsFact, ...]
    simulated: tuple[SimulatedFact, ...]
