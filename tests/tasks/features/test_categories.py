"""Words as codes: which are known, and what becomes of the others."""

import numpy as np

from tasks.features.build import count_unseen
from tasks.features.categories import Categories
from tests.tasks.features.frames import make_words

TRAINING = make_words("UA", "AA", "UA", "B6", "UA", "AA", None)


def _codes(step: Categories, *words: str | None) -> list[float]:
    made = step.transform(make_words(*words), step.fit(TRAINING))
    return [float(code) for code in made.values[:, 0]]


def test_codes_follow_the_alphabet_whatever_the_rows_order() -> None:
    step = Categories(columns=("carrier",), min_rows=1)
    assert _codes(step, "UA", "AA", "B6") == [2, 0, 1]
    assert step.fit(TRAINING) == step.fit(TRAINING.iloc[::-1]) == {"carrier": ["AA", "B6", "UA"]}


def test_unseen_words_and_nulls_are_missing_and_only_the_former_are_counted() -> None:
    step = Categories(columns=("carrier",), min_rows=1)
    assert np.isnan(_codes(step, "XX", None)).all()
    frame = make_words("XX", None, "UA", "ZZ")
    assert count_unseen([step], [step.fit(TRAINING)], frame) == {"carrier": 2}


def test_a_word_needs_enough_rows() -> None:
    assert Categories(columns=("carrier",), min_rows=2).fit(TRAINING) == {"carrier": ["AA", "UA"]}


def test_the_most_frequent_are_kept() -> None:
    step = Categories(columns=("carrier",), min_rows=1, max_categories=1)
    assert step.fit(TRAINING) == {"carrier": ["UA"]}


def test_training_without_any_word_knows_none() -> None:
    step = Categories(columns=("carrier",))
    assert step.fit(make_words()) == {"carrier": []}
    assert np.isnan(step.transform(make_words("UA"), {"carrier": []}).values).all()
