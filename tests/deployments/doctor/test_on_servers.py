"""What a plain bucket of Ceph and of moto is called, and a versioned one of Ceph: end to end."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.promote import promote
from schemas.errors import Declined
from tasks.home import home
from tasks.store.probe import probe, why_undecidable
from tests.building.ceph import Ceph
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.receivers import refusing_port
from tests.building.s3_server import S3Server
from tests.building.world import World
from tests.deployments.doctor.looking import look, look_at


def move_in(server: S3Server, bucket: str, patch: pytest.MonkeyPatch) -> None:
    """Have the environment name this bucket."""
    for name, value in server.environment.items():
        patch.setenv(name, value)
    patch.setenv("DRIFTLOOP_STORE", f"s3://{bucket}/driftloop")


def upload(world: World, server: S3Server, bucket: str) -> None:
    """Copy the world's folder into the bucket."""
    client = server.client()
    for key, data in world.files().items():
        client.put_object(Bucket=bucket, Key=f"driftloop/{key}", Body=data)


def test_a_plain_bucket_of_moto_is_atomic_and_left_empty(
    moto_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = moto_server.make_bucket()
    move_in(moto_server, bucket, monkeypatch)
    assert probe(home().backend) == "atomic"
    assert moto_server.client().list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_versioning_that_is_switched_on_later_is_found_at_once(
    ceph: Ceph, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = ceph.make_bucket()
    move_in(ceph, bucket, monkeypatch)
    assert why_undecidable(home()) is None
    (note,) = home().cache.glob("probe-*")
    before = note.stat().st_mtime_ns
    assert why_undecidable(home()) is None
    assert note.stat().st_mtime_ns == before, "probed again although nothing changed"
    ceph.version(bucket)
    assert "ignored" in (why_undecidable(home()) or "atomic")


def test_on_a_versioned_bucket_nights_run_and_nothing_is_promoted(
    young: World, ceph: Ceph, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(YOUNG + 1, SERVED):
        young.live(number)
    bucket = ceph.make_bucket(versioned=True)
    upload(young, ceph, bucket)
    move_in(ceph, bucket, monkeypatch)
    assert young.live(SERVED).evidence.data == "accepted"
    passed, failed = young.judgements(SERVED)
    assert (passed.outcome, failed.outcome) == ("passed", "failed")
    assert "not fit for decisions (ignored" in failed.sentence
    with pytest.raises(Declined, match=r"ignored.*driftloop doctor"):
        promote.fn(NAME, "because", "ann")
    assert [move for move, _ in young.moves()] == ["promote"]


def test_a_plain_bucket_is_well_and_a_versioned_one_is_found(
    ceph: Ceph, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = ceph.make_bucket()
    move_in(ceph, bucket, monkeypatch)
    found = look("store", "store promise", "clock")
    assert [one.state for one in found.values()] == ["ok"] * 3, found
    assert found["store promise"].saw.startswith("atomic: ")
    assert ceph.client().list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    ceph.version(bucket)
    found = look("store", "store promise")
    assert found["store promise"].state == "FAIL"
    assert found["store promise"].saw.startswith("ignored: ")
    assert "Use one that never was" in found["store promise"].steps[0]


@pytest.mark.parametrize(
    ("name", "value", "step"),
    [
        ("AWS_SECRET_ACCESS_KEY", "wrong", "correct AWS_SECRET_ACCESS_KEY"),
        ("AWS_ACCESS_KEY_ID", "nobody", "correct AWS_ACCESS_KEY_ID"),
        ("DRIFTLOOP_STORE", "s3://no-such-bucket/driftloop", "make the bucket"),
        ("AWS_ENDPOINT_URL", f"http://127.0.0.1:{refusing_port()}", "check AWS_ENDPOINT_URL"),
    ],
    ids=["secret", "key", "bucket", "endpoint"],  # the same in every process
)
def test_a_wrong_setting_of_the_store_is_found_and_no_secret_printed(
    ceph: Ceph, monkeypatch: pytest.MonkeyPatch, name: str, value: str, step: str
) -> None:
    move_in(ceph, ceph.make_bucket(), monkeypatch)
    monkeypatch.setattr("deployments.doctor.store._PATIENCE_SECONDS", 0.5)
    monkeypatch.setenv(name, value)
    found = look("store", "store promise")
    assert found["store"].state == "FAIL", found
    assert found["store"].steps[0].startswith(step)
    assert found["store promise"].state == "skipped"
    assert ceph.secret_key not in str(found)


@pytest.mark.parametrize(
    ("minutes", "state", "says"),
    [(20, "FAIL", "20 min ahead of"), (-20, "FAIL", "20 min behind"), (-2, "warn", "behind")],
)
def test_a_clock_that_is_off_is_found(
    ceph: Ceph, monkeypatch: pytest.MonkeyPatch, minutes: int, state: str, says: str
) -> None:
    move_in(ceph, ceph.make_bucket(), monkeypatch)
    theirs = datetime.now(UTC) - timedelta(minutes=minutes)
    monkeypatch.setattr("tasks.store.s3.store.S3Store.now", lambda _: theirs)
    found = look_at("clock")
    assert found.state == state
    assert says in found.saw
    assert "NTP" in found.steps[0]
