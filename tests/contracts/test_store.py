"""What every backend of the store promises, on a folder, on moto's server and on Ceph.

A backend joins by adding its name to `BACKENDS`, and what opens it to `opened`.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from schemas.errors import Conflict, InvalidName, Missing
from tasks.store.backend import Backend
from tasks.store.local import LocalStore
from tasks.store.open import open_backend
from tests.building.s3_server import S3Server

Opener = Callable[[], Backend]
BACKENDS = ("local", "moto", "ceph")
SERVERS = {"moto": "moto_server", "ceph": "ceph"}

THREADS = 16
ROUNDS = 5
STRANGE = [
    *("", "/etc/passwd", "..", "a/../../b", "a/..", "./a", "a//b", "a/", "a/.b", ".tmp/a"),
    *("a\0", "a\n", "a b", "a\\b", "é"),
]
KEY = "batches/flights/2013-01-02/r01.json"


@pytest.fixture(params=BACKENDS)
def opened(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens one and the same store, as each of several processes would."""
    if request.param == "local":
        folder = request.getfixturevalue("tmp_path") / "contract"
        return lambda: LocalStore(folder)
    server: S3Server = request.getfixturevalue(SERVERS[request.param])
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    bucket = server.make_bucket()
    return lambda: open_backend(f"s3://{bucket}/some/prefix")


@pytest.fixture
def backend(opened: Opener) -> Backend:
    return opened()


def test_what_was_created_is_read_by_everyone(opened: Opener) -> None:
    opened().create(KEY, b"rows")
    assert opened().read(KEY) == b"rows"
    assert opened().size(KEY) == 4


def test_creating_the_same_bytes_again_is_success(backend: Backend) -> None:
    assert backend.create(KEY, b"rows")
    assert not backend.create(KEY, b"rows")
    assert backend.keys("batches/") == [KEY]


@pytest.mark.parametrize("other", [b"", b"row", b"rows2", b"rowz"])
def test_other_bytes_conflict_and_change_nothing(backend: Backend, other: bytes) -> None:
    backend.create(KEY, b"rows")
    with pytest.raises(Conflict, match=KEY):
        backend.create(KEY, other)
    assert backend.read(KEY) == b"rows"


def test_an_empty_object_is_an_object(backend: Backend) -> None:
    backend.create(KEY, b"")
    assert backend.size(KEY) == 0
    with pytest.raises(Conflict):
        backend.create(KEY, b"rows")


def test_files_stream_in_and_out_whole(backend: Backend, tmp_path: Path) -> None:
    content = bytes(range(256)) * 9_001  # over two chunks, and not a multiple of one
    (tmp_path / "in").write_bytes(content)
    assert backend.create_file(KEY, tmp_path / "in")
    assert not backend.create_file(KEY, tmp_path / "in")
    assert backend.read_file(KEY, tmp_path / "out") == hashlib.sha256(content).hexdigest()
    assert (tmp_path / "out").read_bytes() == content
    (tmp_path / "in").write_bytes(content[:-1])
    with pytest.raises(Conflict, match=KEY):
        backend.create_file(KEY, tmp_path / "in")


def test_what_is_absent_is_missing_by_name(backend: Backend, tmp_path: Path) -> None:
    backend.create(KEY, b"rows")
    for absent in ("batches/flights/2013-01-02", "batches/flights/2013-01-03/r01.json"):
        for ask in (backend.read, backend.size):
            with pytest.raises(Missing, match=absent):
                ask(absent)
        with pytest.raises(Missing, match=absent):
            backend.read_file(absent, tmp_path / "out")


def test_replace_makes_and_overwrites(backend: Backend) -> None:
    backend.replace("champion/flights.json", b"old")
    backend.replace("champion/flights.json", b"new")
    assert backend.read("champion/flights.json") == b"new"


def test_keys_are_listed_sorted_and_below_their_prefix_only(backend: Backend) -> None:
    keys = [
        f"batches/{name}/2013-01-0{day}/r01.json" for name in ("a", "a-b", "b") for day in (1, 2)
    ]
    for key in reversed(keys):
        backend.create(key, b"rows")
    assert backend.keys("batches/") == sorted(keys)
    assert backend.keys("batches/a/") == sorted(keys[:2])
    assert backend.keys("batches/a/2013-01-02/") == [keys[1]]
    assert backend.keys("ledger/a/") == []
    with pytest.raises(InvalidName, match="ends in"):
        backend.keys("batches/a")


def test_a_listing_tells_size_and_age_by_the_clock_of_the_store(backend: Backend) -> None:
    before = backend.now()
    backend.create(KEY, b"rows")
    (listed,) = backend.listed("batches/flights/")
    assert (listed.key, listed.bytes) == (KEY, 4)
    tolerance = timedelta(seconds=2)  # stores date by whole seconds
    assert before - tolerance <= listed.modified <= backend.now() + tolerance
    assert abs(backend.modified(KEY) - listed.modified) < timedelta(seconds=1)
    assert backend.listed("batches/other/") == []
    with pytest.raises(Missing):
        backend.modified(f"{KEY}.not")


def test_what_was_deleted_is_absent_and_its_name_is_free(backend: Backend) -> None:
    backend.create(KEY, b"rows")
    backend.delete(KEY)
    backend.delete(KEY)
    backend.delete("batches/flights/2013-01-03/r01.json")
    assert backend.keys("batches/") == []
    with pytest.raises(Missing):
        backend.read(KEY)
    backend.create(KEY, b"other")
    assert backend.read(KEY) == b"other"


@pytest.mark.parametrize("key", STRANGE)
def test_keys_that_no_module_builds_are_refused(backend: Backend, key: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"rows")
    for refused in (
        lambda: backend.create(key, b"rows"),
        lambda: backend.create_file(key, tmp_path / "in"),
        lambda: backend.replace(key, b"rows"),
        lambda: backend.read(key),
        lambda: backend.read_file(key, tmp_path / "out"),
        lambda: backend.size(key),
        lambda: backend.delete(key),
        lambda: backend.keys(f"{key}/"),
    ):
        with pytest.raises(InvalidName):
            refused()
    assert {path.name for path in tmp_path.iterdir()} <= {"in", "contract"}


def test_one_of_many_writers_wins_each_slot(opened: Opener) -> None:
    backends = [opened() for _ in range(THREADS)]
    start = Barrier(THREADS)

    def write(writer: int, slot: int) -> bool:
        start.wait()
        try:
            backends[writer].create(f"ledger/flights/{slot:012d}.json", b"%d" % writer)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        for slot in range(1, ROUNDS + 1):
            won = list(pool.map(write, range(THREADS), [slot] * THREADS))
            assert won.count(True) == 1
            assert backends[0].read(f"ledger/flights/{slot:012d}.json") == b"%d" % won.index(True)
