"""What a column holds, as text and as typed, and which values stand for "unknown"."""

import numpy as np
import pandas as pd
import pytest

from tasks.core.reading import Kind
from tasks.inferring.kinds import Seen, see

DRAW = np.random.default_rng(5)


def look(*values: object, kind: type | str = object) -> Seen:
    """The column of these values."""
    return see("some", pd.Series(list(values), dtype=kind), "UTC")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1.5", "2", None], "number"),
        (["1", "2", "30"], "whole number"),
        ([1.0, 2.0, None], "whole number"),
        (["0", "1", "0"], "flag"),
        (["True", "false"], "flag"),
        ([True, None, False], "flag"),
        (["0012", "0300", "4711"], "word"),
        (["2026-03-01", "2026-03-02"], "time"),
        (["2026-03-01T10:00:00Z", None], "time"),
        (["a", "b"], "word"),
        (["1a", "2"], "word"),
        ([None, None], "word"),
    ],
)
def test_a_column_is_what_nearly_all_of_its_values_are(values: list[object], kind: Kind) -> None:
    assert look(*values).kind == kind


def test_a_word_for_unknown_among_numbers_is_a_sentinel_and_null() -> None:
    seen = look("1.5", "n/a", "2.5", "unknown", kind="str")
    assert seen.kind == "number"
    assert seen.sentinels.evident == ("n/a", "unknown")
    assert seen.values.isna().tolist() == [False, True, False, True]


def test_among_words_only_what_can_mean_nothing_else_is_evident() -> None:
    seen = look("a", "N/A", "other", "b", kind="str")
    assert seen.sentinels.evident == ("N/A",)
    assert seen.sentinels.suspected == ("other",)
    assert seen.values.isna().tolist() == [False, True, False, False]


@pytest.mark.parametrize("sentinel", [-999, -9999, 9999])
def test_a_number_far_from_all_others_that_comes_often_is_a_sentinel(sentinel: int) -> None:
    seen = look(*DRAW.normal(20, 5, 200).tolist(), *[float(sentinel)] * 5, kind="float64")
    assert set(seen.sentinels.evident) == {sentinel}
    assert seen.values.max() < 100


def test_nought_is_a_sentinel_of_temperatures_in_kelvin_alone() -> None:
    kelvin = look(*DRAW.normal(285, 9, 99), 0, 0, 0, kind="float64")
    other = look(*DRAW.normal(2, 0.1, 99), 0, 0, 0, kind="float64")
    assert (kelvin.sentinels.evident, other.sentinels.evident) == ((0,), ())


def test_a_value_that_comes_once_or_lies_among_others_is_no_sentinel() -> None:
    once = [*DRAW.normal(20, 5, 200), -999]
    among_others = [*DRAW.normal(0, 2_000, 500), *[-999.0] * 5]
    assert look(*once, kind="float64").sentinels.evident == ()
    assert look(*among_others, kind="float64").sentinels.evident == ()


def test_the_only_negative_number_that_comes_often_is_suspected() -> None:
    seen = look(*DRAW.uniform(0, 9, 200), *[-1.0] * 9, kind="float64")
    assert seen.sentinels.evident == ()
    assert seen.sentinels.suspected == (-1,)


def test_a_few_values_of_another_kind_are_counted_and_do_not_change_it() -> None:
    seen = look(*["3.5"] * 99, "abc", kind="str")
    assert (seen.kind, seen.unreadable) == ("number", 1)
