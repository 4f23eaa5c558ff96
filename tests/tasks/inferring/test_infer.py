"""Keys, zones, label delays, numbers of the policy, and a whole sample."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from schemas.errors import DataUnreadable, InvalidName
from schemas.policy import Policy
from tasks.inferring.asked import Asked, check_columns
from tasks.inferring.guess import Guess
from tasks.inferring.infer import infer
from tasks.inferring.numbers import guess_policy
from tasks.inferring.zones import guess_zone
from tests.building.sales import FIRST, LATE, build_sales

ASKED = Asked("sold_at", "returned")


def guess(frame: pd.DataFrame, asked: Asked = ASKED) -> Guess:
    """What is guessed of a file that holds all of these rows."""
    nights = sorted({pd.Timestamp(at).date() for at in frame[asked.time].dropna()})
    return infer(frame, asked, guess_zone(frame[asked.time]), divides=True, every=nights)


def test_a_sample_with_everything_is_seen_through() -> None:
    found = guess(build_sales())
    assert (found.task, found.key, found.zone.value) == ("binary", ("sale",), "UTC")
    assert (found.delay.value, found.delay.is_sure) == (str(LATE), True)
    assert [one.name for one in found.columns if one.role == "feature"] == [
        *("price_eur", "temp_f", "shop")
    ]
    by_name = {one.name: one for one in found.columns}
    assert by_name["email"].sensitive
    assert "a leak?" in by_name["refund"].notes[0]
    assert "constant" in by_name["version"].notes[0]
    assert "an id" in by_name["customer_id"].notes[0]
    assert by_name["shop"].allowed == ("graz", "linz", "wien")
    assert by_name["returned"].role == "target"
    assert {(s.kind, s.columns, s.values) for s in found.cleaning} == {
        ("NullSentinels", ("price_eur",), (-999,)),
        ("NullSentinels", ("temp_f",), ("n/a",)),
        ("NormaliseWords", ("shop",), ()),
    }
    assert found.nights == tuple(FIRST + timedelta(days=day) for day in range(30))


def test_the_order_of_rows_changes_nothing() -> None:
    frame = build_sales()
    assert guess(frame.sample(frac=1, random_state=3)) == guess(frame)


def test_without_an_id_the_time_is_the_key_or_the_time_with_what_stands_beside_it() -> None:
    times = pd.date_range("2026-03-01", periods=240, freq="h").astype(str)
    one = pd.DataFrame({"t": times, "x": np.arange(240) % 7 / 3, "y": np.arange(240) % 5 / 3})
    asked = Asked("t", "y")
    assert guess(one, asked).key == ("t",)
    both = pd.concat([one.assign(town="a"), one.assign(town="b", x=0.5)], ignore_index=True)
    found = guess(both, asked)
    assert found.key == ("t", "town")
    assert not found.key_why.is_sure
    assert [c.name for c in found.columns if c.role == "key"] == ["row_key"]


def test_a_personal_column_is_no_key() -> None:
    frame = build_sales().drop(columns=["sale"])
    frame["email"] = [f"user{row}@example.com" for row in range(len(frame))]
    assert "email" not in guess(frame).key


def test_a_customer_who_seldom_comes_twice_a_night_is_no_key() -> None:
    frame = build_sales().drop(columns=["sale"])
    assert (frame.groupby(frame["sold_at"].str[:10])["customer_id"].nunique() >= 38).all()
    assert guess(frame).key != ("customer_id",)


def test_rows_that_share_their_key_are_told_and_nothing_is_done() -> None:
    frame = build_sales()
    again = frame.head(24).assign(price_eur=1.0)
    found = guess(pd.concat([frame, again], ignore_index=True))
    assert found.key == ("sale",)
    (step,) = [step for step in found.cleaning if step.kind == "KeepOne"]
    assert not step.is_evident
    assert "48 of 1,224 rows share their key" in step.note
    assert "such as '10008'" in step.note


def test_an_id_that_repeats_rarely_is_the_key_and_a_remark_is_not() -> None:
    frame = build_sales().drop(columns=["sale", "customer_id"])
    frame["ticket"] = [f"{row * 7919 % 99991:05d}x" for row in range(len(frame))]
    frame.loc[[5, 700], "ticket"] = frame.loc[[6, 701], "ticket"].to_numpy()
    found = guess(frame)
    assert (found.key, found.key_why.is_sure) == (("ticket",), False)
    assert "0.33% of the rows share theirs" in found.key_why.why
    assert guess(frame.assign(ticket="see " + frame["ticket"])).key != ("ticket",)


def test_the_values_of_a_personal_key_are_not_told() -> None:
    frame = build_sales()
    frame["email"] = [f"user{row // 2}@example.com" for row in range(len(frame))]
    found = guess(frame, Asked("sold_at", "returned", key=("email",)))
    (step,) = [step for step in found.cleaning if step.kind == "KeepOne"]
    assert "example.com" not in step.note


def test_a_year_is_no_flag() -> None:
    frame = build_sales()
    frame["year"] = (np.arange(len(frame)) >= 480).astype(int)
    frame["is_new"] = (np.arange(len(frame)) % 3 == 0).astype(int)
    kinds = {one.name: one.kind for one in guess(frame).columns}
    assert (kinds["year"], kinds["is_new"]) == ("whole number", "flag")


def test_a_feature_that_calendar_makes_too_is_ignored() -> None:
    frame = build_sales().rename(columns={"temp_f": "hour"})
    assert {one.name: one.role for one in guess(frame).columns}["hour"] == "ignored"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ([None] * 4, "null in every row"),
        ([1, 1, 1, None], "one value only"),
        (["yes", "no", "no", None], "holds words"),
    ],
)
def test_a_target_that_teaches_nothing_is_refused(target: list[object], said: str) -> None:
    times = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"]
    frame = pd.DataFrame({"t": times, "y": target})
    with pytest.raises(DataUnreadable, match=said):
        guess(frame, Asked("t", "y"))


def test_a_target_of_few_words_is_one_of_classes() -> None:
    frame = build_sales()
    frame["returned"] = frame["returned"].map(lambda _: "kept", na_action="ignore").astype(object)
    frame.loc[::3, "returned"], frame.loc[::7, "returned"] = "sent back", "lost"
    found = guess(frame)
    (target,) = [one for one in found.columns if one.role == "target"]
    assert (found.task, target.kind) == ("multiclass", "word")
    assert target.allowed == ("kept", "lost", "sent back")


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    frame = pd.DataFrame({"t": ["2026-03-01"], "y": [1]})
    for asked in (Asked("T", "y"), Asked("t", "Y"), Asked("t", "y", key=("z",))):
        with pytest.raises(InvalidName, match="only 't', 'y'"):
            check_columns(frame, asked)
    with pytest.raises(InvalidName, match="name two columns"):
        check_columns(frame, Asked("t", "t"))
    with pytest.raises(DataUnreadable, match="no rows"):
        check_columns(frame.head(0), Asked("t", "y"))
    with pytest.raises(DataUnreadable, match="empty"):
        check_columns(pd.DataFrame(), Asked("t", "y"))


@pytest.mark.parametrize(
    ("times", "zone", "is_sure"),
    [
        (["2026-01-01 10:00", "2026-07-01 10:00"], "UTC", False),
        (["2026-01-01T10:00Z", "2026-07-01T10:00Z"], "UTC", False),
        (["2026-01-01T10:00+01:00", "2026-07-01T10:00+02:00"], "Europe/Berlin", False),
        (["2026-01-01T10:00-06:00", "2026-07-01T10:00-05:00"], "America/Chicago", False),
        (["2026-01-01T10:00+05:30", "2026-07-01T10:00+05:30"], "Asia/Kolkata", False),
        (["2026-01-01T10:00+13:07"], "UTC", False),
    ],
)
def test_the_zone_follows_from_offsets(times: list[str], zone: str, is_sure: bool) -> None:
    found = guess_zone(pd.Series(times, dtype="str"))
    assert (found.value, found.is_sure) == (zone, is_sure)


def test_a_typed_zone_is_taken() -> None:
    times = pd.Series(pd.date_range("2026-03-01", periods=3, tz="Europe/Vienna"))
    assert (guess_zone(times).value, guess_zone(times).is_sure) == ("Europe/Vienna", True)


def test_policy_numbers_differ_only_where_the_sample_asks_for_it() -> None:
    assert list(guess_policy(100, labelled=200, period="day")) == []
    assert list(guess_policy(10, labelled=700, period="day")) == []
    assert [(one.name, one.value) for one in guess_policy(100, labelled=20, period="day")] == [
        ("min_nights", 14)
    ]
    assert [(one.name, one.value) for one in guess_policy(10, labelled=60, period="day")] == [
        ("min_rows", 200)
    ]
    assert list(guess_policy(100, labelled=10, period="day")) == []


def test_weeks_and_hours_have_numbers_of_their_own() -> None:
    weeks = {one.name: one.value for one in guess_policy(100, labelled=40, period="week")}
    assert weeks == {
        "refresh_every": 2,
        "gate_nights": 4,
        "min_nights": 12,
        "reference_nights": 52,
    }
    hours = {one.name: one.value for one in guess_policy(100, labelled=900, period="hour")}
    assert (hours["refresh_every"], hours["gate_nights"], hours["catch_up"]) == (24, 48, 48)
    assert Policy.model_validate(weeks) != Policy.model_validate(hours)
