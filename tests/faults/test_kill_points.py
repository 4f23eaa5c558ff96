"""Whatever call to its store a run is struck at, the next run repairs it: one effect, no loss.

The points are counted and printed: `pytest -s tests/faults/test_kill_points.py`.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.building.s3_server import S3Server

ROOT = Path(__file__).parents[2]
SHARES = 2
"""How many processes work at once on as many parts of the points."""


def struck_at(
    evening: Path,
    folder: Path,
    act: str,
    url: str = "file",
    *,
    strike: str = "kill",
    every: int = 1,
    shares: tuple[range, int] = (range(SHARES), SHARES),
) -> int:
    """How many points were passed: all, or those of some shares."""
    killers = []
    for share in shares[0]:
        arguments = [evening, folder / str(share), url, act, strike, every, share, shares[1]]
        (folder / str(share)).mkdir()
        killer = [sys.executable, "-m", "tests.faults.kill_points", *map(str, arguments)]
        killers.append(
            subprocess.Popen(killer, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        )
    told = [killer.communicate() for killer in killers]
    assert all(killer.returncode == 0 for killer in killers), [err.decode() for _, err in told]
    counts = [[int(count) for count in out.split()[-3:]] for out, _ in told]
    passed, conflicts = sum(count[0] for count in counts), sum(count[1] for count in counts)
    where = url.partition("://")[0]
    print(
        f"\n{strike} {act}, {where}: {passed} points of {counts[0][2]} calls, {conflicts} conflicts"
    )
    return passed


@pytest.fixture
def moto_url(moto_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in moto_server.environment.items():
        monkeypatch.setenv(name, value)
    return f"s3://{moto_server.make_bucket()}"


@pytest.fixture
def ceph_url(ceph: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in ceph.environment.items():
        monkeypatch.setenv(name, value)
    return f"s3://{ceph.make_bucket()}"


def test_a_night_killed_at_some_calls_is_repaired(evening_root: Path, tmp_path: Path) -> None:
    assert struck_at(evening_root, tmp_path, "night", every=1000, shares=(range(1), 6)) >= 5


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_night_killed_at_every_call_is_repaired(evening_root: Path, tmp_path: Path) -> None:
    assert struck_at(evening_root, tmp_path, "night") > 150


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_night_killed_at_any_request_to_a_bucket_is_repaired(
    evening_root: Path, tmp_path: Path, moto_url: str
) -> None:
    assert struck_at(evening_root, tmp_path, "night", moto_url, every=12) > 40


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_night_killed_at_any_write_to_ceph_is_repaired(
    evening_root: Path, tmp_path: Path, ceph_url: str
) -> None:
    assert struck_at(evening_root, tmp_path, "night", ceph_url, every=60) > 30


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("act", ["promote", "rollback"])
def test_a_persons_move_killed_at_every_call_is_done_once(
    evening_root: Path, third_root: Path, tmp_path: Path, act: str
) -> None:
    evening = evening_root if act == "promote" else third_root
    assert struck_at(evening, tmp_path, act) > 10


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("act", ["promote", "rollback"])
def test_a_persons_move_killed_at_any_request_to_a_bucket_is_done_once(
    evening_root: Path, third_root: Path, tmp_path: Path, act: str, moto_url: str
) -> None:
    evening = evening_root if act == "promote" else third_root
    every = 1 if act == "rollback" else 4
    assert struck_at(evening, tmp_path, act, moto_url, every=every) > 10


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("act", ["night", "promote", "rollback"])
def test_two_machines_that_do_the_same_at_once_have_one_history(
    evening_root: Path, third_root: Path, tmp_path: Path, act: str
) -> None:
    evening = third_root if act == "rollback" else evening_root
    every = 1 if act == "rollback" else 8
    assert struck_at(evening, tmp_path, act, strike="meet", every=every) > 20


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_two_machines_on_one_night_in_a_bucket_have_one_history(
    evening_root: Path, tmp_path: Path, moto_url: str
) -> None:
    assert struck_at(evening_root, tmp_path, "night", moto_url, strike="meet", every=50) > 10
