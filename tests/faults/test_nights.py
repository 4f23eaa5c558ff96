"""Whole nights on a bucket whose server loses answers, refuses, goes away or lets nobody in."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from deployments.cli import app, main
from flows.nightly import nightly
from schemas.errors import StoreUnavailable
from tasks.store import Store
from tasks.store.ledger import entries
from tasks.store.probe import why_undecidable
from tasks.store.s3 import S3Store
from tasks.store.verify import verify
from tests.building.fault_proxy import FaultProxy
from tests.building.faults import Fault
from tests.building.fixtures import SERVED, cut_short, settle
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.s3_server import SECRET_KEY, S3Server
from tests.building.world import World
from tests.faults.objects import Objects, md5

ROOT = Path(__file__).parents[2]
PART = "nights"
HINT = f"champion/{NAME}.json"
STORM = ("status", "drop_before", "drop_after", "truncate_upload", "truncate_response")


@pytest.fixture
def proxy(moto_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    with FaultProxy(moto_server.port).running() as running:
        for name, value in {
            **moto_server.environment,
            "AWS_ENDPOINT_URL": running.endpoint,
        }.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def objects(
    evening_root: Path,
    world: World,
    moto_server: S3Server,
    proxy: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
) -> Objects:
    """The evening's store in a bucket behind the proxy, and the rest of the world on this disk."""
    World(evening_root).copy_to(world.root)
    bucket = moto_server.make_bucket()
    monkeypatch.setenv("DRIFTLOOP_STORE", f"s3://{bucket}/{PART}")
    stored = Objects.of(world.root / "store", f"s3://{bucket}", PART)
    stored.restore()
    proxy.plan()
    world.forget()
    return stored


@pytest.fixture(scope="module")
def undisturbed(evening_root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """MD5 by key after the night, nothing having happened."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        world = settle(tmp_path_factory.mktemp("undisturbed"), patch)
        World(evening_root).copy_to(world.root)
        world.forget()
        nightly.fn(NAME, day(SERVED))
        return {key: md5(data) for key, data in world.files().items()}


def moves(world: World) -> list[str]:
    world.forget()
    return [entry.action for entry in entries(world.store, NAME)]


def assert_whole(world: World, objects: Objects, undisturbed: dict[str, str]) -> None:
    """One promotion, and every object as if nothing had happened."""
    assert moves(world) == ["promote", "promote"]
    assert verify(world.store, NAME) == []
    found = objects.found()
    keys = found.keys() | undisturbed.keys()
    assert {key for key in keys if found.get(key) != undisturbed.get(key)} <= {HINT}


def test_a_lost_answer_after_commit_is_reported_as_promoted_once(
    world: World, objects: Objects, proxy: FaultProxy, undisturbed: dict[str, str]
) -> None:
    proxy.plan(Fault("drop_after", "PUT", "/ledger/", times=2))
    night = world.night(SERVED)
    assert proxy.faults[0].struck == 2
    assert night.decision.action == "retrain"
    assert [judgement.outcome for judgement in world.judgements(SERVED)] == ["passed"]
    assert_whole(world, objects, undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("skip", [3, 40, 160, 250])
def test_credentials_that_expire_in_a_night_stop_it_and_the_next_run_ends_it(
    world: World, objects: Objects, proxy: FaultProxy, undisturbed: dict[str, str], skip: int
) -> None:
    proxy.plan(Fault("status", status=400, code="ExpiredToken", skip=skip))
    with pytest.raises(StoreUnavailable, match="renew the credentials"):
        world.night(SERVED)
    assert proxy.faults[0].struck < 10, "no retry storm"
    proxy.plan()
    world.forget()
    world.night(SERVED)
    assert_whole(world, objects, undisturbed)


@pytest.mark.usefixtures("objects")
def test_an_outage_ends_the_command_with_75_and_moves_no_champion(
    world: World,
    proxy: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("tasks.store.s3.S3Store", partial(S3Store, deadline_seconds=0.2))
    command = ["night", NAME, "--from", str(day(SERVED)), "--to", str(day(SERVED))]
    monkeypatch.setattr("deployments.cli.app", partial(app, command))
    proxy.plan(Fault("status", status=503))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 75
    told = capsys.readouterr().err
    assert "ServiceUnavailable" in told
    assert "run again" in told
    assert SECRET_KEY not in told
    proxy.plan()
    assert moves(world) == ["promote"]


@pytest.mark.slow
def test_two_machines_that_start_the_same_night_have_one_history(
    world: World, objects: Objects, undisturbed: dict[str, str]
) -> None:
    command = [sys.executable, "-m", "tests.building.run_night", str(SERVED)]
    for name in "ab":  # as if each had probed
        assert why_undecidable(Store(world.store.backend, world.root / name)) is None
    caches = [{**os.environ, "DRIFTLOOP_CACHE": str(world.root / name)} for name in "ab"]
    machines = [subprocess.Popen(command, cwd=ROOT, env=cache) for cache in caches]
    ended = [machine.wait(100) for machine in machines]
    assert 0 in ended, "one of them goes all the way"
    world.night(SERVED)
    assert_whole(world, objects, undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_night_in_a_storm_of_faults_ends_like_any_other(
    world: World, objects: Objects, proxy: FaultProxy, undisturbed: dict[str, str], seed: int
) -> None:
    proxy.torture(seed, 0.15, *STORM)  # type: ignore[arg-type]
    world.night(SERVED)
    struck = sum(seen.fault is not None for seen in proxy.seen)
    print(f"seed {seed}: {struck} of {len(proxy.seen)} requests struck")
    proxy.plan()
    assert struck > 20
    assert_whole(world, objects, undisturbed)
