"""Which nights may be read in parts: those whose rules and cleaning look at one row at a time."""

import pandas as pd
import pandera.pandas as pa
import pytest
from pandera.typing import Series

from schemas.cleaning import CleaningStep
from schemas.contract import Contract, column
from tasks.cleaning.clip import Clip
from tasks.cleaning.keep_one import KeepOne
from tasks.core.by_row import goes_by_row
from tests.building.contract import Orders
from tests.building.project import build_project
from tests.building.rows import day

NIGHT = day(1)


class _Sums(Orders):
    """A team's own check that looks at a whole column."""

    @pa.check("amount")
    @classmethod
    def adds_up(cls, amounts: pd.Series) -> bool:
        return bool(amounts.sum() < 1_000)


class _Rows(Orders):
    """A team's own check that looks at one value."""

    @pa.check("amount", element_wise=True)
    @classmethod
    def is_small(cls, amount: float) -> bool:
        return amount < 1_000


class _Pairs(Orders):
    """A check of several columns."""

    @pa.dataframe_check
    @classmethod
    def is_sorted(cls, rows: pd.DataFrame) -> bool:
        return bool(rows["event_time"].is_monotonic_increasing)


class _UniqueAmounts(Orders):
    """Another column than the key without a value twice."""

    amount: Series[float] = column("feature", unique=True)


@pytest.mark.parametrize(
    ("contract", "steps", "expected"),
    [
        pytest.param(Orders, (Clip(column="income", low=45),), True, id="usual"),
        pytest.param(_Rows, (), True, id="check of a value"),
        pytest.param(_Sums, (), False, id="check of a column"),
        pytest.param(_Pairs, (), False, id="check of rows"),
        pytest.param(_UniqueAmounts, (), False, id="unique"),
        pytest.param(Orders, (KeepOne(by=("row_key",), keep="last"),), False, id="step"),
        pytest.param(
            Orders, (KeepOne(by=("row_key",), keep="last", before=NIGHT),), True, id="step before"
        ),
    ],
)
def test_rules_over_several_rows_need_the_whole(
    contract: Contract, steps: tuple[CleaningStep, ...], expected: bool
) -> None:
    assert goes_by_row(build_project(contract=contract, cleaning=steps), NIGHT) is expected
