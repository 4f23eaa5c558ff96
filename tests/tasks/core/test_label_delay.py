"""The delay that is learned from when labels came."""

from datetime import date, timedelta
from typing import Any

from schemas.labels import Labels
from schemas.record import ObjectRef
from tasks.core.label_delay import judge_delay, learn_delay

NIGHT = date(2026, 3, 1)


def labels(kept: int, after: int | None, night: date = NIGHT) -> Labels:
    """A revision that was known so many nights after its night."""
    fields: dict[str, Any] = {
        "project": "sales",
        "as_of": night,
        "revision": 1,
        "id": "x",
        "batch": "b",
        "files": (),
        "read": kept,
        "kept": kept,
        "contradictory": 0,
        "invalid": 0,
        "repeated": 0,
        "target_min": 0.0,
        "target_max": 1.0,
        "rows": ObjectRef(key="data/sales/x.parquet", sha256="0" * 64, bytes=1),
    }
    known = None if after is None else night + timedelta(days=after)
    return Labels(**fields, known=known)


def test_labels_count_on_the_night_that_they_became_known() -> None:
    learned = learn_delay({NIGHT: [labels(60, 1), labels(95, 3), labels(100, 9)]})
    assert learned is not None
    assert (learned.nights, learned.labels, learned.quantiles) == (1, 100, (1, 3, 9))


def test_a_correction_adds_nothing() -> None:
    learned = learn_delay({NIGHT: [labels(100, 1), labels(100, 5), labels(90, 6)]})
    assert learned is not None
    assert (learned.labels, learned.quantiles) == (100, (1, 1, 1))


def test_what_was_loaded_with_history_says_nothing() -> None:
    assert learn_delay({NIGHT: [labels(100, None)]}) is None
    learned = learn_delay({NIGHT: [labels(80, None), labels(100, 4)]})
    assert learned is not None
    assert learned.labels == 20


def test_a_delay_that_was_declared_too_short_is_named_with_a_better_one() -> None:
    learned = learn_delay({NIGHT: [labels(60, 1), labels(95, 3), labels(100, 9)]})
    assert learned is not None
    assert "declare label_delay=3" in (judge_delay(learned, 1, 0.9) or "")
    assert judge_delay(learned, 3, 0.9) is None
