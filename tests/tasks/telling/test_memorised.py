"""The memorisation panel and the gates' self-test as people read them."""

import pytest

from schemas.memorisation import Estimate, Memorisation
from schemas.self_test import SelfTest, Trial
from tasks.telling.memorised import memorisation_paper, tell_memorisation
from tasks.telling.paper import Table
from tasks.telling.self_tests import self_test_paper, tell_self_test

BARE = Memorisation(
    rows=40, nights=2, training_loss=0.5, holdout_loss=0.6, gap=Estimate(value=0.1), gate_rows=20
)
FULL = Memorisation(
    rows=560,
    nights=14,
    training_loss=0.4,
    holdout_loss=0.5,
    gap=Estimate(value=0.1, lower=0.05, upper=0.15),
    lost=Estimate(value=0.3, lower=0.2, upper=0.4),
    noise=0.25,
    noise_gain=Estimate(value=-0.02, lower=-0.05, upper=0.01),
    canaries=11,
    exposure=Estimate(value=0.2, lower=0.1, upper=0.3),
    near=12,
    gate_rows=240,
    near_loss=0.3,
    rest_loss=0.51,
    near_gap=Estimate(value=0.21),
)


def _cells(panel: Memorisation) -> dict[str, tuple[str, ...]]:
    [table] = [block for block in memorisation_paper(panel) if isinstance(block, Table)]
    return {name: tuple(cells) for name, *cells in table.rows}


def test_the_panel_is_a_line_and_a_table() -> None:
    [line] = tell_memorisation(FULL)
    assert line.text == (
        "gain lost on unseen nights 30% (20% to 40%); shuffled labels fitted 25%; planted labels "
        "taken over 20% (10% to 30%); 12 of 240 gate rows near a training row"
    )
    cells = _cells(FULL)
    assert cells["loss a row: gap"][:2] == ("+0.1", "+0.05 to +0.15")
    assert cells["planted labels taken over"][2].endswith("on 11 rows")
    assert cells["gate rows near a training row"] == (
        "5.0%",
        "-",
        "their loss 0.3, the others' 0.51",
    )


def test_what_could_not_be_measured_is_left_out() -> None:
    assert list(_cells(BARE)) == ["loss a row: gap", "gate rows near a training row"]
    assert [line.text for line in tell_memorisation(BARE)] == [
        "0 of 20 gate rows near a training row"
    ]
    assert [*memorisation_paper(None), *tell_memorisation(None)] == []


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        ("right", "gates judge 1 of 1 known challengers rightly"),
        ("wrong", "failed: the champion against itself is let pass by a_gate"),
        ("cannot say", "gates judge 0 of 1 known challengers rightly; cannot say: the champion"),
    ],
    ids=["right", "wrong", "cannot say"],
)
def test_a_self_test_says_what_is_wrong_or_that_nothing_is(finding: str, said: str) -> None:
    trial = {"who": "itself", "outcome": "passed", "finding": finding, "gates": ("a_gate",)}
    sentence = "the champion against itself is let pass by a_gate"
    tested = SelfTest(trials=(Trial.model_validate({**trial, "sentence": sentence}),))
    [line] = tell_self_test(tested)
    assert line.text.startswith(said)
    [table] = [block for block in self_test_paper(tested) if isinstance(block, Table)]
    assert table.rows == (("the champion against itself", "refuse it", finding, sentence),)
