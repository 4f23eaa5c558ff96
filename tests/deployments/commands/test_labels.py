"""The command labels, over nights whose labels came at once, late, and not yet."""

import json

import pytest
from cyclopts import ValidationError

from deployments.commands.labels import labels
from schemas.errors import NotYet
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.world import World
from tests.deployments.commands.test_keep import type_in


def test_coverage_and_the_learned_delay_are_shown(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    young.deliver(YOUNG + 1)
    young.night(YOUNG + 1)  # the labels of YOUNG did not come
    young.label(YOUNG)
    young.live(YOUNG + 2)
    labels(NAME, last=4)
    told = capsys.readouterr().out.splitlines()
    assert told[0].split() == ["NIGHT", "ROWS", "LABELLED", "COVERAGE", "AFTER", "LEFT", "OUT"]
    assert [line.split()[2:5] for line in told[1:5]] == [
        ["40", "100.0%", "1"],
        ["40", "100.0%", "2"],
        ["40", "100.0%", "1"],
        ["0", "0.0%", "-"],
    ]
    assert "label_delay is 1" in told[5]
    labels(NAME, json=True)
    assert json.loads(capsys.readouterr().out)["declared"] == 1


def test_without_a_sound_night_there_is_nothing_to_show(world: World) -> None:
    world.declare()
    with pytest.raises(NotYet, match="no sound night yet"):
        labels(NAME)


@pytest.mark.usefixtures("young")
@pytest.mark.parametrize("words", [("labels",), ("nights",)], ids=lambda words: str(words[0]))
def test_a_count_below_one_is_refused(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    for last in ("0", "-4"):
        with pytest.raises(ValidationError, match="Must be >= 1"):
            type_in(capsys, *words, NAME, "--last", last)
    assert type_in(capsys, *words, NAME, "--last", "1")[0] == 0
