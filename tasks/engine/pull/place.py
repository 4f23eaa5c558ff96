"""A service's folder: one folder a model version, and the link `current` to the one to load.

Whatever is killed when, `current` names a whole version. Nothing is removed but what a killed
pull left under its own names.
"""

import errno
import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import InvalidName, StoreUnavailable
from tasks.engine.pull.bundle import Bundle
from tasks.store.keys import VERSION_RULE
from tasks.store.local import sync_folder

CURRENT = "current"
_ASIDE = ".driftloop-pull-"
_LEFT = re.compile(rf"{re.escape(_ASIDE)}[0-9a-f]{{16}}")
_NEXT_STEPS = {
    errno.ENOSPC: "free some space, then pull again",
    errno.EDQUOT: "free some of the quota, then pull again",
    errno.EACCES: "give this user access to the folder, then pull again",
    errno.EROFS: "mount the folder writable, then pull again",
}


def current_version(folder: Path) -> str | None:
    """The version that `current` names, or None without one of ours."""
    try:
        target = str((folder / CURRENT).readlink())
    except OSError:
        return None
    return target if re.fullmatch(VERSION_RULE, target) else None


@contextmanager
def taken(folder: Path, project: str) -> Iterator[None]:
    """Make the folder and keep other pulls out of it for as long as the block lasts.

    Raises:
        InvalidName: it is no folder, or holds something of others under a name of ours.
        StoreUnavailable: it cannot be written.
    """
    with _explained(folder):
        if folder.exists() and not folder.is_dir():
            raise InvalidName(f"{folder}: refused, it is a file; name a folder")
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            _check_ours(folder, project)
            _remove_left(folder)
            yield
        finally:
            os.close(handle)


def put(folder: Path, bundle: Bundle, attempt: Callable[[Path], None]) -> bool:
    """Have the version's folder hold exactly these files; whether anything had to be written.

    They are written aside, where `attempt` may refuse them by raising, and appear as a whole. In
    a version that is there already, only files that are not as they should be are replaced.
    """
    place = folder / bundle.version
    wrong = [name for name, data in bundle.files.items() if not _holds(place / name, data)]
    if not wrong:
        return False
    with _explained(folder), _aside(folder) as aside:
        aside.mkdir()
        for name, data in bundle.files.items():
            _write(aside / name, data)
        sync_folder(aside)
        attempt(aside)
        if place.is_dir():
            for name in wrong:
                (aside / name).replace(place / name)
            sync_folder(place)
        else:
            aside.rename(place)
        sync_folder(folder)
    return True


def point(folder: Path, version: str) -> None:
    """Have `current` name this version, in one step."""
    if current_version(folder) == version:
        return
    with _explained(folder), _aside(folder) as aside:
        aside.symlink_to(version, target_is_directory=True)
        aside.replace(folder / CURRENT)
        sync_folder(folder)


def _check_ours(folder: Path, project: str) -> None:
    link = folder / CURRENT
    version = current_version(folder)
    if version is None and os.path.lexists(link):
        raise InvalidName(f"{link}: refused, driftloop did not make it; pull into another folder")
    for place in folder.iterdir():
        if re.fullmatch(VERSION_RULE, place.name) and (place.is_symlink() or not place.is_dir()):
            raise InvalidName(f"{place}: refused, it is no folder of driftloop's; move it away")
    served = _project_in(folder / version) if version else None
    if served not in (None, project):
        raise InvalidName(
            f"{folder}: refused, it serves project {served!a}; pull {project} into another folder"
        )


def _project_in(place: Path) -> str | None:
    """The project of a pulled version, None where its card cannot be read: it will be mended."""
    try:
        card = json.loads((place / "card.json").read_bytes())
        return str(card["project"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _remove_left(folder: Path) -> None:
    for left in folder.iterdir():
        if _LEFT.fullmatch(left.name):
            _remove(left)


def _remove(left: Path) -> None:
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left)
    else:
        left.unlink(missing_ok=True)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A path beside the versions; what stands there at the end of the block is removed."""
    aside = folder / f"{_ASIDE}{secrets.token_hex(8)}"
    try:
        yield aside
    finally:
        _remove(aside)


def _holds(path: Path, data: bytes) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != len(data):
        return False
    return path.read_bytes() == data


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        step = _NEXT_STEPS.get(error.errno or 0, "repair the cause, then pull again")
        raise StoreUnavailable(f"{folder}: {error.strerror or error}; {step}") from error
