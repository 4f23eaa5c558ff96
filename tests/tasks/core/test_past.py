"""What a row gets from earlier nights of its entity."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from schemas.past import PastNights
from tasks.core.past import NO_NIGHTS, look_back, summarise_night

NIGHTS = (
    pd.DataFrame({"shop": ["a", "a", "b"], "price": [1.0, 3.0, 10.0]}),
    pd.DataFrame({"shop": ["a", None, "b"], "price": [8.0, 5.0, None]}),
)
ROWS = pd.DataFrame({"shop": ["a", "b", "new", None]})


def ask(**fields: Any) -> PastNights:
    """A look back at the shop, but for these fields."""
    return PastNights(**{"name": "asked", "by": ("shop",), "statistic": "mean", **fields})


def column(one: PastNights, rows: pd.DataFrame = ROWS) -> list[float | None]:
    """The column over both nights, null as None."""
    made = look_back(rows, one, pd.concat([summarise_night(night, one) for night in NIGHTS]))
    return [None if np.isnan(value) else float(value) for value in made]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (ask(statistic="count"), [3.0, 2.0, 0.0, None]),
        (ask(of="price"), [4.0, 10.0, None, None]),
        (ask(of="price", statistic="last"), [8.0, 10.0, None, None]),
        (ask(by=(), of="price"), [27 / 5] * 4),
        (ask(by=(), statistic="count"), [6.0] * 4),
    ],
)
def test_statistics(one: PastNights, expected: list[float | None]) -> None:
    assert column(one) == pytest.approx(expected, nan_ok=True)


def test_without_nights_there_is_nothing_to_see() -> None:
    assert np.isnan(look_back(ROWS, ask(of="price"), NO_NIGHTS)).all()
    counts = look_back(ROWS, ask(statistic="count"), NO_NIGHTS)
    assert (list(counts[:3]), bool(np.isnan(counts[3]))) == ([0, 0, 0], True)


def test_entities_of_several_columns_do_not_run_into_each_other() -> None:
    night = pd.DataFrame({"x": ["a", "ab"], "y": ["bc", "c"], "price": [1.0, 2.0]})
    one = ask(by=("x", "y"), of="price")
    assert list(look_back(night, one, summarise_night(night, one))) == [1.0, 2.0]


def test_the_order_of_rows_within_a_night_does_not_matter() -> None:
    draw = np.random.default_rng(0)
    night = pd.DataFrame({"shop": draw.choice(list("abc"), 500), "price": draw.integers(0, 9, 500)})
    one = ask(of="price")
    mixed = summarise_night(night.sample(frac=1, random_state=1), one)
    pd.testing.assert_frame_equal(summarise_night(night, one), mixed)


@pytest.mark.parametrize("fields", [{"of": "price", "statistic": "count"}, {"statistic": "last"}])
def test_what_cannot_be_asked_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="count needs no `of`"):
        ask(**fields)
