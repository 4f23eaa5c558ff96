"""What a contract says of its columns, and how that makes its digest."""

import pytest

from schemas.contract import column, columns_of, describe_contract, zone_of
from schemas.past import PastNights
from tasks.features.numbers import Numbers
from tests.building.contract import Orders, OrdersByTheClock
from tests.building.project import build_project


def test_a_contract_without_a_zone_keeps_the_digest_it_had() -> None:
    assert all("zone" not in entry for entry in describe_contract(Orders))


def test_another_zone_is_another_contract() -> None:
    assert zone_of(columns_of(OrdersByTheClock)["event_time"]) == "America/New_York"
    by_the_clock = build_project(contract=OrdersByTheClock)
    assert by_the_clock.contract_digest != build_project().contract_digest


def test_a_zone_that_is_none_is_refused_where_it_is_declared() -> None:
    with pytest.raises(ValueError, match="no IANA time zone"):
        column("time", zone="Mars/Olympus")


def test_a_feature_step_that_reads_what_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"features: Numbers reads \['prise'\], not in the contr"):
        build_project(features=(Numbers(columns=("amount", "prise")),))
    past = PastNights(name="usual", of="amount", statistic="mean")
    build_project(features=(Numbers(columns=("usual",)),), past=(past,))
