"""What the numbers of the demo say, in sentences that follow from the numbers alone."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from statistics import fmean, stdev

from deployments.demo.facts import Facts, Losses, RetrainFact

_CLEAR = 2.0  # standard errors
_WORTH = 0.01  # share of the loss


@dataclass(frozen=True)
class Difference:
    """What `one` lost less than `other` a night, over the same nights."""

    nights: int
    one: float
    other: float
    gain: float
    error: float

    @property
    def is_little(self) -> bool:
        """Within chance, or under one percent of the loss."""
        return not abs(self.gain) > max(_CLEAR * self.error, _WORTH * self.other)


def compare(one: Losses, other: Losses, nights: Sequence[date]) -> Difference | None:
    """The paired difference over the nights that both scored; None under two of them."""
    pairs = [(one[night], other[night]) for night in nights if night in one and night in other]
    if len(pairs) < 2:
        return None
    gains = [there - here for here, there in pairs]
    return Difference(
        nights=len(pairs),
        one=fmean(here for here, _ in pairs),
        other=fmean(there for _, there in pairs),
        gain=fmean(gains),
        error=stdev(gains) / math.sqrt(len(gains)),
    )


def mean_losses(facts: Facts, since: date | None = None) -> Mapping[str, float]:
    """Mean of each line over the nights from `since` on, each night counting once."""
    lines = {
        "trained once": facts.lines.trained_once,
        "schedule only": facts.lines.schedule_only,
        "driftloop": facts.lines.driftloop,
    }
    within = {
        name: [loss for night, loss in losses.items() if since is None or night >= since]
        for name, losses in lines.items()
    }
    return {name: fmean(losses) if losses else math.nan for name, losses in within.items()}


def early_promotion(facts: Facts) -> RetrainFact | None:
    """The first retrain that an alarm brought forward and that was promoted."""
    return next((retrain for retrain in facts.retrains if retrain.outcome == "early"), None)


def admit(facts: Facts) -> str:
    """What the alarm gained over a schedule alone: little, something, or less than nothing."""
    early = early_promotion(facts)
    if early is None:
        return "No alarm brought a retrain forward, so driftloop's alarm gained nothing here."
    after = [night for night in facts.lines.driftloop if night > early.as_of]
    whole = compare(facts.lines.driftloop, facts.lines.schedule_only, after)
    if whole is None:
        return "The alarm's retrain has served too few labelled nights to say what it gained."
    return f"{_verdict(whole)} {_numbers(whole, early.as_of)}{_head_start(facts, early, after)}"


def _verdict(whole: Difference) -> str:
    if whole.is_little:
        return "The alarm added little here: the schedule would have done about as well."
    if whole.gain > 0:
        return "The alarm paid here: the early retrain was clearly better than the schedule alone."
    return "The alarm cost something here: the schedule alone would have done better."


def _numbers(whole: Difference, early: date) -> str:
    return (
        f"Over the {whole.nights} labelled nights after the early retrain of {early}, the mean "
        f"loss was {whole.one:.4f} with driftloop and {whole.other:.4f} on the schedule alone: "
        f"a gain of {whole.gain:+.4f} a night, give or take {_CLEAR * whole.error:.4f} "
        "(two standard errors)."
    )


def _head_start(facts: Facts, early: RetrainFact, after: Sequence[date]) -> str:
    """The nights until the schedule would have refreshed by itself: what only the alarm gained."""
    ahead = list(takewhile(lambda night: night <= _next_refresh(facts, early.as_of), after))
    start = compare(facts.lines.driftloop, facts.lines.schedule_only, ahead)
    if start is None:
        return ""
    return (
        f" On the {start.nights} nights before the schedule's own refresh it was "
        f"{start.one:.4f} against {start.other:.4f}, a gain of {start.gain:+.4f} a night."
    )


def _next_refresh(facts: Facts, as_of: date) -> date:
    """The schedule's first refresh on or after this night, counted from the first live night."""
    nights = [night.as_of for night in facts.nights]
    every = facts.refresh_every
    return next((night for night in nights[every - 1 :: every] if night >= as_of), nights[-1])


def tell_quality(facts: Facts) -> str:
    """The three ways in one sentence."""
    means = mean_losses(facts)
    told = ", ".join(f"{value:.4f} {name}" for name, value in means.items())
    return f"Mean {facts.loss_name} a night, lower is better: {told}."


def tell_defaults(facts: Facts) -> str:
    """How often Evidently's default tests would have alarmed, and how often driftloop did."""
    nights = facts.defaults
    some = sum(night.any_column for night in nights)
    half = sum(night.whole_dataset for night in nights)
    ours = sum(night.alarmed for night in nights)
    text = (
        f"Of {len(nights)} judged nights, Evidently's default tests would have flagged at least "
        f"one column on {some} and half of the columns (its dataset drift) on {half}; "
        f"driftloop raised a drift alarm on {ours}."
    )
    changes = [event.first for event in facts.simulated if event.kind == "changed-world"]
    before = [night for night in nights if changes and night.as_of < min(changes)]
    if not before:
        return text
    return (
        f"{text} On the {len(before)} of them before anything was changed, that was "
        f"{sum(n.any_column for n in before)}, {sum(n.whole_dataset for n in before)} and "
        f"{sum(n.alarmed for n in before)}."
    )


def count_outcomes(facts: Facts) -> Mapping[str, int]:
    """Retrains by where they ended; an early one counts as promoted."""
    counts = {"promoted": 0, "refused": 0, "failed": 0, "undecided": 0, "other": 0}
    for retrain in facts.retrains:
        counts["promoted" if retrain.outcome == "early" else retrain.outcome] += 1
    return counts


def tell_story(facts: Facts) -> str:
    """What happened, in one sentence."""
    live = len(facts.nights)
    counts = count_outcomes(facts)
    quiet = sum(night.mark == "nothing due" for night in facts.nights)
    not_served = counts["refused"] + counts["failed"]
    return (
        f"driftloop watched {live} nights of {facts.project}, left the model alone on {quiet} of "
        f"them, put {counts['promoted']} {_models(counts['promoted'])} into service "
        f"and kept {not_served} {_models(not_served)} out."
    )


def _models(count: int) -> str:
    return "model" if count == 1 else "models"
