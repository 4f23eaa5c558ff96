"""Builders of the demo's facts: usual ones, of which a test changes what it is about."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from deployments.demo.facts import (
    ChampionFact,
    Check,
    DefaultsFact,
    Facts,
    Lines,
    Losses,
    NightFact,
    PromotionFact,
    RetrainFact,
    Revision,
    SimulatedFact,
)

FIRST = date(2026, 3, 1)
NIGHTS = 20
EARLY = FIRST + timedelta(days=9)
CHANGED_WORLD = SimulatedFact(
    "changed-world", FIRST + timedelta(days=8), None, "Simulated: all is new."
)


def days() -> list[date]:
    """The live nights."""
    return [FIRST + timedelta(days=number) for number in range(NIGHTS)]


def build_night(as_of: date, **fields: Any) -> NightFact:
    """A night on which nothing was due."""
    quiet = NightFact(
        as_of=as_of,
        revisions=(Revision(1, "accepted", "40 of 42 rows kept.", "Nothing due", "Nothing due."),),
        mark="nothing due",
        read=42,
        kept=40,
        quarantined=1,
        deduplicated=1,
        version="v1",
        loss=0.5,
        drifted=(),
        nearness={"amount": 0.4, "shop": None},
        faults=(),
        cause=None,
        alarms=(),
        alerts=(),
        simulated=(),
    )
    return replace(quiet, **fields)


def build_retrain(**fields: Any) -> RetrainFact:
    """A refresh that an alarm brought forward and that was promoted."""
    early = RetrainFact(
        as_of=EARLY,
        kind="refresh",
        cause="drift amount",
        is_early=True,
        gate_nights=(EARLY - timedelta(days=2), EARLY - timedelta(days=1)),
        checks=(Check("not_worse", "upper", 0.02, 0.0), Check("not_worse", "gain", 0.01, None)),
        verdicts=("not_worse passed: not worse than the stand-in",),
        outcome="early",
        sentence="Passed (refresh): not worse than the stand-in.",
        version="v2",
    )
    return replace(early, **fields)


def build_lines(gain: float = 0.0, wobble: float = 0.01) -> Lines:
    """Lines of which driftloop's is lower than the schedule's by about `gain` after the alarm."""

    def line(better: float) -> Losses:
        return {
            night: 0.5 - (better if night > EARLY else 0.0) + wobble * _chance(number, better)
            for number, night in enumerate(days())
        }

    return Lines(trained_once=line(0.0), schedule_only=line(0.0), driftloop=line(gain))


def _chance(number: int, better: float) -> float:
    """Chance that goes up and down, and only for the line that differs."""
    return (-1.0) ** number if better else 0.0


def build_facts(**fields: Any) -> Facts:
    """Twenty nights, one early retrain, a changed world from the ninth night on."""
    usual = Facts(
        project="shop",
        question="Will this order be returned?",
        loss_name="log loss",
        refresh_every=7,
        history=(FIRST - timedelta(days=40), FIRST - timedelta(days=1)),
        history_rows=1600,
        nights=tuple(build_night(night, simulated=_told(night)) for night in days()),
        retrains=(build_retrain(),),
        champions=(
            ChampionFact(1, "v1", FIRST, EARLY, FIRST, FIRST, 40, 1600, "demo", "Passed."),
            ChampionFact(2, "v2", EARLY, None, FIRST, EARLY, 48, 1900, "nightly", "Passed."),
        ),
        promotions=(PromotionFact(EARLY, "v2", "v1", 7, 0.48, 0.5),),
        lines=build_lines(),
        defaults=tuple(DefaultsFact(n, 2, 3, alarmed=n == EARLY) for n in days()),
        simulated=(CHANGED_WORLD,),
    )
    return replace(usual, **fields)


def _told(night: date) -> tuple[str, ...]:
    return (CHANGED_WORLD.sentence,) if CHANGED_WORLD.covers(night) else ()
