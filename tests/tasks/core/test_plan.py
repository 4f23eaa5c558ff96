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


DELAYS = st.integers(0, 12)


def assert_sound(split: Split, usable: list[date], delay: int) -> None:
    """What trains was known by the cut, judging begins there; no night is made up or used twice."""
    assert list(split.train) == sorted(set(split.train))
    assert set(split.train) | set(split.gate) <= set(usable)
    assert not set(split.train) & set(split.gate)
    if split.cut is not None:
        assert all(night < split.cut for night in split.train)
        assert all(night + timedelta(days=delay) <= split.cut for night in split.train)
        assert all(night >= split.cut for night in split.gate)


@given(NIGHTS, POLICIES, st.sampled_from(["first", "refresh"]), DELAYS)
def test_a_refresh_and_a_first_champion_use_every_night_but_those_under_the_embargo(
    usable: list[date], policy: Policy, kind: Kind, delay: int
) -> None:
    split = split_nights(kind, usable, None, policy, delay)
    assert_sound(split, usable, delay)
    if split.cut is not None:
        used = {*split.train, *split.gate}
        unused = [night for night in usable if night not in used]
        assert all(0 < (split.cut - night).days < delay for night in unused)
        assert len(split.gate) >= policy.gate_nights


@given(NIGHTS, POLICIES, st.sampled_from(["first", "refresh"]))
def test_labels_known_after_a_night_need_no_embargo(
    usable: list[date], policy: Policy, kind: Kind
) -> None:
    split = split_nights(kind, usable, None, policy, 1)
    assert split == split_nights(kind, usable, None, policy, 0)
    assert split.cut is None or [*split.train, *split.gate] == usable


@given(LONG, LONG, POLICIES, DELAYS)
def test_gate_nights_of_a_refresh_are_newer_than_all_that_its_rival_knows(
    then: list[date], now: list[date], policy: Policy, delay: int
) -> None:
    """Whatever nights have come, or dropped out, since the refresh before."""
    before = split_nights("refresh", then, None, policy, delay)
    after = split_nights("refresh", now, before.cut, policy, delay)
    if before.cut and after.cut and after.cut > before.cut:  # else nothing is judged
        rival_knows = before.train  # the stand-in is the challenger of the refresh before
        newest_label = max(rival_knows) + timedelta(days=max(1, delay))
        assert newest_label <= min(after.gate)


@given(LONG, POLICIES, DELAYS, st.data())
def test_a_change_is_judged_on_nights_since_the_stand_ins_cut_and_fitted_on_those_before(
    usable: list[date], policy: Policy, delay: int, data: st.DataObject
) -> None:
    cut = data.draw(st.sampled_from(usable), label="the stand-in's cut, one of its gate nights")
    split = split_nights("change", usable, cut, policy, delay)
    assert_sound(split, usable, delay)
    older = [night for night in usable if night + timedelta(days=max(1, delay)) <= cut]
    if len(older) >= policy.change_nights:
        assert (split.cut, list(split.train)) == (cut, older)
        assert len(split.gate) + split.nights_needed >= policy.change_nights
    elif split.nights_needed == 0:
        assert len(split.train) >= policy.min_nights
        assert len(split.gate) == policy.change_nights


@given(POLICIES, st.integers(5, 60), DELAYS)
def test_a_waiting_change_needs_one_night_less_each_night(
    policy: Policy, known: int, delay: int
) -> None:
    usable = [day(number) for number in range(known)]
    grown = ([*usable, *(day(known + n) for n in range(extra))] for extra in range(90))
    waits = [
        split_nights("change", nights, day(0), policy, delay).nights_needed for nights in grown
    ]
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == 0


@given(POLICIES, st.integers(0, 40), DELAYS)
def test_a_first_champion_can_be_fitted_after_as_many_nights_as_were_said_to_be_missing(
    policy: Policy, known: int, delay: int
) -> None:
    said = split_nights("first", [day(n) for n in range(known)], None, policy, delay)
    if said.cut is None:
        for more, fits in ((said.nights_needed - 1, False), (said.nights_needed, True)):
            nights = [day(n) for n in range(known + more)]
            split = split_nights("first", nights, None, policy, delay)
            assert (split.cut is not None) == fits


def test_a_first_champion_of_a_long_history_is_judged_by_a_fifth_of_it_at_most_28() -> None:
    nights = [day(0) + timedelta(days=number) for number in range(300)]
    splits = {n: split_nights("first", nights[:n], None, Policy(), 1) for n in (28, 60, 300)}
    assert {n: len(split.gate) for n, split in splits.items()} == {28: 6, 60: 12, 300: 28}
