"""The folder store where disks fail, links lead astray and writers leave things behind."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Damaged, StoreUnavailable
from tasks.store.local import STALE_SECONDS, LocalStore

KEY = "batches/flights/2013-01-02/r01.json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


def fail_with(code: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def visible(root: Path) -> list[str]:
    """Everything in the store, the folder aside included."""
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("call", ["write", "fsync", "open", "link", "mkdir"])
@pytest.mark.parametrize(
    ("code", "step"), [(errno.ENOSPC, "free some space"), (errno.EIO, "check it")]
)
def test_a_failing_disk_is_named_and_nothing_becomes_visible(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, step: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail_with(code))
        with pytest.raises(StoreUnavailable, match=step) as raised:
            LocalStore(root).create(KEY, b"rows")
        assert str(root) in str(raised.value)
    assert visible(root) == []
    LocalStore(root).create(KEY, b"rows")
    assert visible(root) == [KEY]


def test_a_full_disk_in_the_middle_of_a_file_leaves_nothing(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    room = [3_000_000]

    def write_until_full(handle: int, data: bytes) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = write(handle, data[: min(len(data), 7_000, room[0])])  # short writes as well
        room[0] -= written
        return written

    (tmp_path / "in").write_bytes(os.urandom(4_000_000))
    monkeypatch.setattr(os, "write", write_until_full)
    with pytest.raises(StoreUnavailable, match="free some space"):
        LocalStore(root).create_file(KEY, tmp_path / "in")
    assert visible(root) == []
    room[0] = 5_000_000
    LocalStore(root).create_file(KEY, tmp_path / "in")
    assert (root / KEY).read_bytes() == (tmp_path / "in").read_bytes()


def test_a_failed_sync_is_never_tried_again_on_the_same_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []

    def fail_on_files(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            synced.append(handle)
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail_on_files)
    with pytest.raises(StoreUnavailable):
        LocalStore(root).create(KEY, b"rows")
    assert len(synced) == 1
    assert visible(root) == []


def test_an_unsynced_folder_is_an_error_that_a_second_run_repairs(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore(root)
    store.create(KEY.replace("r01", "r02"), b"others")  # the folders are there and synced
    fsync = os.fsync
    folders: list[str] = []

    def fail_on_folders(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            folders.append(Path(f"/proc/self/fd/{handle}").readlink().name)
            raise OSError(errno.EIO, "Input/output error")
        fsync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail_on_folders)
        for _ in range(2):  # found complete the second time, but still not known to be on disk
            with pytest.raises(StoreUnavailable):
                store.create(KEY, b"rows")
    assert folders == ["2013-01-02"] * 2
    store.create(KEY, b"rows")
    assert store.read(KEY) == b"rows"


def test_every_new_name_is_synced_from_the_root_down(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, str]] = []
    for name in ("mkdir", "link", "fsync"):
        monkeypatch.setattr(os, name, _noting(name, calls, root))
    LocalStore(root).create(KEY, b"rows")
    names = [call for call in calls if not call[1].startswith(".tmp")]
    assert names == [
        *[("mkdir", "."), ("fsync", "..")],
        *[("mkdir", "batches"), ("fsync", ".")],
        *[("mkdir", "batches/flights"), ("fsync", "batches")],
        *[("mkdir", "batches/flights/2013-01-02"), ("fsync", "batches/flights")],
        ("fsync", "."),  # the folder aside
        *[("link", KEY), ("fsync", "batches/flights/2013-01-02")],
    ]
    aside = [call for call, path in calls if path.startswith(".tmp/")]
    assert aside == ["fsync"]
    assert calls.index(("link", KEY)) > [call for call, _ in calls].index("fsync")


def _noting(name: str, calls: list[tuple[str, str]], root: Path) -> Callable[..., Any]:
    real = getattr(os, name)

    def note(*arguments: Any, **options: Any) -> Any:
        subject = arguments[-1] if name == "link" else arguments[0]
        path = Path(f"/proc/self/fd/{subject}").readlink() if name == "fsync" else Path(subject)
        calls.append((name, os.path.relpath(path, root)))
        return real(*arguments, **options)

    return note


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_without_hard_links_is_named_as_such(
    root: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(os, "link", fail_with(code))
    with pytest.raises(StoreUnavailable, match=r"needs hard links: choose a folder"):
        LocalStore(root).create(KEY, b"rows")
    assert visible(root) == []


@pytest.mark.parametrize("link", ["batches", "batches/flights", KEY])
def test_a_symbolic_link_is_not_followed_out_of_the_store(root: Path, link: str) -> None:
    outside = root.parent / "outside"
    LocalStore(root).create(KEY, b"rows")
    (root / link).rename(outside)
    (root / link).symlink_to(outside)
    before = {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    store = LocalStore(root)
    for refused in (
        lambda: store.read(KEY),
        lambda: store.size(KEY),
        lambda: store.create(KEY, b"other"),
        lambda: store.replace(KEY, b"other"),
        lambda: store.local_path(KEY),
    ):
        with pytest.raises(Damaged, match="symbolic link"):
            refused()
    assert before == {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}


def test_the_root_itself_may_be_a_link(root: Path) -> None:
    (root.parent / "disk").mkdir()
    root.symlink_to(root.parent / "disk")
    LocalStore(root).create(KEY, b"rows")
    assert (root.parent / "disk" / KEY).read_bytes() == b"rows"


def test_what_dead_writers_left_is_removed_after_a_day(root: Path) -> None:
    LocalStore(root).create(KEY, b"rows")
    for name, age in (("old", STALE_SECONDS + 60), ("young", STALE_SECONDS - 60)):
        left = root / ".tmp" / name
        left.write_bytes(b"half")
        os.utime(left, (left.stat().st_mtime - age,) * 2)
    assert LocalStore(root).keys("batches/") == [KEY]
    assert sorted(visible(root)) == [".tmp/young", KEY]


def test_opening_and_reading_make_no_folder(root: Path) -> None:
    assert LocalStore(root).keys("batches/") == []
    assert not root.exists()


def test_files_have_the_mode_that_the_user_chose(root: Path) -> None:
    before = os.umask(0o027)
    try:
        LocalStore(root).create(KEY, b"rows")
    finally:
        os.umask(before)
    assert stat.S_IMODE((root / KEY).stat().st_mode) == 0o640
    assert (root / KEY).stat().st_nlink == 1


def test_a_folder_that_cannot_be_listed_is_no_empty_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LocalStore(root).create(KEY, b"rows")
    monkeypatch.setattr(os, "scandir", fail_with(errno.EACCES))
    with pytest.raises(StoreUnavailable, match="give this user access"):
        LocalStore(root).keys("batches/")
