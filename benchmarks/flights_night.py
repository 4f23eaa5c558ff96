"""What the nights of `flights` cost: history by night, an ordinary night, a refresh by part.

Run it with `.venv/bin/python -m benchmarks.flights_night`. Real flights are laid out in a folder
of its own, history is ingested in one run, the first champion made, then live nights run in order
in this one process, as the demo runs them. An ordinary night is one without a retrain; imports and
Evidently's report, whose share is measured by itself, do not count. Seconds depend on the machine:
only the night's CPU has a limit, the one that the issue names.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from benchmarks.parts import Spent, measured, median, timed
from deployments.landing import FIRST, lay_out
from flows.find import find_project
from flows.ingest import history
from flows.nightly import nightly
from flows.retrain import retrain
from schemas.night import Night
from tasks.home import home

NIGHT_CPU_SECONDS = 1.0
NAME = "flights"
REPORT = "tasks.engine.monitor:report_drift"
HISTORY_PARTS = (
    "tasks.engine.history:ingest_batch",
    "tasks.engine.history:ingest_labels",
    "tasks.engine.history:score_if_sound",
    "tasks.engine.history:commit_night",
    "tasks.engine.ingest:check_rows",
    "tasks.engine.batch_record:save_frame",
    "tasks.engine.batch_record:profile",
)
NIGHT_PARTS = (
    "tasks.engine.ingest:ingest_batch",
    "tasks.engine.labels:ingest_labels",
    "tasks.engine.score:score_if_sound",
    "tasks.engine.commit:watch_night",
    "tasks.engine.monitor:plan_tonight",
    REPORT,
)
REFRESH_PARTS = (
    "tasks.engine.attempt:make_attempt",
    "tasks.engine.attempt:plan_retrain",
    "tasks.engine.attempt:hold_contest",
    "tasks.engine.fits:training_frame",
    "tasks.engine.fits:fit_features",
    "tasks.engine.fits:build_features",
    "tasks.engine.promote:publish",
    "tasks.engine.publish:make_reference",
    "tasks.engine.publish:null_by_blocks",
    "tasks.engine.publish:check_in_child",
)


@dataclass
class Live:
    """Live nights, the ordinary ones and those with a refresh."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    report_cpu: list[float] = field(default_factory=list)
    report_wall: list[float] = field(default_factory=list)
    refreshes: list[Spent] = field(default_factory=list)
    parts: Spent = field(default_factory=Spent)


def main() -> int:
    """Run and print; 1 when an ordinary night costs more CPU than it may."""
    options = _parse_options()
    with tempfile.TemporaryDirectory(prefix="driftloop-flights-") as folder:
        _settle(Path(folder))
        last = FIRST + timedelta(days=options.history - 1)
        lay_out(Path(folder) / "landing", FIRST, last + timedelta(days=options.nights + 1))
        _tell_history(last, options.history)
        with measured(*REFRESH_PARTS) as spent, timed(spent, "first champion"):
            retrain.fn(NAME, last, actor="benchmark")
        _tell_parts("The first champion, in seconds", spent)
        live = _run_nights(last, options.nights)
    return _tell_nights(live)


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what the nights of flights cost.")
    parser.add_argument("--history", type=int, default=151, help="nights ingested in one run")
    parser.add_argument("--nights", type=int, default=24, help="live nights after them")
    return parser.parse_args()


def _settle(root: Path) -> None:
    os.environ["DRIFTLOOP_STORE"] = (root / "store").as_uri()
    os.environ["DRIFTLOOP_CACHE"] = str(root / "cache")
    os.environ["DRIFTLOOP_LANDING"] = str(root / "landing")
    find_project(NAME)


def _tell_history(last: date, nights: int) -> None:
    with measured(*HISTORY_PARTS) as spent, timed(spent, "history"):
        history.fn(NAME, FIRST, last)
    _tell_parts(f"History of {nights} nights, in milliseconds a night", spent, 1000 / nights)


def _run_nights(last: date, count: int) -> Live:
    live = Live()
    for number in range(1, count + 1):
        with measured(*NIGHT_PARTS, *REFRESH_PARTS) as spent, timed(spent, "night"):
            key = nightly.fn(NAME, last + timedelta(days=number))
        if home().record(key, Night).decision.action == "retrain":
            live.refreshes.append(spent)
        elif number > 1:  # the first one imports Evidently
            _note_ordinary(live, spent)
    return live


def _note_ordinary(live: Live, spent: Spent) -> None:
    report = spent.cpu.get("report_drift", 0.0)
    live.cpu.append(spent.cpu["night"] - report)
    live.wall.append(spent.wall["night"])
    live.report_cpu.append(report)
    live.report_wall.append(spent.wall.get("report_drift", 0.0))
    for part, cpu in spent.cpu.items():
        live.parts.add(part, cpu, spent.wall[part])


def _tell_nights(live: Live) -> int:
    count = max(len(live.cpu), 1)
    _tell_parts("An ordinary night, mean, in milliseconds", live.parts, 1000 / count)
    for spent in live.refreshes:
        _tell_parts("A night with a refresh, in seconds", spent)
    own = median(live.cpu)
    passed = own <= NIGHT_CPU_SECONDS
    print(f"Ordinary nights (median of {len(live.cpu)}):")
    print(f"  CPU beyond imports and report  {own:.2f} s, limit {NIGHT_CPU_SECONDS:g} s")
    print(f"  CPU of Evidently's report      {median(live.report_cpu):.2f} s")
    print(f"  wall, all in                   {median(live.wall):.2f} s")
    print(f"  wall of Evidently's report     {median(live.report_wall):.2f} s")
    print("pass" if passed else "FAIL")
    return 0 if passed else 1


def _tell_parts(title: str, spent: Spent, scale: float = 1.0) -> None:
    print(f"{title}:")
    for part, wall in sorted(spent.wall.items(), key=lambda item: -item[1]):
        print(f"  {part:<20} wall {wall * scale:8.2f}  CPU {spent.cpu[part] * scale:8.2f}")


if __name__ == "__main__":
    sys.exit(main())
