"""What retraining gains on a year of real flights, nothing simulated, over several start dates.

    python -m benchmarks.flights_gain [--nightly] [--cache FOLDER]

From each start date on, three policies live through the same 84 nights with fits of their own:
trained once, driftloop's policy of the project, and its schedule without alarms; with `--nightly`
a retrain every night as well, which takes hours. A policy's gain is what it is better than trained
once. The spans overlap, so the spread over start dates understates how much another year could
differ. Needs the demo's data (`make demo` installs it).
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from deployments.landing import FIRST, LAST, lay_out
from flows.projects.flights import PROJECT
from schemas.project import Project
from tasks.engine.history import ingest_history
from tasks.engine.replay.comparison import Comparison, Result, compare
from tasks.engine.replay.fits import Fits
from tasks.engine.replay.past import StoredPast, setting_of
from tasks.engine.replay.refits import live_all
from tasks.engine.replay.variants import make_variants
from tasks.sources.flights import flights_landing
from tasks.store import open_store

POLICIES = ("own", "schedule-only")
NIGHTS = 84
# 22 nights apart, so that the weekly schedule falls on another weekday each time
STARTS = tuple(date(2013, 3, 1) + timedelta(days=22 * number) for number in range(10))


@dataclass(frozen=True)
class Gain:
    """One policy against trained once, from one start date on; positive is better."""

    auc: float
    loss: float
    retrains: int
    row_rounds: int


def main() -> int:
    """Print every start date, then means and spreads; 1 when driftloop gains nothing on average."""
    options = _parse_options()
    policies = (*POLICIES, "nightly") if options.nightly else POLICIES
    fits = prepare(options.cache)
    gains: dict[str, list[Gain]] = {policy: [] for policy in policies}
    print(f"{'start':<12}{'trained once':>13}" + "".join(f"{name:>15}" for name in policies))
    for start in STARTS:
        compared = _live(fits, start, policies)
        print(_line(start, compared, policies), flush=True)
        for policy, gain in _gains(compared, policies):
            gains[policy].append(gain)
    for policy in policies:
        print(_summary(policy, gains[policy]))
    return 0 if np.mean([gain.auc for gain in gains["own"]]) > 0 else 1


def prepare(cache: Path) -> Fits:
    """A landing zone, a store with the whole year in it, and a folder of fits; all are kept."""
    project = PROJECT.model_copy(update={"source": flights_landing(folder=cache / "landing")})
    lay_out(cache / "landing", FIRST, LAST)
    return _ingest(project, cache)


def _ingest(project: Project, cache: Path) -> Fits:
    store = open_store((cache / "store").absolute().as_uri(), cache / "objects")
    ingest_history(store, project, FIRST, LAST)
    return Fits(StoredPast(store, project), setting_of(project), cache / "fits")


def _live(fits: Fits, start: date, policies: Sequence[str]) -> Comparison:
    variants = make_variants(("never", *policies), PROJECT.policy)
    nights = [start + timedelta(days=number) for number in range(NIGHTS)]
    return compare(PROJECT.task, live_all(fits, variants, nights))


def _by_policy(compared: Comparison) -> dict[str, Result]:
    return {result.policy: result for result in compared.results}


def _line(start: date, compared: Comparison, policies: Sequence[str]) -> str:
    """AUC of each policy, with its gain over trained once."""
    results = _by_policy(compared)
    once = results["never"].metric or 0.5
    cells = [f"{_auc(results[name]):.3f} ({_auc(results[name]) - once:+.3f})" for name in policies]
    return f"{start!s:<12}{once:>13.3f}" + "".join(f"{cell:>15}" for cell in cells)


def _gains(compared: Comparison, policies: Sequence[str]) -> Iterator[tuple[str, Gain]]:
    results = _by_policy(compared)
    once = results["never"]
    for policy in policies:
        lived = results[policy]
        yield (
            policy,
            Gain(
                auc=_auc(lived) - _auc(once),
                loss=once.loss - lived.loss,
                retrains=lived.retrains,
                row_rounds=lived.row_rounds,
            ),
        )


def _auc(result: Result) -> float:
    if result.metric is None:
        raise ValueError(f"{result.policy}: flights of 84 nights are both late and on time")
    return result.metric


def _summary(policy: str, gains: Sequence[Gain]) -> str:
    auc, loss = ([getattr(gain, name) for gain in gains] for name in ("auc", "loss"))
    retrains = np.mean([gain.retrains for gain in gains]) / NIGHTS
    cost = np.mean([gain.row_rounds for gain in gains]) / 1e6
    return (
        f"{policy:<14} AUC {_spread(auc)}; log loss lower by {_spread(loss)}; "
        f"{retrains:.2f} retrains a night, {cost:,.0f} M rows x rounds"
    )


def _spread(values: Sequence[float]) -> str:
    positive = sum(value > 0 for value in values)
    return (
        f"{np.mean(values):+.4f} ± {np.std(values, ddof=1):.4f}, "
        f"positive on {positive} of {len(values)} start dates"
    )


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what retraining gains on flights.")
    add_cache(parser)
    parser.add_argument("--nightly", action="store_true", help="retrain every night as well")
    return parser.parse_args()


def add_cache(parser: argparse.ArgumentParser) -> None:
    """The option that names the folder of `prepare`."""
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / "driftloop-bench" / "flights",
        help="where landing zone, store and fits are kept between runs",
    )


if __name__ == "__main__":
    sys.exit(main())
