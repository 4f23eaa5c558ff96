"""What the clock, JSON and Parquet bring beyond the texts of a CSV file: test_bad_input goes on."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from schemas.names import check_night
from tasks.engine.keeping.erased import digest_key
from tests.building.contract import Orders, OrdersByTheClock
from tests.building.rows import day
from tests.tasks.engine.delivering import (
    ROWS,
    as_csv,
    as_json_lines,
    as_parquet,
    orders,
    take_in,
    with_values,
)

KEYS = [f"{day(1)}-{order:04d}" for order in range(ROWS)]
NEW_YORK = "America/New_York"
AUTUMN = date(2024, 11, 3)
"""In New York one o'clock comes twice."""


@pytest.mark.parametrize("zone_of", ["contract", "source"])
def test_the_hour_that_comes_twice_is_one_night_and_loses_no_row(
    tmp_path: Path, zone_of: str
) -> None:
    texts = ["2024-11-03 01:30", "2024-11-03T01:30:00-04:00", "2024-11-03T01:30:00-05:00"]
    night = orders().assign(event_time="2024-11-03 12:00")
    night.loc[[0, 1, 2], "event_time"] = texts
    night.loc[3, "event_time"] = "2024-11-04T04:59:59Z"  # the night has 25 hours
    night.loc[4, "event_time"] = "2024-11-04T05:00:00Z"
    taken = take_in(
        tmp_path,
        as_csv(night),
        contract=OrdersByTheClock if zone_of == "contract" else Orders,
        as_of=AUTUMN,
        timezone=NEW_YORK,
        zone=NEW_YORK if zone_of == "source" else None,
    )
    assert [str(time) for time in taken.kept["event_time"][:4]] == [
        "2024-11-03 05:30:00+00:00",
        "2024-11-03 05:30:00+00:00",
        "2024-11-03 06:30:00+00:00",
        "2024-11-04 04:59:59+00:00",
    ]
    assert list(taken.reasons) == [KEYS[4]]


def test_the_hour_that_is_skipped_is_read_as_so_much_later(tmp_path: Path) -> None:
    night = orders().assign(event_time="2024-03-10 02:30")
    taken = take_in(
        tmp_path,
        as_csv(night),
        contract=OrdersByTheClock,
        as_of=check_night("2024-03-10"),
        timezone=NEW_YORK,
    )
    assert {str(time) for time in taken.kept["event_time"]} == {"2024-03-10 07:30:00+00:00"}


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        pytest.param("amount", float("1e400"), None, id="Infinity is no JSON"),
        ("amount", {"nested": 1}, None),
        ("amount", "half \ud800", None),
        ("shop", "\ud800", None),
        pytest.param("amount", 10**400, "amount: infinite", id="a large number"),
        ("event_time", 1704153600, "event_time: not a time"),
        ("hour", False, ""),
        ("shop", 7, ""),
        ("shop", "nul \0", ""),
    ],
)
def test_json_lines_bring_more_types_than_a_csv(
    tmp_path: Path, column: str, value: object, said: str | None
) -> None:
    """None is a file that is refused whole, no reason a row that is kept."""
    rows = with_values(column, value).to_dict("records")
    taken = take_in(tmp_path, as_json_lines(rows), "jsonl")
    if said is None:
        assert (taken.batch.status, "line 1" in taken.batch.sentence) == ("refused", True)
        return
    assert taken.batch.counts.quarantined == bool(said)
    if said:
        assert taken.aside["driftloop_reason"][0].startswith(said)
        assert taken.aside[column].tolist() == [value]


def test_parquet_brings_columns_of_any_type_and_none_of_them_hurts(tmp_path: Path) -> None:
    extra: dict[str, Any] = {
        "list": [[1, 2]] * ROWS,
        "struct": [{"a": 1}] * ROWS,
        "decimal": [Decimal("1.50")] * ROWS,
        "date": [day(1)] * ROWS,
        "bytes": [b"\xff"] * ROWS,
        "large": pd.Series([2**62 + 1] * ROWS),
        "category": pd.Categorical(["a"] * ROWS),
    }
    usual = orders().assign(**extra).astype({"hour": float, "amount": float, "wait": float})
    usual.loc[0, "hour"] = float("inf")
    taken = take_in(tmp_path, as_parquet(usual), "parquet")
    assert taken.reasons == {KEYS[0]: "hour: infinite"}
    [row] = taken.aside.to_dict("records")
    assert (row["hour"], row["large"], row["list"]) == (float("inf"), 2**62 + 1, [1, 2])
    assert (row["struct"], row["decimal"], row["date"]) == ({"a": 1}, "1.50", str(day(1)))


def test_rows_of_erased_keys_are_counted_apart(tmp_path: Path) -> None:
    from schemas.erasure import Erasure
    from tasks.store import keys, open_store

    store = open_store((tmp_path / "store").as_uri(), tmp_path / "cache")
    told: dict[str, Any] = {"nights": (), "rows": 0, "objects": (), "versions": ()}
    erasure = Erasure(
        **told,
        project="shop",
        number=1,
        salt="s",
        keys=(digest_key("s", KEYS[3]),),
        reason="asked",
        actor="ann",
    )
    store.commit(keys.erasure("shop", 1), erasure)
    taken = take_in(tmp_path, as_csv(with_values("hour", 99)))
    assert taken.batch.counts.model_dump() == {
        "read": ROWS,
        "kept": ROWS - 2,
        "quarantined": 1,
        "deduplicated": 0,
        "erased": 1,
        "dropped": 0,
    }
    assert KEYS[3] not in set(taken.kept["row_key"])
