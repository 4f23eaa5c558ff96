"""A hard year: 365 nights of flights under kills, faults, late files, an upgrade; then checked.

Run it with `.venv/bin/python -m benchmarks.hard_year --store ceph --seed 1`; it ends with 1 when
anything is not as it should be. The year is drawn from its seed, so a failure repeats.

An older version of driftloop, a commit of this repository, loads two months of history, judges the
first champion and runs a week; from then on this version goes on with its records (on S3: with a
copy). About a quarter of the runs is killed by SIGKILL at some moment, a tenth meets a disk that
fails; on S3 a hundredth of all requests is refused, lost, cut or damaged on the way, and the
server is killed now and then. Files come late, anew, broken or empty; both changes of the clock are
among the nights; the world changes, a feed changes its unit, the contract is changed; the receiver
of alerts refuses on some nights; a week runs on a Prefect server whose parts are killed.

At the end everything must be there once: see `benchmarks.year.checks`. And the same year without a
kill or a fault, which is lived first, must have left the same bytes; `--calm FOLDER` keeps it.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.year.checks import check_same, check_year, content
from benchmarks.year.driver import Lived, live_year
from benchmarks.year.plan import Year, draw_year
from benchmarks.year.stores import Place, open_place
from benchmarks.year.work import PROJECT
from tasks.store import open_store

_DONE = "lived"


def main() -> int:
    """Live the year, print what happened and what is wrong; 1 when something is."""
    options = _parse_options()
    year = draw_year(options.seed, options.nights)
    with tempfile.TemporaryDirectory(prefix="driftloop-year-") as scratch:
        calm = options.calm or Path(scratch) / "calm"
        if options.store == "calm":
            return _live_calm(year, calm)
        if not (calm / _DONE).exists() and _live_calm(year, calm):
            return 1
        hard = Path(scratch) / "hard"
        hard.mkdir()
        with open_place(options.store, hard) as place:
            lived = live_year(year, place, hard, is_calm=False, tell=_tell)
            twin = content(open_store((calm / "store").as_uri(), calm / "cache"))
            wrong = check_year(
                lived.store, year, hard / "landing", lived.received, lived.struck_nights
            )
            return _sum_up(lived, place, [*wrong, *check_same(lived.store, twin)])


def _live_calm(year: Year, folder: Path) -> int:
    """The year alone, into a folder that is kept if it was asked for."""
    folder.mkdir(parents=True)
    place = Place((folder / "store").as_uri())
    lived = live_year(year, place, folder, is_calm=True, tell=_tell)
    wrong = check_year(lived.store, year, folder / "landing", lived.received)
    found = _sum_up(lived, place, list(wrong))
    (folder / _DONE).touch()
    return found


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--store", choices=("local", "ceph", "calm"), default="local")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--calm", type=Path, help="folder of a calm year of this seed, or for it")
    return parser.parse_args()


def _sum_up(lived: Lived, place: Place, wrong: list[str]) -> int:
    records = {name: len(lived.store.places(name, PROJECT)) for name in ("nights", "ledger")}
    print(f"{records['nights']} night records, {records['ledger']} ledger entries")
    print("runs struck: " + ", ".join(f"{n} {what}" for what, n in sorted(lived.struck.items())))
    print(f"requests struck: {place.told()}")
    print(
        f"alerts: {len(lived.received)} received, {lived.refused_alerts} refused on the way; "
        f"{lived.workers} workers; {lived.seconds / 60:.0f} minutes"
    )
    for one in wrong:
        print(f"WRONG {one}")
    print(f"{len(wrong)} things are wrong" if wrong else "everything is there, once")
    return 1 if wrong else 0


def _tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
