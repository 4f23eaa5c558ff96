"""A life with held-out groups and an embargo is lived through again as it was recorded."""

from collections.abc import Sequence

import pytest

from schemas.judgement import Contest, Judgement, Kind, Verdict
from schemas.period import periods
from tasks.core.conclusion import conclude
from tasks.engine.replay.fits import Fits
from tasks.engine.replay.past import StoredPast, setting_of
from tasks.engine.replay.reproduce import reproduce
from tasks.engine.replay.simulate import Lived, simulate
from tasks.engine.replay.variants import make_variant
from tests.building.customers import GROUPED, deliver_customers
from tests.building.fixtures import YOUNG
from tests.building.rows import day
from tests.building.world import World

BEGUN, LAST = YOUNG + 4, YOUNG + 13


@pytest.fixture
def apart(world: World) -> World:
    """Labels three nights late, customers held out."""
    world.declare(f"{GROUPED}, label_delay=3")
    for number in range(LAST + 1):
        deliver_customers(world, number)
    world.history(0, BEGUN - 1)
    for number in range(BEGUN, LAST + 1):
        world.night(number)
    return world


def live_again(world: World) -> Lived:
    project = world.project
    fits = Fits(StoredPast(world.store, project), setting_of(project), world.root / "fits")
    nights = list(periods(day(BEGUN + 1), day(LAST)))
    return simulate(fits, make_variant("own", project.policy), nights, {})


def _without_circumstances(contest: Contest | None) -> Contest | None:
    """A replay examines no model, asks for no open fault and nobody for approval."""
    unknown = {"memorised": None, "open_faults": None, "approved": None}
    return contest.model_copy(update=unknown) if contest else None


def test_it_meets_the_same_contests_and_retrains_as_often(
    apart: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[Contest | None] = []

    def note(kind: Kind, contest: Contest | None, said: Sequence[Verdict]) -> tuple[str, str]:
        held.append(contest)
        return conclude(kind, contest, said)

    monkeypatch.setattr("tasks.engine.replay.attempts.conclude", note)
    again = live_again(apart)
    recorded: list[Judgement] = apart.judgements()
    assert len(recorded) > 2
    assert list(map(_without_circumstances, held)) == [
        _without_circumstances(judgement.contest) for judgement in recorded
    ]
    ended = [(retrain.move.as_of, retrain.outcome) for retrain in again.retrains]
    assert ended == [(judgement.as_of, judgement.outcome) for judgement in recorded[1:]]


def test_recorded_decisions_and_verdicts_are_reproduced(apart: World) -> None:
    found = reproduce(apart.store, apart.project)
    assert (found.differences, found.judgements) == ((), len(apart.judgements()))
