"""The retraining policy's numbers, all in one place, with the defaults that were measured.

What is decided from them stands in `tasks.core.policy`; the error rates in docs/decisions.md, what
is kept for how long in docs/retention.md.
"""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.period import between

_JUDGES = 28  # nights that may judge a first champion
_NULL = 64  # nights of the quality null


class Policy(BaseModel):
    """When to retrain, what alarms, what a gate needs. Nights unless said otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refresh_every: int = Field(default=3, ge=1)
    gate_nights: int = Field(default=6, ge=3)
    change_nights: int = Field(default=14, ge=3)
    min_nights: int = Field(default=28, ge=4)
    min_rows: int = Field(default=1000, ge=1)
    max_age: int = Field(default=28, ge=1)
    budget: int = Field(default=4, ge=1, description="retrains allowed in budget_nights")
    budget_nights: int = Field(default=7, ge=1)
    breaker: int = Field(default=5, ge=1, description="refusals in a row that open the breaker")
    breaker_every: int = Field(default=7, ge=1)

    # Not in the dump while unset: night records with one window stay as they were.
    windows: tuple[Annotated[int, Field(ge=7)], ...] = Field(
        default=(),
        exclude_if=lambda windows: not windows,
        description="newest nights to train on besides all past: the good ones' mean serves",
    )

    reference_nights: int = Field(default=182, ge=28)
    drift_alpha: float = Field(default=0.01, gt=0, lt=0.5)
    drift_needed: int = Field(default=2, ge=1)
    drift_of: int = Field(default=3, ge=1)
    fault_slack: float = Field(default=0.15, gt=0, lt=1)
    quality_z: float = Field(default=2.5, gt=0, description="a sudden loss of quality")
    quality_needed: int = Field(default=3, ge=1)
    quality_of: int = Field(default=5, ge=1)
    lasting_z: float = Field(default=1.25, gt=0, description="a smaller loss that lasts")
    lasting_needed: int = Field(default=7, ge=1)
    lasting_of: int = Field(default=10, ge=1)

    probation_nights: int = Field(
        default=28, ge=0, description="a promotion that proves worse is rolled back; 0: never"
    )

    quarantine_limit: float = Field(default=0.05, ge=0, le=1, description="share of rows")
    label_coverage: float = Field(default=0.9, gt=0, le=1, description="share of rows")
    label_alert: int = Field(default=7, ge=1, description="nights past the label delay")
    agreement_limit: float = Field(default=0.5, gt=0, description="rms / sd of the labels")
    recheck: int = Field(default=3, ge=0, description="earlier nights looked at again")
    catch_up: int = Field(default=14, ge=1, description="missed nights a scheduled run makes up")

    retention_nights: int | None = Field(
        default=None, ge=1, description="nights whose data is kept; None keeps all"
    )
    retention_champions: int = Field(
        default=5, ge=2, description="newest champions whose data is kept besides"
    )

    @property
    def least_retention(self) -> int:
        """The fewest nights that training, the drift reference, gates and labels get along with."""
        judges = max(_JUDGES, self.gate_nights, self.change_nights)
        return max(self.reference_nights + judges, self.min_nights + _NULL, self.max_age)

    def keeps(self, night: date, newest: date) -> bool:
        """Whether the night's data is kept, and may be used, once `newest` is the newest night.

        >>> Policy(retention_nights=210).keeps(date(2013, 1, 1), newest=date(2013, 7, 30))
        False
        """
        return self.retention_nights is None or between(newest, night) < self.retention_nights

    @model_validator(mode="after")
    def _keeps_what_it_needs(self) -> Self:
        if self.retention_nights is not None and self.retention_nights < self.least_retention:
            raise ValueError(
                f"retention_nights={self.retention_nights} must be {self.least_retention} or more: "
                f"the drift reference takes {self.reference_nights} nights (reference_nights), "
                f"gates and the quality null the rest; keep more, or lower those"
            )
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if list(self.windows) != sorted(set(self.windows)):
            raise ValueError(
                f"windows={self.windows} must rise, each once; all past is always among them"
            )
        if self.gate_nights % self.refresh_every:
            raise ValueError(
                f"gate_nights={self.gate_nights} must be a multiple of "
                f"refresh_every={self.refresh_every}: the challenger is then an earlier refit"
            )
        return self
