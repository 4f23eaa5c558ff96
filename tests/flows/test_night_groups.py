"""groups= in a project: held-out customers judge, and what judges knows nothing of them."""

from pathlib import Path

import pandas as pd
import pytest

from tasks.engine.usable import usable_nights
from tests.building.customers import (
    GROUPED,
    Change,
    begin,
    build_customers,
    card_of,
    first_of,
    flip,
    held_out,
    live,
)
from tests.building.fixtures import YOUNG, settle
from tests.building.rows import build_orders, day
from tests.building.world import World

FITTED = ("id", "training_set", "prior", "rows", "features", "model")


def test_held_out_customers_judge_and_what_serves_knows_all(world: World) -> None:
    first = first_of(begin(world))
    rows = {day(number): build_customers(number) for number in range(YOUNG)}
    challenger, contest = first.challenger, first.contest
    assert challenger is not None
    assert contest is not None
    assert contest.held_out is not None
    judged = {night: found[held_out(found)] for night, found in rows.items()}
    assert {n.as_of: n.rows for n in contest.nights} == {
        night.as_of: len(judged[night.as_of]) for night in contest.nights
    }
    customers = pd.concat(judged[night.as_of] for night in contest.nights)["customer"]
    assert contest.held_out.groups == customers.nunique()
    learned = [found[~held_out(found)] for night, found in rows.items() if night < challenger.cut]
    assert challenger.rows == sum(map(len, learned))
    assert challenger.without_groups == "customer"
    [served] = card_of(world).members
    assert (served.rows, served.without_groups) == (sum(map(len, rows.values())), None)


def test_bundles_and_nights_are_sums_over_the_same_rows(world: World) -> None:
    contest = first_of(begin(world)).contest
    assert contest is not None
    assert contest.held_out is not None
    for what in ("rows", "challenger", "prior"):
        by_night = sum(getattr(night, what) for night in contest.nights)
        by_group = sum(getattr(bundle, what) for bundle in contest.held_out.bundles)
        assert by_group == pytest.approx(by_night)
    assert {bundle.rival for bundle in contest.held_out.bundles} == {None}


def flip_held_out(_: int, rows: pd.DataFrame) -> pd.DataFrame:
    """Every label of a held-out customer, on all nights."""
    return flip(rows, held_out(rows))


def other_gate_rows(number: int, rows: pd.DataFrame) -> pd.DataFrame:
    """On gate nights other rows with other labels, of other customers too."""
    if number < YOUNG - 6:
        return rows
    same = {name: rows[name] for name in ("row_key", "event_time")}
    other = build_orders(500 + number, shift=3.0).assign(shop="nowhere", **same)
    return other.assign(customer="n" + rows["customer"], returned=1 - rows["returned"])


@pytest.mark.parametrize("change", [flip_held_out, other_gate_rows])
def test_whatever_judges_leaves_the_challenger_as_it_was_to_the_byte(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    usual = first_of(begin(world))
    other = first_of(begin(settle(tmp_path / "other", monkeypatch), change))
    assert other.contest != usual.contest, "what judges did change"
    for what in FITTED if change is other_gate_rows else FITTED[2:]:
        assert getattr(other.challenger, what) == getattr(usual.challenger, what)


def test_another_label_of_a_customer_who_is_not_held_out_does_not(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = first_of(begin(world))

    def flip_one(number: int, rows: pd.DataFrame) -> pd.DataFrame:
        which = ~held_out(rows)
        which[which.argmax() + 1 :] = False
        return flip(rows, which) if number == 1 else rows

    other = first_of(begin(settle(tmp_path / "other", monkeypatch), flip_one))
    assert other.challenger is not None
    assert usual.challenger is not None
    assert other.challenger.model != usual.challenger.model


def without_customers(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """The same orders, none of which names its customer."""
    return rows.assign(customer=None, row_key=[f"{day(number)}-n{n}" for n in range(len(rows))])


def test_rows_without_a_customer_train_and_never_judge(world: World) -> None:
    def and_unnamed(number: int, rows: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([rows, without_customers(rows.head(5), number)], ignore_index=True)

    first = first_of(begin(world, and_unnamed))
    assert first.challenger is not None
    assert first.contest is not None
    named = {day(number): int(held_out(build_customers(number)).sum()) for number in range(YOUNG)}
    assert all(night.rows == named[night.as_of] for night in first.contest.nights)
    nights = range((first.challenger.cut - day(0)).days)
    learned = sum(int((~held_out(build_customers(number))).sum()) for number in nights)
    assert first.challenger.rows == learned + 5 * len(nights)


def test_a_night_without_held_out_rows_is_no_gate_night(world: World) -> None:
    quiet = {YOUNG - 1, YOUNG - 3}

    def some_quiet(number: int, rows: pd.DataFrame) -> pd.DataFrame:
        return rows[~held_out(rows)] if number in quiet else rows

    first = first_of(begin(world, some_quiet))
    assert first.contest is not None
    judged = [(night.as_of - day(0)).days for night in first.contest.nights]
    assert judged == [n for n in range(YOUNG - 8, YOUNG) if n not in quiet]
    assert card_of(world).members[0].last_night == day(YOUNG - 1), "what serves knows them"


def test_where_no_night_can_judge_people_are_told_why(world: World) -> None:
    begin(world, lambda _, rows: rows[~held_out(rows)])
    decision = world.recorded(YOUNG).decision
    assert decision.state == "No champion yet"
    assert "for want of rows of held-out groups (a fifth of the values of customer)" in (
        decision.sentence
    )
    assert world.judgements() == []


def test_few_groups_judge_nothing_however_many_nights_there_are(world: World) -> None:
    judgement = first_of(begin(world, customers=20))
    assert judgement.outcome == "undecided"
    assert "held-out groups of customer are too few to judge by: 5 are needed" in judgement.sentence


def test_a_night_without_the_column_neither_trains_nor_judges(world: World) -> None:
    world.declare()
    world.deliver_all(range(3))
    world.history(0, 2)
    world.declare(GROUPED)
    live(world, 3, 4)
    found = usable_nights(world.store, world.project, day(4), frozenset())
    assert [night.as_of for night in found] == [day(3)]
