"""The nightly flow on a real Prefect server gives what the plain function gives."""

import pytest

from flows.nightly import nightly
from tests.building.fixtures import SERVED, YOUNG, settle
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World


@pytest.mark.usefixtures("prefect_server")
def test_a_real_flow_run_gives_the_same_ids_as_the_plain_function(
    young: World, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(YOUNG + 1, SERVED):
        young.live(number)
    young.label(SERVED - 1)
    young.deliver(SERVED)
    plain = young.copy_to(tmp_path_factory.mktemp("plain"))
    assert nightly(NAME, day(SERVED)) == f"nights/{NAME}/{day(SERVED)}/r01.json"
    assert [move for move, _ in young.moves()] == ["promote", "promote"]
    served = young.files()
    settle(plain.root, monkeypatch)
    plain.forget()
    plain.night(SERVED)
    assert plain.files() == served
