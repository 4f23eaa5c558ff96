"""Answers of a service: one a row, and how far they are from our own scoring."""

import pandas as pd

from tasks.core.answers import Skew, measure_skew, settle_answers

KEYS = pd.Series([1, 2, 3], name="order", dtype="Int64")
OWN = pd.DataFrame({"order": KEYS, "prediction": [0.5, 100.0, -200.0]})


def test_keys_are_read_as_the_rows_have_them_and_equal_answers_count_once() -> None:
    given = pd.DataFrame({"key": ["1", "1.0", "2", "2", "9"], "prediction": ["0.5", 0.5, 1, 2, 3]})
    told = settle_answers(given, KEYS, "regression")
    assert told.rows.to_dict("list") == {"order": [1], "prediction": [0.5]}
    assert (told.repeated, told.contradictory, told.unknown, told.invalid) == (1, 1, 1, 0)
    assert told.outside == 0


def test_chances_lie_between_0_and_1_and_values_need_not() -> None:
    given = pd.DataFrame({"key": [1, 2, 3], "prediction": [0.0, 1.0, 1.0001]})
    assert settle_answers(given, KEYS, "binary").outside == 1
    assert settle_answers(given, KEYS, "regression").outside == 0


def test_nothing_that_is_no_finite_number_is_an_answer() -> None:
    given = pd.DataFrame({"key": [1, 2, 3], "prediction": [float("inf"), None, "x"]})
    told = settle_answers(given, KEYS, "binary")
    assert (told.invalid, told.outside, len(told.rows)) == (3, 0, 0)


def test_the_tolerance_is_a_share_of_large_numbers() -> None:
    for by, disagreeing in ((1.009, 0), (1.011, 2)):
        answers = OWN.assign(prediction=OWN["prediction"] * by)
        assert measure_skew(answers, OWN, "v1", 0.01) == Skew(3, 0, disagreeing)


def test_answers_of_another_version_are_not_compared() -> None:
    answers = OWN.assign(prediction=0.0, version=pd.Series(["v1", "v2", None], dtype="str"))
    assert measure_skew(answers, OWN, "v1", 0.01) == Skew(2, 1, 2)
