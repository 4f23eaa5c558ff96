"""The retraining policy's numbers, all in one place, with the defaults that were measured.

What is decided from them stands in `tasks.core.policy`; the error rates in docs/decisions.md.
"""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


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

    quarantine_limit: float = Field(default=0.05, ge=0, le=1, description="share of rows")
    label_coverage: float = Field(default=0.9, gt=0, le=1, description="share of rows")
    label_alert: int = Field(default=7, ge=1, description="nights past the label delay")
    agreement_limit: float = Field(default=0.5, gt=0, description="rms / sd of the labels")
    recheck: int = Field(default=3, ge=0, description="earlier nights looked at again")
    catch_up: int = Field(default=14, ge=1, description="missed nights a scheduled run makes up")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.gate_nights % self.refresh_every:
            raise ValueError(
                f"gate_nights={self.gate_nights} must be a multiple of "
                f"refresh_every={self.refresh_every}: the challenger is then an earlier refit"
            )
        return self
