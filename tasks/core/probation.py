"""Probation: is what was served since a promotion worse than the champion before would have been?

Losses come from `tasks.engine.probation`; a roll-back is carried out by the flows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from schemas.night import Decision, Evidence
from schemas.probation import Probation, ProbationNight
from tasks.core.paired_nights import PairedNights

MIN_NIGHTS = 3
NEWEST = 5
"""Older nights say less of the models that serve now; spoiled labels among them would hide harm."""
CONFIDENCE = 0.999
"""One-sided, for each look: promotions are looked at night after night (docs/decisions.md)."""
LOSS_CAP = 5.0
"""As the refresh gate's: where one row's tail hides all else, this much harm is told anyway."""


@dataclass(frozen=True)
class Trial:
    """What matured nights say of the promotions on probation so far."""

    outcome: Literal["worse", "not worse", "undecided"]
    sentence: str
    nights_needed: int = 0


def judge_probation(told: Probation) -> Trial:
    """Worse beyond chance, or far worse, on the newest nights; looked at again every night."""
    if told.no_shadow:
        return Trial("undecided", f"no shadow: {told.no_shadow}")
    nights = told.nights[-NEWEST:]
    missing = MIN_NIGHTS - len(nights)
    if missing > 0:
        return Trial("undecided", f"{len(nights)} of {MIN_NIGHTS} matured nights", missing)
    pairs = _pair(nights)
    lower = -pairs.upper(CONFIDENCE)
    ratio = min(pairs.loss_ratio, pairs.median_ratio)
    is_worse = lower > 0 or ratio > LOSS_CAP
    said = (
        f"loss {-pairs.gain:+.4f} a row against {told.shadow} (at least {lower:+.4f}, "
        f"{CONFIDENCE:.1%}), {ratio:.1f} times as high (limit {LOSS_CAP:g}), on {len(nights)} "
        f"nights {nights[0].as_of} to {nights[-1].as_of}"
    )
    return Trial("worse" if is_worse else "not worse", said)


def roll_back_if_worse(evidence: Evidence) -> Decision | None:
    """Back to the shadow when what replaced it is worse; history and late nights decide nothing."""
    told = evidence.probation
    if told is None or evidence.history or evidence.late:
        return None
    trial = judge_probation(told)
    if trial.outcome != "worse":
        return None
    return Decision(
        action="rollback",
        state="Worse on probation",
        sentence=f"Worse on probation: {trial.sentence}.",
        back_to=told.shadow,
    )


def _pair(nights: Sequence[ProbationNight]) -> PairedNights:
    return PairedNights(
        rows=np.array([night.rows for night in nights], dtype=np.float64),
        challenger=np.array([night.served for night in nights]),
        rival=np.array([night.shadow for night in nights]),
    )
