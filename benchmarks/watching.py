"""Watches a run of nights as a project would: faults, thin nights pooled, drift on 2 of 3.

The rules are `tasks.core`; this only strings nights together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.streams import Indices, Stream, day
from schemas.monitoring import DriftReference
from schemas.night import DriftNight
from schemas.policy import Policy
from tasks.core.alarms import alarming_columns
from tasks.core.calibration import calibrate
from tasks.core.drift import is_thin, night_drift
from tasks.core.faults import label_faults, night_faults

POLICY = Policy()
REFERENCE = POLICY.reference_nights
JUDGED = 56


@dataclass(frozen=True)
class Seen:
    """What one night led to; a thin one waits to be judged with the next."""

    is_judged: bool

    has_fault: bool
    drifted: tuple[str, ...]
    drift_alarm: bool

    @property
    def alarm(self) -> bool:
        """A fault, or drift on 2 of the newest 3 nights."""
        return self.has_fault or self.drift_alarm


def refer(stream: Stream, nights: Indices | Sequence[int]) -> DriftReference:
    """Calibrate on these nights in this order, label included."""
    frames = [(day(place), stream.night(night)) for place, night in enumerate(nights)]
    return calibrate(frames, stream.kinds, label=(stream.recipe.target, "number"))


def refer_to_random_rows(stream: Stream, nights: Indices, seed: int) -> DriftReference:
    """Calibrate as if the rows of a night were independent: the rows of all nights, shuffled."""
    frames = [stream.night(night) for night in nights]
    rows = pd.concat(frames).sample(frac=1, random_state=seed, ignore_index=True)
    ends = np.cumsum([len(frame) for frame in frames])
    cuts = zip([0, *ends[:-1]], ends, strict=True)
    shuffled = [(day(place), rows.iloc[a:b]) for place, (a, b) in enumerate(cuts)]
    return calibrate(shuffled, stream.kinds, label=(stream.recipe.target, "number"))


def watch(
    reference: DriftReference, nights: Sequence[pd.DataFrame], target: str | None = None
) -> list[Seen]:
    """Judge nights in order by one reference."""
    seen: list[Seen] = []
    recent: tuple[DriftNight, ...] = ()
    waiting: list[pd.DataFrame] = []
    for place, night in enumerate(nights):
        has_fault = bool(night_faults(reference, night))
        if target is not None:
            has_fault |= bool(label_faults(reference, night[target]))
        waiting.append(night)
        if is_thin(reference, sum(map(len, waiting))):
            seen.append(Seen(False, has_fault, (), drift_alarm=False))
            continue
        pooled = waiting[0] if len(waiting) == 1 else pd.concat(waiting, ignore_index=True)
        waiting = []
        drifted = tuple(d.column for d in night_drift(reference, pooled) if d.drifted)
        tonight = DriftNight(as_of=day(place), columns=() if has_fault else drifted)
        recent = (*recent, tonight)[-POLICY.drift_of :]
        seen.append(Seen(True, has_fault, drifted, bool(alarming_columns(recent, POLICY))))
    return seen
