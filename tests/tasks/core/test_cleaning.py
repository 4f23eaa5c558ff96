"""Cleaning counted by what became of the rows, whatever a step says of itself."""

from datetime import timedelta

import pandas as pd
import pytest

from schemas.cleaning import CleaningStep
from schemas.errors import InvalidProject
from tasks.cleaning.convert_unit import ConvertUnit
from tasks.cleaning.drop_outside import DropOutside
from tasks.cleaning.null_sentinels import NullSentinels
from tasks.core.cleaning import clean_rows
from tests.building.rows import day

ROWS = pd.DataFrame({"temp": [0.0, 280.0, 999.0, 300.0], "rain": [1.0, 2.0, 3.0, 4.0]})
ZERO, HOT = NullSentinels(columns=("temp",), values=(0,)), DropOutside(column="temp", high=400)


class Rogue(CleaningStep):
    """Does what no step may."""

    deed: str

    def touched(self, there: frozenset[str]) -> frozenset[str]:
        return there & {"temp"}

    def clean(self, frame: pd.DataFrame) -> pd.DataFrame:
        if self.deed == "invents rows":
            return pd.concat([frame, frame])
        if self.deed == "loses a column":
            return frame.drop(columns="rain")
        if self.deed == "orders anew":
            return frame.reset_index(drop=True).set_axis(range(7, 7 + len(frame)))
        raise KeyError(self.deed)


def test_steps_run_in_order_and_each_is_counted_with_examples() -> None:
    cleaned = clean_rows(ROWS, (ZERO, HOT, ConvertUnit(column="rain", factor=10)), day(0))
    assert [(did.before, did.after, did.changed) for did in cleaned.steps] == [
        (4, 4, 1),
        (4, 3, 0),
        (3, 3, 3),
    ]
    assert [did.examples[0] for did in cleaned.steps] == [
        "temp 0.0 → null",
        "dropped temp 999.0",
        "rain 1.0 → 10.0",
    ]
    assert cleaned.dropped == 1
    assert list(cleaned.frame.index) == [0, 1, 2]


def test_values_of_sensitive_columns_are_no_examples() -> None:
    cleaned = clean_rows(ROWS, (ZERO, HOT), day(0), frozenset({"temp"}))
    assert [did.examples for did in cleaned.steps] == [(), ()]


def test_a_step_for_older_nights_leaves_newer_ones_alone() -> None:
    older = ConvertUnit(column="temp", factor=2, before=day(0) + timedelta(days=1))
    assert clean_rows(ROWS, (older,), day(0)).frame["temp"].iloc[1] == 560
    assert clean_rows(ROWS, (older,), day(0) + timedelta(days=1)).steps == ()


@pytest.mark.parametrize("deed", ["invents rows", "loses a column", "orders anew", "breaks"])
def test_a_step_that_breaks_its_word_is_named(deed: str) -> None:
    with pytest.raises(InvalidProject, match=rf"cleaning step Rogue\(deed={deed}\)"):
        clean_rows(ROWS, (Rogue(deed=deed),), day(0))
