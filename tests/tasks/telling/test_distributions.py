"""Distributions: what is compared, what stays out, and that shares are shares."""

import pandas as pd
import pytest

from schemas.monitoring import Fault
from schemas.night import Night
from tasks.telling.distributions import OTHERS, Distribution, _compare, read_distributions
from tests.building.fixtures import GROWN
from tests.building.rows import build_orders
from tests.building.world import World


def _drifted(grown: World) -> Night:
    """A night on which a shown and a sensitive column moved."""
    grown.label(GROWN)
    orders = build_orders(GROWN + 1, shift=2.0)
    orders["income"] += 40
    grown.deliver(GROWN + 1, orders)
    return grown.night(GROWN + 1)


def test_drifted_columns_are_compared_and_sensitive_ones_stay_out(grown: World) -> None:
    night = _drifted(grown)
    assert {c.column for c in night.evidence.drift.columns if c.drifted} == {"amount", "income"}
    [found] = read_distributions(grown.store, night, frozenset())
    assert (found.column, len(found.edges)) == ("amount", 17)
    assert sum(found.now) == pytest.approx(1)
    assert sum(found.now[:8]) < sum(found.reference[:8])


def test_a_column_that_became_sensitive_since_stays_out(grown: World) -> None:
    assert read_distributions(grown.store, _drifted(grown), frozenset({"amount"})) == ()


def test_a_column_with_odd_values_is_shown_as_well(grown: World) -> None:
    grown.label(GROWN)
    grown.deliver(GROWN + 1)
    night = grown.night(GROWN + 1)
    fault = Fault(column="shop", kind="unseen", share=0.5, limit=0.2)
    evidence = night.evidence.model_copy(update={"faults": (fault,)})
    odd = night.model_copy(update={"evidence": evidence})
    [found] = read_distributions(grown.store, odd, frozenset())
    assert (found.column, set(found.groups)) == ("shop", {"east", "north", "south"})


def test_a_quiet_night_reads_nothing(young: World) -> None:
    assert read_distributions(young.store, young.live(21), frozenset()) == ()


def _groups(reference: list[str], now: list[str]) -> Distribution:
    found = _compare("c", pd.Series(reference, dtype="str"), pd.Series(now, dtype="str"))
    assert found is not None
    return found


def test_many_categories_are_cut_to_those_that_differ_most() -> None:
    reference = [f"c{number:02d}" for number in range(40)]
    found = _groups(reference, [*reference[:20], *["new"] * 20])
    assert "new" in found.groups
    assert found.groups[-1] == OTHERS
    assert sum(found.now) == pytest.approx(1)
    assert sum(found.reference) == pytest.approx(1)


def test_few_different_numbers_are_groups() -> None:
    found = _compare("c", pd.Series([0.0, 1.0, 1.0, 0.0]), pd.Series([1.0, None]))
    assert found is not None
    assert dict(zip(found.groups, found.now, strict=True)) == {"0.0": 0.0, "1.0": 1.0}


def test_without_values_there_is_no_picture() -> None:
    assert _compare("c", pd.Series([0.0]), pd.Series([None], dtype="float64")) is None


def test_infinity_is_very_far_out() -> None:
    found = _compare("c", pd.Series(range(50)).astype(float), pd.Series([float("inf")] * 9))
    assert found is not None
    assert (found.now[-1], found.reference[0]) == (1.0, 1.0)
