"""What `driftloop check` and `retrain` say of leaks and of features."""

import json

import pytest

from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World
from tests.deployments.commands.test_keep import type_in

NIGHTS = 20


def _deliver(world: World, *, leaky: bool) -> None:
    for number in range(NIGHTS):
        orders = build_orders(number)
        if leaky:
            orders["income"] = build_labels(number, orders)["returned"] * 7.0 - 1
        world.deliver(number, orders)
        world.label(number)


def test_a_check_ends_with_alarms_and_a_line_a_feature(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    _deliver(world, leaky=True)
    code, said = type_in(capsys, "check", NAME, "--as-of", str(day(NIGHTS - 1)))
    assert code == 0
    lines = [line.split() for line in said.splitlines() if line]
    assert [line[:2] for line in lines if line[0] == "LEAK?"] == [["LEAK?", "income"]] * 2
    gains = [line for line in lines if line[0] == "gain"]
    assert gains[0][1] == "income"
    assert len(gains) == 5
    assert "No gain shown, the interval includes 0" in said
    assert world.files() == {}


def test_a_project_whose_training_fails_is_told_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.declare("features=(Numbers(columns=('shop',)),)")
    _deliver(world, leaky=False)
    with pytest.raises(SystemExit, match="1"):
        type_in(capsys, "check", NAME)
    assert "fitting failed" in capsys.readouterr().err
    assert world.files() == {}


def test_nights_that_are_all_refused_are_a_failure_some_are_not(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.deliver(0, build_orders(0).assign(hour=99))
    with pytest.raises(SystemExit, match="1"):
        type_in(capsys, "check", NAME)
    assert "none of 1 nights was accepted" in capsys.readouterr().err
    world.deliver(1)
    assert type_in(capsys, "check", NAME)[0] == 0


@pytest.mark.parametrize(
    "field", ["key", "time", "target"], ids=["the key", "the time", "the target"]
)
def test_a_source_that_names_a_column_which_is_not_there_is_told_so(
    world: World, capsys: pytest.CaptureFixture[str], field: str
) -> None:
    world.declare(_files(**{field: "missspelt"}))
    _deliver(world, leaky=False)
    with pytest.raises(SystemExit, match="1"):
        type_in(capsys, "check", NAME)
    told = capsys.readouterr()
    assert f"problem    {field} names 'missspelt', which the " in told.out
    assert f"does not fit what was delivered: {field} names 'missspelt'" in told.err
    world.declare(_files())
    assert type_in(capsys, "check", NAME)[0] == 0


def test_no_label_is_a_failure_with_its_reason_once_labels_are_due(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.deliver(0)
    assert type_in(capsys, "check", NAME)[0] == 0
    world.deliver(1)
    assert f"nothing was delivered for {day(0)}" in _failure_of(capsys)
    world.label(0, build_labels(0, build_orders(0)).assign(returned="perhaps"))
    assert "returned: not a label" in _failure_of(capsys)
    world.label(0, build_labels(0, build_orders(0)).rename(columns={"returned": "gone"}))
    assert "no column returned, only row_key, gone" in _failure_of(capsys)
    world.label(0)
    assert type_in(capsys, "check", NAME)[0] == 0


def test_a_night_of_the_future_is_refused_and_a_sample_is_called_one(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.deliver_all(range(3))
    assert type_in(capsys, "check", NAME, "--as-of", "2999-01-01")[0] == 64
    whole = type_in(capsys, "check", NAME)[1]
    assert f"nights     {day(2 - 41)} to {day(2)}" in whole
    assert "sample" not in whole
    some = type_in(capsys, "check", NAME, "--nights", "2")[1]
    assert f"nights     {day(1)} to {day(2)}" in some
    assert f"sample     older nights are left out here; driftloop retrain {NAME} uses all" in some


def _files(key: str = "row_key", time: str = "event_time", target: str = "returned") -> str:
    """The landing folder as files, with these names of columns."""
    folder = "__import__('os').environ['DRIFTLOOP_LANDING']"
    return (
        f"source=Files(file={folder} + '/{{as_of}}.orders.csv', time={time!r}, key=({key!r},), "
        f"labels={folder} + '/{{as_of}}.labels.csv', target={target!r})"
    )


def _failure_of(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit, match="1"):
        type_in(capsys, "check", NAME)
    return capsys.readouterr().err


def test_what_is_unusual_is_told(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    _deliver(world, leaky=False)
    world.deliver(NIGHTS - 1, build_orders(NIGHTS - 1, rows=120))
    _, said = type_in(capsys, "check", NAME)
    assert f"unusual    {day(NIGHTS - 1)}: row count: 120 rows" in said


def test_a_retrain_says_that_there_is_no_leak(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    _deliver(world, leaky=False)
    world.history(0, NIGHTS - 1)
    _, said = type_in(capsys, "retrain", NAME, "--as-of", str(day(NIGHTS - 1)))
    assert "no leak alarm on 5 features, 520 training rows of 13 nights" in said
    assert "loss a row that features save: amount" in said


def test_a_retrain_tells_machines_its_alarms(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    _deliver(world, leaky=True)
    world.history(0, NIGHTS - 1)
    capsys.readouterr()
    _, said = type_in(capsys, "retrain", NAME, "--as-of", str(day(NIGHTS - 1)), "--json")
    alarms = json.loads(said)["leak_alarms"]
    assert {alarm["column"] for alarm in alarms} == {"income"}
    assert {alarm["rule"] for alarm in alarms} == {"copy_of_target", "single_feature"}


def test_a_retrain_says_how_many_nights_a_changed_step_keeps_out(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.declare("cleaning=(ConvertUnit(column='wait', factor=60),)")
    _deliver(world, leaky=False)
    world.history(0, 2)
    world.declare("cleaning=(ConvertUnit(column='wait', factor=3600),)")
    world.history(3, NIGHTS - 1)
    capsys.readouterr()
    _, said = type_in(capsys, "retrain", NAME, "--as-of", str(day(NIGHTS - 1)))
    assert said.startswith("left out: 3 nights went through a step that was changed since")
    assert f"driftloop night {NAME} --from {day(0)} --to {day(2)}" in said
