"""Faults between the store and its server: bursts are ridden out, outages are named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.errors import Conflict, StoreUnavailable, Unsupported
from tasks.store.backend import Backend
from tests.building.fault_proxy import FaultProxy
from tests.building.faults import Fault, Kind
from tests.building.s3_server import S3Server
from tests.tasks.store.s3.conftest import Opener

OLD, NEW = "batches/flights/2013-01-02/r01.json", "ledger/flights/000000000001.json"
BODY = b"the rows of a night, of which none may be lost " * 40
BURST = 4
EVER = 1_000_000

Operation = Callable[[Backend, Path], object]


def fetched(backend: Backend, folder: Path) -> bytes:
    backend.read_file(OLD, folder / "out")
    return (folder / "out").read_bytes()


def sent(backend: Backend, folder: Path) -> bytes:
    (folder / "in").write_bytes(BODY)
    backend.create_file(NEW, folder / "in")
    return backend.read(NEW)


def created(backend: Backend, _: Path) -> bytes:
    backend.create(NEW, BODY)
    return backend.read(NEW)


def replaced(backend: Backend, _: Path) -> bytes:
    backend.replace(NEW, BODY)
    return backend.read(NEW)


OPERATIONS: dict[str, tuple[str, Operation, object]] = {
    "create": ("PUT", created, BODY),
    "create_file": ("PUT", sent, BODY),
    "replace": ("PUT", replaced, BODY),
    "read": ("GET", lambda backend, _: backend.read(OLD), BODY),
    "read_file": ("GET", fetched, BODY),
    "size": ("HEAD", lambda backend, _: backend.size(OLD), len(BODY)),
    "keys": ("GET", lambda backend, _: backend.keys("batches/"), [OLD]),
}
FAULTS: dict[str, Fault] = {
    "500": Fault("status", status=500, code="InternalError"),
    "503": Fault("status", status=503),
    "429": Fault("status", status=429, code="TooManyRequests"),
    "drop_before": Fault("drop_before"),
    "drop_after": Fault("drop_after"),
    "slow": Fault("slow", seconds=0.01),
}
CUTS: list[tuple[str, Kind]] = [
    *((name, "truncate_response") for name in ("read", "read_file", "keys")),
    *((name, "truncate_upload") for name in ("create", "create_file", "replace")),
]


def strike(proxy: FaultProxy, method: str, fault: Fault, times: int) -> None:
    proxy.plan(Fault(fault.kind, method, times=times, status=fault.status, code=fault.code))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_burst_of_faults_is_ridden_out(
    opened: Opener, proxy: FaultProxy, tmp_path: Path, operation: str
) -> None:
    method, act, expected = OPERATIONS[operation]
    backend = opened()
    backend.create(OLD, BODY)
    for fault in FAULTS.values():
        strike(proxy, method, fault, BURST)
        assert act(backend, tmp_path) == expected
        assert proxy.faults[0].struck == BURST or fault.kind == "slow"
        backend.delete(NEW)


@pytest.mark.parametrize(("operation", "kind"), CUTS)
def test_cut_transfers_are_made_again_whole(
    opened: Opener, proxy: FaultProxy, tmp_path: Path, operation: str, kind: Kind
) -> None:
    method, act, expected = OPERATIONS[operation]
    opened().create(OLD, BODY)
    strike(proxy, method, Fault(kind), 2)
    assert act(opened(), tmp_path) == expected


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_outage_is_named_with_object_and_next_step(
    opened: Opener, proxy: FaultProxy, tmp_path: Path, operation: str
) -> None:
    method, act, _ = OPERATIONS[operation]
    backend = opened(deadline_seconds=0.1)
    backend.create(OLD, BODY)
    cut = [Fault("truncate_response")] if method == "GET" else []
    for fault in [*FAULTS.values(), *cut]:
        strike(proxy, method, fault, EVER)
        if fault.kind == "slow":  # no outage
            continue
        with pytest.raises(StoreUnavailable, match="run again") as told:
            act(backend, tmp_path)
        named = "batches/" if operation == "keys" else NEW if method == "PUT" else OLD
        assert f"{named}: " in str(told.value)
        assert told.value.exit_code == 75


@pytest.mark.parametrize("operation", ["create", "read", "read_file", "keys"])
def test_a_server_that_says_nothing_is_asked_again(
    opened: Opener, proxy: FaultProxy, tmp_path: Path, operation: str
) -> None:
    method, act, expected = OPERATIONS[operation]
    opened().create(OLD, BODY)
    strike(proxy, method, Fault("hang"), 1)
    assert act(opened(), tmp_path) == expected


def test_an_answer_lost_after_the_commit_is_success_once(
    opened: Opener, proxy: FaultProxy, server: S3Server, bucket: str
) -> None:
    proxy.plan(Fault("drop_after", "PUT", times=1))
    opened().create(NEW, BODY)
    assert [seen.method for seen in proxy.seen if NEW in seen.target] == ["PUT", "PUT", "GET"]
    assert [item["Key"] for item in server.client().list_objects_v2(Bucket=bucket)["Contents"]] == [
        f"some/prefix/{NEW}"
    ]


def test_an_answer_lost_by_whoever_came_second_is_a_conflict(
    opened: Opener, proxy: FaultProxy
) -> None:
    opened().create(NEW, b"the winner's")
    proxy.plan(Fault("drop_after", "PUT", times=BURST))
    with pytest.raises(Conflict, match=NEW):
        opened().create(NEW, BODY)
    assert opened().read(NEW) == b"the winner's"


def test_a_server_without_conditions_is_unsupported_and_asked_once(
    opened: Opener, proxy: FaultProxy
) -> None:
    proxy.plan(Fault("status", status=501, code="NotImplemented", conditional=True))
    with pytest.raises(Unsupported, match="driftloop doctor"):
        opened().create(NEW, BODY)
    assert len(proxy.seen) == 1
    opened().replace(NEW, BODY)


def test_a_cut_upload_leaves_no_object(opened: Opener, proxy: FaultProxy) -> None:
    proxy.plan(Fault("truncate_upload", "PUT"))
    with pytest.raises(StoreUnavailable, match=NEW):
        opened(deadline_seconds=0.2).create(NEW, BODY)
    proxy.plan()
    assert opened().keys("ledger/") == []


@pytest.mark.slow  # moto looks at no checksum
@pytest.mark.parametrize("server", ["ceph"], indirect=True)
@pytest.mark.parametrize("operation", ["create", "create_file"])
def test_an_upload_damaged_on_the_way_is_refused_and_made_again(
    opened: Opener, proxy: FaultProxy, tmp_path: Path, operation: str
) -> None:
    _, act, _ = OPERATIONS[operation]
    proxy.plan(Fault("corrupt_upload", "PUT", times=2))
    assert act(opened(), tmp_path) == BODY


def test_a_storm_of_all_faults_loses_and_doubles_nothing(opened: Opener, proxy: FaultProxy) -> None:
    backend = opened()
    proxy.torture(7, 0.3, "status", "drop_before", "drop_after", "truncate_upload")
    keys = [f"ledger/flights/{number:012d}.json" for number in range(1, 41)]
    for key in keys:
        backend.create(key, key.encode())
    assert sum(seen.fault is not None for seen in proxy.seen) > 10
    proxy.plan()
    assert opened().keys("ledger/") == keys
    assert all(opened().read(key) == key.encode() for key in keys[::10])
