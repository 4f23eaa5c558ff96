"""Which changes of a contract break models or nights, and which do not."""

from typing import Annotated, Any

import pandas as pd
import pandera.pandas as pa
import pytest
from pandera.typing import Series

from schemas.contract import column, describe_whole
from tasks.core.contract_diff import compare_contracts


def described(**changed: Any) -> list[dict[str, Any]]:
    """A contract in which some columns are declared otherwise; None leaves one out."""
    usual: dict[str, Any] = {
        "sale": (Series[str], column("key")),
        "at": (Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]], column("time")),
        "price": (Series[float], column("feature", ge=0, unit="euro")),
        "note": (Series[str], column("ignored", nullable=True)),
        "sold": (Series[float], column("target")),
    }
    declared = {name: made for name, made in {**usual, **changed}.items() if made}
    fields = {name: field for name, (_, field) in declared.items()}
    types = {name: kind for name, (kind, _) in declared.items()}
    return describe_whole(type("Sales", (pa.DataFrameModel,), {**fields, "__annotations__": types}))


@pytest.mark.parametrize(
    ("changed", "effect", "said"),
    [
        ({"price": None}, "breaking", "gone: a champion that needs it"),
        ({"note": None}, "compatible", "no model sees it"),
        ({"qty": (Series[float], column("feature"))}, "breaking", "declare Rename or FillDefault"),
        ({"qty": (Series[float], column("ignored"))}, "compatible", "without it are refused"),
        ({"price": (Series[str], column("feature"))}, "breaking", "type float64, now str"),
        (
            {"price": (Series[float], column("feature", ge=0, unit="cent"))},
            "breaking",
            "unit euro, now cent",
        ),
        (
            {"price": (Series[float], column("feature", ge=-5, unit="euro"))},
            "compatible",
            "rule greater_than_or_equal_to(0), now greater_than_or_equal_to(-5)",
        ),
        (
            {"price": (Series[float], column("feature", ge=0, unit="euro", nullable=True))},
            "compatible",
            "may be null now",
        ),
        (
            {"price": (Series[float], column("ignored", ge=0, unit="euro"))},
            "breaking",
            "role feature, now ignored",
        ),
        (
            {"note": (Series[str], column("feature", nullable=True))},
            "compatible",
            "role ignored, now feature",
        ),
        (
            {"price": (Series[float], column("feature", ge=0, unit="euro", owner="till"))},
            "compatible",
            "owner changed",
        ),
        (
            {"price": (Series[int], column("feature", ge=0, unit="euro"))},
            None,
            "numbers of any width are read alike",
        ),
    ],
)
def test_one_change(changed: dict[str, Any], effect: str | None, said: str) -> None:
    changes = compare_contracts(described(), described(**changed))
    assert [change.effect for change in changes] == ([effect] if effect else [])
    assert all(said in change.sentence for change in changes)


def test_what_cleaning_makes_up_for_breaks_nothing() -> None:
    after = described(
        qty=(Series[float], column("feature")),
        price=(Series[float], column("feature", ge=0, unit="cent")),
    )
    assert {c.effect for c in compare_contracts(described(), after, {"qty", "price"})} == {
        "compatible"
    }


def test_what_breaks_comes_first() -> None:
    after = described(note=None, price=None)
    effects = [change.effect for change in compare_contracts(described(), after)]
    assert effects == ["breaking", "compatible"]
