"""Data faults: found on the first night, silent on ordinary ones, never about a row or two."""

import numpy as np
import pandas as pd
import pytest

from schemas.monitoring import DriftReference
from tasks.core.calibration import calibrate
from tasks.core.faults import label_faults, night_faults, worst_alone, worst_share
from tests.tasks.core.nights import KINDS, build_night, build_nights


@pytest.fixture(scope="module")
def reference() -> DriftReference:
    return calibrate(build_nights(91), KINDS, label=("sold", "number"))


def faulty(reference: DriftReference, night: pd.DataFrame) -> set[tuple[str, str]]:
    return {(fault.column, fault.kind) for fault in night_faults(reference, night)}


def test_ordinary_nights_have_no_fault(reference: DriftReference) -> None:
    assert not any(faulty(reference, build_night(seed)) for seed in range(50))


def test_a_changed_unit_is_outside(reference: DriftReference) -> None:
    night = build_night(1)
    night["amount"] *= 1000
    assert faulty(reference, night) == {("amount", "outside")}


def test_a_renamed_category_is_unseen(reference: DriftReference) -> None:
    night = build_night(1)
    night["shop"] = night["shop"].replace("a", "A")
    assert faulty(reference, night) == {("shop", "unseen")}


def test_a_burst_of_nulls_is_found_and_a_whole_column_of_them(reference: DriftReference) -> None:
    night = build_night(1)
    burst = night.assign(shop=night["shop"].where(night["hour"] > 5))
    assert faulty(reference, burst) == {("shop", "nulls")}
    assert faulty(reference, night.assign(amount=np.nan)) == {("amount", "nulls")}


def test_a_fault_states_its_share_and_the_limit_it_exceeds(reference: DriftReference) -> None:
    fault = night_faults(reference, build_night(1, shops="ab----"))[0]
    assert fault.share > fault.limit == pytest.approx(0.15)


def test_the_slack_is_the_callers(reference: DriftReference) -> None:
    night = build_night(1, shops="aabbcaabbcaabbcaabbc-")
    assert not night_faults(reference, night)
    assert night_faults(reference, night, slack=0.01)


@pytest.mark.parametrize(("rows", "found"), [(1, 0), (3, 0), (4, 1), (10, 1)])
def test_a_fault_needs_more_than_three_rows(
    reference: DriftReference, rows: int, found: int
) -> None:
    assert len(night_faults(reference, build_night(1, rows, shops="-"))) == found


def test_shares_that_reference_nights_have_are_no_fault() -> None:
    nights = build_nights(40)
    nights[7][1]["shop"] = "once"
    nights[8][1].loc[:99, "amount"] = np.nan
    nights[9][1].loc[:, "hour"] = 1000
    reference = calibrate(nights, KINDS)
    holes = build_night(1)
    holes.loc[:119, "amount"] = np.nan
    assert faulty(reference, holes.assign(hour=1000, shop="twice")) == set()


def test_labels_have_faults_of_their_own(reference: DriftReference) -> None:
    labels = build_night(1)["sold"]
    assert label_faults(reference, labels) == ()
    assert [f.kind for f in label_faults(reference, labels * 10)] == ["label outside"]
    assert [f.kind for f in label_faults(reference, labels.where(labels == 1))] == ["label nulls"]


def test_an_insufficient_reference_finds_none() -> None:
    reference = calibrate(build_nights(5), KINDS, label=("sold", "number"))
    night = build_night(1).assign(amount=np.nan)
    assert night_faults(reference, night) == label_faults(reference, night["amount"]) == ()


def test_the_worst_share_is_that_of_one_night() -> None:
    flags, nights = np.array([True, False, True, True]), np.array([0, 0, 2, 2])
    assert worst_share(flags, nights) == 1.0
    assert worst_share(np.array([], dtype=bool), np.array([], dtype=int)) == 0.0
    assert worst_alone(np.array([[1.0, 1.0], [0.0, 4.0]])) == 0.5
