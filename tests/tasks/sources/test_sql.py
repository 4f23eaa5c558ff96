"""Queries to a real database: what they give, and what is said when they give nothing."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from schemas.errors import DataUnavailable, DataUnreadable
from schemas.period import Hour, Week
from tasks.sources.sql import Sql
from tests.building.postgres import PASSWORD

NIGHT = date(2026, 3, 1)
FIELDS: dict[str, Any] = {
    "connection": "SALES_DB",
    "query": "SELECT id, sold_at, price FROM sales WHERE sold_at >= :as_of AND sold_at < :next",
    "labels": "SELECT id, returned FROM sales WHERE sold_at >= :as_of AND sold_at < :next",
    "dates": "SELECT DISTINCT date(sold_at) FROM sales",
    "time": "sold_at",
    "key": ("id",),
    "target": "returned",
}
Run = Callable[[str], None]


@pytest.fixture
def run(postgres: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs statements in the database of the sales, made anew."""
    monkeypatch.setenv("SALES_DB", postgres)

    def run(statement: str) -> None:
        with create_engine(postgres, poolclass=NullPool).begin() as connection:
            connection.execute(text(statement))

    run("DROP TABLE IF EXISTS sales")
    run("CREATE TABLE sales (id bigint, sold_at timestamp, price numeric, returned boolean)")
    run("INSERT INTO sales VALUES (2, '2026-03-01 23:59', 1.50, NULL), (1, '2026-03-01', 2, true)")
    run("INSERT INTO sales VALUES (3, '2026-03-02', 7, false)")
    return run


@pytest.mark.usefixtures("run")
def test_a_night_is_what_its_query_gives() -> None:
    source = Sql(**FIELDS)
    rows, labels = source.read(NIGHT), source.read_labels(NIGHT)
    assert rows is not None
    assert labels is not None
    assert rows.frame["id"].tolist() == [1, 2]
    assert [float(price) for price in rows.frame["price"]] == [2.0, 1.5]
    assert labels.frame["returned"].tolist() == [True, None]
    assert source.nights() == (NIGHT, date(2026, 3, 2))
    assert [file.name for file in rows.files] == ["rows of SALES_DB"]


def test_a_changed_row_is_another_delivery_and_a_moved_one_is_not(run: Run) -> None:
    source = Sql(**FIELDS)
    before = source.fingerprint(NIGHT)
    run("UPDATE sales SET price = price WHERE id = 2")  # moves the row behind the others
    assert source.fingerprint(NIGHT) == before
    run("UPDATE sales SET price = 3 WHERE id = 1")
    assert source.fingerprint(NIGHT) != before


@pytest.mark.usefixtures("run")
def test_nothing_can_be_changed_by_a_query() -> None:
    writing = "DELETE FROM sales RETURNING id, sold_at, price"
    with pytest.raises(DataUnreadable, match=r"SALES_DB: cannot execute DELETE in a read-only tr"):
        Sql(**{**FIELDS, "query": writing}).read(NIGHT)
    assert len(Sql(**FIELDS).nights()) == 2


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("SELECT nothing FROM sales", 'column "nothing" does not exist; correct the query'),
        ("SELEC 1", "syntax error at or near"),
        ("SELECT id, id FROM sales", r"names \['id'\] twice"),
        ("SELECT 1/0", "division by zero"),
        ("SELECT :other", "value is required for bind parameter 'other'"),
    ],
)
def test_a_query_that_cannot_be_answered_is_unreadable(query: str, why: str) -> None:
    with pytest.raises(DataUnreadable, match=f"^SALES_DB: .*{why}"):
        Sql(**{**FIELDS, "query": query}).read(NIGHT)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda url: re.sub(r":\d+/", ":1/", url), "start the database, then run again"),
        (lambda url: url.replace("reader:", "nobody:"), "password authentication failed"),
        (lambda url: url.replace("psycopg", "nothing"), "no such URL; write dialect"),
        (lambda url: url.replace("psycopg", "pg8000"), "no driver for it is installed"),
        (lambda url: url.replace("://", "/"), "no such URL; write dialect"),
    ],
)
def test_a_database_that_is_not_reached_is_no_missing_night_and_shows_no_password(
    postgres: str, monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str], why: str
) -> None:
    monkeypatch.setenv("SALES_DB", change(postgres))
    with pytest.raises(DataUnavailable, match=why) as told:
        Sql(**FIELDS).read(NIGHT)
    assert PASSWORD not in str(told.value)


@pytest.mark.usefixtures("run")
def test_dates_that_are_none_are_unreadable() -> None:
    with pytest.raises(DataUnreadable, match=r"SALES_DB: dates: .*'soon'; correct the query"):
        Sql(**{**FIELDS, "dates": "SELECT 'soon'"}).nights()


def test_without_its_variable_there_is_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SALES_DB", raising=False)
    source = Sql(**FIELDS)
    assert source.missing_hint() == (
        "data not here: SALES_DB is not set; give it the database's address"
    )
    assert source.read(NIGHT) is None
    assert source.nights() == ()


@pytest.mark.usefixtures("run")
def test_a_week_is_asked_for_by_its_mondays_and_an_hour_by_its_ends_in_utc() -> None:
    source = Sql(**FIELDS)
    week, hour = source.read(Week(2026, 2, 23)), source.read(Hour(2026, 3, 1, 23))
    assert week is not None
    assert hour is not None
    assert (week.frame["id"].tolist(), hour.frame["id"].tolist()) == ([1, 2], [2])
    assert source.read(Hour(2026, 3, 1, 22)) is None
