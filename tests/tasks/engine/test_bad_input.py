"""Everything that a delivered file may do to us: the outcome, what is said, and no row lost."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from tests.building.rows import day
from tests.tasks.engine.delivering import (
    ROWS,
    as_csv,
    orders,
    take_in,
    with_values,
)

USUAL = as_csv(orders())
HEADER, FIRST, REST = USUAL.split(b"\n", 2)
KEYS = [f"{day(1)}-{order:04d}" for order in range(ROWS)]
HOSTILE = [
    *("../../etc/passwd", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{{ 7 * 7 }}"),
    *("\u202egnp.exe", "\x1b[31mred", "'; DROP TABLE x; --", "%s%n", "NULL", "x" * 1_000_000),
]


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        pytest.param(b"", "empty", "has 0 bytes", id="zero bytes"),
        pytest.param(HEADER, "empty", "holds no rows", id="header"),
        pytest.param(b"\xef\xbb\xbf" + USUAL, "accepted", "20 of 20 rows kept", id="BOM"),
        pytest.param(
            USUAL.replace(b"\n", b"\r\n"), "accepted", "20 of 20 rows kept", id="line ends"
        ),
        pytest.param(
            HEADER + b"\n" + FIRST + b"\n\0" + REST, "refused", "line 3: holds a NUL byte", id="NUL"
        ),
        pytest.param(
            USUAL.replace(b"north", b"N\xf6rd"),
            "refused",
            "not UTF-8 text; name the source's encoding",
            id="latin-1",
        ),
        pytest.param(
            HEADER + b",hour\n" + FIRST + b",1\n",
            "refused",
            "names ['hour'] more than once; have the file delivered again",
            id="a name twice",
        ),
        pytest.param(
            HEADER + b"\n" + FIRST + b"\n" + FIRST[:30] + b"\n" + REST,
            "refused",
            "line 3: 2 values under 7 column names; have the file delivered again",
            id="ragged",
        ),
        pytest.param(
            HEADER + b"\n" + FIRST + b',"\n', "refused", "unexpected end of data", id="open quote"
        ),
        pytest.param(
            gzip.compress(USUAL)[:-9],
            "refused",
            "the gzip data is damaged or cut off",
            id="cut off",
        ),
        pytest.param(
            HEADER.replace(b"wait", b"waiting") + b"\n" + FIRST,
            "refused",
            "columns missing: wait",
            id="renamed column",
        ),
        pytest.param(b"<html>503</html>", "refused", "columns missing: row_key,", id="a web page"),
    ],
)
def test_a_file_is_taken_in_or_refused_whole(
    tmp_path: Path, data: bytes, status: str, said: str
) -> None:
    batch = take_in(tmp_path, data).batch
    assert batch.status == status
    assert said in batch.sentence


def test_another_encoding_is_read_once_it_is_named(tmp_path: Path) -> None:
    data = USUAL.replace(b"north", b"N\xf6rd")
    assert "N\u00f6rd" in set(take_in(tmp_path, data, encoding="latin-1").kept["shop"])


def test_a_gzip_bomb_is_refused_at_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.sources.limits.BYTES", 1 << 20)
    batch = take_in(tmp_path, gzip.compress(b"0" * (50 << 20)), "csv.gz").batch
    assert batch.status == "refused"
    assert "bytes, limit 1,048,576; deliver it in smaller files" in batch.sentence


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("amount", "1e400", "amount: infinite"),
        ("amount", "inf", "amount: infinite"),
        ("amount", "-Infinity", "amount: infinite"),
        ("amount", "NaN", "amount: not a number"),
        ("amount", "12,5", "amount: not a number"),
        ("amount", "1_000", "amount: not a number"),
        ("amount", "0x1F", "amount: not a number"),
        ("amount", "\u0661\u0662", "amount: not a number"),
        ("hour", None, "hour: not_nullable"),
        ("hour", "-1", "hour: greater_than_or_equal_to(0)"),
        ("row_key", None, "row_key: not_nullable"),
        ("event_time", "2024-01-02T00:05:00", "event_time: not a time with a zone"),
        ("event_time", "2024-01-02T00:05:00+01:00", "event_time: outside of night 2024-01-02"),
        ("event_time", "2024-01-01T23:59:59Z", "event_time: outside of night 2024-01-02"),
        ("event_time", "2099-01-01T00:00:00Z", "event_time: outside of night 2024-01-02"),
        ("event_time", "0000-00-00T00:00:00Z", "event_time: not a time"),
        ("event_time", "99999-01-01T00:00:00Z", "event_time: not a time"),
        ("event_time", "2024-02-30T00:00:00Z", "event_time: not a time"),
        ("event_time", "now", "event_time: not a time"),
        ("event_time", "1704153600", "event_time: not a time"),
        *(("amount", text, "amount: not a number") for text in HOSTILE[:-2]),
        pytest.param("amount", "NULL", "amount: not a number", id="the word null"),
        pytest.param("amount", "x" * 1_000_000, "amount: not a number", id="a megabyte"),
    ],
)
def test_a_value_that_is_none_sets_its_row_aside_as_it_was_delivered(
    tmp_path: Path, column: str, value: str | None, said: str
) -> None:
    taken = take_in(tmp_path, as_csv(with_values(column, value)))
    assert (taken.batch.status, taken.batch.counts.kept) == ("accepted", ROWS - 1)
    [row] = taken.aside.astype(object).where(taken.aside.notna(), None).to_dict("records")
    assert row[column] == value
    assert row["driftloop_reason"].startswith(said)
    [failure] = taken.batch.failures
    assert all(len(text) <= 80 and text.isascii() for text in failure.examples)


@pytest.mark.parametrize("value", ["-0", "1e308", "5e-324", "1e-400", " 7 ", "+7", ".5"])
def test_a_number_is_a_number_however_it_is_written(tmp_path: Path, value: str) -> None:
    taken = take_in(tmp_path, as_csv(with_values("amount", value)))
    assert (taken.batch.counts.kept, taken.kept["amount"][0]) == (ROWS, float(value))


def test_words_are_kept_letter_by_letter_whatever_they_say(tmp_path: Path) -> None:
    taken = take_in(tmp_path, as_csv(with_values("shop", *HOSTILE)))
    assert taken.kept["shop"].tolist()[: len(HOSTILE)] == HOSTILE


@pytest.mark.parametrize(
    ("column", "status", "said"),
    [
        ("amount", "accepted", "20 of 20 rows kept"),
        ("shop", "accepted", "20 of 20 rows kept"),
        ("hour", "refused", "20 of 20 rows broken (100.0%, limit 50.0%), most by hour: not_null"),
        ("event_time", "refused", "most by event_time: not_nullable"),
        ("row_key", "refused", "most by row_key: not_nullable"),
    ],
)
def test_a_column_without_a_value_counts_by_whether_it_may(
    tmp_path: Path, column: str, status: str, said: str
) -> None:
    batch = take_in(tmp_path, as_csv(orders().assign(**{column: None}))).batch
    assert (batch.status, said in batch.sentence) == (status, True)


def test_columns_in_another_order_are_the_same_batch(tmp_path: Path) -> None:
    usual = take_in(tmp_path, USUAL).batch
    turned = take_in(tmp_path, as_csv(orders()[list(orders())[::-1]])).batch
    assert (turned.id, turned.revision) == (usual.id, 1)


def test_further_columns_are_named_and_stay_with_the_rows_that_are_set_aside(
    tmp_path: Path,
) -> None:
    names = [*HOSTILE[:-1], "driftloop_reason", "__index_level_0__", "a.b", "y" * 5_000]
    extra = {name: f"of {number}" for number, name in enumerate(names)}
    taken = take_in(tmp_path, as_csv(with_values("hour", 99).assign(**extra)))
    assert taken.batch.ignored_columns == tuple(
        name[:80] for name in names if name != "driftloop_reason"
    )
    [row] = taken.aside.to_dict("records")
    delivered = with_values("hour", "99").iloc[0].astype(str).to_dict()
    reason = {"driftloop_reason": "hour: less_than_or_equal_to(23)"}
    assert row == dict(delivered) | extra | reason


def test_keys_that_come_again_count_once_or_not_at_all(tmp_path: Path) -> None:
    usual = orders()
    again = pd.concat([usual, usual.iloc[[3, 3]], usual.iloc[[5]].assign(wait=9)])
    taken = take_in(tmp_path, as_csv(again))
    assert taken.batch.counts.model_dump(exclude={"erased", "dropped"}) == {
        "read": ROWS + 3,
        "kept": ROWS - 1,
        "quarantined": 2,
        "deduplicated": 2,
    }
    assert taken.reasons == {KEYS[5]: "row_key: one key, differing rows"}
