"""A landing folder as a source: what a test writes there is what was delivered."""

import os
from datetime import date
from pathlib import Path

from schemas.batch import SourceFile
from schemas.source import Raw, Source
from tasks.sources.delimited import parse_csv
from tasks.sources.places import describe, nights_in, read_bytes

ORDERS, LABELS, AHEAD = ".orders.csv", ".labels.csv", ".ahead.csv"


class Landing(Source):
    """One CSV file of orders and one of labels a night, in the folder DRIFTLOOP_LANDING."""

    def read(self, as_of: date) -> Raw | None:
        return _read(f"{as_of}{ORDERS}")

    def read_labels(self, as_of: date) -> Raw | None:
        return _read(f"{as_of}{LABELS}")

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        return _described(f"{as_of}{ORDERS}")

    def nights(self) -> tuple[date, ...]:
        return nights_in(_folder(), ORDERS)


class Ahead(Source):
    """One CSV file a night of orders that are still open, in the same folder."""

    def read(self, as_of: date) -> Raw | None:
        return _read(f"{as_of}{AHEAD}")

    def read_labels(self, as_of: date) -> Raw | None:
        raise AssertionError("upcoming rows have no labels")

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        return _described(f"{as_of}{AHEAD}")

    def nights(self) -> tuple[date, ...]:
        return nights_in(_folder(), AHEAD)


def _folder() -> Path:
    return Path(os.environ["DRIFTLOOP_LANDING"])


def _read(name: str) -> Raw | None:
    data = read_bytes(_folder() / name)
    return None if data is None else Raw(parse_csv(data, name), (describe(name, data),))


def _described(name: str) -> tuple[SourceFile, ...]:
    data = read_bytes(_folder() / name)
    return () if data is None else (describe(name, data),)
