"""A landing folder as a source: what a test writes there is what was delivered."""

import os
from datetime import date
from pathlib import Path

from schemas.batch import SourceFile
from schemas.project import Raw, Source
from tasks.sources.delimited import parse_csv
from tasks.sources.places import describe, nights_in, read_bytes

ORDERS, LABELS = ".orders.csv", ".labels.csv"


class Landing(Source):
    """One CSV file of orders and one of labels a night, in the folder DRIFTLOOP_LANDING."""

    def read(self, as_of: date) -> Raw | None:
        return _read(f"{as_of}{ORDERS}")

    def read_labels(self, as_of: date) -> Raw | None:
        return _read(f"{as_of}{LABELS}")

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        name = f"{as_of}{ORDERS}"
        data = read_bytes(_folder() / name)
        return () if data is None else (describe(name, data),)

    def nights(self) -> tuple[date, ...]:
        return nights_in(_folder(), ORDERS)


def _folder() -> Path:
    return Path(os.environ["DRIFTLOOP_LANDING"])


def _read(name: str) -> Raw | None:
    data = read_bytes(_folder() / name)
    return None if data is None else Raw(parse_csv(data, name), (describe(name, data),))
