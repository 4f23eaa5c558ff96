"""A pull: whole or not at all, nothing of others touched, the last good version kept."""

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from schemas.errors import Damaged, InvalidName, Missing, NotYet, StoreUnavailable
from schemas.model import Card
from tasks.engine.pull.pull import Pulled, pull
from tasks.store import Store, keys, open_store
from tests.building.project import NAME
from tests.building.serving import champions, promote, whole_version
from tests.building.world import World

pytestmark = pytest.mark.usefixtures("untried")

Harm = Callable[[Path], None]


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _listing(folder: Path) -> list[tuple[str, int, int]]:
    """Names, inodes and times: what changes when anything is written."""
    found = [(path, path.lstat()) for path in sorted(folder.rglob("*"))]
    return [(str(path), stat.st_ino, stat.st_mtime_ns) for path, stat in found]


def _stored(served: World, version: str, part: str) -> Path:
    """The stored object that a version's card names."""
    [fit] = served.store.record(keys.card(NAME, version), Card).members
    key = {"model": fit.model.key, "features": fit.features.key, "card": keys.card(NAME, version)}
    return served.root / "store" / key[part]


def test_the_champion_is_pulled_and_current_names_it(store: Store, folder: Path) -> None:
    champion = champions(store)[-1]
    assert pull(store, NAME, folder) == Pulled(None, champion, wrote=True, lacks=None)
    assert whole_version(store, folder) == champion
    assert (folder / "current").readlink() == Path(champion)
    names = ["card.json", "features.json", "features.py", "model.ubj", "predict.py"]
    assert sorted(path.name for path in (folder / "current").iterdir()) == names


def test_pulled_again_nothing_is_written(store: Store, folder: Path) -> None:
    pull(store, NAME, folder)
    before = _listing(folder)
    assert not pull(store, NAME, folder).wrote
    assert _listing(folder) == before


@pytest.mark.parametrize("harm", [_flip, _cut, Path.unlink, lambda path: path.write_bytes(b"")])
@pytest.mark.parametrize("name", ["model.ubj", "features.json", "predict.py", "card.json"])
def test_a_damaged_local_file_is_replaced_and_the_others_stay(
    store: Store, folder: Path, name: str, harm: Harm
) -> None:
    champion = pull(store, NAME, folder).version
    inodes = {path.name: path.stat().st_ino for path in (folder / champion).iterdir()}
    harm(folder / champion / name)
    assert pull(store, NAME, folder).wrote
    assert whole_version(store, folder) == champion
    after = {path.name: path.stat().st_ino for path in (folder / champion).iterdir()}
    assert [other for other in after if after[other] != inodes[other]] in ([name], [])
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("harm", [_flip, _cut])
@pytest.mark.parametrize("part", ["model", "features", "card"])
def test_damage_in_the_store_is_named_and_the_last_good_version_kept(
    served: World, store: Store, folder: Path, part: str, harm: Harm
) -> None:
    old, new = champions(store)
    pull(store, NAME, folder, old)
    before = _listing(folder)
    harm(_stored(served, new, part))
    with pytest.raises(Damaged, match=f"current stays at {old}"):
        pull(store, NAME, folder)
    assert _listing(folder)[1:] == before[1:]
    assert sorted(path.name for path in folder.iterdir()) == ["current", old]


@pytest.mark.parametrize("part", ["model", "card"])
def test_a_file_that_was_swapped_for_another_versions_is_refused(
    served: World, store: Store, folder: Path, part: str
) -> None:
    old, new = champions(store)
    pull(store, NAME, folder, old)
    _stored(served, old, part).replace(_stored(served, new, part))
    with pytest.raises((Damaged, Missing), match=f"current stays at {old}"):
        pull(open_store((served.root / "store").as_uri(), served.root / "c"), NAME, folder)


def test_a_version_is_pulled_by_name_and_the_next_pull_goes_back(
    store: Store, folder: Path
) -> None:
    old, new = champions(store)
    assert [pull(store, NAME, folder, v).version for v in (None, old, None)] == [new, old, new]
    assert whole_version(store, folder) == new


def test_what_is_not_there_is_said(store: Store, folder: Path) -> None:
    with pytest.raises(NotYet, match=r"no model v0{16}; .*current does not exist yet"):
        pull(store, NAME, folder, "v" + "0" * 16)
    with pytest.raises(InvalidName, match="expected v"):
        pull(store, NAME, folder, "../../etc")
    with pytest.raises(NotYet, match="there is no champion yet"):
        pull(store, "other", folder)
    assert list(folder.iterdir()) == []


def test_a_file_for_a_folder_is_refused(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(InvalidName, match="it is a file; name a folder"):
        pull(store, NAME, file)
    with pytest.raises(StoreUnavailable, match="Not a directory"):
        pull(store, NAME, file / "below")
    assert file.read_text() == "mine"


def test_what_others_keep_there_is_left_alone(store: Store, folder: Path) -> None:
    (folder / "notes").mkdir(parents=True)
    for name in ("notes/today.txt", ".driftloop-pull-mine", "v2", "model.ubj"):
        (folder / name).write_text("mine")
    pull(store, NAME, folder)
    (folder / "current" / "mine.txt").write_text("mine")
    (folder / "current" / "model.ubj").unlink()
    pull(store, NAME, folder)
    for name in ("notes/today.txt", ".driftloop-pull-mine", "v2", "model.ubj", "current/mine.txt"):
        assert (folder / name).read_text() == "mine"


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda p: p.symlink_to("/opt/app")])
def test_a_current_of_somebody_else_is_refused(store: Store, folder: Path, make: Harm) -> None:
    folder.mkdir(parents=True)
    make(folder / "current")
    before = _listing(folder)
    with pytest.raises(InvalidName, match="driftloop did not make it; pull into another folder"):
        pull(store, NAME, folder)
    assert _listing(folder) == before


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("/opt/app")])
def test_a_version_that_is_no_folder_is_refused(store: Store, folder: Path, make: Harm) -> None:
    folder.mkdir(parents=True)
    make(folder / champions(store)[-1])
    with pytest.raises(InvalidName, match="move it away"):
        pull(store, NAME, folder)


def test_one_folder_serves_one_project(store: Store, folder: Path) -> None:
    pull(store, NAME, folder)
    with pytest.raises(InvalidName, match=f"it serves project '{NAME}'"):
        pull(store, "other", folder)


def test_pulls_at_once_take_turns(served: World, folder: Path) -> None:
    def one(number: int) -> Pulled:
        own = open_store((served.root / "store").as_uri(), served.root / f"cache-{number}")
        return pull(own, NAME, folder)

    with ThreadPoolExecutor(8) as pool:
        pulled = list(pool.map(one, range(8)))
    assert sorted(done.wrote for done in pulled) == [False] * 7 + [True]
    assert whole_version(served.store, folder) == served.champion
    assert len(list(folder.iterdir())) == 2


def test_a_full_disk_is_said_and_leaves_the_last_good_version(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = champions(store)
    pull(store, NAME, folder, old)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("tasks.engine.pull.place.os.fsync", full)
        with pytest.raises(StoreUnavailable, match=f"free some space.*stays at {old}"):
            pull(store, NAME, folder)
    assert whole_version(store, folder) == old
    assert sorted(path.name for path in folder.iterdir()) == ["current", old]
    promote(store, new)
    assert pull(store, NAME, folder).version == new
