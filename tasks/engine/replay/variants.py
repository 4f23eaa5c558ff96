"""Policies that a replay compares: the project's own, and simple ones to hold it against.

Each decides by `tasks.core.policy.decide`; a variant is other numbers for it, and what may start a
retrain at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from schemas.errors import InvalidName
from schemas.judgement import Cause
from schemas.night import Decision, Evidence, TriggerState
from schemas.policy import Policy
from tasks.core.alarms import raise_alarms
from tasks.core.attempts import absorb_attempts
from tasks.core.policy import decide

Name = Literal[
    "own",
    "never",
    "nightly",
    "every-3",
    "every-7-or-hint",
    "schedule-only",
    "drift-only",
    "one-window",
    "windows",
]
NAMES: tuple[Name, ...] = get_args(Name)

ALL_STARTS = frozenset({"first", "change", "schedule", "drift", "quality", "erasure"})
HINT = "hint"
WINDOWS = (28, 91, 365)
"""Newest nights that the variant of that name trains on besides all past, as measured."""
AGREEMENT_LIMIT = 1.5
"""Of that variant: a refit on a short window lies far from the judged one where labels drift."""


@dataclass(frozen=True)
class Variant:
    """A policy by name. Only causes of a kind in `starts` retrain; others are told and no more.

    While the quality hint holds, `hinted_every` nights of waiting are enough.
    """

    name: str
    policy: Policy
    starts: frozenset[str] = ALL_STARTS
    hinted_every: int | None = None


def make_variant(name: str, own: Policy) -> Variant:
    """The variant of that name for a project whose policy is `own`.

    >>> make_variant("nightly", Policy()).policy.refresh_every
    1

    Raises:
        InvalidName: there is no such variant.
    """
    match name:
        case "own":
            return Variant(name, own)
        case "never":
            return Variant(name, own, frozenset({"first"}))
        case "nightly":
            budget = max(own.budget, own.budget_nights)
            return Variant(name, _changed(own, refresh_every=1, budget=budget))
        case "every-3":
            return Variant(name, _changed(own, refresh_every=3, gate_nights=6))
        case "every-7-or-hint":
            weekly = _changed(own, refresh_every=7, gate_nights=7)
            return Variant(name, weekly, hinted_every=3)
        case "schedule-only":
            return Variant(name, own, ALL_STARTS - {"drift", "quality"})
        case "drift-only":
            return Variant(name, own, ALL_STARTS - {"schedule", "quality"})
        case "one-window":
            return Variant(name, _changed(own, windows=()))
        case "windows":
            menu = _changed(own, windows=WINDOWS, agreement_limit=AGREEMENT_LIMIT)
            return Variant(name, own if own.windows else menu)
    raise InvalidName(f"policy {name[:80]!a} is not known; choose from {', '.join(NAMES)}")


def make_variants(names: Iterable[str], own: Policy) -> tuple[Variant, ...]:
    """Variants by name, each once, in the order given. Errors as in `make_variant`."""
    return tuple(make_variant(name, own) for name in dict.fromkeys(names))


def decide_as(
    variant: Variant, state: TriggerState, evidence: Evidence, *, hint: bool = False
) -> tuple[TriggerState, Decision]:
    """What the night leads to under the variant; `hint` says that quality has begun to fall."""
    quiet = _without_muted_causes(variant, state, evidence)
    after, decision = decide(quiet, evidence, variant.policy)
    if decision.action == "wait" and hint and variant.hinted_every:
        return _decide_hinted(variant, variant.hinted_every, quiet, evidence)
    if decision.cause is None or decision.cause.kind in variant.starts:
        return after, decision
    return _undo(variant, quiet, evidence, after, decision)


def _decide_hinted(
    variant: Variant, every: int, state: TriggerState, evidence: Evidence
) -> tuple[TriggerState, Decision]:
    """The decision with a shorter wait; a refresh that it brings has the hint as its cause."""
    # the gate keeps its nights, so this policy would be refused where policies are declared
    sooner = variant.policy.model_copy(update={"refresh_every": every})
    after, decision = decide(state, evidence, sooner)
    if decision.cause is None or decision.cause.kind != "schedule":
        return after, decision
    cause = Cause(kind="quality", subject=HINT)
    return after, decision.model_copy(update={"cause": cause})


def _without_muted_causes(
    variant: Variant, state: TriggerState, evidence: Evidence
) -> TriggerState:
    """Tonight's alarms noted beforehand; those that may start nothing, as if they had started."""
    if variant.starts >= {"drift", "quality"}:
        return state
    noted = raise_alarms(state, evidence, variant.policy).state.causes
    causes = tuple(
        cause
        if cause.kind in variant.starts
        else cause.model_copy(update={"brought_forward": True})
        for cause in noted
    )
    return state.model_copy(update={"causes": causes})


def _undo(
    variant: Variant,
    before: TriggerState,
    evidence: Evidence,
    after: TriggerState,
    decision: Decision,
) -> tuple[TriggerState, Decision]:
    """The night as one that waits: no attempt is remembered, alarms are."""
    absorbed = absorb_attempts(before, evidence)
    kept = {"last_attempt": absorbed.last_attempt, "attempts": absorbed.attempts}
    waits = Decision(
        action="wait",
        state="Nothing due",
        sentence=f"Nothing due: {variant.name} does not retrain for this.",
        alerts=decision.alerts,
    )
    return after.model_copy(update={**kept, "causes": before.causes}), waits


def _changed(policy: Policy, **numbers: float | tuple[int, ...]) -> Policy:
    return Policy.model_validate({**policy.model_dump(), **numbers})
