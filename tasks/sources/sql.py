"""Rows and labels by queries to a database, through SQLAlchemy: PostgreSQL and SQLite are tested.

What is asked is never changed: where the database knows it, the transaction is read only.
"""

import json
import os
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Any

import pandas as pd
from pydantic import Field, StringConstraints
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from schemas.batch import SourceFile
from schemas.errors import DataUnavailable, DataUnreadable
from schemas.project import Raw
from tasks.sources.joined import SideTable
from tasks.sources.keyed import Keyed
from tasks.sources.limits import ROWS
from tasks.sources.places import describe

Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
_NEXT_STEP = "correct the query, or the table that it asks"


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
        _, rows = _rows(self.connection, self.dates, {})
        try:
            return tuple(sorted({_date(row[0]) for row in rows if row[0] is not None}))
        except ValueError as error:
            raise DataUnreadable(f"{self.connection}: dates: {error}; {_NEXT_STEP}") from error

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


def look(connection: str, query: str, rows: int) -> tuple[pd.DataFrame, bool]:
    """At most so many rows as the query gives them, without parameters; and whether these are all.

    Raises:
        DataUnavailable: the environment does not name the database, or it does not answer.
        DataUnreadable: it refuses the query.
    """
    if not os.environ.get(connection):
        raise DataUnavailable(f"{connection} is not set; give it the database's address")
    names, found = _rows(connection, query, {}, limit=rows)
    frame = pd.DataFrame(found[:rows], columns=pd.Index(names, dtype="str"))
    return frame, len(found) <= rows


def quoted(connection: str, column: str) -> str:
    """The column's name as the database's SQL writes it."""
    return str(
        _engine(os.environ[connection], connection).dialect.identifier_preparer.quote(column)
    )


def dialect_of(connection: str) -> str:
    """What the database speaks, such as `postgresql`."""
    return _engine(os.environ[connection], connection).dialect.name


def _ask(connection: str, what: str, query: str, as_of: date) -> Raw | None:
    """The rows in an order of their own, since a database promises none."""
    if not os.environ.get(connection):
        return None
    told = {"as_of": str(as_of), "next": str(as_of + timedelta(days=1))}
    names, rows = _rows(connection, query, told)
    if len(rows) > ROWS:
        raise DataUnreadable(f"{connection}: over {ROWS:,} rows a night; ask for fewer")
    if not rows:
        return None
    written = [json.dumps(row, default=str) for row in rows]
    order = sorted(range(len(rows)), key=written.__getitem__)
    frame = pd.DataFrame([rows[i] for i in order], columns=pd.Index(names, dtype="str"))
    content = "\n".join([json.dumps(names), *(written[i] for i in order)])
    return Raw(frame, (describe(f"{what} of {connection}", content.encode()),))


def _rows(
    variable: str, query: str, told: dict[str, str], limit: int = ROWS
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names and rows; one row more than the limit says that there are more."""
    engine = _engine(os.environ[variable], variable)
    try:
        with engine.connect() as connection:
            reading = connection.execution_options(
                postgresql_readonly=True, stream_results=limit < ROWS
            )
            with reading.execute(text(query), told) as result:
                names = list(result.keys())
                rows = [tuple(row) for row in result.fetchmany(limit + 1)]
    except DBAPIError as error:
        raise _explain(variable, error) from error
    except SQLAlchemyError as error:
        raise DataUnreadable(f"{variable}: {error}; {_NEXT_STEP}") from error
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise DataUnreadable(f"{variable}: names {repeated} twice; {_NEXT_STEP}")
    return names, rows


@cache
def _engine(url: str, variable: str) -> Engine:
    try:
        return create_engine(url, poolclass=NullPool, hide_parameters=True)
    except (ArgumentError, ImportError) as error:  # the URL is shown by neither
        what = "no driver for it is installed" if isinstance(error, ImportError) else "no such URL"
        raise DataUnavailable(
            f"{variable}: {what}; write dialect+driver://user:password@host/database"
        ) from None


def _explain(variable: str, error: DBAPIError) -> DataUnavailable | DataUnreadable:
    """The driver's own first line, which holds no password."""
    said = next(iter(str(error.orig).strip().splitlines()), "no reason given")[:200]
    if error.statement is None or error.connection_invalidated:
        return DataUnavailable(f"{variable}: {said}; start the database, then run again")
    return DataUnreadable(f"{variable}: {said}; {_NEXT_STEP}")


def _date(value: object) -> date:
    return value if type(value) is date else date.fromisoformat(str(value)[:10])
