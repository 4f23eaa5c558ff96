"""Files that go up in parts: whole or absent, whatever happens to a part."""

import os
from pathlib import Path

import pytest

from schemas.errors import Conflict, StoreUnavailable
from tests.building.fault_proxy import FaultProxy
from tests.building.faults import Fault
from tests.tasks.store.s3.conftest import Opener

KEY = "data/flights/" + "0" * 64 + ".parquet"
MEGABYTES = 40
FAULTS = {
    "none": [],
    "a part is refused": [Fault("status", "PUT", "partNumber=2", times=2, status=500)],
    "parts are cut": [Fault("truncate_upload", "PUT", "partNumber=[13]", times=2)],
    "a part's answer is lost": [Fault("drop_after", "PUT", "partNumber=4", times=1)],
    "the beginning's answer is lost": [Fault("drop_after", "POST", "uploads", times=1)],
    "the end's answer is lost": [Fault("drop_after", "POST", "uploadId=", times=1)],
    "the end's answer is lost again and again": [Fault("drop_after", "POST", "uploadId=", times=3)],
    "the end is refused": [Fault("status", "POST", "uploadId=", times=3, status=500)],
    "the server says nothing": [Fault("hang", "PUT", "partNumber=3", times=1)],
}


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("big") / "big"
    path.write_bytes(os.urandom(MEGABYTES << 20))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("faults", FAULTS)
def test_a_large_file_arrives_whole_through_faults(
    opened: Opener, proxy: FaultProxy, big: Path, tmp_path: Path, faults: str
) -> None:
    backend = opened()
    proxy.plan(*(Fault(**vars(fault)) for fault in FAULTS[faults]))
    backend.create_file(KEY, big)
    assert all(fault.struck for fault in proxy.faults)
    proxy.plan(Fault("truncate_response", "GET", KEY, skip=1, times=2))
    backend.read_file(KEY, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == big.read_bytes()
    assert not backend.create_file(KEY, big), "it was there"


def test_a_large_file_cut_half_way_is_absent(opened: Opener, proxy: FaultProxy, big: Path) -> None:
    proxy.plan(Fault("drop_before", "PUT", "partNumber=[345]"))
    with pytest.raises(StoreUnavailable, match=KEY):
        opened(deadline_seconds=-100).create_file(KEY, big)
    proxy.plan()
    assert opened().keys("data/") == []


@pytest.mark.slow
def test_another_large_file_under_the_same_key_conflicts_and_changes_nothing(
    opened: Opener, big: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_bytes(bytes(MEGABYTES << 20))
    opened().create_file(KEY, big)
    with pytest.raises(Conflict, match=KEY):
        opened().create_file(KEY, other)
    opened().read_file(KEY, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == big.read_bytes()
