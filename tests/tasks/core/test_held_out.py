"""Held-out groups: a fifth of them, the same ones everywhere, whatever type a value is read as."""

from random import Random
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.held_out import BUNDLES, bundles_of, is_held_out, names_of_groups

GROUPS = st.lists(st.one_of(st.none(), st.integers(0, 50)), max_size=60)


@given(GROUPS, st.randoms(use_true_random=False))
def test_the_choice_hangs_on_the_value_alone(groups: list[int | None], draw: Random) -> None:
    one = pd.Series(groups, dtype="Int64")
    chosen = dict(zip(groups, is_held_out(one, "shop"), strict=True))
    mixed = draw.sample(groups, len(groups))
    again = is_held_out(pd.Series(mixed, dtype="Int64"), "shop")
    assert again.tolist() == [chosen[value] for value in mixed]


@given(GROUPS)
def test_a_row_without_a_value_is_never_held_out(groups: list[int | None]) -> None:
    column = pd.Series(groups, dtype="Int64")
    assert not is_held_out(column, "shop")[column.isna().to_numpy()].any()


@given(GROUPS)
def test_a_number_is_the_same_group_in_every_dtype(groups: list[int | None]) -> None:
    column = pd.Series(groups, dtype="Int64")
    words = column.astype("str").where(column.notna())
    others: list[pd.Series[Any]] = [column.astype("float64"), words, column]
    for other in others:
        assert is_held_out(other, "shop").tolist() == is_held_out(column, "shop").tolist()
        assert names_of_groups(other) == names_of_groups(column)


def test_it_is_a_fifth_and_each_project_has_its_own() -> None:
    many = pd.Series([f"customer {number}" for number in range(20_000)])
    shares = [is_held_out(many, name).mean() for name in ("shop", "bank")]
    assert all(0.19 < share < 0.21 for share in shares)
    both = (is_held_out(many, "shop") & is_held_out(many, "bank")).mean()
    assert 0.03 < both < 0.05
    taken = is_held_out(pd.Series(["ann", "bob", "eve", "zoë"]), "shop").tolist()
    assert taken == [True, False, False, False], "another choice would judge on what models know"


def test_bundles_hold_whole_groups_and_are_alike_in_size() -> None:
    held_out = pd.Series([f"customer {number}" for number in range(40_000)])
    held_out = held_out[is_held_out(held_out, "shop")]
    twice = pd.concat([held_out, held_out], ignore_index=True)
    bundles = bundles_of(twice, "shop")
    assert (bundles[: len(held_out)] == bundles[len(held_out) :]).all()
    counts = np.bincount(bundles, minlength=BUNDLES)
    assert len(counts) == BUNDLES
    assert counts.min() > counts.mean() / 2


def test_values_of_any_kind_can_be_groups() -> None:
    odd = pd.Series(
        [True, 1.5, "a\ud800", pd.Timestamp("2026-01-01"), None, ("a", 1)], dtype=object
    )
    assert len(is_held_out(odd, "shop")) == 6
    assert is_held_out(pd.Series([], dtype="str"), "shop").tolist() == []
