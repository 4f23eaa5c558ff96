"""An evaluation in words: short on the terminal, with every metric and slice on the page."""

from tasks.telling.evaluated import evaluation_blocks, tell_evaluation
from tests.tasks.gates.contests import build_contest
from tests.tasks.telling.reading import Seen


def test_the_terminal_has_the_main_metrics_and_the_slice_that_gains_least() -> None:
    evaluation = build_contest(harmed="north").evaluation
    assert evaluation is not None
    lines = list(tell_evaluation(evaluation))
    told = [line.text for line in lines if line.step == "measured"]
    assert [text.split(" 0.")[0] for text in told] == [
        *("log loss", "auc", "precision", "recall", "calibration error")
    ]
    auc = evaluation.find("auc")
    assert auc is not None
    assert auc.gain is not None
    assert f"better by {auc.gain.value:+.4g} (" in told[1]
    [slices] = [line.text for line in lines if line.step == "slices"]
    assert slices.startswith("of 3, shop: north gains least in log loss: -")


def test_the_page_has_all_metrics_calibration_and_a_table_of_slices() -> None:
    evaluation = build_contest().evaluation
    assert evaluation is not None
    seen = Seen("\n\n".join(evaluation_blocks(evaluation)))
    for one in evaluation.metrics:
        assert f"{one.metric.replace('_', ' ')} {one.challenger.value:.4g} (" in seen.text
    assert "840 rows of 14 gate nights." in seen.text
    assert "Precision and recall say yes from 0.5 on." in seen.text
    assert "shop Rows Nights log loss auc precision recall" in seen.text
    assert len(seen.pictures) == 2


def test_a_regression_has_no_threshold_and_no_calibration() -> None:
    evaluation = build_contest(task="regression").evaluation
    assert evaluation is not None
    seen = Seen("\n\n".join(evaluation_blocks(evaluation)))
    assert "say yes from" not in seen.text
    assert len(seen.pictures) == 1
    assert "rmse" in seen.text


def test_notes_are_told_and_a_record_without_evaluation_has_no_part() -> None:
    evaluation = build_contest(nights=2).evaluation
    assert evaluation is not None
    assert [line.step for line in tell_evaluation(evaluation)].count("note") == 2
    assert "Note: no interval" in Seen("\n\n".join(evaluation_blocks(evaluation))).text
    assert list(evaluation_blocks(None)) == []
