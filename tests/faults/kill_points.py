"""Strikes a night, a promotion or a roll-back at every call to its store, and compares the ends.

A strike is `kill`, or `meet`: another machine does the same just then, from beginning to end.
`python -m tests.faults.kill_points EVENING WORK STORE ACT STRIKE EVERY SHARE SHARES`, run as a
program since it forks from a process that has everything imported and no thread. It prints counts.
"""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.nightly import nightly
from flows.promote import promote
from flows.rollback import rollback
from schemas.errors import Conflict, Declined
from tasks.engine import alone
from tasks.home import home
from tasks.store import Store, keys
from tasks.store.ledger import entries, read_standing
from tasks.store.probe import why_undecidable
from tasks.store.verify import verify
from tests.building.fixtures import SERVED, cut_short, settle
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.faults.killing import Point, choose_points, count_calls, die, have_happen
from tests.faults.objects import Objects

CONFLICT = 3
HINT = keys.champion(NAME)


def run_night() -> None:
    """The night that promotes a refresh."""
    nightly.fn(NAME, day(SERVED))


def promote_by_hand() -> None:
    """An override; found done when it is done."""
    try:
        promote.fn(NAME, "because", "ann")
    except Declined as done:
        if "no labelled night is newer" not in str(done):
            raise


def roll_back() -> None:
    """A person's roll-back, who types the same again after a kill."""
    try:
        rollback.fn(NAME, "because", "ann")
    except Declined as done:
        if "rolled back already" not in str(done):
            raise


ACTS: dict[str, tuple[Callable[[], None], str]] = {
    "night": (run_night, "promote"),
    "promote": (promote_by_hand, "promote"),
    "rollback": (roll_back, "rollback"),
}


def in_child(act: Callable[[], object]) -> int:
    """Do it in a fork that knows nothing but the store; the child's wait status."""
    child = os.fork()
    if child == 0:
        try:
            act()
            os._exit(0)
        except Conflict as lost:
            print(f"a clear error: {lost}", file=sys.stderr)
            os._exit(CONFLICT)
        finally:
            traceback.print_exc()
            os._exit(1)
    return os.waitpid(child, 0)[1]


class Trial:
    """One act in one store, undone and done again for each point."""

    def __init__(self, objects: Objects, act: str, moves: int) -> None:
        self.objects = objects
        self.act, self.action = ACTS[act]
        self.conflicts = 0
        self.moves = moves + 1
        must(in_child(self.act), "the act itself")
        self.goal = objects.found()

    def calls(self, note: Path) -> list[str]:
        """The names of all calls that the act makes."""

        def count() -> None:
            made = count_calls(home().backend)
            self.act()
            note.write_text("\n".join(made))

        self.objects.restore()
        must(in_child(count), "counting")
        return note.read_text().split()

    def kill(self, point: Point) -> None:
        """Kill the act at this point, look at what is left, run it again, compare."""

        def run() -> None:
            have_happen(home().backend, point, die)
            self.act()

        self.objects.restore()
        status = in_child(run)
        if not os.WIFSIGNALED(status):
            raise SystemExit(f"{point}: not killed, it ended with {status}")
        if point.is_write:  # a read leaves what the write before it left
            must(in_child(self._check_left), f"{point}: what it left")
        must(in_child(self.act), f"{point}: the next run")
        self._compare(point)

    def meet(self, point: Point) -> None:
        """Have another machine do all of it at this point; at most one run has to be repeated."""

        def run() -> None:
            have_happen(home().backend, point, lambda: must(in_child(self._elsewhere), "the other"))
            self.act()

        self.objects.restore()
        status = in_child(run)
        if status and os.waitstatus_to_exitcode(status) != CONFLICT:
            raise SystemExit(f"{point}: it ended with {status}")
        self.conflicts += bool(status)
        must(in_child(self.act), f"{point}: the next run")
        self._compare(point)

    def _elsewhere(self) -> None:
        """The act on a machine that shares the store and nothing else."""
        os.environ["DRIFTLOOP_CACHE"] = f"{os.environ['DRIFTLOOP_CACHE']}-elsewhere"
        alone._held.clear()
        self.act()

    def _check_left(self) -> None:
        store = home()
        assert verify(store, NAME) == []
        left = entries(store, NAME)
        assert len(left) in (self.moves - 1, self.moves)

    def _compare(self, point: Point) -> None:
        """One effect, nothing lost: the unkilled run's store, but for a hint that may lag."""
        found = self.objects.found()
        goal = self.goal
        if differing := {k for k in found.keys() | goal.keys() if found.get(k) != goal.get(k)}:
            assert differing == {HINT}, f"{point}: {sorted(differing)}"


def must(status: int, what: str) -> None:
    """Go on only after a good end."""
    if status:
        raise SystemExit(f"{what} failed ({status})")


def check_end(trial: Trial, store: Store) -> None:
    """The last run's store is sound and has one entry more."""
    assert verify(store, NAME) == []
    assert [entry.action for entry in entries(store, NAME)][-1] == trial.action
    assert read_standing(store, NAME).seq == trial.moves


def main(
    evening: Path,
    work: Path,
    url: str,
    act: str,
    strike: str,
    every: int,
    share: int,
    shares: int,
) -> None:
    """All points of one share, one after the other."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        world = settle(work, patch)
        World(evening).copy_to(work)
        if url != "file":
            patch.setenv("DRIFTLOOP_STORE", f"{url}/{share}")
        objects = Objects.of(work / "store", url, str(share))
        objects.restore()
        # asked before any point, so that the verdict is in the cache and its calls are no points
        must(in_child(lambda: why_undecidable(home())), "the probe")
        moves = len(entries(world.store, NAME))
        world.forget()  # no fork may inherit a record or a connection
        trial = Trial(objects, act, moves)
        calls = trial.calls(work / "calls")
        points = choose_points(calls, every, share, shares)
        for point in points:
            {"kill": trial.kill, "meet": trial.meet}[strike](point)
        world.forget()
        check_end(trial, world.store)
    print(len(points), trial.conflicts, len(calls))


if __name__ == "__main__":
    places = [Path(argument) for argument in sys.argv[1:3]]
    main(*places, *sys.argv[3:6], *map(int, sys.argv[6:9]))  # type: ignore[arg-type]
