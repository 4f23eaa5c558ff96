"""What no repetition changes fails at once, says what to do, and tells no secret."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from schemas.errors import Missing, StoreUnavailable
from tasks.store.s3 import S3Store
from tests.building.fault_proxy import FaultProxy
from tests.building.faults import Fault
from tests.building.s3_server import SECRET_KEY, S3Server
from tests.tasks.store.s3.conftest import Opener

KEY = "ledger/flights/000000000001.json"
REFUSALS = {
    (403, "AccessDenied"): "policy",
    (403, "InvalidAccessKeyId"): "AWS_ACCESS_KEY_ID",
    (403, "SignatureDoesNotMatch"): "AWS_SECRET_ACCESS_KEY",
    (403, "RequestTimeTooSkewed"): "clock",
    (400, "ExpiredToken"): "renew the credentials",
    (403, "ExpiredToken"): "renew the credentials",
    (400, "InvalidToken"): "AWS_SESSION_TOKEN",
    (404, "NoSuchBucket"): "make the bucket",
}


@pytest.mark.parametrize(("status", "code"), REFUSALS)
def test_a_refusal_fails_at_once_with_its_next_step(
    opened: Opener, proxy: FaultProxy, status: int, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.plan(Fault("status", status=status, code=code))
    with caplog.at_level(logging.DEBUG, "driftloop"), pytest.raises(StoreUnavailable) as told:
        opened().create(KEY, b"entry")
    assert len(proxy.seen) == 1, "no retry storm"
    assert code in str(told.value)
    assert REFUSALS[status, code] in str(told.value)
    assert told.value.exit_code == 75
    assert SECRET_KEY not in str(told.value) + caplog.text


def test_a_refusal_of_reads_is_not_taken_for_an_absent_object(
    opened: Opener, proxy: FaultProxy
) -> None:
    proxy.plan(Fault("status", status=403, code="AccessDenied"))
    for ask in (opened().read, opened().size, opened().modified):
        with pytest.raises(StoreUnavailable, match="AccessDenied"):
            ask(KEY)


def test_credentials_that_expire_between_two_writes_lose_neither(
    opened: Opener, proxy: FaultProxy
) -> None:
    backend = opened()
    backend.create(KEY, b"entry")
    proxy.plan(Fault("status", status=400, code="ExpiredToken", times=1))
    with pytest.raises(StoreUnavailable, match="renew"):
        backend.create("champion/flights.json", b"hint")
    backend.create("champion/flights.json", b"hint")
    assert backend.read(KEY) == b"entry"


@pytest.mark.slow  # moto takes any secret and any time
@pytest.mark.parametrize("server", ["ceph"], indirect=True)
@pytest.mark.parametrize("wrong", ["secret", "key", "clock"])
def test_a_real_server_refuses_wrong_credentials_and_clocks(
    server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    match wrong:
        case "secret":
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter3")
        case "key":
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        case _:
            late = datetime.now(UTC) + timedelta(minutes=20)
            monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: late)
    says = {"secret": "SECRET", "key": "KEY_ID", "clock": "clock"}[wrong]
    with pytest.raises(StoreUnavailable, match=says) as told:
        S3Store(bucket, "some/prefix").read(KEY)
    assert "hunter3" not in str(told.value)
    if wrong == "clock":
        assert abs(S3Store(bucket).now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_without_credentials_the_message_names_the_variables(
    server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.endpoint)
    with pytest.raises(StoreUnavailable, match=r"AWS_ACCESS_KEY_ID.*AWS_PROFILE.*role"):
        S3Store(bucket).read(KEY)


def test_a_profile_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "night-shift")
    with pytest.raises(StoreUnavailable, match=r"night-shift.*AWS_PROFILE"):
        S3Store("some-bucket").read(KEY)


def test_a_bucket_that_is_not_there_is_named_and_no_object_is_called_missing(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = opened()
    monkeypatch.setattr(elsewhere, "_bucket", "no-such-bucket-here")
    for ask in (elsewhere.read, elsewhere.size, elsewhere.modified):
        with pytest.raises(StoreUnavailable, match="no-such-bucket-here") as told:
            ask(KEY)
        assert not isinstance(told.value, Missing)
        assert "make the bucket" in str(told.value)
    with pytest.raises(StoreUnavailable, match="make the bucket"):
        elsewhere.keys("ledger/")
    with pytest.raises(StoreUnavailable, match="make the bucket"):
        elsewhere.create(KEY, b"entry")


def test_a_server_that_does_not_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in S3Server(1).environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:1.*AWS_ENDPOINT_URL"):
        S3Store("some-bucket", deadline_seconds=0.1).read(KEY)
