"""The demo's sentences follow from its numbers, whichever way these go."""

from deployments.demo.sentences import admit, tell_defaults, tell_story
from deployments.demo.summary import summary_lines
from tests.deployments.demo.building import EARLY, build_facts, build_lines, build_retrain


def test_alarm_added_little_when_both_lines_are_equal() -> None:
    told = admit(build_facts(lines=build_lines(gain=0.0)))
    assert "added little" in told
    assert "+0.0000" in told


def test_alarm_added_little_when_the_gain_is_within_chance() -> None:
    assert "added little" in admit(build_facts(lines=build_lines(gain=0.01, wobble=0.1)))


def test_alarm_added_little_when_the_gain_is_sure_and_tiny() -> None:
    assert "added little" in admit(build_facts(lines=build_lines(gain=0.002, wobble=0.0)))


def test_alarm_paid_when_the_gain_is_clear() -> None:
    told = admit(build_facts(lines=build_lines(gain=0.1)))
    assert "The alarm paid" in told
    assert "added little" not in told


def test_alarm_cost_when_the_schedule_was_clearly_better() -> None:
    told = admit(build_facts(lines=build_lines(gain=-0.1)))
    assert "cost something" in told
    assert "added little" not in told


def test_admission_counts_the_nights_before_the_schedules_own_refresh() -> None:
    told = admit(build_facts(lines=build_lines(gain=0.1)))
    assert f"the early retrain of {EARLY}" in told
    assert "On the 4 nights before the schedule's own refresh" in told  # the 14th is its second


def test_without_an_early_retrain_there_is_nothing_to_gain() -> None:
    retrain = build_retrain(outcome="promoted", is_early=False, cause="schedule")
    assert "No alarm brought a retrain forward" in admit(build_facts(retrains=(retrain,)))


def test_defaults_are_counted_in_both_readings_and_before_the_change() -> None:
    told = tell_defaults(build_facts())
    assert "Of 20 judged nights" in told
    assert "one column on 20 and half of the columns (its dataset drift) on 20" in told
    assert "a drift alarm on 1" in told
    assert "On the 8 of them before anything was changed, that was 8, 8 and 0." in told


def test_story_is_one_sentence_with_its_numbers() -> None:
    told = tell_story(build_facts())
    assert "20 nights of shop" in told
    assert told.count(".") == 1


def test_summary_marks_what_was_simulated() -> None:
    assert ("simulated", "all is new.") in list(summary_lines(build_facts()))
