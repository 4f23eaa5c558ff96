"""Nights in real processes: two at once, and one that dies while it holds the project's lock."""

import subprocess
import sys
from pathlib import Path

import pytest

from tasks.store.verify import verify
from tests.building.fixtures import YOUNG, settle
from tests.building.project import NAME
from tests.building.world import World

ROOT = Path(__file__).parents[2]
REFRESH = YOUNG + 3

pytestmark = pytest.mark.slow


@pytest.fixture
def evening(young: World) -> World:
    """The evening before a night that promotes."""
    for number in range(YOUNG + 1, REFRESH):
        young.live(number)
    young.label(REFRESH - 1)
    young.deliver(REFRESH)
    return young


def start(*arguments: object) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.building.run_night", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT)


def test_two_processes_on_one_night_have_one_effect(
    evening: World, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = evening.copy_to(tmp_path_factory.mktemp("alone"))
    both = [start(REFRESH), start(REFRESH)]
    assert [process.wait(timeout=100) for process in both] == [0, 0]
    together = evening.files()
    settle(alone.root, monkeypatch)
    alone.forget()
    alone.night(REFRESH)
    assert together == alone.files()


def test_a_process_that_died_leaves_no_lock_and_the_next_one_repairs(evening: World) -> None:
    assert start(REFRESH, "models/").wait(timeout=100) == 9
    assert start(REFRESH).wait(timeout=100) == 0
    evening.forget()
    assert [move for move, _ in evening.moves()] == ["promote", "promote"]
    assert verify(evening.store, NAME) == []
