"""How long data is kept: never shorter than what training, reference, gates and labels need."""

from datetime import date, timedelta

import pytest

from schemas.policy import Policy
from tests.building.project import build_project

NEWEST = date(2024, 6, 1)


def test_everything_is_kept_unless_somebody_says_otherwise() -> None:
    assert Policy().keeps(date(1970, 1, 1), NEWEST)


def test_the_newest_nights_are_kept() -> None:
    policy = Policy(retention_nights=210)
    kept = [policy.keeps(NEWEST - timedelta(days=back), NEWEST) for back in (0, 209, 210)]
    assert kept == [True, True, False]


@pytest.mark.parametrize(
    ("numbers", "least"),
    [
        ({}, 210),
        ({"reference_nights": 28}, 92),
        ({"reference_nights": 28, "min_nights": 14}, 78),
        ({"reference_nights": 28, "min_nights": 14, "max_age": 90}, 90),
        ({"change_nights": 40}, 222),
    ],
)
def test_a_retention_that_starves_the_policy_is_refused(
    numbers: dict[str, int], least: int
) -> None:
    policy = Policy.model_validate({**numbers, "retention_nights": least})
    assert policy.retention_nights == least
    with pytest.raises(ValueError, match=f"must be {least} or more"):
        Policy.model_validate({**numbers, "retention_nights": least - 1})


def test_labels_that_come_late_need_a_longer_retention() -> None:
    policy = {"reference_nights": 28, "min_nights": 14, "retention_nights": 80}
    assert build_project(policy=policy, label_delay=2).policy.retention_nights == 80
    with pytest.raises(ValueError, match="label_delay is 3"):
        build_project(policy=policy, label_delay=3)


@pytest.mark.parametrize("windows", [(91, 28), (28, 28), (3,)])
def test_windows_that_do_not_rise_or_are_under_a_week_are_refused(windows: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="windows"):
        Policy(windows=windows)


def test_without_windows_the_dump_is_what_it_was() -> None:
    assert "windows" not in Policy().model_dump()
    assert Policy(windows=(28, 91)).model_dump()["windows"] == (28, 91)
