"""A simulated night's evidence, measured by the rules of `tasks.core`, without a report.

What a real night may look at is `tasks.engine.monitor`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from schemas.judgement import Kind
from schemas.monitoring import DriftReference, Fault, NightLoss
from schemas.night import Drift, Evidence, Plan, Quality, ReadJudgement, TriggerState
from schemas.period import shift
from schemas.policy import Policy
from tasks.core.drift import is_thin, night_drift
from tasks.core.faults import label_faults, night_faults
from tasks.core.plan import embargo_of, split_nights
from tasks.core.quality import quality_points
from tasks.core.unusual import faults_with
from tasks.engine.reference import with_words
from tasks.engine.replay.fits import Fitted
from tasks.engine.replay.past import Past, Setting, can_judge

_QUALITY_NIGHTS = 20  # enough for ten points, thin nights joined


@dataclass(frozen=True)
class Champion:
    """A model in service, what its next challenger meets, and what its nights are held against.

    Both are the mean of their fits.
    """

    served: tuple[Fitted, ...]
    stand_in: tuple[Fitted, ...]
    cut: date
    reference: DriftReference
    null: tuple[NightLoss, ...]


def usable(past: Past, as_of: date, state: TriggerState) -> tuple[date, ...]:
    """Nights whose labels are known by `as_of`, in order, neither faulty nor marked bad."""
    left_out = (frozenset(state.faulty) - past.accepted) | past.bad(as_of)
    return tuple(n for n, known in past.known_from.items() if known <= as_of and n not in left_out)


@dataclass(frozen=True)
class Observer:
    """Measures the nights of one past for one policy."""

    past: Past
    setting: Setting
    policy: Policy

    def observe(
        self,
        as_of: date,
        state: TriggerState,
        champion: Champion | None,
        losses: Sequence[NightLoss],
        read: Sequence[ReadJudgement],
    ) -> Evidence:
        """All that the decision may look at; `losses` are those of the `mature` nights."""
        past, recipe = self.past, self.setting.recipe
        data = past.state(as_of)
        is_sound = data == "accepted"
        matured = self._matured.get(as_of, [])
        faults, drift = self._measure(as_of, state, champion if is_sound else None)
        unusual = past.unusual(as_of) if is_sound else ()
        faults = faults_with(faults, unusual)
        return Evidence(
            as_of=as_of,
            data=data,
            rows=len(past.rows(as_of)) if is_sound else 0,
            faults=() if as_of in past.accepted else faults,
            unusual=unusual,
            label_faults=self._label_faults(matured, champion),
            drift=drift,
            quality=_quality(champion, losses, self.policy),
            champion=champion.served[0].id if champion else None,
            champion_recipe=recipe if champion else None,
            champion_last_night=champion.served[0].last_night if champion else None,
            stand_in_cut=champion.cut if champion else None,
            recipe=recipe,
            plan=self._plan(as_of, state, champion),
            judgements=tuple(read),
            accepted=tuple(sorted(past.accepted)),
            bad=tuple(sorted(past.bad(as_of))),
        )

    def mature(self, losses: Sequence[NightLoss], as_of: date) -> list[NightLoss]:
        """Of the losses of scored nights, in order, the newest whose labels are known."""
        newest = shift(as_of, -self.setting.label_delay)
        oldest = shift(newest, 1 - _QUALITY_NIGHTS)
        recent = losses[-_QUALITY_NIGHTS - self.setting.label_delay :]
        known = self.past.known_from
        return [loss for loss in recent if loss.as_of >= oldest and known[loss.as_of] <= as_of]

    def _measure(
        self, as_of: date, state: TriggerState, champion: Champion | None
    ) -> tuple[tuple[Fault, ...], Drift]:
        if champion is None:
            return (), Drift(state="not_scored")
        reference, rows = champion.reference, self.past.rows(as_of)
        nights = reference.nights
        faults = night_faults(reference, rows, self.policy.fault_slack)
        if reference.status == "insufficient":
            return faults, Drift(state="insufficient", reference_nights=nights)
        waiting = [n for n in state.pooled if n < as_of and self.past.state(n) == "accepted"]
        frames = [*map(self.past.rows, waiting), rows]
        pooled = pd.concat(frames, ignore_index=True) if waiting else rows
        if is_thin(reference, len(pooled)):
            return faults, Drift(state="pooled", reference_nights=nights)
        columns = night_drift(reference, pooled)
        drift = Drift(
            state=reference.status,
            reference_nights=nights,
            columns=columns,
            pooled=tuple(waiting),
        )
        return faults, drift

    def _label_faults(
        self, matured: Sequence[date], champion: Champion | None
    ) -> dict[str, tuple[Fault, ...]]:
        if champion is None:
            return {}
        slack, reference = self.policy.fault_slack, champion.reference
        found = {}
        for night in matured:
            labelled = with_words(self.past.labelled((night,)), self.setting)
            found[str(night)] = label_faults(reference, labelled[self.setting.target], slack)
        return found

    @cached_property
    def _matured(self) -> dict[date, list[date]]:
        """The nights whose labels became known on a night."""
        matured: dict[date, list[date]] = {}
        for night, known in self.past.known_from.items():
            matured.setdefault(known, []).append(night)
        return matured

    def _plan(self, as_of: date, state: TriggerState, champion: Champion | None) -> Plan:
        nights = usable(self.past, as_of, state)
        kind: Kind = "refresh" if champion else "first"
        cut, delay = champion.cut if champion else None, self.setting.label_delay
        split = split_nights(
            kind,
            nights,
            cut,
            self.policy,
            delay,
            lambda night: can_judge(self.past, self.setting, night),
        )
        return Plan(
            retrain=kind,
            cut=split.cut,
            gate_nights=len(split.gate),
            embargo=embargo_of(delay),
            nights_needed=split.nights_needed,
            usable=len(nights),
            usable_rows=sum(map(self.past.count, nights)),
            one_class=champion is None and bool(nights) and self.past.is_one_class(nights),
            groups=self.setting.groups,
        )


def _quality(champion: Champion | None, losses: Sequence[NightLoss], policy: Policy) -> Quality:
    if champion is None or not losses:
        return Quality(state="not_yet_known")
    latest = losses[-1].as_of
    points = quality_points(champion.null, losses, policy)
    if points is None:
        return Quality(state="insufficient", latest_labels=latest)
    return Quality(state="known", points=points, latest_labels=latest)
