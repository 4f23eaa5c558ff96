"""A simulated night's evidence, measured by the rules of `tasks.core`, without a report.

What a real night may look at is `tasks.engine.monitor`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from schemas.monitoring import DriftReference, Fault, NightLoss
from schemas.night import Drift, Evidence, Plan, Quality, ReadJudgement, TriggerState
from schemas.policy import Policy
from tasks.core.drift import is_thin, night_drift
from tasks.core.faults import label_faults, night_faults
from tasks.core.plan import split_nights
from tasks.core.quality import quality_points
from tasks.engine.replay.fits import Fitted
from tasks.engine.replay.past import Past, Setting

_QUALITY_NIGHTS = 14  # enough for five points, thin nights joined


@dataclass(frozen=True)
class Champion:
    """A model in service, what its next challenger meets, and what its nights are held against."""

    served: Fitted
    stand_in: Fitted
    cut: date
    reference: DriftReference
    null: tuple[NightLoss, ...]


def usable(past: Past, as_of: date, state: TriggerState) -> tuple[date, ...]:
    """Nights whose labels are known by `as_of`, in order, without those with an open fault."""
    faulty = frozenset(state.faulty) - past.accepted
    return tuple(n for n, known in past.known_from.items() if known <= as_of and n not in faulty)


def gather(
    past: Past,
    setting: Setting,
    policy: Policy,
    as_of: date,
    state: TriggerState,
    champion: Champion | None,
    losses: Sequence[NightLoss],
    read: Sequence[ReadJudgement],
) -> Evidence:
    """All that the night's decision may look at. `losses` are those of scored nights, in order."""
    data = past.state(as_of)
    faults, drift = (), Drift(state="not_scored")
    if champion and data == "accepted":
        faults, drift = _measure(past, policy, state, champion.reference, as_of)
    return Evidence(
        as_of=as_of,
        data=data,
        rows=len(past.rows(as_of)) if data == "accepted" else 0,
        faults=() if as_of in past.accepted else faults,
        label_faults=_label_faults(past, setting, policy, champion, as_of),
        drift=drift,
        quality=_quality(champion, mature(past, setting, losses, as_of)),
        champion=champion.served.id if champion else None,
        champion_recipe=setting.recipe if champion else None,
        champion_last_night=champion.served.last_night if champion else None,
        stand_in_cut=champion.cut if champion else None,
        recipe=setting.recipe,
        plan=_plan(past, policy, as_of, state, champion),
        judgements=tuple(read),
        accepted=tuple(sorted(past.accepted)),
    )


def _measure(
    past: Past, policy: Policy, state: TriggerState, reference: DriftReference, as_of: date
) -> tuple[tuple[Fault, ...], Drift]:
    rows = past.rows(as_of)
    faults = night_faults(reference, rows, policy.fault_slack)
    nights = reference.nights
    if reference.status == "insufficient":
        return faults, Drift(state="insufficient", reference_nights=nights)
    waiting = tuple(n for n in state.pooled if n < as_of and past.state(n) == "accepted")
    pooled = pd.concat([*map(past.rows, waiting), rows], ignore_index=True) if waiting else rows
    if is_thin(reference, len(pooled)):
        return faults, Drift(state="pooled", reference_nights=nights)
    columns = night_drift(reference, pooled)
    return faults, Drift(
        state=reference.status, reference_nights=nights, columns=columns, pooled=waiting
    )


def _label_faults(
    past: Past, setting: Setting, policy: Policy, champion: Champion | None, as_of: date
) -> dict[str, tuple[Fault, ...]]:
    """Faults in the labels of the night that matured tonight."""
    night = as_of - timedelta(days=setting.label_delay)
    if champion is None or past.known_from.get(night, date.max) > as_of:
        return {}
    labels = past.labelled((night,))[setting.target]
    found = label_faults(champion.reference, labels, policy.fault_slack)
    return {str(night): found} if found else {}


def mature(
    past: Past, setting: Setting, losses: Sequence[NightLoss], as_of: date
) -> list[NightLoss]:
    """Losses of the newest scored nights whose labels are known."""
    newest = as_of - timedelta(days=setting.label_delay)
    oldest = newest - timedelta(days=_QUALITY_NIGHTS - 1)
    return [
        loss
        for loss in losses[-2 * _QUALITY_NIGHTS - setting.label_delay :]
        if oldest <= loss.as_of <= newest and past.known_from[loss.as_of] <= as_of
    ]


def _quality(champion: Champion | None, losses: Sequence[NightLoss]) -> Quality:
    if champion is None or not losses:
        return Quality(state="not_yet_known")
    latest = losses[-1].as_of
    points = quality_points(champion.null, losses)
    if points is None:
        return Quality(state="insufficient", latest_labels=latest)
    return Quality(state="known", points=points, latest_labels=latest)


def _plan(
    past: Past, policy: Policy, as_of: date, state: TriggerState, champion: Champion | None
) -> Plan:
    nights = usable(past, as_of, state)
    kind = "refresh" if champion else "first"
    split = split_nights(kind, nights, champion.cut if champion else None, policy)
    return Plan(
        retrain=kind,
        cut=split.cut,
        gate_nights=len(split.gate),
        nights_needed=split.nights_needed,
        usable=len(nights),
        usable_rows=sum(map(past.count, nights)),
        one_class=champion is None and bool(nights) and past.is_one_class(nights),
    )
