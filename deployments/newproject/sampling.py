"""The rows that a contract is guessed from, and where later nights will come from.

At most so many rows are looked at; of more, whole nights: the newest, and others evenly spaced.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from schemas.errors import DataUnreadable, InvalidName
from schemas.period import Period
from schemas.settings import current_settings
from tasks.sources.formats import SUFFIXES, parse, suffix_of
from tasks.sources.places import addresses_below, is_bucket, read_address, version_of
from tasks.sources.sql import look
from tasks.sources.template import beginning, check_template, is_fixed, matching, names_night

ROWS, CELLS = 200_000, 20_000_000
"""What is looked at, at most; rows are fewer where there are many columns."""
FILES = 120
_NEWEST = 0.5  # share of what is looked at that the newest nights have
_SEPARATORS = ",;\t|"
_ENCODINGS = ("utf-8", "cp1252")


@dataclass(frozen=True)
class FromFiles:
    """Files by a name as a source declares it, and what their parser is told."""

    file: str
    separator: str = ""
    encoding: str = ""
    labels: str = ""

    def divides(self, period: Period) -> bool:
        """Whether a file holds many nights, which the times of rows divide."""
        return not names_night(self.file, period)


@dataclass(frozen=True)
class FromQuery:
    """A query as it was given, and the environment's name for its database."""

    connection: str
    query: str

    def divides(self, period: Period) -> bool:
        """Never: each night is asked for."""
        return False


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows as they are delivered; `nights` as names of files tell them, the first of each."""

    frame: pd.DataFrame
    origin: FromFiles | FromQuery
    nights: tuple[date, ...] | None
    told: str


def take_sample(source: str, connection: str | None, option: str = "--from") -> Sample:
    """The sample that a person named: a query when there is a connection, otherwise files.

    `option` is what messages call it by.

    Raises:
        InvalidName: there is no such file, or its name has no format that is read.
        DataUnreadable: it cannot be read.
        DataUnavailable: the database does not answer.
    """
    return _of_query(connection, source) if connection else _of_files(source, option)


def thin(nights: np.ndarray, limit: int) -> np.ndarray:
    """Which rows to look at: all, or those of whole nights, the newest and evenly spaced others."""
    if len(nights) <= limit:
        return np.ones(len(nights), dtype=bool)
    number = pd.factorize(nights, sort=True)[0]  # -1 of rows without a time
    sizes = np.bincount(number[number >= 0])
    newest = np.cumsum(sizes[::-1])[::-1] <= limit * _NEWEST
    newest[-1] = True
    left = max(0, limit - int(sizes[newest].sum()))
    older = np.flatnonzero(~newest)
    count = int(left / max(1.0, float(sizes[older].mean()))) if len(older) else 0
    chosen = newest.copy()
    chosen[older[_evenly(len(older), count)]] = True
    rows = chosen[number] & (number >= 0)
    rows[np.flatnonzero(rows)[limit:]] = False  # a night that is larger than all that is looked at
    return rows


def limit_for(columns: int) -> int:
    """Rows to look at in a table of so many columns."""
    return max(1_000, min(ROWS, CELLS // max(1, columns)))


def _of_query(connection: str, query: str) -> Sample:
    text = query.strip().rstrip(";").rstrip()
    if bound := re.search(r"(?<![:\w\\]):(as_of|next)\b", text):
        raise InvalidName(
            f"--from: the query has {bound[0]}; write one of all nights, its bounds are put around"
        )
    frame, is_all = look(connection, text, ROWS)
    read = f"{len(frame):,} rows of the query"
    told = read if is_all else f"the first {len(frame):,} rows that the query gives"
    return Sample(frame, FromQuery(connection, text), None, told)


def _of_files(source: str, option: str) -> Sample:
    if not suffix_of(source):
        raise InvalidName(
            f"{option} {source[:80]!a}: no format; a file ends with one of "
            f"{', '.join(SUFFIXES)}, a query needs --connection"
        )
    try:
        template = _find(check_template(source), option)
    except ValueError as error:
        raise InvalidName(f"{option}: {error}") from error
    if is_fixed(template):
        frame, reading = _read(template)
        told = f"{len(frame):,} rows of {Path(source).name}"
        return Sample(frame, FromFiles(_declared(template), **reading), None, told)
    return _of_many(template)


def _of_many(template: str) -> Sample:
    there = list(matching(template, addresses_below(beginning(template))))
    addresses = [address for address, _ in there]
    newest = addresses[: -FILES // 2 - 1 : -1]
    read: list[tuple[pd.DataFrame, dict[str, str]]] = []
    for address in dict.fromkeys([*newest, *_spaced(addresses, FILES // 2)]):
        if sum(len(one) for one, _ in read) < ROWS:
            read.append(_read(address))
    frame = pd.concat([one for one, _ in read], ignore_index=True)
    nights = tuple(sorted({night for _, night in there}))
    told = f"{len(frame):,} rows of {len(read)} of {len(addresses)} files"
    return Sample(frame, FromFiles(_declared(template), **read[0][1]), nights, told)


def _spaced(addresses: Sequence[str], count: int) -> list[str]:
    return [addresses[at] for at in _evenly(len(addresses), count)]


def _evenly(there: int, count: int) -> np.ndarray:
    count = min(there, count)
    return np.unique(np.linspace(0, there - 1, count).astype(int)) if count else np.empty(0, int)


def _find(source: str, option: str) -> str:
    """The template as it can be read: from the working directory, or else the data folder."""
    if is_bucket(source):
        places = [source]
    else:
        places = [
            str(Path(folder, source)) for folder in (Path.cwd(), current_settings().data.absolute())
        ]
    for place in dict.fromkeys(places):
        if version_of(place) if is_fixed(place) else next(_there(place), None):
            return place
    raise InvalidName(f"{option}: no file {' or '.join(dict.fromkeys(places))}; give its path")


def _there(template: str) -> Iterator[tuple[str, date]]:
    return matching(template, addresses_below(beginning(template)))


def _declared(template: str) -> str:
    """Relative to the data folder where the file lies in it, so that both can move."""
    if is_bucket(template):
        return template
    data = current_settings().data.absolute()
    path = Path(template)
    return str(path.relative_to(data)) if path.is_relative_to(data) else template


def _read(address: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """The file, with a separator and an encoding that fit it."""
    data = read_address(address) or b""
    name = Path(address).name
    if not suffix_of(name).startswith((".csv", ".tsv")):
        return parse(data, name), {}
    usual = "\t" if suffix_of(name).startswith(".tsv") else ","
    separator = _separator(_head(data), usual)
    for encoding in _ENCODINGS:
        try:
            frame = parse(data, name, separator=separator, encoding=encoding)
        except DataUnreadable as error:
            if encoding == _ENCODINGS[-1] or not isinstance(error.__cause__, UnicodeDecodeError):
                raise
        else:
            told = {"separator": separator, "encoding": encoding}
            return frame, {k: v for k, v in told.items() if v not in (usual, "utf-8")}
    raise AssertionError  # the last encoding returns or raises


def _head(data: bytes) -> str:
    """The first line of the file, unpacked."""
    if data.startswith(b"\x1f\x8b"):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, 1 << 20)
        except zlib.error:  # what is wrong with it, its parser says
            return ""
    return data.partition(b"\n")[0].decode("latin-1")


def _separator(head: str, usual: str) -> str:
    if usual in head:
        return usual
    return max(_SEPARATORS, key=head.count) if any(map(head.count, _SEPARATORS)) else usual
