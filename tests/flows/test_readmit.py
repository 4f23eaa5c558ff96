"""Quarantined rows under a changed contract: they come back, once, and nothing else is lost."""

import pandas as pd
import pytest

from flows.readmit import readmit as readmit_flow
from schemas.batch import Readmission
from tasks.core.checking import REASON
from tasks.engine.frames import load_frame
from tasks.engine.readmit import Readmitted
from tasks.engine.replay.reproduce import reproduce
from tasks.store import keys
from tasks.store.verify import verify
from tests.building.brittle import Brittle, Killed
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.source import ORDERS
from tests.building.world import World
from tests.flows.readmitting import (
    NEXT,
    WIDENED,
    batch_of,
    is_conserved,
    late_hours,
    lines,
    readmit,
    set_aside,
)
from tests.tasks.engine.keeping.erasing import erase_from


def test_rows_of_a_widened_range_come_back_without_their_file(young: World) -> None:
    before = set_aside(young)
    kept, aside = lines(young, before)
    young.withdraw(f"{day(NEXT)}{ORDERS}")
    young.declare(WIDENED)
    assert readmit(young) == Readmitted(keys.batch(NAME, day(NEXT), 2), is_new=True)
    after = batch_of(young)
    assert after.readmission == Readmission(revision=1, readmitted=2, set_aside=0)
    assert after.sentence == (
        "39 of 40 rows kept, 1 quarantined. Checked again: 2 re-admitted, 0 set aside."
    )
    assert lines(young, after) == (kept + aside[:2], aside[2:])
    assert is_conserved(after)
    assert (after.files, after.contract) == (before.files, young.project.contract_digest)
    assert after.ignored_columns == ("note",)
    assert after.rows
    rows = load_frame(young.store, after.rows)
    assert rows["hour"].tolist()[-2:] == [30.0, 30.0]
    assert set(map(str, rows.dtypes)) == {"str", "float64", "datetime64[us, UTC]"}
    assert after.quarantine
    left = load_frame(young.store, after.quarantine)
    assert left[["hour", "note", REASON]].to_numpy().tolist() == [
        ["dusk", "by hand", "hour: not a number"]
    ]
    assert verify(young.store, NAME) == []


def test_the_night_is_scored_labelled_and_decided_anew_like_one_that_is_delivered_again(
    young: World,
) -> None:
    set_aside(young)
    for number in range(NEXT + 1, NEXT + 8):
        young.live(number)
    moves, attempts = young.moves(), len(young.judgements())
    young.declare(WIDENED)
    readmit(young)
    night = young.recorded(NEXT)
    assert (night.decision.state, night.evidence.late, night.revision) == ("Late revision", True, 2)
    assert (night.batch, night.evidence.rows) == (keys.batch(NAME, day(NEXT), 2), 39)
    assert night.predictions == keys.predictions(NAME, day(NEXT), 2)
    assert len(young.store.revisions("labels", NAME, day(NEXT))) == 2
    assert (young.moves(), len(young.judgements())) == (moves, attempts)
    young.live(NEXT + 8)
    assert reproduce(young.store, young.project).differences == ()


def test_again_has_no_second_effect_and_neither_has_the_night(young: World) -> None:
    set_aside(young)
    young.declare(WIDENED)
    first = readmit(young)
    before = young.files()
    assert readmit(young) == Readmitted(first.key, is_new=False)
    young.forget()
    young.night(NEXT)
    assert young.files() == before, "the files lie there still, and are not read again"
    young.live(NEXT + 1)
    assert batch_of(young).revision == 2


def test_a_file_that_is_delivered_anew_counts_more_than_what_was_readmitted(young: World) -> None:
    set_aside(young)
    young.declare(WIDENED)
    readmit(young)
    young.deliver(NEXT, build_orders(NEXT, rows=41))
    young.live(NEXT + 1)
    batch = batch_of(young)
    assert (batch.revision, batch.counts.kept, batch.readmission) == (3, 41, None)


@pytest.mark.parametrize("prefix", ["data/", "batches/", "predictions/", "labels/", "nights/"])
@pytest.mark.parametrize("after", [False, True])
def test_killed_half_way_it_is_repaired_by_running_it_again(
    young: World, tmp_path_factory: pytest.TempPathFactory, prefix: str, after: bool
) -> None:
    set_aside(young)
    young.live(NEXT + 1)
    young.declare(WIDENED)
    whole = young.copy_to(tmp_path_factory.mktemp("whole"))
    young.forget()
    young.store.backend = Brittle(young.store.backend, prefix=prefix, after=after)
    with pytest.raises(Killed):
        readmit_flow.fn(NAME, day(NEXT))
    readmit(young)
    repaired = young.files("batches", "labels", "nights", "predictions", "ledger")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRIFTLOOP_STORE", (whole.root / "store").as_uri())
        readmit(whole)
        assert whole.files("batches", "labels", "nights", "predictions", "ledger") == repaired
    young.forget()


def test_a_narrowed_range_sets_kept_rows_aside_and_a_widened_one_brings_them_back(
    young: World,
) -> None:
    before = set_aside(young)
    young.declare("contract=OrdersInTheMorning, policy={'quarantine_limit': 1.0}")
    readmit(young)
    narrow = batch_of(young)
    assert narrow.readmission
    assert narrow.readmission.set_aside == narrow.counts.quarantined - 3 > 0
    young.declare("policy={'quarantine_limit': 0.2}")
    readmit(young)
    after = batch_of(young)
    assert (after.revision, is_conserved(narrow), is_conserved(after)) == (3, True, True)
    assert [set(keys) for keys in lines(young, after)] == [set(k) for k in lines(young, before)]
    assert after.counts == before.counts


def test_a_refused_batch_is_readmitted_whole(young: World) -> None:
    young.deliver(NEXT, late_hours(NEXT, *range(20)))
    assert young.night(NEXT).decision.state == "Batch refused"
    assert (batch_of(young).counts.kept, batch_of(young).counts.quarantined) == (0, 40)
    young.withdraw(f"{day(NEXT)}{ORDERS}")
    young.declare("contract=OrdersAtAnyHour")
    readmit(young)
    after = batch_of(young)
    assert (after.status, after.counts.kept, after.counts.quarantined) == ("accepted", 39, 1)
    assert young.recorded(NEXT).evidence.data == "accepted"
    assert lines(young, after)[0] == list(build_orders(NEXT)["row_key"])[:39]


def test_a_raised_limit_readmits_a_refused_batch_under_the_same_contract(young: World) -> None:
    young.deliver(NEXT, late_hours(NEXT, 3, 4))
    assert young.night(NEXT).decision.state == "Batch refused"
    young.declare("policy={'quarantine_limit': 0.2}")
    readmit(young)
    assert (batch_of(young).status, batch_of(young).counts.kept) == ("accepted", 37)
    young.night(NEXT)
    assert batch_of(young).revision == 2


def test_a_batch_refused_for_a_missing_column_is_readmitted_by_a_contract_without_it(
    young: World,
) -> None:
    young.deliver(NEXT, build_orders(NEXT).drop(columns="wait"))
    young.night(NEXT)
    young.withdraw(f"{day(NEXT)}{ORDERS}")
    young.declare(
        "contract=OrdersWithoutWait, features=(Numbers(columns=('amount', 'hour', 'income')),)"
    )
    readmit(young)
    assert batch_of(young).counts.kept == 40


def test_equal_rows_and_erased_ones_stay_counted_and_gone(young: World) -> None:
    young.declare("policy={'quarantine_limit': 0.2}")
    orders = late_hours(NEXT, 3, 4)
    young.deliver(NEXT, pd.concat([orders, orders.head(2)]))
    young.night(NEXT)
    erased = str(orders["row_key"][3])
    erase_from(young, erased)
    young.declare(WIDENED)
    readmit(young)
    counts = batch_of(young).counts
    assert (counts.read, counts.kept, counts.quarantined) == (42, 38, 1)
    assert (counts.deduplicated, counts.erased) == (2, 1)
    assert erased not in lines(young, batch_of(young))[0]
    assert readmit(young).is_new is False


def test_cleaning_that_is_declared_since_is_made_up_for(young: World) -> None:
    set_aside(young)
    step = "NormaliseWords(columns=('hour',), synonyms={'dusk': '19', '30': '6'})"
    young.declare(f"policy={{'quarantine_limit': 0.2}}, cleaning=({step},)")
    readmit(young)
    after = batch_of(young)
    assert (after.counts.kept, after.quarantine, after.counts.read) == (40, None, 40)
    [cleaned] = after.cleaning
    assert (cleaned.before, cleaned.after, cleaned.changed) == (40, 40, 3)
    assert readmit(young).is_new is False
    young.forget()
    young.night(NEXT)
    assert batch_of(young) == after


def test_rows_that_cleaning_lets_go_are_counted(young: World) -> None:
    set_aside(young)
    young.declare(
        "policy={'quarantine_limit': 0.2}, cleaning=(DropOutside(column='hour', high=23),)"
    )
    readmit(young)
    counts = batch_of(young).counts
    assert (counts.read, counts.kept, counts.quarantined, counts.dropped) == (40, 37, 1, 2)
