"""What a look back costs a night, over 30 nights and over 365.

    python -m benchmarks.past

400 nights of `beijing` (12 stations, 288 rows each). Each night is a process's first: records and
summaries are read anew from the disk, then the night before is summarised and 288 rows look back.
"""

import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import process_time

from rich.console import Console
from rich.table import Table

from benchmarks.defects import ingest_all
from flows.find import find_project
from schemas.batch import Batch
from schemas.labels import Labels
from schemas.past import PastNights
from schemas.project import Project
from tasks.engine import summaries
from tasks.engine.past import Known, with_past
from tasks.engine.records import newest_by_night
from tasks.engine.rows import load_rows
from tasks.store import open_store

NIGHTS, TRIED, LIMIT = 400, 9, 1.3
WINDOWS = (30, 365)


def main() -> None:
    """Print CPU milliseconds a night for both windows, and their ratio."""
    project = find_project("beijing")
    with tempfile.TemporaryDirectory(prefix="driftloop-past-") as name:
        folder = Path(name)
        ingest_all(project, folder, NIGHTS)
        costs = {window: _cost(project, folder, window) for window in WINDOWS}
    table = Table("window, nights", "CPU ms a night", "of which reading back")
    for window, (whole, back) in costs.items():
        table.add_row(str(window), f"{whole:.1f}", f"{back:.1f}")
    Console().print(table)
    ratio = costs[WINDOWS[1]][0] / costs[WINDOWS[0]][0]
    print(f"ratio {ratio:.2f}, limit {LIMIT}")


def _cost(project: Project, folder: Path, window: int) -> tuple[float, float]:
    looks = (
        PastNights(name="mean_before", by=("station",), of="pm25", statistic="mean", nights=window),
        PastNights(name="co_before", by=("station",), of="CO", statistic="mean", nights=window),
    )
    looking = project.model_copy(update={"past": looks})
    store = open_store((folder / "store").as_uri(), folder / f"cache-{window}")
    newest = max(newest_by_night(store, Batch, project.name))
    whole, back = [], []
    for night in (newest - timedelta(days=n) for n in range(TRIED, -1, -1)):
        fresh = open_store((folder / "store").as_uri(), folder / f"cache-{window}")
        summaries.forget()
        newest_by_night(fresh, Labels, project.name)  # a night reads both anyway
        batches = newest_by_night(fresh, Batch, project.name)
        start = process_time()
        rows = load_rows(fresh, looking, batches[night][1])
        middle = process_time()
        with_past(fresh, looking, rows, Known(fresh, project.name).before(looking, night))
        whole.append(process_time() - start)
        back.append(process_time() - middle)
    return 1000 * median(whole[1:]), 1000 * median(back[1:])  # the first summarises them all


if __name__ == "__main__":
    main()
