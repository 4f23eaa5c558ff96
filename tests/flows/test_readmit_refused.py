"""What cannot be re-admitted, or need not, and what is said of it."""

import pytest

from schemas.errors import Damaged, Declined, NotYet
from tasks.store import keys
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.source import LABELS, ORDERS
from tests.building.world import World
from tests.flows.readmitting import NEXT, WIDENED, batch_of, late_hours, readmit, set_aside


def test_what_changes_nothing_commits_nothing(young: World) -> None:
    before = set_aside(young)
    files = young.files()
    assert readmit(young).is_new is False
    features = "features=(Numbers(columns=('amount', 'hour', 'income')),)"
    young.declare(f"contract=OrdersWithoutWait, policy={{'quarantine_limit': 0.2}}, {features}")
    assert readmit(young).is_new is False
    assert (young.files(), batch_of(young)) == (files, before)


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        ("OrdersWithVisits", "have no column 'visits'; driftloop night shop --as-of"),
        ("OrdersWithNamedHours", "'hour' .* was read as a number, and the contract wants a word"),
    ],
)
def test_what_the_kept_rows_cannot_tell_is_declined_with_what_to_do(
    young: World, contract: str, said: str
) -> None:
    set_aside(young)
    young.declare(f"contract={contract}")
    with pytest.raises(Declined, match=said):
        readmit(young)


def test_a_night_without_stored_rows_is_declined_with_what_to_do(young: World) -> None:
    with pytest.raises(NotYet, match=f"no batch; driftloop night {NAME} --as-of {day(NEXT)}"):
        readmit(young)
    (young.root / "landing" / f"{day(NEXT)}{ORDERS}").write_text('row_key\n"torn')
    young.night(NEXT)
    with pytest.raises(Declined, match=r"none of its rows is stored .*have it delivered again"):
        readmit(young)


def test_the_quarantine_of_an_earlier_version_is_declined_with_what_to_do(young: World) -> None:
    before = set_aside(young)
    early = before.model_copy(update={"revision": 2, "as_delivered": False})
    young.store.commit(keys.batch(NAME, day(NEXT), 2), early)
    with pytest.raises(Declined, match=r"an earlier version .* --as-of .* reads the files again"):
        readmit(young)


def test_rows_that_do_not_add_up_are_damage(young: World) -> None:
    before = set_aside(young)
    counts = before.counts.model_copy(update={"kept": 30, "quarantined": 10})
    young.store.commit(
        keys.batch(NAME, day(NEXT), 2),
        before.model_copy(update={"revision": 2, "counts": counts}),
    )
    with pytest.raises(Damaged, match="30 rows kept and 10 quarantined, but 37 and 3 are stored"):
        readmit(young)


def test_a_night_that_is_not_recorded_yet_is_left_to_its_run(young: World) -> None:
    from flows.ingest import ingest

    young.declare("policy={'quarantine_limit': 0.2}")
    young.deliver(NEXT, late_hours(NEXT, 3))
    ingest.fn(NAME, day(NEXT))
    young.declare(WIDENED)
    assert readmit(young).is_new
    assert young.store.revisions("nights", NAME, day(NEXT)) == []
    assert young.night(NEXT).batch == keys.batch(NAME, day(NEXT), 2)


def test_labels_whose_file_is_gone_stay_as_they_were(young: World) -> None:
    set_aside(young)
    young.live(NEXT + 1)
    young.withdraw(f"{day(NEXT)}{LABELS}")
    young.declare(WIDENED)
    readmit(young)
    young.live(NEXT + 2)
    assert len(young.store.revisions("labels", NAME, day(NEXT))) == 1


def test_cleaning_that_cannot_be_taken_back_is_declined_with_what_to_do(young: World) -> None:
    step = "policy={{'quarantine_limit': 0.2}}, cleaning=(ConvertUnit(column='wait', factor={}),)"
    young.declare(step.format(1))
    young.deliver(NEXT, late_hours(NEXT, 3))
    young.night(NEXT)
    young.declare(step.format(2))
    with pytest.raises(Declined, match=r"through ConvertUnit\(.*does not have any more; driftloop"):
        readmit(young)
