"""The nightly flow on a real Prefect server gives what the plain function gives."""

from collections.abc import Iterator

import pytest

from flows.nightly import nightly
from tests.building.fixtures import YOUNG, settle
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A server with a database of its own, for as long as the session lasts."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=100):
        yield


@pytest.mark.usefixtures("prefect_server")
def test_a_real_flow_run_gives_the_same_ids_as_the_plain_function(
    young: World, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = young.copy_to(tmp_path_factory.mktemp("plain"))
    for number in range(YOUNG + 1, YOUNG + 4):
        young.label(number - 1)
        young.deliver(number)
        assert nightly(NAME, day(number)) == f"nights/{NAME}/{day(number)}/r01.json"
    assert [move for move, _ in young.moves()] == ["promote", "promote"]
    served = young.files()
    settle(plain.root, monkeypatch)
    plain.forget()
    for number in range(YOUNG + 1, YOUNG + 4):
        plain.live(number)
    assert plain.files() == served
