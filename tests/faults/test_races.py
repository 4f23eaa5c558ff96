"""Whoever races for a slot of the ledger: one wins, all others learn who, nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from benchmarks.races import PROMOTERS, race
from schemas.errors import Conflict
from schemas.ledger import Entry
from tasks.store import Store, open_store
from tasks.store.ledger import entries, read_standing
from tests.building.s3_server import S3Server
from tests.building.unfit import Racing
from tests.tasks.store.records import PROJECT, VERSIONS, decide

STORES = ["local", pytest.param("ceph", marks=pytest.mark.slow)]
ROUNDS, MANY_ROUNDS = 10, 200
AT_ONCE = 8

Opener = Callable[[], Store]


@pytest.fixture(params=STORES)
def opened(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Opener:
    """Opens one and the same store, as each of several processes would."""
    if request.param == "local":
        return lambda: open_store((tmp_path / "races").as_uri(), tmp_path / "cache")
    server: S3Server = request.getfixturevalue(request.param)
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    bucket = server.make_bucket()
    return lambda: open_store(f"s3://{bucket}/races", tmp_path / "cache")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each came to, all having begun in the same moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait(60)
        try:
            return act()
        except Conflict as lost:
            return lost

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def check_races(opened: Opener, rounds: int) -> None:
    tally = race(opened, rounds)
    assert tally.problems == []
    assert (tally.wins, tally.told) == (rounds, rounds * (PROMOTERS - 1))
    print(tally.line(opened().backend.describe()))


@pytest.mark.parametrize("opened", ["local"], indirect=True)
def test_one_of_32_promoters_wins_each_slot_and_the_others_learn_who(opened: Opener) -> None:
    check_races(opened, ROUNDS)


def test_a_race_finds_a_store_that_looks_first_and_writes_then(tmp_path: Path) -> None:
    def opened() -> Store:
        backend = Racing(tmp_path / "races")
        backend.scope = None  # nobody asks for a probe
        return Store(backend, tmp_path / "cache")

    assert any("winners" in problem for problem in race(opened, 1, 8).problems)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_one_of_32_promoters_wins_each_of_many_slots(opened: Opener) -> None:
    check_races(opened, MANY_ROUNDS)


def test_promoters_with_the_same_operation_all_succeed_by_one_entry(opened: Opener) -> None:
    for slot in range(ROUNDS):
        judged = read_standing(opened(), PROJECT)
        stores = [opened() for _ in range(AT_ONCE)]
        version = VERSIONS[slot + 1]
        promote = partial(decide, action="promote", version=version, standing=judged)
        won = at_once(*(partial(promote, store) for store in stores))
        assert {type(end) for end in won} == {Entry}
        assert len({end.digest for end in won}) == 1
    assert [entry.version for entry in entries(opened(), PROJECT)] == VERSIONS[1 : ROUNDS + 1]


def test_of_a_promotion_and_a_roll_back_one_wins_and_the_other_is_told(opened: Opener) -> None:
    for version in VERSIONS[1:3]:
        decide(opened(), "promote", version)
    one, other = opened(), opened()
    for number in range(ROUNDS):
        judged = read_standing(opened(), PROJECT)
        ends = at_once(
            partial(decide, one, "promote", VERSIONS[3 + number], standing=judged),
            partial(decide, other, "rollback", VERSIONS[1], standing=judged),
        )
        (won,) = (end for end in ends if isinstance(end, Entry))
        (lost,) = (end for end in ends if isinstance(end, Conflict))
        assert f"'{won.action} {won.version}' by 'ann'" in str(lost)
        now = read_standing(opened(), PROJECT)
        assert (now.seq, now.champion) == (judged.seq + 1, won.version)
        assert now.frozen is (won.action == "rollback" or judged.frozen)
