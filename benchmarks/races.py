"""Many promoters race for the next slot of a ledger, round after round: one may win each.

Run it with `.venv/bin/python -m benchmarks.races [ADDRESS ...]`, each a file:/// or s3:// store
whose server and credentials are in the environment as for driftloop; by default a folder of its
own. It ends with 1 when a round had not exactly one winner, a loser was not told who won, or a
chain broke. What it writes lies under projects named `race-<random>-<number>` and stays, as a
ledger does.
"""

import argparse
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Barrier

from schemas.errors import Conflict
from schemas.ledger import Entry, Standing
from tasks.store import Store, open_store
from tasks.store.ledger import append, entries, read_standing

PROMOTERS = 32
LEDGER = 50
"""Rounds in one ledger: each of them reads all of it."""
_NIGHT = date(2026, 1, 1)


@dataclass
class Tally:
    """What many rounds came to."""

    rounds: int = 0
    wins: int = 0
    told: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def line(self, where: str) -> str:
        """A line of the table."""
        each = 1000 * self.seconds / max(self.rounds, 1)
        verdict = "FAIL" if self.problems else "pass"
        counts = f"{self.rounds:>7} {self.wins:>8} {self.told:>12}"
        return f"{where:<36.36} {counts} {each:>10.0f}  {verdict}"


HEAD = f"{'store':<36} {'rounds':>7} {'winners':>8} {'losers told':>12} {'ms/round':>10}"


def race(opened: Callable[[], Store], rounds: int, promoters: int = PROMOTERS) -> Tally:
    """Have so many promoters, each with a store of its own, race so many times."""
    tally = Tally()
    run = secrets.token_hex(4)
    stores = [opened() for _ in range(promoters)]
    begun = time.monotonic()
    with ThreadPoolExecutor(promoters) as pool:
        while tally.rounds < rounds:
            project = f"race-{run}-{tally.rounds // LEDGER}"
            length = min(LEDGER, rounds - tally.rounds)
            for _ in range(length):
                _race_once(stores, pool, project, tally)
            _check_chain(opened(), project, length, tally)
    tally.seconds = time.monotonic() - begun
    return tally


def _race_once(
    stores: Sequence[Store], pool: ThreadPoolExecutor, project: str, tally: Tally
) -> None:
    judged = read_standing(stores[0], project)
    start = Barrier(len(stores))

    def promote(number: int) -> Entry | str:
        start.wait(120)
        return _promote(stores[number], project, judged, number)

    ended = list(pool.map(promote, range(len(stores))))
    tally.rounds += 1
    won = [end for end in ended if isinstance(end, Entry)]
    tally.wins += len(won)
    if len(won) != 1:
        tally.problems.append(f"{project} slot {judged.seq + 1}: {len(won)} winners")
        return
    naming = f"'promote {won[0].version}' by '{won[0].actor}'"
    lost = [end for end in ended if isinstance(end, str)]
    tally.told += sum(naming in end for end in lost)
    tally.problems += [end for end in lost if naming not in end]


def _promote(store: Store, project: str, judged: Standing, number: int) -> Entry | str:
    try:
        return append(
            store,
            project,
            judged,
            "promote",
            as_of=_NIGHT,
            reason="a race",
            actor=f"promoter {number}",
            version=f"v{number:016x}",
        )
    except Conflict as lost:
        return str(lost)


def _check_chain(store: Store, project: str, length: int, tally: Tally) -> None:
    """As a process reads it that took no part: every slot filled, every entry after the last."""
    found = entries(store, project)
    if len(found) != length:
        tally.problems.append(f"{project}: {len(found)} entries after {length} rounds")


def main() -> int:
    """Race on every address; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description="Race many promoters for one slot.")
    parser.add_argument("address", nargs="*", help="file:///folder or s3://bucket/prefix")
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--promoters", type=int, default=PROMOTERS)
    options = parser.parse_args()
    print(f"{options.promoters} promoters at once\n{HEAD}")
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="driftloop-races-") as folder:
        for address in options.address or [(Path(folder) / "store").as_uri()]:
            cache = Path(folder) / secrets.token_hex(4)
            tally = race(lambda: open_store(address, cache), options.rounds, options.promoters)  # noqa: B023
            print(tally.line(address), flush=True)
            problems += tally.problems
    print(*problems[:20], sep="\n", end="")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
