"""The one door to SQLAlchemy: queries, and predictions written; tested on PostgreSQL and SQLite.

What a source asks is never changed: where the database knows it, the transaction is read only.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Annotated, Any

from pydantic import StringConstraints
from sqlalchemy import Date, DateTime, Engine, NullPool, column, create_engine, table, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from schemas.errors import DataUnavailable, DataUnreadable
from schemas.period import Hour, plain
from tasks.sources.limits import ROWS

Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
NEXT_STEP = "correct the query, or the table that it asks"
_AS_OF = "as_of"


def read_rows(
    variable: str, query: str, told: dict[str, str], most: int | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names and rows of an answer, from the database whose URL this environment variable has.

    With `most` no more rows than one beyond it are asked for, which says that there are more.

    Raises:
        DataUnavailable: the database does not answer, or lets nobody in.
        DataUnreadable: it refuses the query, or the answer cannot be a night.
    """
    engine = _engine(os.environ[variable], variable)
    with _explained(variable, NEXT_STEP), engine.connect() as connection:
        reading = connection.execution_options(
            postgresql_readonly=True, stream_results=most is not None
        )
        with reading.execute(text(query), told) as result:
            names = list(result.keys())
            rows = [tuple(row) for row in result.fetchmany((most or ROWS) + 1)]
    if len(rows) > ROWS:
        raise DataUnreadable(f"{variable}: over {ROWS:,} rows a night; ask for fewer")
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise DataUnreadable(f"{variable}: names {repeated} twice; {NEXT_STEP}")
    return names, rows


def replace_night(variable: str, name: str, as_of: date, rows: Sequence[dict[str, Any]]) -> None:
    """Delete the table's rows of this night and insert these, in one transaction.

    Raises:
        DataUnavailable: as in `read_rows`, and where the variable is not set.
        DataUnreadable: the database refuses; the table is as it was.
    """
    url = os.environ.get(variable)
    if not url:
        raise DataUnavailable(f"{variable} is not set; give it the database's address")
    schema, _, bare = name.rpartition(".")
    begins = DateTime if isinstance(as_of, Hour) else Date
    columns = [column(one, begins) if one == _AS_OF else column(one) for one in rows[0]]
    target = table(bare, *columns, schema=schema or None)
    engine = _engine(url, variable)
    with _explained(variable, f"correct the table {name}"), engine.begin() as connection:
        connection.execute(target.delete().where(target.c[_AS_OF] == plain(as_of)))
        connection.execute(target.insert(), rows)


def quoted(variable: str, name: str) -> str:
    """A column's name as the database's SQL writes it."""
    preparer = _engine(os.environ[variable], variable).dialect.identifier_preparer
    return str(preparer.quote(name))


def dialect_of(variable: str) -> str:
    """What the database speaks, such as `postgresql`."""
    return _engine(os.environ[variable], variable).dialect.name


@cache
def _engine(url: str, variable: str) -> Engine:
    try:
        return create_engine(url, poolclass=NullPool, hide_parameters=True)
    except (ArgumentError, ImportError) as error:  # the URL is shown by neither
        what = "no driver for it is installed" if isinstance(error, ImportError) else "no such URL"
        raise DataUnavailable(
            f"{variable}: {what}; write dialect+driver://user:password@host/database"
        ) from None


@contextmanager
def _explained(variable: str, next_step: str) -> Iterator[None]:
    """The driver's own first line, which holds no password."""
    try:
        yield
    except DBAPIError as error:
        said = next(iter(str(error.orig).strip().splitlines()), "no reason given")[:200]
        if error.statement is None or error.connection_invalidated:
            raise DataUnavailable(
                f"{variable}: {said}; start the database, then run again"
            ) from error
        raise DataUnreadable(f"{variable}: {said}; {next_step}") from error
    except SQLAlchemyError as error:
        raise DataUnreadable(f"{variable}: {error}; {next_step}") from error
