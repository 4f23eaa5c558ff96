"""Units, ranges with room, words, personal columns."""

import numpy as np
import pandas as pd
import pytest

from tasks.inferring.kinds import see
from tasks.inferring.personal import personal
from tasks.inferring.ranges import range_of, split_far, unit_of
from tasks.inferring.wording import allowed_words, variants_of

TIMES = pd.Series(pd.date_range("2026-03-01", periods=6, freq="D", tz="UTC"))


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("trip_km", "km"),
        ("tripKm", "km"),
        ("price_eur", "euro"),
        ("temp_f", "°F"),
        ("grade_f", ""),
        ("wait minutes", "minutes"),
        ("km", ""),
        ("rain_1h", ""),
        ("", ""),
    ],
)
def test_a_unit_is_the_last_word_of_a_name(name: str, unit: str) -> None:
    assert unit_of(name) == unit


def test_a_range_has_room_for_a_change_of_unit() -> None:
    low, high = range_of(pd.Series([2.5, 310.0]), "", is_whole=False)
    assert low == -1_000_000
    assert high == 1_000_000


def test_nought_is_the_lowest_where_the_sample_reaches_it_or_the_unit_has_no_less() -> None:
    assert range_of(pd.Series([0.0, 3.5]), "", is_whole=False)[0] == 0
    assert range_of(pd.Series([2.5, 3.5]), "km", is_whole=False)[0] == 0
    assert range_of(pd.Series([2.5, 3.5]), "°C", is_whole=False)[0] == -10_000
    assert range_of(pd.Series([0.0, 3.5]), "euro", is_whole=False)[0] == -10_000
    assert range_of(pd.Series([-0.5, 3.5]), "", is_whole=False)[0] == -10_000


def test_numbers_without_a_range_have_none() -> None:
    assert range_of(pd.Series([np.nan]), "", is_whole=False) == (None, None)
    assert range_of(pd.Series([1e307]), "", is_whole=False) == (None, None)


def test_a_value_beyond_the_room_of_all_others_widens_no_range() -> None:
    values = pd.Series([*np.linspace(1, 99, 5_000), 5e8])
    usual, far = split_far(values)
    assert far.tolist() == [5e8]
    assert range_of(usual, "", is_whole=False) == (-100_000, 100_000)
    many = pd.Series([*np.linspace(1, 99, 500), *[5e8] * 5])
    assert split_far(many)[1].empty  # these are no exception
    assert split_far(pd.Series([0.0] * 5_000 + [3.0]))[1].empty


def test_words_written_in_several_ways_are_counted() -> None:
    found = variants_of(pd.Series(["Wien", "wien", "WIEN ", "Graz", None], dtype="str"))
    assert found is not None
    assert (found.words, found.case) == (1, "lower")
    blanks = variants_of(pd.Series(["Wien ", "Graz"], dtype="str"))
    assert blanks is not None
    assert (blanks.words, blanks.case) == (1, None)
    assert variants_of(pd.Series(["Wien", "Graz"], dtype="str")) is None


def test_words_are_allowed_alone_only_when_none_is_new_or_rare() -> None:
    nights = np.repeat(np.arange(60), 10)
    words = pd.Series(np.tile(["a", "b"], 300), dtype="str")
    assert allowed_words(words, nights) == ("a", "b")
    rare, new = words.copy(), words.copy()
    rare.iloc[:3] = "c"
    new.iloc[-50:] = "c"
    assert allowed_words(rare, nights) == ()
    assert allowed_words(new, nights) == ()
    assert allowed_words(words.head(100), nights[:100]) == ()


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("customerEmail", "x", "an e-mail address, by its name"),
        ("contact", "anna@example.org", "an e-mail address, by its values"),
        ("remark", "write to anna@example.org today", "an e-mail address, by its values"),
        ("contact", "+43 664 1234567", "a phone number, by its values"),
        ("account", "AT61 1904 3002 3457 3201", "a bank account, by its values"),
        ("last_name", "x", "a person's name, by its name"),
        ("since", "1971-05-06", "a birth date, by its values"),
        ("dob", "1971-05-06", "a birth date, by its name"),
    ],
)
def test_personal_columns_are_seen_by_name_and_by_values(name: str, value: str, what: str) -> None:
    assert personal(see(name, pd.Series([value] * 6, dtype="str"), "UTC"), TIMES) == what


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filename", "x"),
        ("price", "12.50"),
        ("code", "AT61190430023457320X"),
        ("flight", "0123"),
        ("due", "2026-05-06"),
        ("changed", "1971-05-06T10:11:12"),
        ("mailing", "x"),
        ("shop", "north"),
    ],
)
def test_other_columns_are_not_personal(name: str, value: str) -> None:
    assert personal(see(name, pd.Series([value] * 6, dtype="str"), "UTC"), TIMES) is None
