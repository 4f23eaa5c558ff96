"""The files of a hard year on their way: held back, spoiled, delivered anew, as the plan says.

The year's right files lie in `source`; what the runs see is `landing`.
"""

import gzip
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.year.plan import FIRST, Delivery, Year
from deployments.landing import lay_out, reissue

_REISSUED_WITHOUT = 5
"""Rows that a first delivery lacks before it is delivered again in full."""


@dataclass(frozen=True)
class Landing:
    """Both folders and the plan."""

    year: Year
    source: Path
    landing: Path

    def prepare(self) -> None:
        """Write the whole year, and let nothing be seen that comes later than its night."""
        lay_out(self.source, FIRST, self.year.last, self.year.events)
        shutil.copytree(self.source, self.landing)
        for delivery in self.year.deliveries:
            self._spoil(delivery)

    def deliver(self, run: date) -> list[str]:
        """Bring what comes before this run; told in words."""
        told = []
        for delivery in self.year.deliveries:
            if delivery.until == run and delivery.night != run:
                self._mend(delivery)
                told.append(f"{delivery.night} {delivery.change}: right from now on")
        return told

    def _spoil(self, delivery: Delivery) -> None:
        rows, labels = self._files(delivery.night)
        match delivery.change:
            case "late":
                rows.unlink()
            case "labels late":
                labels.unlink(missing_ok=True)
            case "reissued":
                _keep_lines(rows, slice(None, -_REISSUED_WITHOUT))
            case "empty":
                _keep_lines(rows, slice(1))
            case "broken":
                pass  # it was laid out so

    def _mend(self, delivery: Delivery) -> None:
        if delivery.change == "broken":
            reissue(self.landing, delivery.night, self.year.events)
            return
        for path in self._files(delivery.night):
            right = self.source / path.relative_to(self.landing)
            if right.is_file():
                aside = path.with_name(f".{path.name}")
                shutil.copyfile(right, aside)
                aside.replace(path)

    def _files(self, night: date) -> tuple[Path, Path]:
        name = f"{night}.csv.gz"
        return self.landing / "flights" / name, self.landing / "labels" / name


def _keep_lines(path: Path, kept: slice) -> None:
    lines = gzip.decompress(path.read_bytes()).decode().splitlines(keepends=True)
    path.write_bytes(gzip.compress("".join(lines[kept]).encode(), mtime=0))
