"""Labels held to the contract: which are kept, and what is said of the others."""

import pandas as pd

from schemas.batch import Failure
from schemas.contract import Contract, target_of
from tasks.core.labelling import Settled, settle_labels
from tests.building.contract import Orders, OrdersAllKept


def settle(labels: dict[str, list[object]], contract: Contract = Orders) -> Settled:
    """Labels for the rows `a`, `b` and `c`."""
    keys = pd.Series(["a", "b", "c"], name="row_key", dtype="str")
    return settle_labels(pd.DataFrame(labels), keys, target_of(contract), "binary")


def test_a_label_that_breaks_a_rule_of_the_target_is_invalid_and_the_others_stay() -> None:
    settled = settle({"row_key": ["a", "b", "c"], "returned": [0, 1, 0]}, OrdersAllKept)
    assert (list(settled.rows["row_key"]), settled.invalid) == (["a", "c"], 1)
    assert settled.failures == (
        Failure(column="returned", check="equal_to(0.0)", rows=1, examples=()),
    ), "the value of a sensitive target is no example"


def test_unreadable_values_and_missing_keys_are_told_apart() -> None:
    settled = settle({"row_key": ["a", None, "b"], "returned": ["yes", 1, 1]})
    assert list(settled.rows["row_key"]) == ["b"]
    assert {(f.column, f.check, f.rows, f.examples) for f in settled.failures} == {
        ("row_key", "no key", 1, ()),
        ("returned", "not a label", 1, ("yes",)),
    }


def test_labels_are_conserved() -> None:
    settled = settle(
        {
            "row_key": ["a", "a", "b", "b", "x", "c", None],
            "returned": [0, 1, 1, 1, 0, 7, 1],
        }
    )
    told = settled.contradictory, settled.invalid, settled.repeated, settled.unknown
    assert told == (2, 2, 1, 1)
    assert settled.read == len(settled.rows) + sum(told) == 7
