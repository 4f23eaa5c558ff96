"""How often the expectations across nights err: on real feeds in their real order, and planted.

    python -m benchmarks.unusual

Every night of four projects is taken in; what they call unusual is counted a kind, as a share of
nights with enough nights before them. Then on 24 nights a project, spread evenly, one defect at a
time is planted: another night's values, a frozen column, half of the rows gone, six hours gone.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from benchmarks.defects import ingest_all
from flows.find import find_project
from schemas.batch import Batch
from schemas.contract import name_of, names_of
from schemas.project import Project
from tasks.core.local_time import LocalNight
from tasks.core.unusual import PAST, find_unusual
from tasks.engine.column_profiles import profile
from tasks.engine.frames import load_frame
from tasks.engine.records import newest_by_night
from tasks.store import Store

PROJECTS = ("bikes", "electricity", "metro", "beijing")
KINDS = ("duplicate night", "frozen column", "row count", "time gap", "cleaning")
_LEAST, _PLANTED = 14, 24

Plant = Callable[[pd.DataFrame, pd.DataFrame, Project], pd.DataFrame]
"""A night's rows and another's, into the night's rows with a defect."""


def _again(rows: pd.DataFrame, other: pd.DataFrame, project: Project) -> pd.DataFrame:
    own = [name_of(project.contract, "key"), name_of(project.contract, "time")]
    there = min(len(rows), len(other))
    return other.head(there).assign(**{name: rows[name].head(there).to_numpy() for name in own})


def _frozen(rows: pd.DataFrame, _: pd.DataFrame, project: Project) -> pd.DataFrame:
    name = max(names_of(project.contract, "feature"), key=lambda one: rows[one].nunique())
    return rows.assign(**{name: rows[name].dropna().iloc[0]})


def _halved(rows: pd.DataFrame, _: pd.DataFrame, __: Project) -> pd.DataFrame:
    return rows.iloc[:: -(-len(rows) // max(1, int(0.4 * len(rows))))]


def _six_hours_gone(rows: pd.DataFrame, _: pd.DataFrame, project: Project) -> pd.DataFrame:
    times = rows[name_of(project.contract, "time")]
    start = times.min() + pd.Timedelta(hours=8)
    return rows[~times.between(start, start + pd.Timedelta(hours=6), inclusive="left")]


PLANTS: dict[str, tuple[Plant, str]] = {
    "another night's values": (_again, "duplicate night"),
    "a frozen column": (_frozen, "frozen column"),
    "six of ten rows gone": (_halved, "row count"),
    "six hours gone": (_six_hours_gone, "time gap"),
}


def main() -> None:
    """Print both tables."""
    false, found = Table("unusual, of nights", *PROJECTS), Table("planted, found", *PROJECTS)
    shares: dict[str, list[str]] = {kind: [] for kind in KINDS}
    caught: dict[str, list[str]] = {plant: [] for plant in PLANTS}
    for name in PROJECTS:
        project = find_project(name)
        with tempfile.TemporaryDirectory(prefix="driftloop-unusual-") as folder:
            store = ingest_all(project, Path(folder))
            batches = [b for _, b in newest_by_night(store, Batch, name).values()]
            batches = [batch for batch in batches if batch.status == "accepted"]
            judged = batches[_LEAST:]
            seen: Counter[str] = Counter(
                kind for b in judged for kind in {one.kind for one in b.unusual}
            )
            for kind in KINDS:
                shares[kind].append(f"{seen[kind] / len(judged):.1%} of {len(judged)}")
            for plant in PLANTS:
                caught[plant].append(_power(store, project, batches, plant))
    for kind, row in shares.items():
        false.add_row(kind, *row)
    for plant, row in caught.items():
        found.add_row(plant, *row)
    Console().print(false, found)


def _power(store: Store, project: Project, batches: list[Batch], plant: str) -> str:
    make, kind = PLANTS[plant]
    at = np.linspace(PAST, len(batches) - 1, _PLANTED).astype(int)
    hits = 0
    for place in at:
        batch, past = batches[place], batches[max(0, place - PAST) : place]
        assert batch.rows is not None
        assert past[-3].rows is not None
        rows, other = load_frame(store, batch.rows), load_frame(store, past[-3].rows)
        spoiled = make(rows, other, project).reset_index(drop=True)
        night = LocalNight(batch.as_of, project.timezone)
        times = spoiled[name_of(project.contract, "time")]
        planted = batch.model_copy(
            update={
                "counts": batch.counts.model_copy(update={"kept": len(spoiled)}),
                "profile": profile(spoiled, frozenset()),
                "largest_gap_minutes": night.largest_gap_minutes(times),
            }
        )
        features = names_of(project.contract, "feature")
        unusual = find_unusual(planted, past, project.policy.fault_slack, features)
        hits += kind in {one.kind for one in unusual}
    return f"{hits} of {len(at)}"


if __name__ == "__main__":
    main()
