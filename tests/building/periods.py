"""Worlds that count in weeks or hours: a file a week, or one a local day that holds its hours."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from flows.find import find_project
from flows.ingest import history
from flows.nightly import nightly
from schemas.night import Night
from schemas.period import Hour, Week, end_of, holding, shift, start_of
from schemas.project import Project
from tasks.home import home
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders

ZONE = "Europe/Berlin"
STARTS: dict[str, date] = {"week": Week(2024, 2, 26), "hour": Hour(2024, 3, 30, 12)}
"""The first nights; of both, soon after, the clocks change."""
FILES = {
    "week": "file='rows/{as_of}.csv', labels='labels/{as_of}.csv'",
    "hour": "file='rows/{as_of:%Y-%m-%d}.csv', labels='labels/{as_of}.csv'",
}
PROJECT_FILE = '''"""The project of a test."""

from schemas.project import Project
from tasks.sources.files import Files
from tests.building.project import *

PROJECT = build_project(
    policy={{"min_rows": 300}},
    period="{period}",
    timezone="{zone}",
    label_delay=2,
    past=(PastNights(name="lately", by=("shop",), statistic="count", nights=3),),
    features=(Numbers(columns=(*NUMBERS, "lately")), Categories(columns=("shop",))),
    source=Files(
        {files}, zone="{zone}", time="event_time", key=("row_key",), target="returned"
    ),
)
'''


@dataclass(frozen=True)
class Counted:
    """A project that counts in these, by number of its nights."""

    root: Path
    period: str

    def declare(self, period: str | None = None) -> None:
        """Write the project file."""
        text = PROJECT_FILE.format(
            period=period or self.period, zone=ZONE, files=FILES[self.period]
        )
        folder = self.root / "projects"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{NAME}.py").write_text(text)

    @property
    def project(self) -> Project:
        """The project as its file says now."""
        return find_project(NAME)

    def night(self, number: int) -> date:
        """The name of night `number`."""
        return shift(STARTS[self.period], number)

    def deliver(self, number: int, *, without: int = 0) -> None:
        """Rows over the whole night, and their labels at once, which count only when mature."""
        night = self.night(number)
        start, end = start_of(night, ZONE), end_of(night, ZONE)
        rows = build_orders(number)
        times = [start + (end - start) * n / len(rows) for n in range(len(rows))]
        rows = rows.assign(event_time=[one.isoformat() for one in times])
        self._write(f"labels/{night}.csv", build_labels(number, rows))
        rows = rows.iloc[without:]
        if self.period == "week":
            self._write(f"rows/{night}.csv", rows)
            return
        name = f"rows/{holding('day', start, ZONE)}.csv"
        path = self.root / "data" / name
        there = pd.read_csv(path) if path.exists() else rows.iloc[:0]
        others = there[~there["row_key"].isin(build_orders(number)["row_key"])]
        self._write(name, pd.concat([others, rows]) if len(others) else rows)

    def history(self, first: int, last: int) -> tuple[str, ...]:
        """Ingest many nights in one run."""
        return history.fn(NAME, self.night(first), self.night(last))

    def run(self, number: int | None = None) -> Night:
        """Run a night, or without a number those that are due; the record of the last one."""
        as_of = None if number is None else self.night(number)
        return home().record(nightly.fn(NAME, as_of), Night)

    def _write(self, name: str, frame: pd.DataFrame) -> None:
        path = self.root / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.to_csv(path, index=False)
