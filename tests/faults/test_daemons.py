"""Ceph's daemons killed under load: what was acknowledged is there, and the writers go on."""

import threading
import time
from collections.abc import Iterator

import pytest

from tasks.store.s3 import S3Store
from tests.building.ceph import Ceph, need_ceph
from tests.building.s3_server import free_ports

WRITERS = 4
KILLS = ("rgw", "osd", "rgw", "osd")
LOAD_SECONDS = 1.5

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture
def lasting_ceph(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ceph]:
    """One that keeps its objects on disk."""
    need_ceph()
    server = Ceph(free_ports(), folder=tmp_path_factory.mktemp("lasting"), objects="bluestore")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    try:
        server.create()
        yield server
    finally:
        server.stop()


class Writer(threading.Thread):
    """Creates one record after the other, and notes which were acknowledged."""

    def __init__(self, bucket: str, number: int, stop: threading.Event) -> None:
        super().__init__()
        self.store = S3Store(bucket, "load")
        self.number, self.stopped = number, stop
        self.acknowledged: list[str] = []
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while not self.stopped.is_set():
                key = f"ledger/writer-{self.number}/{len(self.acknowledged) + 1:012d}.json"
                self.store.create(key, key.encode() * 20)
                self.acknowledged.append(key)
        except Exception as error:  # noqa: BLE001  # told by the test
            self.failure = error


def test_no_acknowledged_write_is_lost_and_writers_resume(lasting_ceph: Ceph) -> None:
    bucket, stop = lasting_ceph.make_bucket(), threading.Event()
    writers = [Writer(bucket, number, stop) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        for name in KILLS:
            time.sleep(LOAD_SECONDS)
            lasting_ceph.kill(name)
            time.sleep(0.5)
            lasting_ceph.start()
            before = [len(writer.acknowledged) for writer in writers]
            lasting_ceph.wait(100, "resumed writers", lambda b=before: _all_resumed(writers, b))  # type: ignore[misc]
    finally:
        stop.set()
        for writer in writers:
            writer.join(150)
    assert [writer.failure for writer in writers] == [None] * WRITERS
    acknowledged = {key for writer in writers for key in writer.acknowledged}
    reader = S3Store(bucket, "load")
    assert acknowledged <= set(reader.keys("ledger/"))
    assert all(reader.read(key) == key.encode() * 20 for key in acknowledged)
    print(f"{len(acknowledged)} acknowledged records, {len(KILLS)} kills")


def _all_resumed(writers: list[Writer], before: list[int]) -> bool:
    assert all(writer.is_alive() for writer in writers), [writer.failure for writer in writers]
    return all(len(w.acknowledged) > n + 1 for w, n in zip(writers, before, strict=True))
