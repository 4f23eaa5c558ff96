"""The split of a retrain: what judges is in neither judged model, and in the one that is served."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.judgement import Kind
from schemas.policy import Policy
from tasks.core.plan import Split, split_nights
from tests.tasks.core.nights import day

NIGHTS = st.sets(st.integers(0, 200), max_size=120).map(lambda found: sorted(map(day, found)))
LONG = st.sets(st.integers(0, 200), min_size=12, max_size=120).map(
    lambda found: sorted(map(day, found))
)
POLICIES = st.builds(
    lambda gate, change, least: Policy(
        refresh_every=1, gate_nights=gate, change_nights=change, min_nights=least
    ),
    st.integers(3, 9),
    st.integers(3, 20),
    st.integers(4, 40),
)


def assert_sound(split: Split, usable: list[date]) -> None:
    """Training ends before the cut, judging begins there; no night is made up or used twice."""
    assert list(split.train) == sorted(set(split.train))
    assert set(split.train) | set(split.gate) <= set(usable)
    assert not set(split.train) & set(split.gate)
    if split.cut is not None:
        assert all(night < split.cut for night in split.train)
        assert all(night >= split.cut for night in split.gate)


@given(NIGHTS, POLICIES, st.sampled_from(["first", "refresh"]))
def test_a_refresh_and_a_first_champion_use_every_night_once(
    usable: list[date], policy: Policy, kind: Kind
) -> None:
    split = split_nights(kind, usable, None, policy)
    assert_sound(split, usable)
    if split.cut is not None:
        assert [*split.train, *split.gate] == usable, "what is served is refitted on all of them"
        assert len(split.gate) >= policy.gate_nights


@given(LONG, LONG, POLICIES)
def test_gate_nights_of_a_refresh_are_newer_than_all_that_its_rival_knows(
    then: list[date], now: list[date], policy: Policy
) -> None:
    """Whatever nights have come, or dropped out, since the refresh before."""
    before = split_nights("refresh", then, None, policy)
    after = split_nights("refresh", now, before.cut, policy)
    assert before.cut is not None
    assert after.cut is not None
    if after.cut > before.cut:  # else there is no new data, and nothing is judged
        rival_knows = before.train  # the stand-in is the challenger of the refresh before
        assert max(rival_knows) < min(after.gate)


@given(LONG, POLICIES, st.data())
def test_a_change_is_judged_on_nights_since_the_stand_ins_cut_and_fitted_on_those_before(
    usable: list[date], policy: Policy, data: st.DataObject
) -> None:
    cut = data.draw(st.sampled_from(usable), label="the stand-in's cut, one of its gate nights")
    split = split_nights("change", usable, cut, policy)
    assert_sound(split, usable)
    older = [night for night in usable if night < cut]
    if len(older) >= policy.change_nights:
        assert (split.cut, list(split.train)) == (cut, older)
        assert len(split.gate) + split.nights_needed >= policy.change_nights
    elif split.nights_needed == 0:
        assert len(split.train) >= policy.min_nights
        assert len(split.gate) == policy.change_nights


@given(POLICIES, st.integers(5, 60))
def test_a_waiting_change_needs_one_night_less_each_night(policy: Policy, known: int) -> None:
    usable = [day(number) for number in range(known)]
    needed = [
        split_nights("change", usable + [day(known + n) for n in range(extra)], day(0), policy)
        for extra in range(80)
    ]
    waits = [split.nights_needed for split in needed]
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == 0


def test_a_first_champion_of_a_long_history_is_judged_by_a_fifth_of_it_at_most_28() -> None:
    nights = [day(0) + timedelta(days=number) for number in range(300)]
    gates = {n: len(split_nights("first", nights[:n], None, Policy()).gate) for n in (28, 60, 300)}
    assert gates == {28: 6, 60: 12, 300: 28}
