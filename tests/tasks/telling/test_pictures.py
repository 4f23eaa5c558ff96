"""Pictures are sound SVG whatever the numbers and names, say what they show, and fetch nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.evaluation import CalibrationBin
from schemas.examination import FeatureGain
from schemas.judgement import GateNight
from schemas.monitoring import QualityPoint
from schemas.policy import Policy
from tasks.telling.distributions import Distribution
from tasks.telling.pictures.calibration import draw_calibration
from tasks.telling.pictures.distributions import draw_distributions
from tasks.telling.pictures.frame import Scale
from tasks.telling.pictures.gains import draw_gains
from tasks.telling.pictures.gate_nights import draw_gate_nights
from tasks.telling.pictures.quality import draw_quality
from tasks.telling.pictures.slices import draw_slices
from tests.tasks.telling.reading import HOSTILE, texts_of

FIRST = date(2024, 1, 1)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
LOSSES = st.floats(min_value=0, max_value=1e300)


def _points(*zs: float) -> list[QualityPoint]:
    return [
        QualityPoint(as_of=FIRST + timedelta(days=day), rows=40, loss=0.5, z=z)
        for day, z in enumerate(zs)
    ]


def _nights(*pairs: tuple[float, float | None]) -> list[GateNight]:
    return [
        GateNight(
            as_of=FIRST + timedelta(days=day), rows=10, challenger=mine, rival=theirs, prior=7.0
        )
        for day, (mine, theirs) in enumerate(pairs)
    ]


@given(st.lists(NUMBERS, min_size=1, max_size=12))
def test_quality_is_drawn_for_any_night(zs: list[float]) -> None:
    shown = draw_quality(_points(*zs), Policy())
    assert "0.5" in texts_of(shown.svg)
    assert "nan" not in shown.svg


def test_quality_tells_both_limits_and_marks_what_is_above_them() -> None:
    shown = draw_quality(_points(0.0, 1.3, 3.0, 3.0, 90.0), Policy())
    texts = texts_of(shown.svg)
    assert "3 of 5 above, alarm at 3" in texts
    assert "4 of 5 above, alarm at 7" in texts
    assert {"1.3", "3.0", "90.0"} <= set(texts)
    assert shown.svg.count('class="bad"') == 4
    assert shown.alt == (
        "Quality of 5 nights up to 2024-01-05, z +90.0; 3 of the newest 5 above z 2.5, "
        "alarm at 3; 4 of the newest 5 above z 1.25, alarm at 7."
    )


@given(st.lists(st.tuples(LOSSES, st.none() | LOSSES), min_size=1, max_size=60))
def test_gate_nights_are_drawn_for_any_losses(pairs: list[tuple[float, float | None]]) -> None:
    shown = draw_gate_nights(_nights(*pairs))
    assert "challenger" in texts_of(shown.svg)
    assert "nan" not in shown.svg
    assert shown.svg.count("<circle") == len(pairs) + 1


def test_gate_nights_say_how_often_the_challenger_lost_less() -> None:
    assert draw_gate_nights(_nights((1, 2), (3, 2), (1, 2))).alt == (
        "The challenger lost less than the stand-in on 2 of 3 gate nights, "
        "2024-01-01 to 2024-01-03."
    )
    assert "constant" in texts_of(draw_gate_nights(_nights((1, None))).svg)


@pytest.mark.parametrize("text", HOSTILE)
def test_names_from_data_stay_text(text: str) -> None:
    shown = draw_distributions(
        [Distribution(text, now=(0.7, 0.3), reference=(0.5, 0.5), groups=(text, "b"))]
    )
    assert "70% (50%)" in texts_of(shown.svg)


@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=5))
def test_distributions_are_drawn_two_a_line(shares: list[float]) -> None:
    edges = tuple(map(float, range(len(shares) + 1)))
    one = Distribution("wait", now=tuple(shares), reference=tuple(shares), edges=edges)
    texts = texts_of(draw_distributions([one] * 3).svg)
    assert texts.count("wait") == 3


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=15))
def test_gains_are_drawn_for_any_numbers(found: list[tuple[float, float, float]]) -> None:
    gains = [
        FeatureGain(feature="a<b", gain=gain, lower=low, upper=high) for low, gain, high in found
    ]
    shown = draw_gains(gains)
    assert texts_of(shown.svg).count("a<b") == len(found)
    assert "nan" not in shown.svg


def test_gains_say_how_many_are_shown() -> None:
    gains = [
        FeatureGain(feature="hour", gain=2, lower=1, upper=3),
        FeatureGain(feature="hum", gain=0.1, lower=-1, upper=1.2),
    ]
    shown = draw_gains(gains)
    assert shown.alt == "1 of 2 features show a gain; hour the largest, 2 a row."
    assert (shown.svg.count('class="now"'), shown.svg.count('class="ref"')) == (1, 1)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=11))
def test_slices_are_drawn_for_any_numbers(found: list[tuple[float, float, float]]) -> None:
    shown = draw_slices("log loss", [("shop: a<b", *numbers) for numbers in found])
    assert texts_of(shown.svg).count("shop: a<b") == len(found)
    assert "nan" not in shown.svg


def test_slices_say_who_pays() -> None:
    shown = draw_slices("auc", [("north", -0.2, -0.3, -0.1), ("east", 0.1, -0.1, 0.3)])
    assert shown.alt == (
        "In auc 0 of 2 slices are better and 1 worse beyond their intervals; north gains least, "
        "-0.2."
    )
    assert (shown.svg.count('class="bad"'), shown.svg.count('class="ref"')) == (1, 1)


SHARES = st.floats(min_value=0, max_value=1)


@given(st.lists(st.tuples(SHARES, SHARES, st.none() | SHARES), min_size=1, max_size=10))
def test_calibration_is_drawn_for_any_shares(
    found: list[tuple[float, float, float | None]],
) -> None:
    bins = [
        CalibrationBin(rows=9, predicted=said, observed=true, error=error)
        for said, true, error in found
    ]
    shown = draw_calibration(bins)
    assert shown.svg.count("<circle") == len(bins)
    assert "nan" not in shown.svg
    assert f"Calibration in {len(bins)} bins" in shown.alt


def test_a_scale_keeps_what_lies_beyond_it_at_its_ends() -> None:
    scale = Scale(0, 10, 100, 0)
    assert [scale(value) for value in (-5, 0, 5, 10, 99)] == [100, 100, 50, 0, 0]
    assert Scale(1, 1, 0, 10)(1) == 5
