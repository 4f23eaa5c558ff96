"""A team's files: rows and labels, one CSV file a night."""

from datetime import date
from pathlib import Path

from schemas.batch import SourceFile
from schemas.project import Raw, Source
from tasks.sources.files import describe, nights_in, parse_csv, read_bytes


class SalesFiles(Source):
    """rows/2026-03-01.csv for the night; labels/2026-03-01.csv, key and target, when known."""

    folder: Path

    def read(self, as_of: date) -> Raw | None:
        return self._file(f"rows/{as_of}.csv")

    def read_labels(self, as_of: date) -> Raw | None:
        return self._file(f"labels/{as_of}.csv")

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        raw = self.read(as_of)
        return raw.files if raw else ()

    def nights(self) -> tuple[date, ...]:
        return nights_in(self.folder / "rows", ".csv")

    def _file(self, name: str) -> Raw | None:
        data = read_bytes(self.folder / name)
        return None if data is None else Raw(parse_csv(data, name), (describe(name, data),))
