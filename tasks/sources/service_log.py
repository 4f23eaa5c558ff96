"""A service's own log of its predictions, as files or by a query."""

from datetime import date

import pandas as pd
from pydantic import Field, SerializeAsAny

from schemas.batch import SourceFile
from schemas.errors import DataUnreadable
from schemas.service import Logged, ServedLog
from tasks.sources.joined import SideTable
from tasks.sources.keyed import make_keys


class ServiceLog(ServedLog):
    """A `SideFile` or `SideQuery` with a row for each answer of the night."""

    table: SerializeAsAny[SideTable]
    key: tuple[str, ...] = Field(
        min_length=1, description="columns that name the row; several are joined as in a source"
    )
    prediction: str = Field(description="the chance of class 1, or the value that was answered")
    version: str | None = Field(default=None, description="the model version that answered")

    def read(self, as_of: date) -> Logged | None:
        """The answers under the names that every log has."""
        found = self.table.read(as_of)
        if found is None:
            return None
        frame = found.frame
        needed = [*self.key, self.prediction, *([self.version] if self.version else [])]
        missing = [name for name in needed if name not in frame.columns]
        if missing:
            raise DataUnreadable(f"columns missing: {', '.join(missing)}")
        key = make_keys(frame, self.key) if len(self.key) > 1 else frame[self.key[0]]
        columns = {"key": key, "prediction": frame[self.prediction]}
        if self.version:
            columns["version"] = frame[self.version]
        return Logged(pd.DataFrame(columns), found.files)

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The table's."""
        return self.table.fingerprint(as_of)
