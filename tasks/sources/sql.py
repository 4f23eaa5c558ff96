"""Rows and labels by queries to a database. Asking it is `tasks.sources.database`."""

import json
import os
from datetime import date

import pandas as pd
from pydantic import Field

from schemas.batch import SourceFile
from schemas.errors import DataUnavailable, DataUnreadable
from schemas.period import plain, shift
from schemas.source import Raw
from tasks.sources.database import NEXT_STEP, Variable, read_rows
from tasks.sources.joined import SideTable
from tasks.sources.keyed import Keyed
from tasks.sources.places import describe


class Sql(Keyed):
    """Queries in which `:as_of` is the night and `:next` the night after it, as ISO dates.

    A night without rows counts as not delivered yet.
    """

    connection: Variable = Field(
        description="name of the environment variable with the database's SQLAlchemy URL, such as "
        "postgresql+psycopg://reader:...@db/sales; the URL itself may hold a password"
    )
    query: str = Field(description="the rows of the night; with the target, where it is known")
    labels: str | None = Field(
        default=None, description="key and target of the night; without it, the query has them"
    )
    dates: str = Field(description="every night that has rows, one column of dates")

    def _delivered(self, as_of: date) -> Raw | None:
        return self._made(_ask(self.connection, "rows", self.query, as_of))

    def _delivered_labels(self, as_of: date) -> Raw | None:
        return self._made(_ask(self.connection, "labels", self.labels or self.query, as_of))

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """What the query gives now: a database says in no other way what changed."""
        found = self._delivered(as_of)
        return found.files if found else ()

    def nights(self) -> tuple[date, ...]:
        """The dates that the database names."""
        if not os.environ.get(self.connection):
            return ()
        _, rows = read_rows(self.connection, self.dates, {})
        try:
            return tuple(sorted({_date(row[0]) for row in rows if row[0] is not None}))
        except ValueError as error:
            raise DataUnreadable(f"{self.connection}: dates: {error}; {NEXT_STEP}") from error

    def missing_hint(self) -> str | None:
        """The environment does not say where the database is."""
        if os.environ.get(self.connection):
            return None
        return f"data not here: {self.connection} is not set; give it the database's address"

    def _made(self, found: Raw | None) -> Raw | None:
        return found and Raw(self._keyed(found.frame), found.files)


class SideQuery(SideTable):
    """A query whose rows others are joined to, with `:as_of` and `:next` as in `Sql`."""

    connection: Variable = Field(description="as in `Sql`")
    query: str

    def read(self, as_of: date) -> Raw | None:
        """What the query gives now; no rows count as not delivered."""
        return _ask(self.connection, "side rows", self.query, as_of)

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """As in `Sql`: the whole answer."""
        found = self.read(as_of)
        return found.files if found else ()

    def told(self, as_of: date) -> str:
        """The database that is asked."""
        return f"a query to {self.connection}"


def look(connection: str, query: str, rows: int) -> tuple[pd.DataFrame, bool]:
    """At most so many rows as the query gives them, without parameters; and whether these are all.

    Raises:
        DataUnavailable: the environment does not name the database, or it does not answer.
        DataUnreadable: it refuses the query.
    """
    if not os.environ.get(connection):
        raise DataUnavailable(f"{connection} is not set; give it the database's address")
    names, found = read_rows(connection, query, {}, most=rows)
    frame = pd.DataFrame(found[:rows], columns=pd.Index(names, dtype="str"))
    return frame, len(found) <= rows


def _ask(connection: str, what: str, query: str, as_of: date) -> Raw | None:
    """The rows in an order of their own, since a database promises none."""
    if not os.environ.get(connection):
        return None
    told = {"as_of": str(plain(as_of)), "next": str(plain(shift(as_of, 1)))}
    names, rows = read_rows(connection, query, told)
    if not rows:
        return None
    written = [json.dumps(row, default=str) for row in rows]
    order = sorted(range(len(rows)), key=written.__getitem__)
    frame = pd.DataFrame([rows[i] for i in order], columns=pd.Index(names, dtype="str"))
    content = "\n".join([json.dumps(names), *(written[i] for i in order)])
    return Raw(frame, (describe(f"{what} of {connection}", content.encode()),))


def _date(value: object) -> date:
    return value if type(value) is date else date.fromisoformat(str(value)[:10])
