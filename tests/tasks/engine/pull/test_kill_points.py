"""Killed at any step, `current` names a whole version, and the next pull ends what was begun."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tasks.engine.pull.pull import pull
from tasks.store import Store
from tests.building.brittle import Killed
from tests.building.project import NAME
from tests.building.serving import champions, whole_version

STEPS: list[tuple[Any, str]] = [
    *((Path, name) for name in ("mkdir", "open", "rename", "replace", "symlink_to", "unlink")),
    (os, "fsync"),
    (shutil, "rmtree"),
]

pytestmark = pytest.mark.usefixtures("untried")


@contextmanager
def dying_before(number: int) -> Iterator[None]:
    """The process dies before its step `number`; the dead do not clean up either."""
    made = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            nonlocal made
            made += 1
            if made >= number:
                raise Killed(f"before step {number}")
            return real(*arguments, **options)

        return step

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, counted(getattr(owner, name)))
        yield


@pytest.mark.parametrize("begin", ["empty", "older", "damaged"])
def test_killed_at_any_step_current_is_old_or_new_and_the_next_pull_repairs(
    store: Store, tmp_path: Path, begin: str
) -> None:
    old, new = champions(store)
    before = {"empty": None, "older": old, "damaged": new}[begin]
    start = tmp_path / "start"
    if before:
        pull(store, NAME, start, before)
    start.mkdir(exist_ok=True)
    for number in range(1, 100):
        folder = tmp_path / str(number)
        shutil.copytree(start, folder, symlinks=True)
        if begin == "damaged":
            (folder / new / "model.ubj").write_bytes(b"")
            (folder / new / "predict.py").unlink()
        try:
            with dying_before(number):
                pull(store, NAME, folder)
        except Killed:
            _check_after_kill(store, folder, begin, before, new)
        else:
            break
        pull(store, NAME, folder)
        assert whole_version(store, folder) == new
        left = {path.name for path in folder.iterdir()} - {"current", old, new}
        assert left == set()
    assert number > 12, "a pull has more steps than that"


def _check_after_kill(store: Store, folder: Path, begin: str, before: str | None, new: str) -> None:
    if begin == "damaged":  # it was not whole before; nothing has become worse
        assert (folder / "current").readlink() == Path(new)
        return
    assert whole_version(store, folder) in (before, new)
