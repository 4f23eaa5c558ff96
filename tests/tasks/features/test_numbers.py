"""Numbers stay as they are."""

import numpy as np
import pandas as pd

from tasks.features.numbers import Numbers


def test_values_pass_and_nulls_stay_null() -> None:
    frame = pd.DataFrame({"a": [1.5, None], "b": [True, False], "c": [0.0, 0.0]})
    made = Numbers(columns=("b", "a")).transform(frame, {})
    np.testing.assert_array_equal(made.values, np.array([[1, 1.5], [0, np.nan]], np.float32))
    assert (made.names, made.kinds) == (("b", "a"), ("number", "number"))


def test_what_float32_cannot_hold_is_its_largest() -> None:
    frame = pd.DataFrame({"a": [1e300, -np.inf]})
    made = Numbers(columns=("a",)).transform(frame, {}).values
    assert np.isfinite(made).all()
    assert made[0, 0] == -made[1, 0] == np.finfo(np.float32).max
