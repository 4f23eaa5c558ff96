"""groups= names a column that rows have."""

import pytest

from tests.building.contract import OrdersOfCustomers
from tests.building.project import build_project


@pytest.mark.parametrize("column", ["customer", "shop", "row_key", "income"])
def test_a_feature_a_key_and_an_ignored_column_can_be_groups(column: str) -> None:
    assert build_project(contract=OrdersOfCustomers, groups=column).groups == column


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("nobody", "groups='nobody' is no column of OrdersOfCustomers"),
        ("returned", "groups='returned' is the target of OrdersOfCustomers"),
        ("event_time", "groups='event_time' is the time of a row"),
    ],
)
def test_other_names_are_refused_when_the_project_is_declared(column: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        build_project(contract=OrdersOfCustomers, groups=column)


def test_groups_are_no_part_of_the_recipe() -> None:
    apart, together = (
        build_project(contract=OrdersOfCustomers, groups=groups) for groups in ("customer", None)
    )
    assert apart.recipe_digest == together.recipe_digest
    assert apart.contract_digest == together.contract_digest
