"""Policies lived through with real fits: the project's own does again what it did."""

import pytest

from schemas.errors import NotYet
from tasks.engine.replay.comparison import Comparison
from tasks.engine.replay.past import StoredPast
from tasks.engine.replay.refits import compare_with_refits
from tasks.engine.replay.simulate import Lived
from tasks.families.xgboost import XGBoost
from tests.building.fixtures import GROWN
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.tasks.engine.replay.worlds import FIRST, LAST, compare_policies

FEW = "few-fits"


def compare_few(world: World) -> Comparison:
    """Five nights only, with no fit there before."""
    return compare_policies(world, "own", last=day(GROWN + 5), folder=FEW)


def test_the_own_policy_does_again_what_was_recorded(again: Lived, lived: World) -> None:
    recorded = [(j.as_of, j.cause.kind, j.outcome) for j in lived.judgements()[1:]]
    assert [(e.move.as_of, e.move.cause, e.outcome) for e in again.retrains] == recorded
    assert {"passed", "refused"} == {outcome for *_, outcome in recorded}
    assert [alarm.as_of for alarm in again.alarms] == [day(GROWN + 7)]


def test_its_nights_lose_what_the_recorded_champions_lost(again: Lived, lived: World) -> None:
    losses = {night.as_of: night.loss for night in again.scored}
    points = lived.recorded(GROWN + 16).evidence.quality.points
    assert [point.as_of for point in points] == sorted(losses)[-len(points) :]
    assert [point.loss for point in points] == [losses[point.as_of] for point in points]


def test_its_fits_cost_what_the_recorded_ones_cost(again: Lived, lived: World) -> None:
    """40 rows a night, 5 rounds: a refit of night d knows d nights."""
    judgements = lived.judgements()[1:]
    passed = [(j.as_of - day(0)).days for j in judgements if j.outcome == "passed"]
    assert again.row_rounds == sum(j.row_rounds for j in judgements) + 5 * 40 * sum(passed)


def test_never_trains_once_and_nightly_each_night_with_new_labels(compared: Comparison) -> None:
    results = {result.policy: result for result in compared.results}
    assert list(results) == ["own", "drift-only", "never", "nightly"]
    assert (results["never"].retrains, results["never"].row_rounds) == (0, 0)
    assert results["nightly"].retrains == results["nightly"].nights == 15
    assert results["own"].causes == {"drift": 1, "schedule": 4}
    assert results["drift-only"].causes == {"drift": 1}
    aucs = [results[name].metric or 0 for name in ("never", "nightly")]
    assert aucs == sorted(aucs, reverse=True), "nightly loses on these few nights"
    assert {result.kept for result in compared.results} == {None}, "so nothing can be kept"


def test_policies_are_compared_over_the_same_nights(compared: Comparison) -> None:
    assert (compared.first, compared.last, compared.metric) == (FIRST, LAST, "auc")
    assert len({tuple(result.losses) for result in compared.results}) == 1


def test_the_store_stays_as_it_is(lived: World) -> None:
    before = lived.files()
    compare_few(lived)
    assert lived.files() == before


class _KilledError(Exception):
    pass


def count_fits(monkeypatch: pytest.MonkeyPatch, limit: int = 999) -> list[int]:
    """The rows of each fit made from now on; the one after `limit` is killed."""
    made: list[int] = []
    fit = XGBoost.fit

    def counted(family: XGBoost, features: object, *rest: object) -> bytes:
        if len(made) == limit:
            raise _KilledError
        made.append(len(features))  # type: ignore[arg-type]  # a Matrix has a length
        return fit(family, features, *rest)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(XGBoost, "fit", counted)
    return made


def test_a_run_that_was_killed_goes_on_where_it_was(
    lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        before = count_fits(patch, limit=9)
        with pytest.raises(_KilledError):
            compare_few(lived)
    with monkeypatch.context() as patch:
        after = count_fits(patch)
        first = compare_few(lived)
    assert len(before) == 9
    assert len(set(before + after)) == len(before + after), "no nights were fitted twice"
    with monkeypatch.context() as patch:
        again = count_fits(patch)
        assert compare_few(lived) == first
    assert again == []


def test_a_damaged_fit_is_made_again(lived: World) -> None:
    first = compare_few(lived)
    for path in (lived.root / FEW).iterdir():
        path.write_bytes(path.read_bytes()[:50])
    assert compare_few(lived) == first


def test_labels_that_came_late_are_known_late(grown: World) -> None:
    """Labels of one night come 5 nights late: nobody may learn from them before."""
    late, came = GROWN + 1, GROWN + 6
    for number in range(GROWN + 1, GROWN + 8):
        grown.deliver(number)
        if number - 1 != late:
            grown.label(number - 1)
        if number == came:
            grown.label(late)
        grown.night(number)
    known = StoredPast(grown.store, grown.project).known_from
    assert known[day(late)] == day(came)
    assert (known[day(GROWN)], known[day(GROWN + 2)]) == (day(GROWN + 1), day(GROWN + 3))
    assert known[day(0)] == day(1)


def test_without_labelled_nights_nothing_can_be_compared(world: World) -> None:
    with pytest.raises(NotYet, match="no decided night is recorded"):
        compare_with_refits(world.store, world.project, (), world.root / "fits")
    with pytest.raises(NotYet, match=f"{NAME}: no labelled night"):
        compare_with_refits(world.store, world.project, (), world.root / "fits", FIRST)


def test_history_alone_can_be_lived_through(lived: World) -> None:
    compared = compare_with_refits(
        lived.store, lived.project, (), lived.root / "fits", day(80), day(84)
    )
    assert [result.policy for result in compared.results] == ["never", "nightly"]
    assert compared.results[0].nights == 5
