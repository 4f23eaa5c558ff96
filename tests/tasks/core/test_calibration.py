"""Calibration on whole nights: status, what is left out, what the null is made of."""

import numpy as np
import pandas as pd
import pytest

from schemas.monitoring import ColumnReference, DriftReference
from tasks.core import histograms
from tasks.core.calibration import calibrate
from tasks.core.drift import distance, night_drift
from tests.tasks.core.nights import KINDS, build_night, build_nights, day


def column_of(reference: DriftReference, name: str) -> ColumnReference:
    return next(column for column in reference.columns if column.column == name)


@pytest.mark.parametrize(
    ("nights", "status"),
    [
        (0, "insufficient"),
        (27, "insufficient"),
        (28, "provisional"),
        (90, "provisional"),
        (91, "calibrated"),
    ],
)
def test_the_number_of_nights_decides_what_a_reference_may_do(nights: int, status: str) -> None:
    reference = calibrate(build_nights(nights, rows=30), KINDS)
    assert (reference.status, reference.nights) == (status, nights)


def test_an_insufficient_reference_judges_nothing() -> None:
    assert night_drift(calibrate(build_nights(27), KINDS), build_night(0, shift=9)) == ()


def test_a_reference_survives_its_own_json() -> None:
    reference = calibrate(build_nights(30), KINDS, label=("sold", "number"))
    assert DriftReference.model_validate_json(reference.model_dump_json()) == reference


def test_center_and_spread_are_those_of_nights_compared_with_all_others() -> None:
    nights = build_nights(40)
    column = column_of(calibrate(nights, KINDS), "shop")
    distances = []
    for number, (_, night) in enumerate(nights):
        others = pd.concat([frame for i, (_, frame) in enumerate(nights) if i != number])
        counts = others["shop"].value_counts().reindex(column.categories).tolist()
        rest = column.model_copy(update={"counts": (*counts, 0)})
        distances.append(distance(rest, night["shop"]))
    excess = np.array(distances) - column.noise_mean / np.sqrt(200)
    assert column.center == pytest.approx(np.median(excess))
    assert column.spread == pytest.approx(max(np.quantile(excess, 0.98) - column.center, 0.05))


def test_with_equal_nights_the_threshold_is_median_plus_limit_times_spread() -> None:
    reference = calibrate(build_nights(91), KINDS)
    column = column_of(reference, "amount")
    drift = next(d for d in night_drift(reference, build_night(1)) if d.column == "amount")
    plain = column.noise_mean / np.sqrt(200) + column.center + reference.limit * column.spread
    assert drift.threshold == pytest.approx(plain)


def test_columns_that_hardly_vary_within_a_night_are_left_out() -> None:
    nights = build_nights(60)
    for number, (_, night) in enumerate(nights):
        night["pressure"] = number + 0.01 * night["amount"]
        night["holiday"] = "yes" if number % 7 == 0 else "no"
        night["empty"] = np.nan
    kinds = {**KINDS, "pressure": "number", "holiday": "category", "empty": "number"}
    reference = calibrate(nights, kinds)
    reasons = {column.column: column.left_out for column in reference.columns}
    assert reasons == {
        "amount": None,
        "hour": None,
        "shop": None,
        "pressure": "night-constant",
        "holiday": "night-constant",
        "empty": "too few values",
    }
    judged = build_night(0).assign(pressure=1e6, holiday="never seen", empty=1.0)
    drift = {found.column: found for found in night_drift(reference, judged)}
    for column in ("pressure", "holiday", "empty"):
        assert not drift[column].drifted
        assert not drift[column].can_alarm


def test_one_wild_value_does_not_make_a_column_vary_within_its_nights() -> None:
    nights = build_nights(60)
    for number, (_, night) in enumerate(nights):
        night["pressure"] = 1000.0 + number
    nights[3][1].loc[0, "pressure"] = 1e9
    reference = calibrate(nights, {"pressure": "number"})
    assert reference.columns[0].left_out == "night-constant"


def test_dependent_rows_raise_the_threshold_that_random_rows_would_give() -> None:
    nights = build_nights(91)
    steps = np.random.default_rng(5).normal(scale=0.7, size=91)
    for step, (_, night) in zip(steps, nights, strict=True):
        night["amount"] += step
    pooled = pd.concat([frame for _, frame in nights], ignore_index=True)
    shuffled = pooled.sample(frac=1, random_state=0).reset_index(drop=True)
    random_nights = [(day(i), shuffled[i * 200 : (i + 1) * 200]) for i in range(91)]
    by_night, by_row = calibrate(nights, KINDS), calibrate(random_nights, KINDS)
    tonight = build_night(1, shift=0.7)
    assert not any(found.drifted for found in night_drift(by_night, tonight))
    assert any(found.drifted for found in night_drift(by_row, tonight))


def test_thin_nights_take_no_part_in_calibration() -> None:
    mixed = calibrate(build_nights(120, rows=[1, 10, 1000, 1000]), KINDS)
    full = calibrate(
        [n for n in build_nights(120, rows=[1, 10, 1000, 1000]) if len(n[1]) > 10], KINDS
    )
    assert mixed == full


def test_small_nights_do_not_widen_the_spread_of_full_ones() -> None:
    mixed = calibrate(build_nights(120, rows=[280, 28]), KINDS)
    assert column_of(mixed, "amount").spread == 0.05
    assert column_of(mixed, "amount").rows_median == 154


def test_a_rate_beyond_the_number_of_nights_is_extrapolated() -> None:
    nights = build_nights(40)
    usual, rare = (calibrate(nights, KINDS, alpha=alpha).limit for alpha in (0.01, 0.0001))
    assert rare > 1.3 * usual


def test_a_column_of_numbers_is_the_same_in_any_dtype() -> None:
    nights = build_nights(30)
    narrow = [(as_of, frame.astype({"hour": "Int16"})) for as_of, frame in nights]
    assert calibrate(nights, KINDS) == calibrate(narrow, KINDS)


def test_categories_are_the_same_as_text_or_pandas_category() -> None:
    nights = build_nights(30)
    coded = [(as_of, frame.astype({"shop": "category"})) for as_of, frame in nights]
    assert calibrate(nights, KINDS) == calibrate(coded, KINDS)


def test_counts_are_those_of_the_pooled_nights() -> None:
    nights = build_nights(30)
    nights[0][1].loc[:4, "amount"] = np.nan
    reference = calibrate(nights, KINDS)
    assert sum(column_of(reference, "amount").counts) == 30 * 200 - 5
    assert len(column_of(reference, "amount").edges) == histograms.BINS
