"""Columns of another table: which row they come from, at which time, and what is refused."""

import pandas as pd
import pytest

from schemas.errors import DataUnreadable
from tasks.sources.merging import NewestBefore, merge

ROWS = pd.DataFrame({"at": ["10:00", "09:00", "12:00"], "shop": ["a", "b", "a"]}).assign(
    at=lambda rows: "2026-03-01T" + rows["at"] + ":00Z"
)
AS_OF = NewestBefore("at", "known", None, None)


def prices(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Prices by shop, each known from an hour on."""
    frame = pd.DataFrame(rows, columns=["known", "shop", "price"])
    return frame.assign(known="2026-03-01T" + frame["known"] + ":00Z")


def test_each_row_keeps_its_place_and_finds_the_row_of_its_key() -> None:
    shops = pd.DataFrame({"shop": ["b", "a"], "size": [4, 9]})
    wide, matched = merge(ROWS, shops, ("shop",), {"size": "shop_size"}, "shops")
    assert list(wide["shop_size"]) == [9, 4, 9]
    assert (matched, list(wide["shop"])) == (3, list(ROWS["shop"]))


def test_rows_without_a_match_and_without_a_key_have_nulls_and_are_counted() -> None:
    rows = pd.DataFrame({"shop": ["a", None, "z"]})
    shops = pd.DataFrame({"shop": ["a", None], "size": [9, 1]})
    wide, matched = merge(rows, shops, ("shop",), {"size": "size"}, "shops")
    assert (list(wide["size"].isna()), matched) == ([False, True, True], 1)


@pytest.mark.parametrize("given", [[12, 7], ["12", "7"], [12.0, 7.0]])
@pytest.mark.parametrize("known", [[7, 12], ["7", "12"], [7.0, 12.0]])
def test_a_number_is_the_same_key_in_every_format(given: list[object], known: list[object]) -> None:
    shops = pd.DataFrame({"no": known, "size": [1, 2]})
    wide, _ = merge(pd.DataFrame({"no": given}), shops, ("no",), {"size": "size"}, "shops")
    assert list(wide["size"]) == [2, 1]


def test_keys_of_several_columns_do_not_run_into_each_other() -> None:
    rows = pd.DataFrame({"x": ["a", "ab"], "y": ["bc", "c"]})
    wide, _ = merge(rows, rows.assign(n=[1, 2]), ("x", "y"), {"n": "n"}, "other")
    assert list(wide["n"]) == [1, 2]


def test_a_join_that_would_multiply_rows_names_the_key() -> None:
    shops = pd.DataFrame({"shop": ["a", "b", "a", "a"], "size": [1, 2, 3, 4]})
    with pytest.raises(DataUnreadable, match=r"shops: 2 rows repeat a key of shop .* first a;"):
        merge(ROWS, shops, ("shop",), {"size": "size"}, "shops")


def test_a_column_that_is_there_already_is_not_overwritten() -> None:
    with pytest.raises(DataUnreadable, match=r"columns \['at'\] are in the rows already"):
        merge(ROWS, ROWS, ("shop",), {"at": "at"}, "shops")


def test_a_row_sees_the_newest_that_was_known_and_never_a_later_one() -> None:
    known = prices(("11:59", "a", 3.0), ("09:59", "a", 2.0), ("10:01", "a", 9.0), ("09:00", "b", 5))
    wide, matched = merge(ROWS, known, ("shop",), {"price": "price"}, "prices", AS_OF)
    assert (list(wide["price"]), matched) == ([2.0, 5.0, 3.0], 3)


def test_what_becomes_known_later_changes_no_earlier_row() -> None:
    known = prices(("09:59", "a", 2.0), ("09:00", "b", 5.0))
    before, _ = merge(ROWS, known, ("shop",), {"price": "price"}, "prices", AS_OF)
    later = pd.concat([known, prices(("12:01", "a", 7.0), ("09:01", "b", 7.0))])
    after, _ = merge(ROWS, later, ("shop",), {"price": "price"}, "prices", AS_OF)
    pd.testing.assert_frame_equal(before, after)


def test_what_is_as_old_as_the_limit_counts_no_more() -> None:
    limited = NewestBefore("at", "known", None, 60)
    known = prices(("09:00", "a", 2.0), ("08:01", "b", 5.0))
    wide, matched = merge(ROWS, known, ("shop",), {"price": "price"}, "prices", limited)
    assert (list(wide["price"].isna()), matched) == ([True, False, True], 1)


def test_two_rows_known_at_one_time_are_refused() -> None:
    known = prices(("09:00", "a", 2.0), ("09:00", "a", 3.0))
    with pytest.raises(DataUnreadable, match=r"prices: 1 row repeats a key of shop, known"):
        merge(ROWS, known, ("shop",), {"price": "price"}, "prices", AS_OF)


def test_times_that_cannot_be_read_match_nothing() -> None:
    rows = ROWS.assign(at=["soon", *ROWS["at"][1:]])
    known = prices(("09:00", "b", 5.0))
    wide, matched = merge(rows, known, ("shop",), {"price": "price"}, "prices", AS_OF)
    assert (list(wide["price"].isna()), matched) == ([True, False, True], 1)


def test_a_table_of_no_rows_matches_nothing() -> None:
    empty = pd.DataFrame({"shop": pd.Series(dtype="str"), "size": pd.Series(dtype=float)})
    wide, matched = merge(ROWS, empty, ("shop",), {"size": "size"}, "shops")
    assert wide["size"].isna().all()
    assert matched == 0


def test_a_column_that_the_table_lacks_is_left_to_the_contract() -> None:
    shops = pd.DataFrame({"shop": ["a"], "size": [9]})
    wide, _ = merge(ROWS, shops, ("shop",), {"size": "size", "rent": "rent"}, "shops")
    assert "rent" not in wide


def test_a_file_of_nothing_stays_nothing() -> None:
    shops = pd.DataFrame({"shop": ["b", "a"], "size": [4, 9]})
    wide, matched = merge(pd.DataFrame(), shops, ("shop",), {"size": "shop_size"}, "shops")
    assert (list(wide.columns), len(wide), matched) == ([], 0, 0)
