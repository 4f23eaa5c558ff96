"""The quarantine by reason: shares, whom to ask, and no value that must not be shown."""

from typing import Any

from schemas.batch import Batch, Counts, Failure
from tasks.telling.reasons import reasons_of, tell_counts, without_hidden
from tests.building.rows import day


def build_batch(*failures: Failure, read: int = 200) -> Batch:
    """A batch with these broken rules."""
    told: dict[str, Any] = {"project": "shop", "as_of": day(0), "revision": 1, "id": "x"}
    counts = Counts(read=read, kept=read, quarantined=0, deduplicated=0)
    return Batch(
        **told,
        status="accepted",
        sentence="",
        files=(),
        contract="",
        counts=counts,
        failures=failures,
    )


def test_a_reason_is_one_line_with_share_examples_meaning_and_owner() -> None:
    few = Failure(column="wait", check="negative", rows=1, sensitive=False)
    many = Failure(
        column="hour",
        check="not a number",
        rows=3,
        examples=("noon", "dusk", "dawn", "late"),
        meaning="hour of the order",
        owner="the web shop",
        sensitive=False,
    )
    assert [reason.text for reason in reasons_of(build_batch(few, many))] == [
        "hour: not a number, 3 rows (1.5%), such as noon, dusk, dawn; hour of the order; "
        "ask the web shop",
        "wait: negative, 1 row (0.5%)",
    ]


def test_examples_of_an_early_record_are_shown_where_the_contract_can_be_asked() -> None:
    batch = build_batch(
        Failure(column="hour", check="not a number", rows=1, examples=("noon",)),
        Failure(column="income", check="not a number", rows=1, examples=("confidential",)),
    )
    assert [one.shown for one in reasons_of(batch)] == ["not shown", "not shown"]
    known = without_hidden(batch, frozenset({"income"}))
    assert [one.shown for one in reasons_of(known)] == ["noon", "not shown"]
    assert reasons_of(known) == reasons_of(batch, frozenset({"income"}))
    assert b"confidential" not in known.to_bytes()


def test_a_file_that_could_not_be_read_has_no_share() -> None:
    failure = Failure(column="", check="unreadable", rows=0, examples=("cut off",), sensitive=False)
    [reason] = reasons_of(build_batch(failure, read=0))
    assert reason.text == "unreadable: cut off"


def test_the_counts_say_where_each_row_went() -> None:
    counts = Counts(read=1200, kept=1190, quarantined=7, deduplicated=0, erased=1, dropped=2)
    assert tell_counts(counts) == (
        "1,200 rows read = 1,190 kept + 7 quarantined + 1 erased + 2 dropped."
    )
