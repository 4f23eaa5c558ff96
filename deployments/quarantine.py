"""Rows in quarantine as people see them: by reason, one by one, as a CSV file.

How they got there is `tasks.core.checking`; taking them out again `tasks.engine.readmit`.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from schemas.batch import Batch
from schemas.contract import columns_of, sensitive_names
from schemas.errors import Declined, NotYet
from schemas.project import Project
from tasks.core.checking import REASON, WITH_THE_BATCH
from tasks.engine.frames import load_frame
from tasks.engine.records import newest, newest_by_night
from tasks.home import home
from tasks.telling.escape import spreadsheet
from tasks.telling.reasons import Reason, reasons_of


@dataclass(frozen=True)
class NightAside:
    """A night that has rows in quarantine."""

    batch: Batch
    worst: str

    def as_json(self) -> dict[str, Any]:
        """In short, for machines."""
        told = self.batch.model_dump(mode="json", include={"as_of", "revision", "status", "counts"})
        return {**told, "most_by": self.worst}


@dataclass(frozen=True)
class Aside:
    """One night's quarantine. The rows are read when they are asked for."""

    project: Project
    batch: Batch

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The broken rules, that of most rows first."""
        return reasons_of(self.batch, sensitive_names(self.project.contract))

    def rows(self, most: int) -> list[dict[str, str | None]]:
        """The first rows as texts, with why each is there, without what must not be shown."""
        shown = self._frame.drop(columns=list(self.hidden)).head(most)
        columns = [str(name) for name in shown]
        return [dict(zip(columns, row, strict=True)) for row in _texts(shown)]

    def sound(self) -> int:
        """Rows in which nothing is wrong, and that are here since the batch was refused."""
        if self.batch.status != "refused" or not self.batch.as_delivered:
            return 0
        return int(self._frame[REASON].eq(WITH_THE_BATCH).sum())

    @property
    def hidden(self) -> tuple[str, ...]:
        """Sensitive columns of the quarantine.

        While one of the contract is missing, it may be there under another name: then every column
        that the contract does not have is one.
        """
        sensitive = sensitive_names(self.project.contract)
        there, known = self._frame.columns, {REASON, *columns_of(self.project.contract)}
        is_renamed = not sensitive <= set(there)
        return tuple(c for c in there if c in sensitive or (is_renamed and c not in known))

    def export(self, path: Path, *, sensitive: bool, force: bool) -> int:
        """Write all rows as CSV and say how many.

        Raises:
            Declined: the file cannot be written, or is there already and is not to be replaced.
        """
        written = self._frame if sensitive else self._frame.drop(columns=list(self.hidden))
        try:
            with path.open(
                "w" if force else "x", encoding="utf-8", errors="backslashreplace", newline=""
            ) as file:
                writer = csv.writer(file, quoting=csv.QUOTE_ALL)  # no separator starts a cell
                for row in chain([map(str, written)], _texts(written)):
                    writer.writerow([spreadsheet(cell or "") for cell in row])
        except FileExistsError as error:
            step = "name another file with --to, or replace it with --force"
            raise Declined(f"{path} is there already; {step}") from error
        except OSError as error:
            raise Declined(f"{path}: {error.strerror}; name another file with --to") from error
        return len(written)

    @cached_property
    def _frame(self) -> pd.DataFrame:
        if self.batch.quarantine is None:
            return pd.DataFrame({REASON: pd.Series(dtype="str")})
        return load_frame(home(), self.batch.quarantine)


def nights_aside(project: str) -> list[NightAside]:
    """Nights whose newest batch has rows in quarantine, newest first."""
    batches = [batch for _, batch in newest_by_night(home(), Batch, project).values()]
    return [
        NightAside(batch, _worst(batch)) for batch in reversed(batches) if batch.counts.quarantined
    ]


def read_aside(project: Project, as_of: date) -> Aside:
    """The quarantine of a night's newest batch.

    Raises:
        NotYet: the night has no batch.
    """
    found = newest(home(), Batch, project.name, as_of)
    if found is None:
        raise NotYet(
            f"{project.name} {as_of}: no batch; driftloop quarantine {project.name} lists the "
            "nights that have rows in quarantine"
        )
    return Aside(project, found[1])


def _worst(batch: Batch) -> str:
    reasons = reasons_of(batch)
    return f"{reasons[0].column}: {reasons[0].rule}" if reasons else ""


def _texts(frame: pd.DataFrame) -> Iterator[tuple[str | None, ...]]:
    """Row by row each value as it is written, None for a null."""
    columns = [
        [None if is_null else str(value) for value, is_null in zip(values, nulls, strict=True)]
        for values, nulls in ((frame[c].astype(object), frame[c].isna()) for c in frame)
    ]
    return zip(*columns, strict=True)
